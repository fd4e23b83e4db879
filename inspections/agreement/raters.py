"""Agreement between raters on categories and scales; how good is good enough is not decided here.

Every coefficient compares agreement with what chance would give. Where its formula divides by zero
- nobody could have disagreed, as when all ratings fall in one category - it is NaN: undefined,
never silently 1 (decided in `_ratio`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


Weights = Literal["none", "linear", "quadratic"]
Scale = Literal["nominal", "ordinal", "interval", "ratio"]


@dataclass(frozen=True)
class Kappa:
    """Cohen's kappa of two raters: observed and expected (weighted) agreement as shares, and the
    interval at `level`.

    se, low and high are NaN where the large-sample variance is 0, as with perfect agreement: there
    the formula fails, it does not mean certainty.
    """

    kappa: float
    se: float
    low: float
    high: float
    observed: float
    expected: float
    level: float


def percent_agreement(counts: Ints) -> float:
    """Return the share, 0 to 1, of pairs of ratings of a subject that agree, averaged over
    subjects.

    counts: (subjects, categories), how many raters put the subject there; subjects with fewer than
    two ratings are left out, NaN where none is left. No allowance for chance. Raises ValueError for
    what are no counts.
    """
    _check_counts(counts, 2)
    return _pair_agreement(counts, np.eye(counts.shape[1]))


def cohen_kappa(table: Ints, *, weights: Weights = "none", level: float = 0.95) -> Kappa:
    """Return Cohen's kappa (1960), weighted by distance of categories (Cohen 1968) where `weights`
    says so.

    table: (k, k), [i, j] subjects that the first rater put in i and the second in j. kappa = 1 -
    D_o / D_e with disagreement v_ij = 0 or 1, |i - j| / (k - 1) ("linear") or its square. The
    standard error does not assume kappa = 0 (Fleiss, Cohen and Everitt 1969); normal interval, cut
    off at -1 and 1, of this kappa only; subjects independent. Raises ValueError for what is no
    square table of counts, an empty one, or a level outside (0, 1).
    """
    _check_counts(table, 2)
    k, n = table.shape[1], int(table.sum())
    if table.shape != (k, k) or n == 0 or not 0 < level < 1:
        raise ValueError("kappa needs a square table that is not empty and a level between 0 and 1")
    p, agree = table / n, _closeness(k, weights)
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    chance = np.outer(rows, columns)
    apart = float(((1 - agree) * p).sum()), float(((1 - agree) * chance).sum())
    kappa, observed, expected = _ratio(*apart), 1 - apart[0], 1 - apart[1]
    if math.isnan(kappa):
        return Kappa(math.nan, math.nan, math.nan, math.nan, observed, expected, level)
    margins = (agree @ columns)[:, None] + (rows @ agree)[None, :]
    spread = float((p * (agree * apart[1] - margins * apart[0]) ** 2).sum())
    spread -= (observed * expected - 2 * expected + observed) ** 2
    # a spread of 0 comes out as rounding, of either sign
    se = math.sqrt(spread / n) / apart[1] ** 2 if spread > 1e-12 * apart[1] ** 2 else math.nan
    half = float(stats.norm.isf((1 - level) / 2)) * se
    # in this order min and max keep a NaN
    return Kappa(
        kappa, se, max(kappa - half, -1.0), min(kappa + half, 1.0), observed, expected, level
    )


def fleiss_kappa(counts: Ints) -> float:
    """Return the kappa of Fleiss 1971 for m raters of each subject, not necessarily the same
    people.

    counts: (subjects, categories). (P - P_e) / (1 - P_e), P the agreement of pairs, P_e the sum of
    squared overall shares. NaN where all ratings fall in one category. Raises ValueError unless
    every subject has the same number of ratings, two or more.
    """
    _check_counts(counts, 2)
    m = counts.sum(axis=1)
    if not len(m) or m[0] < 2 or (m != m[0]).any():
        raise ValueError(
            "Fleiss' kappa needs the same number of ratings, two or more, of every subject"
        )
    share = counts.sum(axis=0) / counts.sum()
    return _ratio(1 - percent_agreement(counts), float((share * (1 - share)).sum()))


def gwet(counts: Ints, *, weights: Weights = "none") -> float:
    """Return Gwet's AC1 (2008), or AC2 with linear or quadratic weights (Gwet 2014), for two or
    more raters.

    counts: (subjects, categories), every category of the scale a column even if unused; subjects
    may have different numbers of ratings. (P_a - P_e) / (1 - P_e), P_a over subjects with two
    ratings or more, P_e = T / (k (k - 1)) x sum pi (1 - pi), T the sum of weights, pi the mean
    share of a category over rated subjects. Stays high where kappa falls to 0 because nearly all
    subjects are alike; with all ratings in one category it is 1 by definition: print the percentage
    with it. NaN where no subject has two ratings. Raises ValueError for what are no counts or one
    category.
    """
    _check_counts(counts, 2)
    k, agree = counts.shape[1], _closeness(counts.shape[1], weights)
    rated = counts[counts.sum(axis=1) > 0]
    observed = _pair_agreement(counts, agree)
    if math.isnan(observed):
        return math.nan
    share = (rated / rated.sum(axis=1, keepdims=True)).mean(axis=0)
    expected = float(agree.sum() / (k * (k - 1)) * (share * (1 - share)).sum())
    return _ratio(1 - observed, 1 - expected)


def krippendorff_alpha(ratings: Floats, *, scale: Scale) -> float:
    """Return Krippendorff's alpha = 1 - D_o / D_e from the coincidences of values within units
    (Krippendorff 2011).

    ratings: (raters, units), NaN where a rater did not rate; units with fewer than two ratings are
    left out. Distance of two values c and k: "nominal" 0 or 1; "ordinal" the ratings between them,
    ends half counted, squared; "interval" (c - k)^2; "ratio" ((c - k) / (c + k))^2, 0 between two
    zeros. NaN where all values that can be paired are the same or none can. Raises ValueError for
    infinite ratings, negative ones on a ratio scale, or what is no table.
    """
    if ratings.ndim != 2 or np.isinf(ratings).any() or (scale == "ratio" and (ratings < 0).any()):
        raise ValueError(
            "alpha needs raters x units of finite ratings, not negative on a ratio scale"
        )
    paired = ratings[:, (~np.isnan(ratings)).sum(axis=0) >= 2]
    values = np.unique(paired[~np.isnan(paired)])
    counts = (paired[:, :, None] == values).sum(axis=0)  # (units, values)
    m = counts.sum(axis=1)
    coincidences = (counts / (m - 1)[:, None]).T @ counts - np.diag(
        (counts / (m - 1)[:, None]).sum(axis=0)
    )
    total = coincidences.sum(axis=1)
    apart = _distance(values, total, scale)
    # the factor n - 1 draws the expected pairs without replacement
    return _ratio(
        float((coincidences * apart).sum()) * (total.sum() - 1), float(total @ apart @ total)
    )


def _ratio(observed: float, expected: float) -> float:
    """Return 1 - observed / expected disagreement: NaN where none is possible, the one place
    that decides so.
    """
    return 1 - observed / expected if expected > 0 else math.nan


def _pair_agreement(counts: Ints, agree: Floats) -> float:
    counts = counts[counts.sum(axis=1) >= 2]
    if not len(counts):
        return math.nan
    m = counts.sum(axis=1)
    return float(((counts * (counts @ agree - 1)).sum(axis=1) / (m * (m - 1))).mean())


def _closeness(k: int, weights: Weights) -> Floats:
    """Return agreement weights (k, k): 1 on the diagonal, 0 between the ends."""
    if weights == "none":
        return np.eye(k)
    away = np.abs(np.subtract.outer(np.arange(k), np.arange(k))) / (k - 1)
    return np.asarray(1 - (away if weights == "linear" else away**2))


def _distance(values: Floats, total: Floats, scale: Scale) -> Floats:
    if scale == "nominal":
        return 1 - np.eye(len(values))
    if scale == "ordinal":
        middle = (
            np.cumsum(total) - total / 2
        )  # from middle to middle: ends half counted, all between
        return np.asarray(np.subtract.outer(middle, middle) ** 2)
    gap = np.subtract.outer(values, values)
    if scale == "interval":
        return np.asarray(gap**2)
    size = np.add.outer(values, values)
    return np.divide(gap, size, out=np.zeros_like(gap), where=size > 0) ** 2


def _check_counts(counts: Ints, categories: int) -> None:
    if counts.ndim != 2 or not np.issubdtype(counts.dtype, np.integer) or (counts < 0).any():
        raise ValueError("needs a table of whole counts, none negative")
    if counts.shape[1] < categories:
        raise ValueError(f"agreement needs at least {categories} categories")
