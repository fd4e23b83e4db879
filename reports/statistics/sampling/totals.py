"""Totals of rated rows by unit and company: all an estimate needs, and additive over partitions
of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy import sparse

from reports.statistics.exact import Floats, Grid, Ints, snap

# rows are summed in blocks that stay in the processor's cache; the sums are exact, so the size
# changes no bit
BLOCK: Final = 1 << 16
# up to so many cells per row are summed in a plain array, more are found by sorting
DENSE: Final = 4
MOMENTS: Final = ("n", "w", "wy", "wyy", "w2", "w2y", "w2yy")
TWO_STRATA: Final = "a PSU code appears in two strata; code PSUs by stratum and PSU"


@dataclass(frozen=True)
class Rows:
    """The sampled rows of one partition, all arrays of the same length n.

    company: code 0..G-1, or -1 for a row that belongs to no company (it still counts as sampled);
    score: (n,) in the units of the scale, NaN where there is none; weight: > 0; stratum: code
    0..H-1; psu: code of the primary sampling unit, unique over strata, or None where each row is
    its own unit; base: what the score is a ratio to, NaN where unknown, None for a mean (a base of
    1 for every row).
    """

    company: Ints
    score: Floats
    weight: Floats
    stratum: Ints
    psu: Ints | None = None
    base: Floats | None = None


@dataclass(frozen=True)
class Totals:
    """Sums over sampled rows by cell; `a + b` is exactly the totals of both partitions together.

    G companies, H strata, U units (sampled PSUs; where each row is its own unit, the strata), K
    cells of a unit and a company that have a row with a score. y is score - centre x base, x the
    base, 1 for means. unit, unit_stratum, unit_rows: (U,) code, ascending, stratum and sampled rows
    of each unit, with a score or not: units without a company are zeros of that company's total,
    never left out; leaving them out is the classic mistake of domain estimation. cell: (K,) unit
    code x G + company, ascending. sums: the `MOMENTS` of each cell, that is the count and the sums
    of w x, w y, w y^2 and w^2 x^2, (5, K), and where rows are units also of w^2 x y and w^2 y^2,
    (7, K).
    """

    grid: Grid
    companies: int
    strata: int
    clustered: bool
    unit: Ints
    unit_stratum: Ints
    unit_rows: Ints
    cell: Ints
    sums: Floats

    @property
    def company(self) -> Ints:
        """The company of each cell, (K,)."""
        return self.cell % self.companies

    @property
    def place(self) -> Ints:
        """The place of each cell's unit in `unit`, (K,)."""
        return np.searchsorted(self.unit, self.cell // self.companies).astype(np.int64)

    @property
    def sampled(self) -> Ints:
        """n_h, the sampled units of each stratum, (H,)."""
        weights = None if self.clustered else self.unit_rows
        return np.bincount(self.unit_stratum, weights, minlength=self.strata).astype(np.int64)

    def moment(self, name: str) -> Floats:
        """Return one of the `MOMENTS` by cell, (K,)."""
        found: Floats = self.sums[MOMENTS.index(name)]
        return found

    def by_company(self, values: Floats) -> Floats:
        """Return sums of a cell array over units, (G,)."""
        return np.bincount(self.company, values, minlength=self.companies).astype(np.float64)

    def by_stratum(self, values: Floats) -> Floats:
        """Return sums of a cell array over the units of each stratum, (H, G)."""
        key = self.unit_stratum[self.place] * self.companies + self.company
        found: Floats = np.bincount(key, values, minlength=self.strata * self.companies).astype(
            np.float64
        )
        return found.reshape(self.strata, self.companies)

    def __add__(self, other: Totals) -> Totals:
        kind = (self.grid, self.companies, self.strata, self.clustered)
        if kind != (other.grid, other.companies, other.strata, other.clustered):
            raise ValueError("totals of different designs or grids cannot be added")
        same = (
            np.array_equal(getattr(self, name), getattr(other, name))
            for name in ("unit", "unit_stratum", "cell")
        )
        if all(same):  # as in large partitions of the same sites
            return replace(
                self, unit_rows=self.unit_rows + other.unit_rows, sums=self.sums + other.sums
            )
        return replace(
            self,
            unit=np.concatenate([self.unit, other.unit]),
            unit_stratum=np.concatenate([self.unit_stratum, other.unit_stratum]),
            unit_rows=np.concatenate([self.unit_rows, other.unit_rows]),
            cell=np.concatenate([self.cell, other.cell]),
            sums=np.concatenate([self.sums, other.sums], axis=1),
        )._merged()

    def _merged(self) -> Totals:
        """Return the totals with every unit and cell once, ascending."""
        unit, first, at_unit = np.unique(self.unit, return_index=True, return_inverse=True)
        if (self.unit_stratum[first][at_unit] != self.unit_stratum).any():
            raise ValueError(TWO_STRATA)
        cell, at_cell = np.unique(self.cell, return_inverse=True)
        return replace(
            self,
            unit=unit,
            unit_stratum=self.unit_stratum[first],
            unit_rows=np.bincount(at_unit, self.unit_rows, minlength=len(unit)).astype(np.int64),
            cell=cell,
            sums=np.stack([np.bincount(at_cell, row, minlength=len(cell)) for row in self.sums]),
        )


def reduce(rows: Rows, *, companies: int, strata: int, grid: Grid) -> Totals:
    """Reduce one partition to its totals.

    `grid` must describe the whole data set, not the partition. Raises ValueError for codes out of
    range, weights that are not positive, or rows larger than the grid.
    """
    if len(rows.score) > grid.rows:
        raise ValueError(
            f"the grid was made for {grid.rows} rows, this partition has {len(rows.score)}"
        )
    units = rows.stratum if rows.psu is None else rows.psu
    span = int(units.max(initial=-1)) + 1
    if span * max(companies, strata) <= DENSE * len(units) + 100_000:
        code = np.arange(span)
        crossed, cell, sums = _dense(rows, span, companies, strata, grid)
    else:
        code, place = np.unique(units, return_inverse=True)
        crossed, cell, sums = _sparse(rows, place, len(code), companies, strata, grid)
    unit, unit_stratum, unit_rows = _units(crossed)
    return Totals(
        grid=grid,
        companies=companies,
        strata=strata,
        clustered=rows.psu is not None,
        unit=code[unit].astype(np.int64),
        unit_stratum=unit_stratum,
        unit_rows=unit_rows,
        cell=code[cell // companies] * companies + cell % companies,
        sums=sums,
    )


Crossed = tuple[sparse.csr_array, Ints, Floats]


def _units(crossed: sparse.csr_array) -> tuple[Ints, Ints, Ints]:
    """Return place, stratum and rows of every unit that occurs, out of its rows by stratum,
    (units, H).
    """
    table = crossed.tocoo()
    unit, stratum = table.coords
    if (np.diff(unit) == 0).any():
        raise ValueError(TWO_STRATA)
    return unit.astype(np.int64), stratum.astype(np.int64), table.data.astype(np.int64)


def _dense(rows: Rows, span: int, companies: int, strata: int, grid: Grid) -> Crossed:
    """Sum into plain arrays; return rows by unit and stratum, (span, H), filled cells (K,),
    their moments (S, K).
    """
    crossed, sums = np.zeros(span * strata), np.zeros((_moments_of(rows), span * companies))
    # where there are more cells than rows in a block, going over the cells would cost more than
    # going over the rows
    size = max(BLOCK, sums.shape[1] // 4)
    for start in range(0, len(rows.score), size):
        block = _take(rows, slice(start, start + size))
        _check(block, companies, strata)
        unit = (block.stratum if block.psu is None else block.psu).astype(np.int64, copy=False)
        crossed += np.bincount(unit * strata + block.stratum, minlength=len(crossed))
        rated, parts = _summands(block, grid)
        key = unit * companies + block.company
        key = key if rated is None else key[rated]
        for total, part in zip(sums, parts, strict=True):
            total += np.bincount(key, part, minlength=sums.shape[1])
    cell = np.flatnonzero(sums[0])
    return sparse.csr_array(crossed.reshape(span, strata)), cell, sums[:, cell]


def _sparse(rows: Rows, place: Ints, span: int, companies: int, strata: int, grid: Grid) -> Crossed:
    """The same by sorting, where units and companies cross in too many cells: memory stays with
    the rows.
    """
    _check(rows, companies, strata)
    crossed = sparse.csr_array((np.ones(len(place)), (place, rows.stratum)), shape=(span, strata))
    rated, parts = _summands(rows, grid)
    key = place * companies + rows.company
    cell, at = np.unique(key if rated is None else key[rated], return_inverse=True)
    return (
        crossed,
        cell,
        np.stack([np.bincount(at, part, minlength=len(cell)) for part in parts]).astype(np.float64),
    )


def _moments_of(rows: Rows) -> int:
    return len(MOMENTS) if rows.psu is None else len(MOMENTS) - 2


def _take(rows: Rows, block: slice) -> Rows:
    psu = None if rows.psu is None else rows.psu[block]
    base = None if rows.base is None else rows.base[block]
    return Rows(
        rows.company[block], rows.score[block], rows.weight[block], rows.stratum[block], psu, base
    )


def _summands(rows: Rows, grid: Grid) -> tuple[Ints | None, list[Floats | None]]:
    """Return which rows are rated (None for all) and what they add to each of the moments, on
    the grid.
    """
    company, y, w, x = rows.company, rows.score, rows.weight, rows.base
    rated = None
    # a sum is not a number as soon as one summand is not, and is quicker than a look at each
    if company.min(initial=0) < 0 or np.isnan(y.sum()) or (x is not None and np.isnan(x.sum())):
        rated = np.flatnonzero(
            (company >= 0) & ~np.isnan(y) & (True if x is None else ~np.isnan(x))
        )
        y, w, x = y[rated], w[rated], None if x is None else x[rated]
    y = y - (grid.centre if x is None else grid.centre * x)
    wx = w.copy() if x is None else w * x
    wy = w * y
    squares = [snap(wy * y, grid.step(1, 2)), snap(wx * wx, grid.step(2, 0, 2))]
    if rows.psu is None:
        squares += [snap(wx * wy, grid.step(2, 1, 1)), snap(wy * wy, grid.step(2, 2))]
    # rounded last and in place: the products above are made from what was measured
    return rated, [None, snap(wx, grid.step(1, 0, 1)), snap(wy, grid.step(1, 1)), *squares]


def _check(rows: Rows, companies: int, strata: int) -> None:
    if len(rows.score) and (rows.company.max() >= companies or rows.company.min() < -1):
        raise ValueError("a company code is out of range")
    if len(rows.score) and (rows.stratum.max() >= strata or rows.stratum.min() < 0):
        raise ValueError("a stratum code is out of range")
    if not rows.weight.min(initial=np.inf) > 0:
        raise ValueError("weights must be positive")
    if rows.psu is not None and len(rows.psu) and rows.psu.min() < 0:
        raise ValueError("a PSU code is negative")
