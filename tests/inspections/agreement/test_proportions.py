"""Intervals for a share: published cases, statsmodels, R's survey package, and what must hold of
any share.
"""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from inspections.agreement.proportions import (
    agresti_coull,
    clopper_pearson,
    effective_n,
    jeffreys,
    korn_graubard,
    logit,
    wilson,
)
from tests.conftest import ROOT

COUNTED = [wilson, clopper_pearson, jeffreys, agresti_coull]
NAMES = {
    "wilson": wilson,
    "clopper_pearson": clopper_pearson,
    "jeffreys": jeffreys,
    "agresti_coull": agresti_coull,
}

of_n = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
shares = st.floats(0.01, 0.99)


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I
        (0, 20, 0.0, 0.1611),
        (65, 205, 0.257, 0.384),  # the association's inspection of 2023
        (30, 113, 0.193, 0.354),
        (35, 87, 0.306, 0.507),
    ],
)
def test_wilson_of_published_cases(x, n, low, high):
    places = 4 if low in (0.2553, 0.0) else 3

    assert [round(v, places) for v in wilson(x, n)] == [low, high]


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [
        (81, 263, 0.2527, 0.3676),
        (15, 148, 0.0578, 0.1617),
        (0, 20, 0, 0.1684),
        (1, 29, 0.0009, 0.1776),
    ],
)
def test_clopper_pearson_of_published_cases(x, n, low, high):
    """Newcombe 1998, table I."""
    assert [round(v, 4) for v in clopper_pearson(x, n)] == [low, high]


@pytest.mark.parametrize("name", sorted(NAMES))
def test_an_interval_equals_every_value_of_statsmodels(beside, name):
    cases = json.loads(beside("oracles/proportions/wilson_clopper.json").read_text())
    rows = [
        (row, key)
        for row in cases["grid_computed_statsmodels_0.15"]
        for key in row
        if key.startswith(name)
    ]
    assert len(rows) > 50

    for row, key in rows:
        level = 1 - float(key.removeprefix(f"{name}_"))
        assert NAMES[name](row["x"], row["n"], level=level) == pytest.approx(row[key], abs=1e-12), (
            row
        )


def test_intervals_of_weighted_shares_are_those_of_r():
    golden = json.loads((ROOT / "tests/golden/small.json").read_text())

    for p, se, n, df, *limits in golden["shares"]:
        n_eff = effective_n(p, se**2)
        found = [
            *logit(p, se, df=df),
            *korn_graubard(p, n_eff, n=n, df=df),
            *logit(p, se, df=df, level=0.9),
            *korn_graubard(p, n_eff, n=n, df=df, level=0.9),
        ]
        assert found == pytest.approx(limits, rel=1e-9)


def test_clopper_pearson_is_that_of_r():
    golden = json.loads((ROOT / "tests/golden/small.json").read_text())

    found = [clopper_pearson(81, 263), clopper_pearson(1, 29), clopper_pearson(0, 20)]

    np.testing.assert_allclose(found, golden["clopper_pearson"], rtol=1e-12)


@settings(max_examples=60, deadline=None)
@given(case=of_n)
def test_clopper_pearson_bounds_are_the_shares_with_that_binomial_tail(case):
    x, n = case

    low, high = clopper_pearson(x, n)

    if x > 0:
        assert sum(
            math.comb(n, i) * low**i * (1 - low) ** (n - i) for i in range(x, n + 1)
        ) == pytest.approx(0.025)
    if x < n:
        assert sum(
            math.comb(n, i) * high**i * (1 - high) ** (n - i) for i in range(x + 1)
        ) == pytest.approx(0.025)


@settings(max_examples=60, deadline=None)
@given(case=of_n)
def test_wilson_bounds_are_the_shares_that_a_score_test_just_rejects(case):
    x, n = case

    for bound in wilson(x, n):
        if 0 < bound < 1:
            assert abs(x / n - bound) / math.sqrt(bound * (1 - bound) / n) == pytest.approx(
                1.959963984540054, rel=1e-6
            )


@pytest.mark.parametrize("interval", COUNTED)
@settings(max_examples=40, deadline=None)
@given(case=of_n)
def test_successes_and_failures_change_places(interval, case):
    x, n = case

    low, high = interval(x, n)

    assert 0 <= low < high <= 1
    assert interval(n - x, n) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@pytest.mark.parametrize("interval", COUNTED)
@settings(max_examples=40, deadline=None)
@given(case=of_n)
def test_more_certainty_needs_a_wider_interval(interval, case):
    narrow, wide = interval(*case, level=0.8), interval(*case, level=0.99)

    assert wide[0] <= narrow[0]
    assert wide[1] >= narrow[1]


