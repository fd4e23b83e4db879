"""Totals of rated rows by stratum, PSU and company: all an estimate needs, and additive over partitions of the rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reports.statistics.exact import Floats, Grid, Ints, snap


@dataclass(frozen=True)
class Rows:
    """The sampled rows of one partition, all arrays of the same length.

    company: code 0..G-1, or -1 for a row that belongs to no company (it still counts as sampled);
    score: in the units of the scale, NaN where there is none; weight: > 0; stratum: code 0..H-1;
    psu: code of the primary sampling unit, unique over strata, or None where each row is its own unit.
    """

    company: Ints
    score: Floats
    weight: Floats
    stratum: Ints
    psu: Ints | None = None


@dataclass(frozen=True)
class Totals:
    """Sums over sampled rows; `a + b` is exactly the totals of both partitions together.

    Shapes: H strata, G companies, K filled (PSU, company) cells, U sampled PSUs. y is score - grid.centre.
    n, w, wy, wyy, w2, w2y, w2yy: (H, G) count and sums of w, wy, wy^2, w^2, w^2 y, w^2 y^2 over rows with a score;
    rows: (H,) sampled rows, with a score or not. For a clustered design also
    psu, psu_stratum: (U,) every sampled PSU, even one that no company touches; cell, cell_w, cell_wy: (K,)
    with cell = psu x G + company, ascending. PSUs without a company are zeros of that company's total,
    never left out: leaving them out is the classic mistake of domain estimation.
    """

    grid: Grid
    n: Ints
    w: Floats
    wy: Floats
    wyy: Floats
    w2: Floats
    w2y: Floats
    w2yy: Floats
    rows: Ints
    clustered: bool
    psu: Ints
    psu_stratum: Ints
    cell: Ints
    cell_w: Floats
    cell_wy: Floats

    @property
    def companies(self) -> int:
        """G, the number of companies."""
        return int(self.n.shape[1])

    def __add__(self, other: Totals) -> Totals:
        if self.grid != other.grid or self.n.shape != other.n.shape or self.clustered != other.clustered:
            raise ValueError("totals of different designs or grids cannot be added")
        psu, first = np.unique(np.concatenate([self.psu, other.psu]), return_index=True)
        cell, place = np.unique(np.concatenate([self.cell, other.cell]), return_inverse=True)
        return Totals(
            grid=self.grid,
            n=self.n + other.n,
            w=self.w + other.w,
            wy=self.wy + other.wy,
            wyy=self.wyy + other.wyy,
            w2=self.w2 + other.w2,
            w2y=self.w2y + other.w2y,
            w2yy=self.w2yy + other.w2yy,
            rows=self.rows + other.rows,
            clustered=self.clustered,
            psu=psu,
            psu_stratum=np.concatenate([self.psu_stratum, other.psu_stratum])[first],
            cell=cell,
            cell_w=_sums(place, np.concatenate([self.cell_w, other.cell_w]), len(cell)),
            cell_wy=_sums(place, np.concatenate([self.cell_wy, other.cell_wy]), len(cell)),
        )


def reduce(rows: Rows, *, companies: int, strata: int, grid: Grid) -> Totals:
    """Reduce one partition to its totals.

    `grid` must describe the whole data set, not the partition. Raises ValueError for codes out of range,
    weights that are not positive, or rows larger than the grid.
    """
    _check(rows, companies, strata, grid)
    rated = (rows.company >= 0) & ~np.isnan(rows.score)
    company, stratum = rows.company[rated], rows.stratum[rated]
    w, y = rows.weight[rated], rows.score[rated] - grid.centre

    key = stratum * companies + company
    shape = (strata, companies)

    def moment(values: Floats, weights: int, scores: int) -> Floats:
        return _sums(key, snap(values, grid.step(weights, scores)), strata * companies).reshape(shape)

    psu = psu_stratum = cell = np.empty(0, dtype=np.int64)
    cell_w = cell_wy = np.empty(0)
    if rows.psu is not None:
        psu, place = _compact(rows.psu)
        psu_stratum = np.empty(len(psu), dtype=np.int64)
        psu_stratum[place] = rows.stratum
        if (psu_stratum[place] != rows.stratum).any():
            raise ValueError("a PSU code appears in two strata; code PSUs by stratum and PSU")
        cell, place = _compact(rows.psu[rated] * companies + company)
        cell_w = _sums(place, snap(w, grid.step(1, 0)), len(cell))
        cell_wy = _sums(place, snap(w * y, grid.step(1, 1)), len(cell))

    return Totals(
        grid=grid,
        n=np.bincount(key, minlength=strata * companies).reshape(shape).astype(np.int64),
        w=moment(w, 1, 0),
        wy=moment(w * y, 1, 1),
        wyy=moment(w * y * y, 1, 2),
        w2=moment(w * w, 2, 0),
        w2y=moment(w * w * y, 2, 1),
        w2yy=moment(w * w * y * y, 2, 2),
        rows=np.bincount(rows.stratum, minlength=strata).astype(np.int64),
        clustered=rows.psu is not None,
        psu=psu,
        psu_stratum=psu_stratum,
        cell=cell,
        cell_w=cell_w,
        cell_wy=cell_wy,
    )


def _compact(codes: Ints) -> tuple[Ints, Ints]:
    """Return the codes that occur, ascending, and the place of each row's code among them: np.unique without a sort.

    Codes far apart (a person as PSU in a small partition) are sorted after all, so memory stays with the rows.
    """
    if not len(codes) or codes.max() > 8 * len(codes) + 10_000:
        found, place = np.unique(codes, return_inverse=True)
        return found, place
    seen = np.bincount(codes) > 0
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[codes]


def _sums(key: Ints, values: Floats, length: int) -> Floats:
    return np.bincount(key, weights=values, minlength=length).astype(np.float64)


def _check(rows: Rows, companies: int, strata: int, grid: Grid) -> None:
    if len(rows.score) > grid.rows:
        raise ValueError(f"the grid was made for {grid.rows} rows, this partition has {len(rows.score)}")
    if len(rows.score) and (rows.company.max() >= companies or rows.company.min() < -1):
        raise ValueError("a company code is out of range")
    if len(rows.score) and (rows.stratum.max() >= strata or rows.stratum.min() < 0):
        raise ValueError("a stratum code is out of range")
    if not (rows.weight > 0).all():
        raise ValueError("weights must be positive")
    if rows.psu is not None and len(rows.psu) and rows.psu.min() < 0:
        raise ValueError("a PSU code is negative")
