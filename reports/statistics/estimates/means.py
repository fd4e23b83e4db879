"""Means by company with their full covariance, from totals (Taylor linearisation)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, stats

from reports.statistics.exact import Floats, Ints
from reports.statistics.sampling.totals import Totals

Lonely = Literal["fail", "adjust"]


class LonelyStratum(ValueError):
    """Strata with one sampled unit have no variance of their own. `strata` holds their codes."""

    def __init__(self, strata: Ints) -> None:
        super().__init__(f"{len(strata)} strata have one sampled unit: {strata[:5].tolist()}")
        self.strata = strata


@dataclass(frozen=True)
class Estimate:
    """Company means. All arrays have shape (G,), covariance (G, G); units are those of the score.

    n: rows with a score; units: sampled units (rows or PSUs) that the company touches; df: degrees of freedom of the
    company's own variance (its units minus its strata; inf where known); design_df: units minus strata of the
    whole design; deff: variance over that of a simple random sample of n rows drawn with replacement; n_eff: n / deff;
    spread: weighted variance of the scores inside the company; kish: 1 + CV^2 of its weights; floored: True where the
    variance is not the design's own but the floor of `with_floor`. n, units, deff, n_eff, spread, kish are NaN
    for estimates read from a table.
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
    floored: NDArray[np.bool_]

    @property
    def se(self) -> Floats:
        """Standard errors, (G,)."""
        return np.sqrt(np.diag(self.covariance))

    def half_width(self, level: float) -> Floats:
        """Half the width of each company's own (marginal, not joint) interval at `level`, Student's t with `df`."""
        width: Floats = stats.t.isf((1 - level) / 2, self.df) * self.se
        return width

    def take(self, index: Ints) -> Estimate:
        """Return the estimate of the chosen companies, in the order of `index`."""
        per_company = ("value", "n", "units", "df", "deff", "n_eff", "spread", "kish", "floored")
        chosen = {name: getattr(self, name)[index] for name in per_company}
        return replace(self, covariance=self.covariance[np.ix_(index, index)], **chosen)


def given(value: Floats, se: Floats, n: Floats | None = None) -> Estimate:
    """Wrap independent estimates that come with their standard errors (known, so df is infinite)."""
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


def means(totals: Totals, *, population: Floats | None = None, lonely: Lonely = "fail") -> Estimate:
    """Estimate the mean score of every company with the covariance between companies.

    m_g = sum(w y) / sum(w) over the company's rows. With z = w (y - m_g) / W_g summed to sampled units u in stratum h,
    V = sum_h a_h [ sum_u z_u z_u' - T_h T_h' / n_h ],  T_h = sum_u z_u,  a_h = (1 - n_h / N_h) n_h / (n_h - 1):
    the with-replacement variance of Särndal, Swensson and Wretman 1992, 5.7 and 2.9, as R's survey package computes
    svyby(svymean, covmat=TRUE). Companies are domains: units without the company count as zeros.

    population: (H,) number of units in each stratum for the finite population correction, inf or None for none.
    lonely: a stratum with one sampled unit (and not wholly sampled) raises LonelyStratum, or with "adjust" is centred
    at the grand mean, which is 0 for z. A company without rows has NaN throughout.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = totals.w.sum(axis=0)
        m = np.where(weight > 0, totals.wy.sum(axis=0) / weight, np.nan)
        spread = totals.wyy.sum(axis=0) / weight - m * m
        spread[spread <= 1e-12 * totals.grid.score**2] = 0.0  # what cancellation leaves of equal scores
        between = (totals.wy - m * totals.w) / weight  # T_h, (H, G)

    scale, centring = _stratum_factors(totals, population, lonely)
    covariance = _second_moments(totals, m, weight, scale) - (between * centring[:, None]).T @ between
    covariance = (covariance + covariance.T) / 2

    n = totals.n.sum(axis=0).astype(np.float64)
    units, df = _degrees(totals)
    deff, kish = _design_effects(totals, np.diag(covariance), spread, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        n_eff = n / deff
    return Estimate(
        value=m + totals.grid.centre,
        covariance=covariance,
        n=n,
        units=units,
        df=df,
        design_df=float((_sampled(totals) - 1)[_sampled(totals) > 0].sum()),
        deff=deff,
        n_eff=n_eff,
        spread=spread,
        kish=kish,
        floored=np.zeros(len(m), dtype=bool),
    )


def with_floor(estimate: Estimate, *, low: float, high: float) -> Estimate:
    """Give companies whose variance cannot be seen one that cannot flatter them.

    Ten answers of "10" have a sample variance of 0, which would put the company certainly first; so would a company met
    in a single PSU. Their variance becomes the larger of two, over Kish's effective n: the spread inside the other
    companies, pooled over answers; and the spread after half an answer is added at either end of the scale
    [low, high] (the Jeffreys prior of a share, carried over to a bounded mean).
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
    with np.errstate(invalid="ignore", divide="ignore"):
        n_eff = estimate.n / deff
    return replace(estimate, covariance=covariance, floored=hidden, deff=deff, n_eff=n_eff)


