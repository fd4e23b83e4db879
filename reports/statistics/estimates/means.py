"""Means by company with their full covariance, from totals (Taylor linearisation)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse, stats

from reports.statistics.exact import Bools, Floats, Ints
from reports.statistics.sampling.design import SIMPLE, Design
from reports.statistics.sampling.totals import Totals


@dataclass(frozen=True)
class Estimate:
    """Company means. All arrays have shape (G,), covariance (G, G); units are those of the score.

    n: rows with a score; units: sampled units (rows or PSUs) that the company touches; df: degrees
    of freedom of the company's own variance (its units minus its strata; inf where known);
    design_df: units minus strata of the whole design; deff: variance over that of a simple random
    sample of n rows drawn with replacement; n_eff: the least of n, n / deff
    and n / kish; spread: weighted variance of the scores inside the company; kish: 1 + CV^2 of its
    weights; floored: True where the variance is not the design's own but the floor of
    `with_floor`. n, units, deff, n_eff, spread, kish are NaN for estimates read from a table.
    """

    value: Floats
    covariance: Floats
    n: Floats
    units: Floats
    df: Floats
    design_df: float
    deff: Floats
    n_eff: Floats
    spread: Floats
    kish: Floats
    floored: Bools

    @property
    def se(self) -> Floats:
        """Standard errors, (G,)."""
        return np.sqrt(np.diag(self.covariance))

    def half_width(self, level: float) -> Floats:
        """Half the width of each company's own (marginal, not joint) interval at `level`,
        Student's t with `df`.
        """
        width: Floats = stats.t.isf((1 - level) / 2, self.df) * self.se
        return width

    def take(self, index: Ints) -> Estimate:
        """Return the estimate of the chosen companies, in the order of `index`."""
        per_company = ("value", "n", "units", "df", "deff", "n_eff", "spread", "kish", "floored")
        chosen = {name: getattr(self, name)[index] for name in per_company}
        return replace(self, covariance=self.covariance[np.ix_(index, index)], **chosen)


def given(value: Floats, se: Floats, n: Floats | None = None) -> Estimate:
    """Wrap independent estimates that come with their standard errors (known, so df is
    infinite).
    """
    nan = np.full(len(value), np.nan)
    return Estimate(
        value=value,
        covariance=np.diag(se**2),
        n=nan if n is None else n,
        units=nan,
        df=np.full(len(value), np.inf),
        design_df=np.inf,
        deff=nan,
        n_eff=nan,
        spread=nan,
        kish=nan,
        floored=np.zeros(len(value), dtype=bool),
    )


def means(totals: Totals, design: Design = SIMPLE) -> Estimate:
    """Estimate the mean score of every company with the covariance between companies; with a base,
    the ratio.

    m_g = sum(w y) / sum(w x) over the company's rows, x = 1 for a mean. With z = w (y - m_g x) /
    W_g summed to sampled units and `Factors.covariance` over strata: Taylor linearisation, as R's
    survey package computes svyby(svymean, covmat=TRUE) and svyratio. Companies are domains: units
    without the company count as zeros.

    A company without rows has NaN throughout. Raises LonelyStratum and ValueError as
    `Design.factors`.
    """
    weight, sums = totals.by_company(totals.moment("w")), totals.by_company(totals.moment("wy"))
    with np.errstate(invalid="ignore", divide="ignore"):
        m = np.where(weight > 0, sums / weight, np.nan)
        spread = totals.by_company(totals.moment("wyy")) / weight - m * m
        spread[spread <= 1e-12 * totals.grid.score**2] = (
            0.0  # what cancellation leaves of equal scores
        )
        covariance = linear_covariance(totals, design, of_y=1 / weight, of_x=-m / weight)
    return wrap(totals, m + totals.grid.centre, covariance, spread)


def linear_covariance(totals: Totals, design: Design, *, of_y: Floats, of_x: Floats) -> Floats:
    """Return the covariance, (G, G), of sums of w (of_y_g y + of_x_g x) over each company's
    rows; factors are (G,).
    """
    factors = design.factors(totals.sampled)
    company, absent = totals.company, ~np.isfinite(of_y + of_x)
    a, b = np.where(absent, 0.0, of_y), np.where(absent, 0.0, of_x)
    z = a[company] * totals.moment("wy") + b[company] * totals.moment("w")
    if totals.clustered:
        root = np.sqrt(factors.scale[totals.unit_stratum])[totals.place]
        matrix = sparse.csr_array(
            (z * root, (totals.place, company)), shape=(len(totals.unit), totals.companies)
        )
        squares = (matrix.T @ matrix).toarray()
    else:
        # a row belongs to one company, so rows as units have no products between companies
        z2 = (
            a[company] ** 2 * totals.moment("w2yy")
            + 2 * (a * b)[company] * totals.moment("w2y")
            + b[company] ** 2 * totals.moment("w2")
        )
        by_stratum = totals.by_stratum(np.maximum(z2, 0.0))
        squares = np.diag((factors.scale[:, None] * by_stratum).sum(axis=0))
    covariance = factors.covariance(squares, totals.by_stratum(z))
    covariance[absent, :] = covariance[:, absent] = np.nan
    return covariance


def wrap(totals: Totals, value: Floats, covariance: Floats, spread: Floats) -> Estimate:
    """Put company figures, (G,) and (G, G), together with what their totals say of sample sizes
    and design effects.
    """
    n = totals.by_company(totals.moment("n"))
    units, df = _degrees(totals)
    deff, kish = _design_effects(totals, np.diag(covariance), spread, n)
    sampled = totals.sampled
    return Estimate(
        value=value,
        covariance=covariance,
        n=n,
        units=units,
        df=df,
        design_df=float((sampled - 1)[sampled > 0].sum()),
        deff=deff,
        n_eff=_effective(n, deff, kish),
        spread=spread,
        kish=kish,
        floored=np.zeros(len(value), dtype=bool),
    )


def with_floor(estimate: Estimate, *, low: float, high: float) -> Estimate:
    """Give companies whose variance cannot be seen one that cannot flatter them.

    Ten answers of "10" have a sample variance of 0, which would put the company certainly first; so
    would a company met in a single PSU. Their variance becomes the larger of two, over Kish's
    effective n: the spread inside the other companies, pooled over answers; and the spread after
    half an answer is added at either end of the scale [low, high] (the Jeffreys prior of a share,
    carried over to a bounded mean).
    """
    hidden = (estimate.n > 0) & ((estimate.spread == 0) | (estimate.units < 2))
    if not hidden.any():
        return estimate
    seen = ~hidden & (estimate.n > 0)
    weight = estimate.n[seen].sum()
    pooled = float((estimate.n[seen] * estimate.spread[seen]).sum() / weight) if weight else 0.0

    n, m = estimate.n[hidden], estimate.value[hidden]
    mean = (n * m + (low + high) / 2) / (n + 1)
    square = (n * (estimate.spread[hidden] + m * m) + (low * low + high * high) / 2) / (n + 1)
    variance = np.maximum(pooled, square - mean * mean) * estimate.kish[hidden] / n

    place = np.flatnonzero(hidden)
    covariance = estimate.covariance.copy()
    covariance[place, :] = covariance[:, place] = 0.0
    covariance[place, place] = variance
    # a design effect belongs to a variance that was seen; Kish's is what is known of these
    deff = np.where(hidden, estimate.kish, estimate.deff)
    n_eff = _effective(estimate.n, deff, estimate.kish)
    return replace(estimate, covariance=covariance, floored=hidden, deff=deff, n_eff=n_eff)


def with_small_samples(estimate: Estimate, totals: Totals, design: Design) -> Estimate:
    """Give every company's variance what the linearisation lacks in small samples: n / (n - 1)
    inside the company where the whole sample was centred, as in a sample of that company alone.

    Deviations are from the company's own mean, so that their squares are too small, while a_h =
    n_h / (n_h - 1) is that of all sampled units. Were the u units of a company independent and of
    equal variance s^2, u_h of them in stratum h, its variance estimate would have the expectation
    s^2 sum_h a_h [u_h (1 - 1 / u) - u_h (1 - u_h / u) / n_h] in place of s^2 sum_h (1 - f_h) u_h;
    the quotient, at least 1, is what its variance is multiplied by: n / (n - 1) x (N - 1) / N for n
    of N rows, and 1 for a company that is a stratum of its own. Covariances get the square root of
    either company's. R's survey package has no such factor; `means` has R's values, and design
    effects are not changed.
    """
    rated = (totals.moment("n") > 0).astype(np.float64) if totals.clustered else totals.moment("n")
    factors = design.factors(totals.sampled)
    inside = totals.by_stratum(rated)  # u_h, (H, G)
    units = inside.sum(axis=0)
    n = factors.units[:, None]
    scale = factors.scale[:, None]
    left = np.divide(scale * (n - 1), n, out=np.zeros_like(scale), where=n > 1)  # 1 - f_h
    with np.errstate(invalid="ignore", divide="ignore"):
        lost = inside * (1 - inside / units) / n
        expected = (scale * (inside * (1 - 1 / units) - np.where(inside > 0, lost, 0.0))).sum(
            axis=0
        )
        factor = np.where(expected > 0, (left * inside).sum(axis=0) / expected, 1.0)
    root = np.sqrt(np.maximum(factor, 1.0))
    return replace(estimate, covariance=estimate.covariance * root[:, None] * root[None, :])


def _effective(n: Floats, deff: Floats, kish: Floats) -> Floats:
    """Return the effective sample size: a design effect below 1 is luck or strata, and neither
    makes answers out of nothing; nor does one that is small because a single weight outweighs all
    others.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.minimum(n, np.minimum(n / deff, n / kish)))


