"""Shares and means of a group of respondents in a clustered sample, by moments of one pass.

The group is a domain: sampled units without a member of it still count. A share has Wilson's
interval on the effective sample (Korn and Graubard 1998; Dean and Pagano 2015), a mean Student's t
on the units that the group touches.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from inspections.agreement.proportions import wilson
from reports.statistics.exact import Bools, Floats, Ints
from reports.statistics.sampling.design import Design

LONELY_COUNT = Design(lonely="adjust")


@dataclass(frozen=True)
class Sampling:
    """How rows were sampled: stratum and PSU of each row as codes (n,). A PSU label belongs to
    one stratum. weight: of each row, above 0; None where all are alike.
    """

    stratum: Ints
    psu: Ints
    weight: Floats | None = None

    def shares_of(self, group: Bools) -> Floats:
        """Return what each row counts in the mean of a group, (n,), 0 outside of it; the sum is
        1.
        """
        weight = np.ones(len(group)) if self.weight is None else self.weight
        counted = np.where(group, weight, 0.0)
        return np.asarray(counted / counted.sum())

    def variance(self, influence: Floats) -> float:
        """Return the variance of a sum of influence values (n,): between PSUs, within strata, with
        replacement.

        A stratum of one PSU counts by its distance from the mean of all PSUs: it must not pass for
        certain.
        """
        units, first = np.unique(self.psu, return_index=True)
        sums = np.bincount(np.searchsorted(units, self.psu), influence)
        _, stratum = np.unique(self.stratum[first], return_inverse=True)
        strata: Floats = np.bincount(stratum, sums).astype(np.float64)[:, None]
        factors = LONELY_COUNT.factors(np.bincount(stratum).astype(np.int64))
        squares = np.array([[(factors.scale[stratum] * sums * sums).sum()]])
        # rounding may leave less than nothing of sums that are all alike
        return max(float(factors.covariance(squares, strata)[0, 0]), 0.0)

    def df(self, group: Bools) -> int:
        """Return the degrees of freedom of a group: PSUs that it touches minus strata that it
        touches, at least 1.
        """
        units = len(np.unique(self.psu[group]))
        return max(units - len(np.unique(self.stratum[group])), 1)


@dataclass(frozen=True)
class Share:
    """A share of a group: count and base n as people, the weighted share, effective n (never above
    n nor Kish's), and its own 95 % interval.
    """

    count: int
    n: int
    n_eff: float
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Mean:
    """A mean of a group with its own 95 % interval; `sd` is the spread of the answers."""

    n: int
    mean: float
    sd: float
    low: float
    high: float


def share(sampling: Sampling, group: Bools, chosen: Bools) -> Share:
    """Return the share of `group` (n,) for which `chosen` (n,) holds. Raises ValueError for an
    empty group.
    """
    n, count = int(group.sum()), int((group & chosen).sum())
    if n == 0:
        raise ValueError("a share needs a group that is not empty")
    part = sampling.shares_of(group)
    p = count / n if sampling.weight is None else float(part[group & chosen].sum())
    n_eff = min(float(n), 1 / float((part * part).sum()))
    if 0 < count < n:
        variance = sampling.variance(part * (chosen - p))
        if variance > 0:
            n_eff = min(p * (1 - p) / variance, n_eff)
    low, high = wilson(p * n_eff, n_eff)
    return Share(count, n, n_eff, p, low, high)


def mean(sampling: Sampling, group: Bools, values: Floats) -> Mean:
    """Return the mean of `values` (n,) in `group`, rows without a value left out. Raises
    ValueError where none is.
    """
    group = group & ~np.isnan(values)
    n = int(group.sum())
    if n == 0:
        raise ValueError("a mean needs a group with values")
    part = sampling.shares_of(group)
    given = np.where(group, values, 0.0)
    centre = float((part * given).sum())
    apart = np.where(group, given - centre, 0.0)
    variance = sampling.variance(part * apart)
    spread = math.sqrt(float((part * apart * apart).sum()) * n / (n - 1)) if n > 1 else 0.0
    half = float(stats.t.isf(0.025, sampling.df(group))) * math.sqrt(variance)
    return Mean(n, centre, spread, centre - half, centre + half)