def _sampled(totals: Totals) -> Ints:
    """n_h, the sampled units of each stratum."""
    if not totals.clustered:
        return totals.rows
    return np.bincount(totals.psu_stratum, minlength=len(totals.rows)).astype(np.int64)


def _stratum_factors(totals: Totals, population: Floats | None, lonely: Lonely) -> tuple[Floats, Floats]:
    """Return a_h and a_h / n_h, (H,) each; a lonely stratum under "adjust" has a_h = 1 - f_h and no centring."""
    sampled = _sampled(totals).astype(np.float64)
    size = np.full(len(sampled), np.inf) if population is None else population
    if (sampled > size).any():
        raise ValueError("a stratum has more sampled units than its population")
    left = 1 - np.divide(sampled, size, out=np.zeros_like(size), where=size > 0)
    alone = sampled == 1
    if lonely == "fail" and (alone & (left > 0)).any():
        raise LonelyStratum(np.flatnonzero(alone & (left > 0)))
    scale = left * np.where(sampled > 1, sampled / np.maximum(sampled - 1, 1), 1.0)
    return scale, np.where(alone, 0.0, scale / np.maximum(sampled, 1))


def _second_moments(totals: Totals, m: Floats, weight: Floats, scale: Floats) -> Floats:
    """Return sum_h a_h sum_u z_u z_u', (G, G): diagonal where every row is its own unit."""
    with np.errstate(invalid="ignore", divide="ignore"):
        if not totals.clustered:
            squares = (totals.w2yy - 2 * m * totals.w2y + m * m * totals.w2) / weight**2
            return np.diag((scale[:, None] * np.maximum(squares, 0.0)).sum(axis=0))
        company = totals.cell % totals.companies
        z = (totals.cell_wy - m[company] * totals.cell_w) / weight[company]
    unit = np.searchsorted(totals.psu, totals.cell // totals.companies)
    root = np.sqrt(scale[totals.psu_stratum[unit]])
    matrix = sparse.csr_array((z * root, (unit, company)), shape=(len(totals.psu), totals.companies))
    product: Floats = (matrix.T @ matrix).toarray()
    absent = ~(weight > 0)
    product[absent, absent] = np.nan
    return product


def _degrees(totals: Totals) -> tuple[Floats, Floats]:
    """Return the units each company touches and its degrees of freedom, units minus strata touched, at least 1."""
    strata = (totals.n > 0).sum(axis=0)
    if totals.clustered:
        units = np.bincount(totals.cell % totals.companies, minlength=totals.companies)
    else:
        units = totals.n.sum(axis=0)
    return units.astype(np.float64), np.maximum(units - strata, 1).astype(np.float64)


def _design_effects(totals: Totals, variance: Floats, spread: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Return deff and Kish's 1 + CV^2 of the weights; where all scores are alike the first is taken from the second.

    The comparison is spread / n x N / (N - 1) with N all sampled rows, the same small-sample factor as in the variance,
    so an unclustered sample with equal weights has exactly 1 in every company.
    """
    sampled = float(totals.rows.sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        kish = n * totals.w2.sum(axis=0) / totals.w.sum(axis=0) ** 2
        simple = spread / n * sampled / max(sampled - 1, 1)
        deff = np.where(spread > 0, variance / simple, kish)
    return deff, kish