@settings(max_examples=60, deadline=None)
@given(case=of_n)
def test_agresti_coull_contains_wilson(case):
    (low, high), (inner_low, inner_high) = agresti_coull(*case), wilson(*case)

    assert low <= inner_low + 1e-12
    assert high >= inner_high - 1e-12


@pytest.mark.parametrize("true", [0.02, 0.1, 0.3, 0.5])
def test_clopper_pearson_covers_at_least_its_level(true):
    n = 40
    bounds = [clopper_pearson(x, n) for x in range(n + 1)]

    coverage = sum(
        stats.binom.pmf(x, n, true) for x, (low, high) in enumerate(bounds) if low <= true <= high
    )

    assert coverage >= 0.95


@settings(max_examples=60, deadline=None)
@given(p=shares, n=st.integers(2, 3000))
def test_korn_graubard_of_a_simple_random_sample_is_clopper_pearson(p, n):
    variance = p * (1 - p) / n

    found = korn_graubard(p, effective_n(p, variance), n=n, df=n - 1)

    assert found == pytest.approx(clopper_pearson(p * n, n), rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(p=shares, se=st.floats(0.001, 0.2), df=st.integers(1, 60))
def test_a_logit_interval_contains_the_share_and_mirrors(p, se, df):
    low, high = logit(p, se, df=df)

    assert 0 <= low < p < high <= 1
    assert logit(1 - p, se, df=df) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@given(p=shares, se=st.floats(0.001, 0.2), df=st.integers(1, 60))
def test_fewer_degrees_of_freedom_widen_intervals(p, se, df):
    few, many = logit(p, se, df=df), logit(p, se, df=df + 5)
    n_eff = effective_n(p, se**2)
    exact_few, exact_many = (
        korn_graubard(p, n_eff, n=500, df=df),
        korn_graubard(p, n_eff, n=500, df=df + 5),
    )

    assert few[0] <= many[0] < many[1] <= few[1]
    assert exact_few[0] <= exact_many[0] < exact_many[1] <= exact_few[1]


def test_a_huge_standard_error_leaves_everything_open():
    assert logit(0.5, 1e6, df=1) == pytest.approx((0, 1))


def test_the_effective_n_of_a_share_at_the_end_is_unknown():
    assert math.isnan(effective_n(0, 0.01))
    assert math.isnan(effective_n(1, 0.01))
    assert math.isnan(effective_n(0.3, 0))
    assert effective_n(0.5, 0.0025) == pytest.approx(100)


def test_nobody_among_many_has_an_exact_upper_bound():
    low, high = korn_graubard(0, 60, n=60, df=59)

    assert (low, high) == pytest.approx((0, 1 - 0.025 ** (1 / 60)))


@pytest.mark.parametrize("interval", COUNTED)
@pytest.mark.parametrize(
    ("x", "n"), [(1, 0), (-1, 3), (4, 3), (math.nan, 3), (1, math.nan), (1, math.inf)]
)
def test_an_interval_refuses_what_is_no_share(interval, x, n):
    with pytest.raises(ValueError, match="share"):
        interval(x, n)


@pytest.mark.parametrize("interval", COUNTED)
@pytest.mark.parametrize("level", [0, 1, 95, math.nan])
def test_an_interval_refuses_what_is_no_level(interval, level):
    with pytest.raises(ValueError, match="level"):
        interval(1, 3, level=level)


@pytest.mark.parametrize(
    ("p", "se", "df"), [(0, 0.1, 9), (1, 0.1, 9), (0.5, -1, 9), (0.5, math.nan, 9), (0.5, 0.1, 0)]
)
def test_a_logit_refuses_what_it_cannot_take(p, se, df):
    with pytest.raises(ValueError, match="logit"):
        logit(p, se, df=df)


@pytest.mark.parametrize(
    ("p", "n_eff", "n", "df"),
    [(1.1, 9, 9, 8), (0.5, math.nan, 9, 8), (0.5, 9, 1, 8), (0.5, 9, 9, 0)],
)
def test_korn_graubard_refuses_what_it_cannot_take(p, n_eff, n, df):
    with pytest.raises(ValueError, match="needs"):
        korn_graubard(p, n_eff, n=n, df=df)


@pytest.mark.parametrize(
    ("p", "variance"), [(-0.1, 1), (0.5, -1), (0.5, math.nan), (math.nan, 1), (0.5, math.inf)]
)
def test_an_effective_n_refuses_what_is_no_share_or_variance(p, variance):
    with pytest.raises(ValueError, match="share"):
        effective_n(p, variance)
