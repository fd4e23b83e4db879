"""What is known of the difference between two companies: its standard error, its degrees of
freedom, and how many standard errors of a normal distribution it is worth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from reports.statistics.exact import Bools, Floats

# of the square of the scale's length: the spread that even a company at the end of the scale is
# thought to have, as if one answer in 200 lay at the other end
LEAST_SPREAD = 0.005


@dataclass(frozen=True)
class Ends:
    """The ends of the scale of a score; low < high."""

    low: float
    high: float

    def room(self, value: Floats) -> Floats:
        """Return (x - low)(high - x), what a variance on this scale goes with, never quite 0."""
        length = self.high - self.low
        room = (value - self.low) * (self.high - value)
        return np.asarray(np.maximum(room, LEAST_SPREAD * length * length))


def swelling(
    value: Floats, other: Floats, ends: Ends | None, floored: Bools | None = None
) -> Floats:
    """Return r >= 1, by which the variance of `value` grows where it is asked whether it equals
    `other`; the shapes are broadcast.

    r = room(other) / room(value), at least 1: on a scale with ends a mean near one of them has a
    small variance because it is near, so that a company which happens to lack bad answers looks
    both better and surer of it. As in the interval of Wilson (1927) the variance is that of the
    value under the hypothesis; unlike there it is never below the company's own, because answers
    may well spread more in the middle of the scale. 1 where the scale has no ends, and where the
    variance is a floor already (`floored`, of the shape of `value`): that one was never small by
    luck, and a floor times r would say that ten full marks may well be a mean of 50.
    """
    shape = np.broadcast_shapes(value.shape, other.shape)
    if ends is None:
        return np.ones(shape)
    r = np.maximum(ends.room(other) / ends.room(value), 1.0)
    return r if floored is None else np.where(np.broadcast_to(floored, shape), 1.0, r)


@dataclass(frozen=True)
class Pairs:
    """The differences x_j - x_k between G companies, (G, G) each.

    sd: standard error as estimated, 0 where it is nil; tested: the one under the hypothesis that
    both are equal; z: the difference over it, mapped from Student's t to the normal distribution;
    df: degrees of freedom.
    """

    sd: Floats
    tested: Floats
    z: Floats
    df: Floats | float


def pairs(
    value: Floats,
    covariance: Floats,
    *,
    df: Floats | float = np.inf,
    most: Floats | float = np.inf,
    ends: Ends | None = None,
    floored: Bools | None = None,
) -> Pairs:
    """Return all differences between companies with estimates (G,) and covariance (G, G).

    With r of `swelling`, Var(x_j - x_k) = r_jk V_jj - 2 sqrt(r_jk r_kj) V_jk + r_kj V_kk, never
    below what it is without r. df: one number for every difference, or (G,), those of each
    company's own variance; then each difference has its own, Welch and Satterthwaite's
    (a + b)^2 / (a^2 / df_j + b^2 / df_k) with a = r_jk V_jj and b = r_kj V_kk, at most `most`:
    those of the whole design, or (G, G), of the units that either company touches. A difference
    without a standard error is certain where the values differ by more than 1e-9 of the scale of
    the errors.
    """
    own = np.diag(covariance)
    scale = np.sqrt(own.max(initial=0.0))
    gap = value[:, None] - value[None, :]
    sd = _root(own[:, None] + own[None, :] - 2 * covariance, scale)
    if ends is None:
        a = np.broadcast_to(own[:, None], sd.shape)
        tested = sd
    else:
        own_floor = None if floored is None else floored[:, None]
        r = swelling(value[:, None], value[None, :], ends, own_floor)
        a = r * own[:, None]
        # of r_jk and r_kj one is 1
        swollen = _root(a + a.T - 2 * np.sqrt(np.maximum(r, r.T)) * covariance, scale)
        tested = np.maximum(swollen, sd)
    known = sd == 0
    ratio = np.divide(
        gap, tested, out=np.where(gap > 1e-9 * max(scale, 1e-300), np.inf, -np.inf), where=~known
    )
    degrees = df if np.ndim(df) == 0 else satterthwaite(a, np.asarray(df), a.T, most=most)
    return Pairs(sd, tested, to_normal(ratio, degrees), degrees)


def satterthwaite(a: Floats, df: Floats, b: Floats, *, most: Floats | float) -> Floats:
    """Return the degrees of freedom of a + b, (G, G), where a_jk is an estimated variance with
    df_j and b_jk one with df_k; at most `most`.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (a + b) ** 2 / (a * a / df[:, None] + b * b / df[None, :])
    # two variances of 0 leave nothing to be uncertain about
    return np.minimum(np.where(np.isnan(found), np.inf, found), most)


def to_normal(ratio: Floats, df: Floats | float) -> Floats:
    """Return z with P(N(0, 1) > z) = P(t_df > ratio); ratios up to 0, which no critical value is
    as small as, stay as they are.
    """
    degrees = np.broadcast_to(df, ratio.shape)
    worth: Bools = (ratio > 0) & np.isfinite(ratio) & np.isfinite(degrees)
    if not worth.any():
        return ratio
    z = ratio.copy()
    z[worth] = -special.ndtri(special.stdtr(degrees[worth], -ratio[worth]))
    return z


def _root(variance: Floats, scale: float) -> Floats:
    """Return standard errors of differences; what cancellation leaves of equal companies is 0."""
    sd = np.sqrt(np.maximum(variance, 0.0))
    sd[sd <= 1e-9 * scale] = 0.0
    return np.asarray(sd)
