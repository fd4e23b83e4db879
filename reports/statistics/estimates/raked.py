"""Means and totals by company under raked weights, from totals by company and raking cell."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from reports.statistics.estimates.means import Estimate, wrap
from reports.statistics.exact import Floats, Grid, Ints
from reports.statistics.sampling.design import SIMPLE, Design
from reports.statistics.sampling.raking import Margins, Raked, rake
from reports.statistics.sampling.totals import Rows, Totals, reduce


def reduce_for_raking(
    rows: Rows, cell: Ints, margins: Margins, *, companies: int, strata: int, grid: Grid
) -> Totals:
    """Reduce one partition to totals by company and raking cell, where `cell` (n,) is
    `Margins.cell_of` its rows.

    Such totals have the domain (company + 1) x C + cell. Respondents without a score for a company
    stand for the population all the same and are those of company -1. Otherwise as `reduce`.
    """
    unrated = np.isnan(rows.score) | (rows.company < 0)
    # in place: a million rows are 8 MB each time
    domain = rows.company + 1
    domain[unrated] = 0
    domain *= margins.cells
    domain += cell
    score = np.where(unrated, grid.centre, rows.score) if unrated.any() else rows.score
    crossed = replace(rows, company=domain, score=score)
    return reduce(crossed, companies=(companies + 1) * margins.cells, strata=strata, grid=grid)


def raked_means(
    totals: Totals, margins: Margins, design: Design = SIMPLE, *, raked: Raked | None = None
) -> Estimate:
    """Estimate company means with weights raked to the margins, with the covariance between
    companies.

    totals: of `reduce_for_raking`, with the design weights. Raking is part of the estimator, and
    what the margins explain is no longer uncertain: with z_i = (y_i - m_g) / W_g for rows of g, W_g
    the raked sum, and B_g the regression of z on the margins' categories under the *design*
    weights, the variance is that of sums of w_raked (z_i - x_i' B_g) over units (Deville and
    Särndal 1992). It equals R's calibrate(calfun = "raking"), and its rake where the design weights
    are equal: that one regresses without weights. Regressing under the raked weights, or leaving
    the raking out, gives wrong standard errors. deff and kish are those of the raked weights.

    raked: the factors where they are known already; otherwise the totals are raked here, with the
    errors of `rake`.
    """
    tables = _Tables.of(totals, margins, raked)
    weight, sums = tables.raked("w"), tables.raked("wy")
    with np.errstate(invalid="ignore", divide="ignore"):
        m = np.where(weight > 0, sums / weight, np.nan)
        spread = tables.raked("wyy") / weight - m * m
        covariance = _covariance(tables, margins, design, of_y=1 / weight, of_x=-m / weight)
    return wrap(tables.weighed(), m + totals.grid.centre, covariance, spread)


def weighed(totals: Totals, margins: Margins, raked: Raked) -> Totals:
    """Return totals by unit and company alone, under the raked weights, out of those of
    `reduce_for_raking`.
    """
    return _Tables.of(totals, margins, raked).weighed()


@dataclass(frozen=True)
class _Tables:
    """Totals of `reduce_for_raking` with their codes taken apart; company, raking_cell (K,),
    company -1 for nobody.

    factor: (K,) the raking factor of each cell's rows.
    """

    totals: Totals
    companies: int
    company: Ints
    raking_cell: Ints
    factor: Floats

    @classmethod
    def of(cls, totals: Totals, margins: Margins, raked: Raked | None) -> _Tables:
        if totals.companies % margins.cells:
            raise ValueError("these totals were not made for these margins")
        company, cell = np.divmod(totals.company, margins.cells)
        raked = raked or rake(by_raking_cell(totals, margins), margins)
        return cls(
            totals, totals.companies // margins.cells - 1, company - 1, cell, raked.factor[cell]
        )

    def weighed(self) -> Totals:
        """Return totals by unit and company alone, under the raked weights."""
        rated = self.company >= 0
        powers = np.array([0, 1, 1, 1, 2, 2, 2])[: len(self.totals.sums), None]
        cell = self.totals.cell // self.totals.companies * self.companies + self.company
        sums = (self.totals.sums * self.factor**powers)[:, rated]
        return replace(self.totals, companies=self.companies, cell=cell[rated], sums=sums)

    def raked(self, name: str) -> Floats:
        """Return a moment linear in the weights by company, (G,), under the raked ones."""
        scaled = self.totals.moment(name) * self.factor
        return np.bincount(self.company + 1, scaled, minlength=self.companies + 1)[1:].astype(
            np.float64
        )


def by_raking_cell(totals: Totals, margins: Margins) -> Floats:
    """Return the design weights of the cells of the margins, (C,), out of totals of
    `reduce_for_raking`.
    """
    found = np.bincount(totals.company % margins.cells, totals.moment("w"), minlength=margins.cells)
    return found.astype(np.float64)


def _covariance(
    tables: _Tables, margins: Margins, design: Design, *, of_y: Floats, of_x: Floats
) -> Floats:
    """Return the covariance, (G, G), of sums of w_raked (of_y_g y + of_x_g) less what the
    margins explain of them.
    """
    totals, absent = tables.totals, ~np.isfinite(of_y + of_x)
    a, b = np.where(absent, 0.0, of_y), np.where(absent, 0.0, of_x)
    factors = design.factors(totals.sampled)
    explained = _explained(tables, margins, a, b)

    group, groups = totals.place, len(totals.unit)
    if not totals.clustered:
        group, groups = totals.unit_stratum[group], totals.strata
    own = _by(group, tables, groups, (a, b), tables.factor)
    standing = sparse.csr_array(
        (tables.factor * totals.moment("w"), (group, tables.raking_cell)),
        shape=(groups, margins.cells),
    )
    residual = own - standing @ explained
    if totals.clustered:
        root = np.sqrt(factors.scale[totals.unit_stratum])[:, None] * residual
        sums = np.zeros((totals.strata, tables.companies))
        np.add.at(sums, totals.unit_stratum, residual)
        covariance = factors.covariance(root.T @ root, sums)
    else:
        covariance = factors.covariance(
            _row_squares(tables, factors.scale, (a, b), explained), residual
        )
    covariance[absent, :] = covariance[:, absent] = np.nan
    return covariance


def _explained(tables: _Tables, margins: Margins, a: Floats, b: Floats) -> Floats:
    """Return x_c' B_g, (C, G): what its categories explain of the influence of company g in
    raking cell c.
    """
    weight = by_raking_cell(tables.totals, margins)
    z = _by(tables.raking_cell, tables, margins.cells, (a, b), np.ones_like(tables.factor))
    codes = margins.categories(np.arange(margins.cells))
    x = np.hstack(
        [np.eye(len(target))[code] for code, target in zip(codes, margins.targets, strict=True)]
    )
    # the categories of every margin add up to the same 1: the normal equations are singular, what
    # is fitted is not
    coefficients = np.linalg.pinv((x * weight[:, None]).T @ x, hermitian=True) @ (x.T @ z)
    return np.asarray(x @ coefficients)


def _by(
    group: Ints, tables: _Tables, groups: int, linear: tuple[Floats, Floats], factor: Floats
) -> Floats:
    """Sum factor (a_g w y + b_g w) by group and company, (groups, G)."""
    (a, b), rated, totals = linear, tables.company >= 0, tables.totals
    company = tables.company[rated]
    z = a[company] * totals.moment("wy")[rated] + b[company] * totals.moment("w")[rated]
    flat = np.bincount(
        group[rated] * tables.companies + company,
        factor[rated] * z,
        minlength=groups * tables.companies,
    )
    return flat.astype(np.float64).reshape(groups, tables.companies)


def _row_squares(
    tables: _Tables, scale: Floats, linear: tuple[Floats, Floats], explained: Floats
) -> Floats:
    """Return sum_h a_h sum_i w_raked^2 e_ig e_ik, (G, G), where rows are units, from second
    moments.

    e_ig = z_ig - x_i' B_g: a row has z only for its own company, but what the margins explain for
    all of them.
    """
    (a, b), totals, rated = linear, tables.totals, tables.company >= 0
    factor = scale[totals.unit_stratum[totals.place]] * tables.factor**2
    company, cell = tables.company[rated], tables.raking_cell[rated]
    yy, y, one = (factor[rated] * totals.moment(name)[rated] for name in ("w2yy", "w2y", "w2"))
    own = a[company] ** 2 * yy + 2 * (a * b)[company] * y + b[company] ** 2 * one
    z = sparse.csr_array(
        (a[company] * y + b[company] * one, (cell, company)), shape=explained.shape
    )
    crossed = z.T @ explained
    everybody = np.bincount(
        tables.raking_cell, factor * totals.moment("w2"), minlength=len(explained)
    )
    squares = np.diag(np.bincount(company, own, minlength=tables.companies)) - crossed - crossed.T
    return np.asarray(squares + (explained * everybody[:, None]).T @ explained)
