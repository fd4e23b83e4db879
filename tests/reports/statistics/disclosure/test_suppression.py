"""Complementary suppression: worked tables, brute force over all tables that fit, and what must
hold of any table.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.statistics.disclosure.suppression import (
    list_constraints,
    protection,
    small_cells,
    solvable,
    suppress,
    table_constraints,
)

worlds = st.integers(0, 10**6).map(np.random.default_rng)


def every_table(counts, constraints, hidden):
    """All whole-numbered tables with the published cells and totals, (tables, cells): what a
    reader can think of.
    """
    left = constraints @ (counts * hidden)
    most = [
        int(left[row > 0].min()) if h else 0 for row, h in zip(constraints.T, hidden, strict=True)
    ]
    tables = np.indices([m + 1 for m in most]).reshape(len(counts), -1).T + counts * ~hidden
    return tables[(tables @ constraints.T == constraints @ counts).all(axis=1)]


def fixed_by_rank(constraints, hidden):
    """A cell is fixed where adding its unit vector to the published equations brings no new
    rank.
    """
    cells = np.flatnonzero(hidden)
    rank = np.linalg.matrix_rank(constraints[:, cells]) if len(cells) else 0
    fixed = np.zeros(len(hidden), dtype=bool)
    for i, cell in enumerate(cells):
        fixed[cell] = (
            np.linalg.matrix_rank(np.vstack([constraints[:, cells], np.eye(len(cells))[i]])) == rank
        )
    return fixed


def exposed(counts, constraints, primary, hidden):
    """Say whether a primary cell is fixed while only hidden cells that are not empty, and
    itself, may move.
    """
    cells = np.arange(len(counts))
    positive = hidden & (counts > 0)
    return any(
        fixed_by_rank(constraints, positive | (cells == p))[p] for p in np.flatnonzero(primary)
    )


def random_table(rng):
    """A small table with a few cells below 5, some of them empty."""
    shape = rng.integers(2, 5, 2)
    counts = rng.choice(
        [0, 1, 3, 6, 9, 14, 30], shape, p=[0.1, 0.1, 0.1, 0.2, 0.2, 0.2, 0.1]
    ).ravel()
    return counts, table_constraints(*shape), small_cells(counts, 4)


def test_one_hidden_cell_of_a_list_takes_the_next_smallest_with_it():
    counts = np.array([40, 3, 25, 12])

    found = suppress(counts, list_constraints(4), small_cells(counts, 10))

    assert found.hidden.tolist() == [False, True, False, True]
    assert found.complementary.tolist() == [False, False, False, True]
    assert found.cost == 12


def test_two_hidden_cells_of_a_list_are_enough():
    counts = np.array([40, 3, 25, 2])

    found = suppress(counts, list_constraints(4), small_cells(counts, 10))

    assert found.complementary.tolist() == [False] * 4


def test_one_hidden_cell_of_a_table_takes_a_rectangle():
    counts = np.array([[3, 20, 90], [30, 10, 95], [99, 98, 97]])

    found = suppress(counts.ravel(), table_constraints(3, 3), small_cells(counts, 5).ravel())

    assert found.hidden.reshape(3, 3).tolist() == [
        [True, True, False],
        [True, True, False],
        [False] * 3,
    ]
    assert found.cost == 60


def test_a_row_with_two_hidden_cells_is_still_open_through_its_columns():
    counts = np.array([[3, 2, 50], [30, 40, 60]])
    constraints, primary = table_constraints(2, 3), small_cells(counts, 5).ravel()

    assert solvable(constraints, primary).tolist() == [True, True, False, False, False, False]
    assert suppress(counts.ravel(), constraints, primary).hidden.reshape(2, 3)[:, :2].all()


def test_costs_choose_and_forbid():
    counts = np.array([3.0, 10.0, 20.0, 30.0])
    constraints, primary = list_constraints(4), small_cells(counts, 5)

    dear = suppress(counts, constraints, primary, cost=np.array([0.0, 9.0, 9.0, 1.0]))
    forbidden = suppress(counts, constraints, primary, cost=np.array([0.0, np.inf, 5.0, np.inf]))

    assert np.flatnonzero(dear.complementary).tolist() == [3]
    assert np.flatnonzero(forbidden.complementary).tolist() == [2]


def test_a_total_may_be_a_cell_that_is_hidden():
    """One company in a row: the row total gives it away unless the total goes, and with it
    another row.
    """
    counts = np.array([4, 30, 20, 4, 50, 54])  # a; b, c; their row totals; all
    constraints = np.array(
        [[1, 0, 0, -1, 0, 0], [0, 1, 1, 0, -1, 0], [0, 0, 0, 1, 1, -1]], dtype=float
    )
    primary = np.array([True, False, False, False, False, False])
    published = np.array([1, 1, 1, 1, 1, np.inf])

    found = suppress(counts, constraints, primary, cost=published)

    assert found.hidden[[0, 3, 4]].all()
    assert not solvable(constraints, found.hidden).any()


def test_empty_cells_are_no_cover():
    """With zeros in two corners the cell can neither grow nor shrink, though the equations leave
    it open.
    """
    counts = np.array([[3, 0, 20], [9, 0, 20], [20, 20, 20]]).ravel()
    constraints, primary = table_constraints(3, 3), np.arange(9) == 0
    rectangle = np.isin(np.arange(9), [0, 1, 3, 4])

    assert not solvable(constraints, rectangle).any()
    pinned = protection(counts, constraints, rectangle)
    assert pinned.low[0] == pinned.high[0] == 3

    found = suppress(counts, constraints, primary)
    assert not found.complementary[[1, 4]].any()
    ranges = protection(counts, constraints, found.hidden)
    assert ranges.low[0] < 3 < ranges.high[0]


def test_empty_cells_that_must_be_hidden_get_something_to_hide_behind():
    counts = np.array([0, 0, 25, 12])

    found = suppress(counts, list_constraints(4), small_cells(counts, 5))

    assert found.hidden.tolist() == [True, True, False, True]
    assert protection(counts, list_constraints(4), found.hidden).high.tolist() == [12, 12, 25, 12]


def test_a_cell_that_is_its_own_total_cannot_be_hidden():
    with pytest.raises(ValueError, match="total"):
        suppress(np.array([3, 30]), table_constraints(2, 1), np.array([True, False]))


def test_nothing_hidden_needs_nothing_more():
    counts = np.array([10, 20])

    found = suppress(counts, list_constraints(2), np.array([False, False]))

    assert not found.hidden.any()
    assert not solvable(list_constraints(2), found.hidden).any()


def test_three_dimensions_are_only_more_constraints():
    """2 x 2 x 2 with all two-way margins: only all eight cells together can move."""
    cells = np.arange(8).reshape(2, 2, 2)
    lines = [
        *cells.reshape(4, 2),
        *cells.transpose(0, 2, 1).reshape(4, 2),
        *cells.transpose(1, 2, 0).reshape(4, 2),
    ]
    constraints = np.array([np.isin(np.arange(8), line) for line in lines], dtype=float)
    counts = np.array([2, 10, 11, 12, 13, 14, 15, 16])

    found = suppress(counts, constraints, counts < 5)

    assert found.hidden.all()


@settings(max_examples=60, deadline=None)
@given(rng=worlds)
def test_a_cell_is_solvable_where_its_unit_vector_lies_in_the_row_space(rng):
    _, constraints, _ = random_table(rng)
    hidden = rng.random(constraints.shape[1]) < 0.5

    assert solvable(constraints, hidden).tolist() == fixed_by_rank(constraints, hidden).tolist()


@settings(max_examples=60, deadline=None)
@given(rng=worlds)
def test_nothing_hidden_can_be_solved_and_nothing_is_hidden_in_vain(rng):
    counts, constraints, primary = random_table(rng)
    try:
        found = suppress(counts, constraints, primary)
    except ValueError:  # too many empty cells to hide behind
        assert exposed(counts, constraints, primary, np.full(len(counts), True))
        return

    assert (found.hidden >= primary).all()
    assert not (found.complementary & (counts == 0)).any()
    assert not fixed_by_rank(constraints, found.hidden).any()
    ranges = protection(counts, constraints, found.hidden)
    assert (ranges.high - ranges.low > 1e-6)[found.hidden].all()
    for cell in np.flatnonzero(found.complementary):
        assert exposed(
            counts, constraints, primary, found.hidden & (np.arange(len(counts)) != cell)
        )


@settings(max_examples=40, deadline=None)
@given(rng=worlds)
def test_more_than_one_table_fits_what_is_published(rng):
    """Brute force over whole numbers: every hidden cell takes two values at least, and the
    ranges are the extremes.
    """
    counts = rng.integers(1, 4, 6)
    constraints, primary = table_constraints(2, 3), counts < 2

    found = suppress(counts, constraints, primary)

    tables = every_table(counts, constraints, found.hidden)
    ranges = protection(counts, constraints, found.hidden)
    np.testing.assert_allclose(tables.min(axis=0), ranges.low, atol=1e-7)
    np.testing.assert_allclose(tables.max(axis=0), ranges.high, atol=1e-7)
    assert (tables.min(axis=0) < tables.max(axis=0))[found.hidden].all()


@settings(max_examples=30, deadline=None)
@given(rng=worlds)
def test_published_cells_are_their_own_range(rng):
    counts, constraints, _ = random_table(rng)
    hidden = rng.random(len(counts)) < 0.4

    found = protection(counts, constraints, hidden)

    assert (found.low[~hidden] == counts[~hidden]).all()
    assert (found.low <= counts + 1e-9).all()
    assert (counts <= found.high + 1e-9).all()


def test_a_cell_in_no_total_has_no_upper_bound():
    found = protection(np.array([3, 4]), np.array([[1.0, 0.0]]), np.array([False, True]))

    assert (found.low[1], found.high[1]) == (0, np.inf)


def test_small_cells_with_and_without_the_empty():
    counts = np.array([[0, 4], [5, 6]])

    assert small_cells(counts, 5).tolist() == [[True, True], [False, False]]
    assert small_cells(counts, 5, zeros="shown").tolist() == [[False, True], [False, False]]


@pytest.mark.parametrize("counts", [[-1.0, 2.0], [np.nan, 2.0], [np.inf, 2.0]])
def test_negative_or_missing_counts_are_refused(counts):
    counts, hidden = np.array(counts), np.array([True, True])
    calls = [
        lambda: small_cells(counts, 5),
        lambda: suppress(counts, list_constraints(2), hidden),
        lambda: protection(counts, list_constraints(2), hidden),
    ]

    for call in calls:
        with pytest.raises(ValueError, match="counts"):
            call()


def test_shapes_and_costs_that_do_not_fit_are_refused():
    counts, hidden = np.array([1, 2]), np.array([True, False])

    with pytest.raises(ValueError, match="one number or mark"):
        solvable(list_constraints(3), hidden)
    with pytest.raises(ValueError, match="one number or mark"):
        suppress(counts, list_constraints(2), hidden, cost=np.array([1.0]))
    for cost in ([-1.0, 1.0], [np.nan, 1.0]):
        with pytest.raises(ValueError, match="costs"):
            suppress(counts, list_constraints(2), hidden, cost=np.array(cost))
    with pytest.raises(ValueError, match="cell"):
        list_constraints(0)
    with pytest.raises(ValueError, match="cell"):
        table_constraints(2, 0)
