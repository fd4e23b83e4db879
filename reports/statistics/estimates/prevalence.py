"""Shares of all sites from a sample that was drawn: what a visit found, of the whole frame or of a
part of it. A row is its own sampled unit; nothing here knows what a site is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from inspections.agreement.proportions import (
    Interval,
    clopper_pearson,
    effective_n,
    korn_graubard,
    wilson,
)
from reports.statistics.exact import Bools, Floats, Ints
from reports.statistics.sampling.design import Design

Method = Literal["wilson", "korn_graubard", "census"]
# a stratum of which at most this part was drawn is as good as endless (Cochran 1977, 2.6)
NEGLIGIBLE = 0.05


@dataclass(frozen=True)
class Moments:
    """Sums over the rows of one group by stratum, (H,) each: rows, rows with the trait, weights,
    weights of rows with the trait, and their squares.
    """

    n: Ints
    x: Ints
    w: Floats
    wy: Floats
    w2: Floats
    w2y: Floats

    @classmethod
    def of(
        cls, stratum: Ints, weight: Floats, members: Bools, has: Bools, *, strata: int
    ) -> Moments:
        """Return the sums of `members` (n,), of which those that are also in `has` (n,) have the
        trait; stratum (n,) holds codes below `strata`.
        """

        def sums(rows: Bools, values: Floats) -> Floats:
            return np.bincount(stratum[rows], values[rows], minlength=strata).astype(np.float64)

        both, one = members & has, np.ones(len(stratum))
        return cls(
            n=sums(members, one).astype(np.int64),
            x=sums(both, one).astype(np.int64),
            w=sums(members, weight),
            wy=sums(both, weight),
            w2=sums(members, weight**2),
            w2y=sums(both, weight**2),
        )


@dataclass(frozen=True)
class Drawn:
    """How the rows were drawn: how many of each stratum, (H,), of how many, (H,), inf where chances
    were unequal or nobody knows; is_simple: one stratum, all chances alike.
    """

    sampled: Ints
    population: Floats
    is_simple: bool

    @property
    def corrected(self) -> Floats:
        """The size of each stratum where the correction for a finite population counts, else
        inf.
        """
        counts = self.sampled > NEGLIGIBLE * self.population
        return np.where(counts, self.population, np.inf)


@dataclass(frozen=True)
class Prevalence:
    """A share of all sites with its own 95 % interval, and the exact one for an “at least”."""

    share: float
    low: float
    high: float
    exact: Interval
    method: Method


def prevalence(group: Moments, drawn: Drawn) -> Prevalence:
    """Estimate the share of a group's sites that have the trait, sum(wy) / sum(w).

    A simple draw has Wilson's interval and Clopper and Pearson's as the exact one, both on n / (1 -
    f); a stratified one, or one with unequal chances, Korn and Graubard's for both, by the variance
    between rows within strata (Särndal, Swensson and Wretman 1992, 5.7, the group as a domain) and
    rows minus strata as degrees of freedom. Where all sites of the group's strata were visited
    there is nothing to be in doubt about. Raises ValueError for a group of fewer than two rows.
    """
    n, touched = int(group.n.sum()), group.n > 0
    if n < 2:
        raise ValueError(f"a share of all sites needs two rows, not {n}")
    p = float(group.wy.sum() / group.w.sum())
    left = 1 - drawn.sampled / drawn.corrected
    if (left[touched] <= 0).all():
        return Prevalence(p, p, p, (p, p), "census")
    if drawn.is_simple:
        n_eff = n / float(left[0])
        return Prevalence(p, *wilson(p * n_eff, n_eff), clopper_pearson(p * n_eff, n_eff), "wilson")
    n_eff = effective_n(p, _variance(group, drawn, p))
    df = max(n - int(touched.sum()), 1)
    exact = korn_graubard(p, n if np.isnan(n_eff) else n_eff, n=n, df=df)
    return Prevalence(p, *exact, exact, "korn_graubard")


def _variance(group: Moments, drawn: Drawn, p: float) -> float:
    """Return the variance of the ratio: of the sum of z = w (y - p) / W, with y 0 or 1."""
    whole = float(group.w.sum())
    sums = (group.wy - p * group.w) / whole
    squares = ((1 - 2 * p) * group.w2y + p * p * group.w2) / whole**2
    # a stratum of which one site was seen must not pass for certain
    factors = Design(drawn.corrected, lonely="adjust").factors(drawn.sampled)
    found = factors.covariance(np.array([[float(factors.scale @ squares)]]), sums[:, None])
    return max(float(found[0, 0]), 0.0)
