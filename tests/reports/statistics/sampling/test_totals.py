"""Totals: the same bits for any partitioning, strata merged by name, a unit of two strata
refused.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics.estimates.means import means
from reports.statistics.exact import Grid
from reports.statistics.sampling import totals as module
from reports.statistics.sampling.totals import Rows, reduce
from tests.samples import part, rows_of, sample, totals_of


def assert_same_bits(a, b):
    for name in ("unit", "unit_stratum", "unit_rows", "cell", "sums"):
        assert np.array_equal(getattr(a, name), getattr(b, name)), name


@given(st.integers(0, 10_000), st.integers(2, 40), st.booleans())
def test_any_partitioning_gives_the_same_bits(seed, parts, clustered):
    rows = sample(seed, clustered=clustered)

    whole, pieces = totals_of(rows), totals_of(rows, parts=parts)

    assert_same_bits(whole, pieces)
    assert means(whole).covariance.tobytes() == means(pieces).covariance.tobytes()


@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_bit(seed, random):
    rows = sample(seed)
    order = list(range(len(rows.score)))
    random.shuffle(order)

    assert_same_bits(totals_of(rows), totals_of(part(rows, np.array(order))))


def test_partitions_add_up_in_any_grouping():
    rows = sample(1)
    grid = Grid.of(scores=rows.score, weights=rows.weight, centre=50.0)
    a, b, c = (
        reduce(part(rows, p), companies=5, strata=4, grid=grid)
        for p in np.array_split(np.arange(400), 3)
    )

    assert_same_bits((a + b) + c, c + (b + a))


def test_the_block_in_which_rows_are_summed_changes_no_bit(monkeypatch):
    rows = sample(2)
    whole = totals_of(rows)

    monkeypatch.setattr(module, "BLOCK", 7)

    assert_same_bits(whole, totals_of(rows))


@pytest.mark.parametrize("clustered", [True, False])
def test_units_too_many_for_a_plain_array_are_summed_by_sorting(monkeypatch, clustered):
    rows = sample(3, clustered=clustered)
    far = Rows(
        rows.company,
        rows.score,
        rows.weight,
        rows.stratum,
        None if rows.psu is None else rows.psu * 10**9,
    )

    found, near = means(totals_of(far)), means(totals_of(rows))

    assert found.value.tobytes() == near.value.tobytes()
    np.testing.assert_allclose(found.covariance, near.covariance, rtol=1e-12)


def test_every_person_may_be_a_unit():
    rows = sample(4, n=300, missing=0.0, clustered=False)
    stacked = Rows(rows.company, rows.score, rows.weight, rows.stratum, np.arange(300))

    np.testing.assert_allclose(
        means(totals_of(stacked)).covariance, means(totals_of(rows)).covariance, atol=1e-12
    )


def test_a_unit_of_two_strata_is_refused_in_one_partition_and_over_two():
    grid = Grid(rows=2, weight=1.0, score=50.0, centre=50.0)
    north = rows_of([0], [60.0], stratum=[0], psu=[7])
    south = rows_of([0], [60.0], stratum=[1], psu=[7])
    both = rows_of([0, 0], [60.0, 60.0], stratum=[0, 1], psu=[7, 7])

    with pytest.raises(ValueError, match="two strata"):
        reduce(both, companies=1, strata=2, grid=grid)
    with pytest.raises(ValueError, match="two strata"):
        reduce(north, companies=1, strata=2, grid=grid) + reduce(
            south, companies=1, strata=2, grid=grid
        )


def test_totals_of_other_grids_are_not_added():
    one, other = totals_of(sample(7)), totals_of(sample(8))

    with pytest.raises(ValueError, match="different designs or grids"):
        one + other


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"company": [5]}, "company code"),
        ({"company": [-2]}, "company code"),
        ({"stratum": [2]}, "stratum code"),
        ({"weight": [0.0]}, "positive"),
        ({"psu": [-1]}, "negative"),
    ],
)
def test_codes_out_of_range_are_refused(change, words):
    row = {"company": [0], "score": [50.0], **change}

    with pytest.raises(ValueError, match=words):
        reduce(rows_of(**row), companies=2, strata=2, grid=Grid(1, 1.0, 50.0, 50.0))


def test_an_empty_partition_adds_nothing():
    rows = sample(9)
    grid = Grid.of(scores=rows.score, weights=rows.weight, centre=50.0)
    sizes = {"companies": 5, "strata": 4, "grid": grid}
    whole, nothing = reduce(rows, **sizes), reduce(part(rows, slice(0, 0)), **sizes)

    assert_same_bits(whole, whole + nothing)
    assert_same_bits(whole, nothing + whole)


def test_ratios_are_means_where_the_base_is_one():
    rows = sample(10)
    ratio = Rows(
        rows.company, rows.score, rows.weight, rows.stratum, rows.psu, np.ones(len(rows.score))
    )

    assert (
        means(totals_of(ratio)).covariance.tobytes() == means(totals_of(rows)).covariance.tobytes()
    )