def degrees_together(totals: Totals) -> Floats | float:
    """Return the units that either of two companies touches minus their strata, at least 1, (G, G):
    what the difference between them has degrees of freedom for at most.

    Where rows are units no two companies share one, and the degrees of the whole design are given,
    one number.
    """
    if not totals.clustered:
        sampled = totals.sampled
        return float((sampled - 1)[sampled > 0].sum())
    rated = totals.moment("n") > 0
    ones = np.ones(int(rated.sum()))
    shape = (len(totals.unit), totals.companies)
    touches = sparse.csr_array((ones, (totals.place[rated], totals.company[rated])), shape=shape)
    both = (touches.T @ touches).toarray()
    strata = (totals.by_stratum(rated.astype(np.float64)) > 0).astype(np.float64)
    both_strata = strata.T @ strata
    units, own = np.diag(both), np.diag(both_strata)
    either = units[:, None] + units - both - (own[:, None] + own - both_strata)
    return np.asarray(np.maximum(either, 1.0))


def _degrees(totals: Totals) -> tuple[Floats, Floats]:
    """Return the units each company touches and its degrees of freedom, units minus strata, at
    least 1: (G,).
    """
    rated = totals.moment("n")
    strata = (totals.by_stratum(rated) > 0).sum(axis=0)
    units = totals.by_company((rated > 0).astype(np.float64) if totals.clustered else rated)
    return units, np.maximum(units - strata, 1.0)


def _design_effects(
    totals: Totals, variance: Floats, spread: Floats, n: Floats
) -> tuple[Floats, Floats]:
    """Return deff and Kish's 1 + CV^2 of the weights; where all scores are alike the first is taken
    from the second.

    The comparison is spread / n x N / (N - 1) with N all sampled rows, the same small-sample factor
    as in the variance, so an unclustered sample with equal weights has exactly 1 in every company.
    """
    sampled = float(totals.unit_rows.sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        kish = (
            n * totals.by_company(totals.moment("w2")) / totals.by_company(totals.moment("w")) ** 2
        )
        simple = spread / n * sampled / max(sampled - 1, 1)
        deff = np.where(spread == 0, kish, variance / simple)
    return deff, kish
