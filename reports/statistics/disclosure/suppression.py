"""Hidden cells that stay hidden: which others must go, so that published totals do not give them
away.

A table is a row of cells x >= 0 with constraints A x = totals, all totals published. A total that
may itself be hidden is one more cell, with -1 in its own row of A. Nothing here decides what is
sensitive, nor rounds or perturbs a number. Background: Willenborg and de Waal, Elements of
Statistical Disclosure Control (2001), chapter 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import optimize

from reports.statistics.exact import Bools, Floats, Ints

Zeros = Literal["hidden", "shown"]

TOLERANCE = 1e-9  # of singular values and residuals; constraints are small whole numbers


@dataclass(frozen=True)
class Suppression:
    """Masks (cells,): hidden is primary or complementary; cost is what the complementary cells
    lost.
    """

    primary: Bools
    complementary: Bools
    cost: float

    @property
    def hidden(self) -> Bools:
        """Return the cells not to be published."""
        return self.primary | self.complementary


@dataclass(frozen=True)
class Protection:
    """What anyone can work out of each cell, (cells,): the least and the greatest value that fit
    what is published.
    """

    low: Floats
    high: Floats


def list_constraints(cells: int) -> Floats:
    """Return A, (1, cells), of a list of cells with one published total. Raises ValueError for
    no cell.
    """
    if cells < 1:
        raise ValueError("a table needs a cell")
    return np.ones((1, cells))


def table_constraints(rows: int, columns: int) -> Floats:
    """Return A, (rows + columns + 1, rows x columns), for published row totals, column totals and
    the grand total.

    Cells are in reading order, as counts.ravel(). Raises ValueError for no row or no column.
    """
    if rows < 1 or columns < 1:
        raise ValueError("a table needs a cell")
    by_row, by_column = (
        np.kron(np.eye(rows), np.ones(columns)),
        np.kron(np.ones(rows), np.eye(columns)),
    )
    return np.vstack([by_row, by_column, np.ones((1, rows * columns))])


def small_cells(counts: Floats | Ints, least: float, *, zeros: Zeros = "hidden") -> Bools:
    """Say of each count, any shape, whether it is below `least`; empty cells may be "shown" where 0
    tells of nobody.

    Raises ValueError for counts that are negative or not finite.
    """
    _check_counts(counts)
    small = counts < least
    return np.asarray(small & (counts > 0) if zeros == "shown" else small)


def solvable(constraints: Floats, hidden: Bools) -> Bools:
    """Say of each cell, (cells,), whether it is hidden and yet follows exactly from what is
    published.

    A hidden cell is determined where no vector of the null space of A, restricted to hidden cells,
    moves it (equally: its unit vector lies in the row space); by singular values. Does not use that
    counts are not negative, see `protection`. Raises ValueError for shapes that do not fit.
    """
    _check(constraints, hidden)
    found = np.zeros(len(hidden), dtype=bool)
    if hidden.any():
        _, size, vectors = np.linalg.svd(constraints[:, hidden])
        rank = int((size > TOLERANCE).sum())
        found[hidden] = np.abs(vectors[rank:]).max(axis=0, initial=0.0) < TOLERANCE
    return found


def suppress(
    counts: Floats | Ints, constraints: Floats, primary: Bools, *, cost: Floats | None = None
) -> Suppression:
    """Choose complementary cells so that no hidden cell can be solved, not even by knowing that
    counts are >= 0.

    counts: (cells,) true values; constraints: (m, cells); primary: (cells,); cost: (cells,) of
    hiding each, default its count; inf: never hidden. Cells are added cheapest first until every
    primary cell can move, then given back, dearest first, wherever it still can: no cell is hidden
    in vain, but another choice may cost less in all (the best one is NP-hard). Empty cells are not
    chosen and do not count as cover: nothing can be taken from them. Equal costs: the first cell. A
    reader who also knows the threshold can narrow cells further; print ranges of `protection` to
    see.

    Raises ValueError where even hiding all allowed cells leaves a primary one exposed (its value is
    a published total), and for shapes, counts or costs that do not fit.
    """
    cost = np.asarray(counts, dtype=np.float64) if cost is None else cost
    _check(constraints, primary, counts, cost)
    _check_counts(counts)
    if np.isnan(cost).any() or (cost < 0).any():
        raise ValueError("costs are not negative and none is missing")
    positive = np.asarray(counts > 0)
    allowed = np.flatnonzero(~primary & positive & (cost < np.inf))
    order = allowed[np.argsort(cost[allowed], kind="stable")]

    added = _first_cover(constraints, primary, positive, order)
    complementary = np.zeros(len(primary), dtype=bool)
    complementary[order[:added]] = True
    for cell in order[:added][::-1]:
        complementary[cell] = False
        complementary[cell] = _exposed(constraints, primary, positive, complementary)
    return Suppression(primary.copy(), complementary, float(cost[complementary].sum()))


def protection(counts: Floats | Ints, constraints: Floats, hidden: Bools) -> Protection:
    """Return the range of every hidden cell over all x >= 0 with the published cells and totals, by
    linear programming.

    counts: (cells,) true values. A published cell is its own range; inf where nothing bounds a cell
    from above. Ranges hold one at a time. A range of one point is a disclosure. Raises ValueError
    for shapes or counts that do not fit.
    """
    _check(constraints, hidden, counts)
    _check_counts(counts)
    low, high = np.array(counts, dtype=np.float64), np.array(counts, dtype=np.float64)
    cells = np.flatnonzero(hidden)
    left, totals = constraints[:, cells], constraints[:, cells] @ low[cells]
    for i, cell in enumerate(cells):
        aim = np.zeros(len(cells))
        aim[i] = 1.0
        low[cell], high[cell] = _least(aim, left, totals), -_least(-aim, left, totals)
    return Protection(low, high)


def _first_cover(constraints: Floats, primary: Bools, positive: Bools, order: Ints) -> int:
    """Return how many cells of `order` must be added, by halving: hiding more never exposes more.

    Only to save work: giving back from all of them, dearest first, would end with the same cells.
    """
    few, many = 0, len(order)
    chosen = np.zeros(len(primary), dtype=bool)
    chosen[order] = True
    if _exposed(constraints, primary, positive, chosen):
        raise ValueError(
            "a cell to hide equals a published total less what is published: hide a total as well"
        )
    while few < many:
        middle = (few + many) // 2
        chosen[:] = False
        chosen[order[:middle]] = True
        if _exposed(constraints, primary, positive, chosen):
            few = middle + 1
        else:
            many = middle
    return many


def _exposed(constraints: Floats, primary: Bools, positive: Bools, complementary: Bools) -> bool:
    """Say whether a primary cell is fixed while only cells that are not empty, and itself, may
    move.

    Cells above 0 can move a little either way, so such a move exists among counts >= 0 as well; for
    an empty primary cell the move is taken upwards.
    """
    moving = (primary | complementary) & positive
    if (solvable(constraints, moving) & primary).any():
        return True
    empty = constraints[:, primary & ~positive]
    if not moving.any() or not empty.size:
        return bool(empty.any())
    # an empty cell can move where the others can make up for it: its column is a combination of
    # theirs
    weights = np.linalg.lstsq(constraints[:, moving], empty, rcond=None)[0]
    return bool((np.abs(constraints[:, moving] @ weights - empty) > TOLERANCE).any())


def _least(aim: Floats, left: Floats, totals: Floats) -> float:
    found = optimize.linprog(aim, A_eq=left, b_eq=totals, bounds=(0, None), method="highs")
    if found.status == 3:
        return -np.inf
    if found.status != 0 or found.fun is None:
        raise ValueError(f"the range of a hidden cell could not be found: {found.message}")
    return float(found.fun)


def _check(constraints: Floats, *rows: Floats | Ints | Bools) -> None:
    if constraints.ndim != 2 or any(row.shape != (constraints.shape[1],) for row in rows):
        raise ValueError(
            "constraints are totals x cells, everything else one number or mark for each cell"
        )


def _check_counts(counts: Floats | Ints) -> None:
    if not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError("counts are finite and not negative")
