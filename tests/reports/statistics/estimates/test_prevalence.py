"""Shares of all sites: the interval fits the draw, a known frame narrows it, a census has none."""

from __future__ import annotations

import numpy as np
import pytest

from inspections.agreement.proportions import clopper_pearson, korn_graubard, wilson
from reports.statistics.estimates.prevalence import Drawn, Moments, prevalence

FRAME = 1_000_000.0


def group(stratum, has, weight=None, members=None):
    stratum, has = np.array(stratum), np.array(has, bool)
    weight = np.ones(len(has)) if weight is None else np.array(weight, float)
    members = np.ones(len(has), bool) if members is None else np.array(members, bool)
    return Moments.of(stratum, weight, members, has, strata=int(stratum.max()) + 1)


def simple(x, n, population=FRAME):
    has = np.arange(n) < x
    return prevalence(
        group([0] * n, has), Drawn(np.array([n]), np.array([population]), is_simple=True)
    )


def naive(stratum, weight, members, has, population):
    """Return share and variance row by row, as a textbook has it."""
    p = (weight * members * has).sum() / (weight * members).sum()
    z = members * weight * (has - p) / (weight * members).sum()
    variance = 0.0
    for h in np.unique(stratum):
        rows = z[stratum == h]
        n = len(rows)
        variance += (1 - n / population[h]) * n / (n - 1) * ((rows - rows.mean()) ** 2).sum()
    return p, variance


def test_a_simple_draw_of_a_large_frame_has_wilsons_interval():
    found = simple(65, 205)

    assert (found.low, found.high) == wilson(65, 205)
    assert found.exact == clopper_pearson(65, 205)
    assert found.method == "wilson"


@pytest.mark.parametrize(("frame", "narrower"), [(4100, False), (4099, True), (410, True)])
def test_a_frame_of_which_more_than_a_twentieth_was_drawn_narrows_it(frame, narrower):
    low, high = wilson(65, 205)

    found = simple(65, 205, frame)

    assert (found.high - found.low < high - low) is narrower


def test_half_of_a_frame_counts_twice():
    found = simple(65, 205, 410)

    assert (found.low, found.high) == pytest.approx(wilson(130, 410))


def test_a_census_leaves_nothing_in_doubt():
    found = simple(65, 205, 205)

    assert (found.low, found.high, found.method) == (65 / 205, 65 / 205, "census")


def test_a_stratified_draw_has_korn_and_graubards_interval_by_a_second_opinion():
    rng = np.random.default_rng(3)
    stratum = np.repeat([0, 1, 2], [40, 30, 30])
    weight = np.array([2.0, 5.0, 9.0])[stratum]
    has = rng.random(100) < np.array([0.1, 0.4, 0.7])[stratum]
    members = rng.random(100) < 0.8
    population = np.array([80.0, 150.0, 270.0])

    found = prevalence(
        group(stratum, has, weight, members),
        Drawn(np.array([40, 30, 30]), population, is_simple=False),
    )

    p, variance = naive(stratum, weight, members, has, population)
    n = int(members.sum())
    assert found.share == pytest.approx(p)
    assert (found.low, found.high) == pytest.approx(
        korn_graubard(p, p * (1 - p) / variance, n=n, df=n - 3)
    )
    assert found.exact == (found.low, found.high)


def test_nothing_found_in_a_stratified_draw_still_has_an_upper_bound():
    found = prevalence(
        group([0] * 20 + [1] * 20, [0] * 40),
        Drawn(np.array([20, 20]), np.full(2, np.inf), is_simple=False),
    )

    assert (found.share, found.low) == (0, 0)
    assert 0.05 < found.high < 0.15


def test_unequal_chances_widen_the_interval():
    has = [1, 0] * 50
    equal = group([0] * 100, has)
    unequal = group([0] * 100, has, weight=[1, 1, 9, 9] * 25)
    drawn = Drawn(np.array([100]), np.array([np.inf]), is_simple=False)

    one, other = prevalence(equal, drawn), prevalence(unequal, drawn)

    assert other.high - other.low > one.high - one.low


def test_one_row_is_no_share():
    with pytest.raises(ValueError, match="two rows"):
        simple(1, 1)
