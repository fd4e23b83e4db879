"""Tests of 2 x 2 tables: R, published cases, sums over all tables, and what must hold of any
table.
"""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.agreement.tables import chi_square, fisher, mcnemar, newcombe
from tests.conftest import ROOT

cells = st.lists(st.integers(0, 25), min_size=4, max_size=4)
inner = st.lists(st.integers(1, 25), min_size=4, max_size=4)


def square(cells):
    return np.array(cells).reshape(2, 2)


def chances(cells, odds=1.0):
    """Probability of each first cell, given the margins, where the true odds ratio is `odds`."""
    a, b, c, d = cells
    rows, column = (a + b, c + d), a + c
    support = range(max(0, column - rows[1]), min(rows[0], column) + 1)
    weight = {x: math.comb(rows[0], x) * math.comb(rows[1], column - x) * odds**x for x in support}
    return {x: w / sum(weight.values()) for x, w in weight.items()}


def test_fisher_and_chi_square_are_those_of_r():
    golden = json.loads((ROOT / "tests/golden/small.json").read_text())

    for cells, (p, ratio, low, high, plain, p_plain, yates, p_yates) in zip(
        golden["tables"], golden["tests"], strict=True
    ):
        table = square(cells)
        exact = fisher(table, odds="conditional")
        without, with_ = chi_square(table, correction="none"), chi_square(table, correction="yates")

        assert exact.p == pytest.approx(p, rel=1e-9)
        # R looks for these with a tolerance of 1e-4; the next test pins them down
        assert (exact.odds_ratio, exact.low, exact.high) == pytest.approx(
            (ratio, low, high), rel=0.01
        )
        assert (without.statistic, without.p) == pytest.approx(
            (plain, p_plain), rel=1e-9, abs=1e-12
        )
        assert (with_.statistic, with_.p) == pytest.approx((yates, p_yates), rel=1e-9, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(cells=inner)
def test_the_conditional_odds_ratio_makes_the_table_what_is_expected(cells):
    found = fisher(square(cells), odds="conditional")

    assert sum(x * p for x, p in chances(cells, found.odds_ratio).items()) == pytest.approx(
        cells[0], rel=1e-6
    )
    assert sum(p for x, p in chances(cells, found.low).items() if x >= cells[0]) == pytest.approx(
        0.025, rel=1e-5
    )
    assert sum(p for x, p in chances(cells, found.high).items() if x <= cells[0]) == pytest.approx(
        0.025, rel=1e-5
    )


@settings(max_examples=60, deadline=None)
@given(cells=cells)
def test_fisher_sums_the_tables_no_likelier_than_this(cells):
    all_ = chances(cells)

    found = fisher(square(cells), odds="sample")

    assert found.p == pytest.approx(
        sum(p for p in all_.values() if p <= all_[cells[0]] * (1 + 1e-9)), rel=1e-9
    )


def test_the_lady_tasting_tea():
    """Fisher 1935: three of four cups right; one-sided 17/70, two-sided 34/70."""
    assert fisher(square([3, 1, 1, 3]), odds="sample").p == pytest.approx(34 / 70)


def test_the_two_odds_ratios_are_named_and_differ():
    table = square([3, 1, 1, 3])

    sample, conditional = fisher(table, odds="sample"), fisher(table, odds="conditional")

    assert (sample.odds_ratio, sample.kind) == (9, "sample")
    assert math.log(sample.high) - math.log(9) == pytest.approx(
        1.959964 * math.sqrt(1 + 1 + 1 / 3 + 1 / 3), rel=1e-6
    )
    assert sample.low * sample.high == pytest.approx(81)
    assert conditional.odds_ratio == pytest.approx(6.408, abs=1e-3)  # R's fisher.test


@settings(max_examples=40, deadline=None)
@given(cells=inner, odds=st.sampled_from(["sample", "conditional"]))
def test_turning_rows_over_turns_the_odds_ratio_over(cells, odds):
    table = square(cells)

    found, other = fisher(table, odds=odds), fisher(table[::-1], odds=odds)

    assert other.p == pytest.approx(found.p)
    assert other.odds_ratio == pytest.approx(1 / found.odds_ratio, rel=1e-6)
    assert (other.low, other.high) == pytest.approx((1 / found.high, 1 / found.low), rel=1e-5)


@pytest.mark.parametrize("odds", ["sample", "conditional"])
def test_a_cell_of_nobody_leaves_the_odds_ratio_unbounded(odds):
    assert fisher(square([5, 0, 4, 5]), odds=odds).odds_ratio == math.inf
    assert fisher(square([5, 0, 4, 5]), odds=odds).high == math.inf
    assert fisher(square([0, 5, 5, 4]), odds=odds).odds_ratio == 0
    assert fisher(square([0, 5, 5, 4]), odds=odds).low == 0


@pytest.mark.parametrize("odds", ["sample", "conditional"])
@pytest.mark.parametrize("cells", [[0, 0, 4, 3], [0, 4, 0, 3], [0, 0, 0, 0]])
def test_an_empty_margin_says_nothing(odds, cells):
    found = fisher(square(cells), odds=odds)

    assert (found.p, found.low, found.high) == (1, 0, math.inf)
    assert math.isnan(found.odds_ratio)
    assert math.isnan(chi_square(square(cells), correction="none").p)


@given(cells=inner)
def test_chi_square_is_the_squared_z_of_two_shares(cells):
    a, b, c, d = cells
    pooled = (a + c) / (a + b + c + d)
    z = (a / (a + b) - c / (c + d)) / math.sqrt(pooled * (1 - pooled) * (1 / (a + b) + 1 / (c + d)))

    plain, yates = (
        chi_square(square(cells), correction="none"),
        chi_square(square(cells), correction="yates"),
    )

    assert plain.statistic == pytest.approx(z * z, abs=1e-9)
    assert plain.p == pytest.approx(math.erfc(abs(z) / math.sqrt(2)), abs=1e-9)
    assert yates.p >= plain.p


@pytest.mark.parametrize(
    ("cells", "exact", "mid_p"),
    [
        (
            [1, 1, 7, 12],
            0.070,
            0.039,
        ),  # airway hyper-responsiveness: Fagerland, Lydersen and Laake 2013, tables 1 and 4
        ([59, 6, 16, 80], 0.052, 0.035),  # complete response: the same
    ],
)
def test_mcnemar_of_published_cases(cells, exact, mid_p):
    assert round(mcnemar(square(cells), kind="exact").p, 3) == exact
    assert round(mcnemar(square(cells), kind="mid_p").p, 3) == mid_p


def test_mcnemar_is_the_sign_test_of_r():
    golden = json.loads((ROOT / "tests/golden/small.json").read_text())

    found = [mcnemar(square([30, b, c, 40]), kind="exact").p for b, c in golden["changes"]]

    assert found == pytest.approx(golden["mcnemar"], rel=1e-12)


@given(b=st.integers(0, 30), c=st.integers(0, 30), same=st.integers(0, 99))
def test_mcnemar_looks_only_at_those_who_changed(b, c, same):
    n = b + c
    at = [math.comb(n, i) / 2**n for i in range(n + 1)]

    exact = mcnemar(square([same, b, c, 3]), kind="exact")
    mid_p = mcnemar(square([same, c, b, 0]), kind="mid_p")

    assert (exact.b, exact.c) == (b, c)
    assert exact.p == pytest.approx(min(1, 2 * sum(at[: min(b, c) + 1])))
    if n:
        assert exact.p - mid_p.p == pytest.approx(at[b] / 2 if b == c else at[b])


def test_nobody_who_changed_is_no_evidence():
    for kind in ("exact", "mid_p"):
        assert mcnemar(square([9, 0, 0, 9]), kind=kind).p == 1


@pytest.mark.parametrize(
    ("x1", "n1", "x2", "n2", "low", "high"),
    [  # Newcombe 1998, Statistics in Medicine 17:873, table II, method 10
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0000),
        (10, 10, 0, 10, 0.6075, 1.0000),
    ],
)
def test_newcombe_of_published_cases(x1, n1, x2, n2, low, high):
    found = newcombe(x1, n1, x2, n2)

    assert found.difference == x1 / n1 - x2 / n2
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(n1=st.integers(1, 200), n2=st.integers(1, 200), data=st.data())
def test_changing_sides_turns_the_difference_over(n1, n2, data):
    x1, x2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))

    found, other = newcombe(x1, n1, x2, n2), newcombe(x2, n2, x1, n1)

    assert -1 - 1e-12 <= found.low <= found.difference <= found.high <= 1 + 1e-12
    assert (other.low, other.high) == pytest.approx((-found.high, -found.low))


@pytest.mark.parametrize(
    "table", [[[1, 2, 3], [4, 5, 6]], [[1, -2], [3, 4]], [[1.5, 2], [3, 4]], [1, 2, 3, 4]]
)
def test_what_is_no_table_of_counts_is_refused(table):
    table = np.array(table)
    calls = [
        lambda: fisher(table, odds="sample"),
        lambda: chi_square(table, correction="none"),
        lambda: mcnemar(table, kind="exact"),
    ]

    for call in calls:
        with pytest.raises(ValueError, match="two rows"):
            call()


def test_what_is_no_share_or_level_is_refused():
    with pytest.raises(ValueError, match="share"):
        newcombe(3, 2, 1, 4)
    with pytest.raises(ValueError, match="level"):
        fisher(square([1, 2, 3, 4]), odds="sample", level=95)
