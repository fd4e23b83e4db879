"""Which dimensions drive the overall judgement, for feedback to a company; never a source of
weights for the index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Literal

import numpy as np

from reports.statistics.exact import Floats
from reports.statistics.index.consistency import correlations

MOST = 15  # 2^15 regressions take a quarter of a second
Quadrant = Literal["keep_up", "concentrate_here", "low_priority", "possible_overkill"]
Lines = Literal["means", "medians"] | tuple[float, float]


@dataclass(frozen=True)
class Drivers:
    """What k drivers explain of an overall judgement; point figures, no intervals, and association,
    not cause.

    r2: share of the variance that all explain together; lmg (k,): its Shapley parts, which add up
    to r2; relative_weights (k,): Johnson's parts, a cross-check that also adds up to r2;
    standardised (k,): coefficients of the regression in standard deviations (among collinear
    drivers the shortest vector of coefficients).
    """

    r2: float
    lmg: Floats
    relative_weights: Floats
    standardised: Floats


@dataclass(frozen=True)
class Matrix:
    """Importance against performance: the class of each driver and the two lines that part them."""

    quadrants: tuple[Quadrant, ...]
    importance_line: float
    performance_line: float


def drivers(covariance: Floats, *, overall: int = 0) -> Drivers:
    """Decompose R^2 of the regression of item `overall` on the others, in their order, from one
    covariance (1+k, 1+k).

    LMG (Lindeman, Merenda and Gold 1980; Grömping 2007): what a driver adds to R^2, averaged over
    all orders in which the k drivers may enter. Relative weights: Johnson 2000. The covariance is
    that of `consistency.CrossProducts`, so weights and additivity come from there. It serves
    feedback to companies (GB/T 19038-2009 Annex D); the public index has published weights and
    never these.

    A driver without spread has no part; of collinear drivers each has its share (pseudo-inverse).
    Raises ValueError for more than 15 drivers or none, for an overall judgement without spread, and
    for a matrix that is no covariance.
    """
    _check(covariance, overall)
    correlation = correlations(covariance)
    rest = np.delete(np.arange(len(covariance)), overall)
    among, with_overall = correlation[np.ix_(rest, rest)], correlation[rest, overall]
    explained = _explained(among, with_overall)
    return Drivers(
        r2=float(explained[-1]),
        lmg=_shapley(explained, len(rest)),
        relative_weights=_relative_weights(among, with_overall),
        standardised=np.asarray(_inverse(among) @ with_overall),
    )


def quadrant(importance: Floats, performance: Floats, *, lines: Lines = "means") -> Matrix:
    """Put k drivers into the four fields of importance-performance analysis (Martilla and James
    1977), (k,) each.

    keep_up: important and good; concentrate_here: important and poor; low_priority: neither;
    possible_overkill: good but unimportant. lines: the means or medians of the k drivers, or
    (importance, performance) as given; what lies on a line counts as important, or good. Means and
    medians are relative to the drivers of this company: something is always below them. To set
    companies side by side, give the same lines to all. Raises ValueError for missing figures.
    """
    if importance.shape != performance.shape or not len(importance):
        raise ValueError("importance and performance need one figure for each driver")
    if not (np.isfinite(importance).all() and np.isfinite(performance).all()):
        raise ValueError("importance and performance must be finite")
    at, at_performance = (
        lines if isinstance(lines, tuple) else (_line(importance, lines), _line(performance, lines))
    )
    important, good = _reaches(importance, at), _reaches(performance, at_performance)
    return Matrix(
        quadrants=tuple(_name(i, g) for i, g in zip(important, good, strict=True)),
        importance_line=at,
        performance_line=at_performance,
    )


def _explained(among: Floats, with_overall: Floats) -> Floats:
    """Return R^2 of every subset of drivers, (2^k,), at the index whose bits are the subset."""
    k = len(with_overall)
    explained = np.zeros(1 << k)
    for size in range(1, k + 1):
        chosen = np.array(list(combinations(range(k), size)))
        inverse = _inverse(among[chosen[:, :, None], chosen[:, None, :]])
        r = with_overall[chosen]
        explained[(1 << chosen).sum(axis=1)] = np.einsum("si,sij,sj->s", r, inverse, r)
    return explained


def _shapley(explained: Floats, k: int) -> Floats:
    """Return the mean gain of each driver: a subset of s others comes first in 1 of k C(k - 1,
    s) orders.
    """
    subsets = np.arange(1 << k)
    size = np.bitwise_count(subsets)
    weight = np.array([1 / (k * comb(k - 1, s)) for s in range(k)])
    parts = np.empty(k)
    for j in range(k):
        without = subsets[(subsets >> j) & 1 == 0]
        parts[j] = (
            weight[size[without]] * (explained[without | 1 << j] - explained[without])
        ).sum()
    return parts


def _relative_weights(among: Floats, with_overall: Floats) -> Floats:
    """Return sum_m L_jm^2 b_m^2 with L the symmetric root of the drivers' correlation and b =
    L^+ r.
    """
    values, axes = np.linalg.eigh(among)
    root = (axes * np.sqrt(np.maximum(values, 0.0))) @ axes.T
    return np.asarray(root**2 @ (root @ _inverse(among) @ with_overall) ** 2)


def _inverse(matrices: Floats) -> Floats:
    """The one cut for collinearity: a direction with less than 1e-10 of the largest spread is
    none.
    """
    return np.asarray(np.linalg.pinv(matrices, rcond=1e-10, hermitian=True))


def _line(figures: Floats, lines: Sequence[str]) -> float:
    return float(np.mean(figures) if lines == "means" else np.median(figures))


def _reaches(figures: Floats, line: float) -> Sequence[bool]:
    """A mean of equal figures may lie an ulp above them all; they still reach it."""
    return [bool(f >= line - 1e-12 * max(abs(line), 1e-300)) for f in figures]


def _name(important: bool, good: bool) -> Quadrant:
    if important:
        return "keep_up" if good else "concentrate_here"
    return "possible_overkill" if good else "low_priority"


def _check(covariance: Floats, overall: int) -> None:
    k = len(covariance) - 1
    if (
        covariance.shape != (k + 1, k + 1)
        or not 0 <= overall <= k
        or not np.isfinite(covariance).all()
    ):
        raise ValueError("the covariance must be square, finite, and contain the overall judgement")
    if not 1 <= k <= MOST:
        raise ValueError(f"drivers must number 1 to {MOST}, not {k}")
    if covariance[overall, overall] <= 0:
        raise ValueError("the overall judgement does not vary: there is nothing to explain")
    if np.linalg.eigvalsh(correlations(covariance)).min() < -1e-8:
        raise ValueError("the covariance has a negative eigenvalue: take complete rows, not pairs")
