"""Quantiles by named rules, with Woodruff's interval."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics.estimates.quantiles import quantile, quantile_with_interval
from reports.statistics.sampling.design import Design
from tests.samples import rows_of

ONE_TO_FOUR, EQUAL = np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4)


@pytest.mark.parametrize(
    ("rule", "p", "value"),
    [
        ("math", 0.5, 2.0),
        ("school", 0.5, 2.5),
        ("hf7", 0.5, 2.5),
        ("math", 0.51, 3.0),
        ("school", 0.51, 3.0),
        ("hf7", 0.1, 1.3),
        ("math", 0.0, 1.0),
        ("math", 1.0, 4.0),
        ("school", 1.0, 4.0),
        ("hf7", 1.0, 4.0),
    ],
)
def test_rules_of_four_equal_weights(rule, p, value):
    assert quantile(ONE_TO_FOUR, EQUAL, p, rule=rule) == pytest.approx(value)


@given(st.lists(st.integers(0, 20), min_size=2, max_size=30), st.floats(0, 1))
def test_whole_weights_are_repeated_values(values, p):
    """A value of weight 3 is three values of weight 1, for the rule that counts."""
    weights = np.array([1 + v % 3 for v in values], dtype=float)
    repeated = np.repeat(values, weights.astype(int)).astype(float)

    assert quantile(np.array(values, dtype=float), weights, p) == quantile(
        repeated, np.ones(len(repeated)), p
    )


@given(st.lists(st.floats(0, 100), min_size=2, max_size=30), st.floats(0, 1), st.floats(0, 1))
def test_quantiles_rise_with_the_share(values, p, q):
    scores = np.array(values)
    low, high = sorted((p, q))

    for rule in ("math", "school", "hf7"):
        assert (
            quantile(scores, np.ones(len(scores)), low, rule=rule)
            <= quantile(scores, np.ones(len(scores)), high, rule=rule) + 1e-9
        )


def test_hf7_is_the_usual_rule_of_numpy():
    scores = np.random.default_rng(1).uniform(0, 100, 37)

    assert quantile(scores, np.ones(37), 0.33, rule="hf7") == pytest.approx(
        np.quantile(scores, 0.33)
    )


def test_rows_without_a_score_are_left_out():
    assert quantile(np.array([1.0, np.nan, 9.0]), np.ones(3), 1.0) == 9.0
    assert np.isnan(quantile(np.array([np.nan]), np.ones(1), 0.5))
    with pytest.raises(ValueError, match="share"):
        quantile(ONE_TO_FOUR, EQUAL, 1.5)


@pytest.mark.parametrize("fpc", [True, False], ids=["fpc", "nofpc"])
@pytest.mark.parametrize(
    ("name", "strata", "psu"), [("apistrat", "stype", None), ("apiclus1", None, "dnum")]
)
def test_quantiles_equal_the_documented_api_data(beside, name, strata, psu, fpc):
    table = pd.read_csv(beside(f"oracles/survey/{name}.csv"), keep_default_na=False)
    expected = json.loads(beside("oracles/survey/expected.json").read_text())[
        f"{name}_{'fpc' if fpc else 'nofpc'}"
    ]
    codes = {key: pd.factorize(table[key], sort=True)[0] if key else None for key in (strata, psu)}
    rows = rows_of(
        np.zeros(len(table)),
        table["api00"],
        weight=table["pw"],
        stratum=codes[strata],
        psu=codes[psu],
    )
    h = int(rows.stratum.max()) + 1
    size = (
        np.array([table["fpc"][rows.stratum == i].iloc[0] for i in range(h)], dtype=float)
        if fpc
        else None
    )

    found = [
        quantile_with_interval(rows, p, strata=h, design=Design(size)) for p in (0.25, 0.5, 0.75)
    ]

    assert [q.value for q in found] == expected["quantile_api00"]["q"]
    np.testing.assert_allclose([q.se for q in found], expected["quantile_api00"]["se"], rtol=1e-9)


def test_an_interval_that_leaves_the_data_has_no_end():
    """9 of 10 lie at or below 9: .9 ± 2.26 x .1 ends at .67, which is the seventh, and at 1.13."""
    rows = rows_of([0] * 10, [*range(1, 11)])

    found = quantile_with_interval(rows, 0.9, strata=1)

    assert (found.value, found.low) == (9.0, 7.0)
    assert np.isnan(found.high)


def test_the_largest_answer_has_no_spread_below_it():
    """All lie at or below it, so the share is 1 without an error, as in R."""
    found = quantile_with_interval(rows_of([0] * 5, [1, 2, 3, 4, 5]), 0.99, strata=1)

    assert (found.value, found.low, found.high, found.se) == (5.0, 5.0, 5.0, 0.0)
