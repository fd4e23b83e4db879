"""Simulated surveys: the rank ranges of all companies hold at once as often as they say, also
with few places.
"""

from __future__ import annotations

import numpy as np
import pytest

from reports.statistics.comparing.ranks import rank_sets

RUNS = 1500
# nominal .95; three standard errors of 1,500 runs are .017
LEAST = 0.93


def true_scores(companies, shape):
    """Return all alike, or three groups of ties a little more than two standard errors apart."""
    return np.zeros(companies) if shape == "equal" else 2.5 * (np.arange(companies) % 3)


@pytest.mark.parametrize("shape", ["equal", "ties"])
@pytest.mark.parametrize("companies", [10, 30])
@pytest.mark.parametrize("df", [22, 44, 99, 100, np.inf])
def test_rank_ranges_hold_jointly(df, companies, shape):
    rng = np.random.default_rng([int(min(df, 1000)), companies])
    truth = true_scores(companies, shape)
    # companies share sampled units, so their estimates go together
    mixing = np.eye(companies) + 0.5 * rng.normal(size=(companies, companies)) / np.sqrt(companies)
    not_better = truth[:, None] <= truth[None, :]
    held = 0
    for run in range(RUNS):
        value = truth + mixing @ rng.normal(size=companies)
        covariance = mixing @ mixing.T
        if np.isfinite(df):
            units = rng.normal(size=(df, companies)) @ mixing.T
            covariance = units.T @ units / df
        sets = rank_sets(value, covariance, level=0.95, draws=500, seed=run, df=df)
        held += not (sets.better & not_better).any()

    assert held / RUNS >= LEAST


@pytest.mark.parametrize("df", [22, np.inf])
def test_rank_ranges_of_one_company_hold_and_are_narrower(df):
    """A marginal range holds for a company picked beforehand; the joint one contains it."""
    rng = np.random.default_rng(7)
    truth = true_scores(10, "ties")
    lowest, highest = (
        (truth[None, :] > truth[:, None]).sum(axis=1) + 1,
        10 - (truth[None, :] < truth[:, None]).sum(axis=1),
    )
    held, width = 0, 0.0
    for run in range(RUNS):
        value = truth + rng.normal(size=10)
        units = rng.normal(size=(22, 10))
        covariance = np.eye(10) if np.isinf(df) else units.T @ units / 22
        sets = rank_sets(
            value, covariance, level=0.95, draws=500, seed=run, df=df, family="marginal"
        )
        held += sets.low[4] <= lowest[4] and sets.high[4] >= highest[4]
        width += sets.high[4] - sets.low[4]

    assert held / RUNS >= LEAST
    assert width / RUNS < 9
