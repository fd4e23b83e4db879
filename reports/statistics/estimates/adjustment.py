"""Scores adjusted for what a company cannot influence: regression with a level for every
company.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse, stats

from reports.statistics.exact import Bools, Floats, Ints
from reports.statistics.sampling.design import SIMPLE, Design


@dataclass(frozen=True)
class Adjuster:
    """One thing to adjust for: `values` (n,) codes from 0 on for a categorical one, plain numbers
    otherwise. What a company is judged by must not be among them: it would be explained away.
    """

    name: str
    values: Ints | Floats
    categories: int | None = None


@dataclass(frozen=True)
class Adjusted:
    """Company means at the mix of all respondents.

    value (G,), covariance (G, G): adjusted means in the units of the score; raw (G,): weighted
    means of the same rows; coefficients (Q,), coefficient_covariance (Q, Q) and names (Q,) of the
    adjusters, categories against their first; rows: complete rows used; df: units minus strata of
    the design; mix: (Q,) weighted means they are put at.
    """

    value: Floats
    covariance: Floats
    raw: Floats
    coefficients: Floats
    coefficient_covariance: Floats
    names: tuple[str, ...]
    mix: Floats
    rows: int
    df: float

    @property
    def se(self) -> Floats:
        """Standard errors of the adjusted means, (G,)."""
        return np.sqrt(np.diag(self.covariance))


@dataclass(frozen=True)
class Test:
    """A Wald test that coefficients are all 0: F with df1 and df2 degrees of freedom, and p."""

    f: float
    df1: int
    df2: float
    p: float


def adjust(
    company: Ints,
    score: Floats,
    weight: Floats,
    adjusters: tuple[Adjuster, ...],
    *,
    companies: int,
    stratum: Ints,
    psu: Ints | None,
    strata: int,
    design: Design = SIMPLE,
) -> Adjusted:
    """Fit score = a_company + x' b by weighted least squares and return every company at the common
    mix of x.

    Rows, (n,) each, with a score, a company and every adjuster are used (a categorical code below 0
    and a NaN are unknown); the others stay sampled units. The covariance is the sandwich A^-1 M
    A^-1, A = sum w x x', M the design's covariance of the sums of w x e over PSUs within strata
    (Binder 1983), as svyglm of R's survey package. The mix is taken as given: the uncertainty of
    the weighted means of x is not in the covariance.

    Raises ValueError for a company without complete rows, and for adjusters that cannot be told
    from companies or from one another.
    """
    columns, names = _columns(adjusters)
    used = (company >= 0) & ~np.isnan(score) & ~np.isnan(columns).any(axis=1)
    x = _matrix(company[used], columns[used], companies)
    w, y = weight[used], score[used]
    if (np.bincount(company[used], minlength=companies) == 0).any():
        raise ValueError("a company has no row with a score and every adjuster")

    normal = (x.T @ (x * w[:, None])).toarray()
    if np.linalg.matrix_rank(_scaled(normal), hermitian=True) < len(normal):
        raise ValueError("the adjusters cannot be told from the companies or from one another")
    inverse = np.linalg.inv(normal)
    coefficients = inverse @ (x.T @ (w * y))
    influence = x * (w * (y - x @ coefficients))[:, None]
    middle, df = _covariance_of_sums(influence, used, stratum, psu, strata, design)
    covariance = inverse @ middle @ inverse

    mix = np.asarray((columns[used] * w[:, None]).sum(axis=0) / w.sum())
    contrast = np.hstack([np.eye(companies), np.tile(mix, (companies, 1))])
    raw = np.bincount(company[used], w * y, minlength=companies) / np.bincount(
        company[used], w, minlength=companies
    )
    return Adjusted(
        value=contrast @ coefficients,
        covariance=contrast @ covariance @ contrast.T,
        raw=raw,
        coefficients=coefficients[companies:],
        coefficient_covariance=covariance[companies:, companies:],
        names=names,
        mix=mix,
        rows=int(used.sum()),
        df=df,
    )


def wald(adjusted: Adjusted, adjuster: str) -> Test:
    """Test whether an adjuster, such as the mode of interview, has any effect on the score at all.

    F = b' V^-1 b / q with q and df + 1 - p degrees of freedom, p all coefficients of the model
    (companies as well), as regTermTest(method = "Wald") of R's survey package. Raises ValueError
    for an unknown adjuster or df too small.
    """
    chosen = [
        i
        for i, name in enumerate(adjusted.names)
        if name == adjuster or name.startswith(f"{adjuster}=")
    ]
    if not chosen:
        raise ValueError(f"{adjuster} is not among the adjusters")
    df2 = adjusted.df + 1 - len(adjusted.names) - len(adjusted.value)
    if df2 < 1:
        raise ValueError("the design has too few sampled units for a test of this model")
    b = adjusted.coefficients[chosen]
    v = adjusted.coefficient_covariance[np.ix_(chosen, chosen)]
    f = float(b @ np.linalg.solve(v, b)) / len(chosen)
    return Test(f, len(chosen), df2, float(stats.f.sf(f, len(chosen), df2)))


def _columns(adjusters: tuple[Adjuster, ...]) -> tuple[Floats, tuple[str, ...]]:
    """Return the adjusters as columns, (n, Q), categories as indicators against the first, NaN
    where unknown.
    """
    columns, names = [], []
    for adjuster in adjusters:
        if adjuster.categories is None:
            columns.append(np.asarray(adjuster.values, dtype=np.float64))
            names.append(adjuster.name)
            continue
        for c in range(1, adjuster.categories):
            known = adjuster.values >= 0
            columns.append(np.where(known, (adjuster.values == c).astype(np.float64), np.nan))
            names.append(f"{adjuster.name}={c}")
    if not columns:
        raise ValueError("there is nothing to adjust for")
    return np.column_stack(columns), tuple(names)


def _matrix(company: Ints, columns: Floats, companies: int) -> sparse.csr_array:
    n = len(company)
    levels = sparse.csr_array((np.ones(n), (np.arange(n), company)), shape=(n, companies))
    return sparse.csr_array(sparse.hstack([levels, sparse.csr_array(columns)]))


def _scaled(normal: Floats) -> Floats:
    size = np.sqrt(np.maximum(np.diag(normal), 1e-300))
    return np.asarray(normal / size[:, None] / size[None, :])


def _covariance_of_sums(
    influence: sparse.csr_array,
    used: Bools,
    stratum: Ints,
    psu: Ints | None,
    strata: int,
    design: Design,
) -> tuple[Floats, float]:
    """Return the design's covariance of the column sums of `influence`, rows of all others being
    0, and its df.
    """
    units, place = np.unique(np.arange(len(stratum)) if psu is None else psu, return_inverse=True)
    of_unit = np.zeros(len(units), dtype=np.int64)
    of_unit[place] = stratum
    sampled = np.bincount(of_unit, minlength=strata).astype(np.int64)
    factors = design.factors(sampled)
    rows = np.flatnonzero(used)
    summing = sparse.csr_array(
        (np.ones(len(rows)), (place[rows], np.arange(len(rows)))), shape=(len(units), len(rows))
    )
    z = summing @ influence
    into = sparse.csr_array(
        (np.ones(len(units)), (of_unit, np.arange(len(units)))), shape=(strata, len(units))
    )
    scaled = z * np.sqrt(factors.scale[of_unit])[:, None]
    squares = (scaled.T @ scaled).toarray()
    return factors.covariance(squares, (into @ z).toarray()), float(
        (sampled - 1)[sampled > 0].sum()
    )
