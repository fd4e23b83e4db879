"""Tests of 2 x 2 tables and the difference of two shares; what a p-value means for a company is not
decided here.

Tables are [[a, b], [c, d]] of whole counts. No test here allows for weights, clusters, or other
tests beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.stats import contingency

from inspections.agreement.proportions import wilson

Ints = NDArray[np.int64]

OddsRatio = Literal["conditional", "sample"]
Correction = Literal["none", "yates"]
Exactness = Literal["exact", "mid_p"]


@dataclass(frozen=True)
class Fisher:
    """Two-sided p of independence, and an odds ratio of the named kind with its own interval at
    `level`.
    """

    p: float
    odds_ratio: float
    low: float
    high: float
    kind: OddsRatio
    level: float


@dataclass(frozen=True)
class ChiSquare:
    """Pearson's statistic on one degree of freedom and its p."""

    statistic: float
    p: float
    correction: Correction


@dataclass(frozen=True)
class Paired:
    """McNemar's test: how many changed one way (b) and the other (c), and the two-sided p of
    equal chances.
    """

    b: int
    c: int
    p: float
    kind: Exactness


@dataclass(frozen=True)
class Difference:
    """First share minus second, -1 to 1, with its own interval at `level`."""

    difference: float
    low: float
    high: float
    level: float


def fisher(table: Ints, *, odds: OddsRatio, level: float = 0.95) -> Fisher:
    """Test independence of rows and columns, given the margins (Fisher 1935; two-sided: tables no
    likelier than this).

    odds "conditional": the maximum of the noncentral hypergeometric likelihood with its exact
    interval, as fisher.test of R; "sample": ad / bc with the interval of Woolf 1955, unbounded
    where a cell is 0. With an empty row or column p is 1 and the ratio NaN with bounds 0 and inf:
    the table says nothing. Raises ValueError for what is no table.
    """
    _check(table, level)
    p = float(stats.fisher_exact(table).pvalue)
    if 0 in (*table.sum(axis=0), *table.sum(axis=1)):
        return Fisher(1.0, math.nan, 0.0, math.inf, odds, level)
    ratio, low, high = (
        _conditional(table, level) if odds == "conditional" else _sample(table, level)
    )
    return Fisher(p, ratio, low, high, odds, level)


def chi_square(table: Ints, *, correction: Correction) -> ChiSquare:
    """Test independence by sum (|O - E| - y)^2 / E on one degree of freedom (Pearson 1900).

    "yates": y = 1/2, at most |O - E|, as chisq.test of R; conservative. "none": y = 0; usual from
    expected counts of 5 on, below which `fisher` is the test to take. NaN with an empty row or
    column. Raises ValueError for no table.
    """
    _check(table, 0.95)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / max(table.sum(), 1)
    if (expected == 0).any():
        return ChiSquare(math.nan, math.nan, correction)
    distance = np.abs(table - expected)
    if correction == "yates":
        distance = np.maximum(distance - 0.5, 0.0)
    statistic = float((distance**2 / expected).sum())
    return ChiSquare(statistic, float(stats.chi2.sf(statistic, 1)), correction)


def mcnemar(table: Ints, *, kind: Exactness, chance: float = 0.5) -> Paired:
    """Test whether as many went from yes to no (b) as from no to yes (c), rows before, columns
    after.

    chance: of a change that is seen to be a b where as many go either way: f / (f + g) where a part
    f of the yes and a part g of the no, drawn at random, were looked at again; "exact" only.

    "exact": twice the smaller of P(Bin(b + c, chance) <= b) and P(... >= b), at most 1, which for a
    chance of 1/2 is twice P(Bin <= min(b, c)) (McNemar 1947); "mid_p": that minus
    P(= min), and 1 - P(= b) / 2 where b = c (Fagerland, Lydersen and Laake 2013). Where nobody
    changed p is 1.

    TRAP: wrong for revisits where only sites that failed were visited again. Passing sites that
    would fail now cannot be seen, b and c are no longer a fair coin, and imperfect inspectors alone
    make sites "improve": with no change at all some 27 % do at a sensitivity of .85. Report the
    share fixed with Wilson's interval and that caveat, or revisit a random sample of passes too.
    Raises ValueError for what is no table.
    """
    _check(table, 0.95)
    b, c = int(table[0, 1]), int(table[1, 0])
    if b + c == 0:  # a mid-p of 1/2 would follow from the formula, about nothing
        return Paired(b, c, 1.0, kind)
    if kind == "exact":
        tails = stats.binom.cdf(b, b + c, chance), stats.binom.sf(b - 1, b + c, chance)
        return Paired(b, c, min(1.0, 2 * float(min(tails))), kind)
    if chance != 0.5:
        raise ValueError("a mid-p is known for equal chances only")
    one_sided, at = stats.binom.cdf(min(b, c), b + c, 0.5), stats.binom.pmf(b, b + c, 0.5)
    p = min(1.0, float(2 * one_sided)) - float(at / 2 if b == c else at)
    return Paired(b, c, p, kind)


def newcombe(x1: int, n1: int, x2: int, n2: int, *, level: float = 0.95) -> Difference:
    """Return x1 / n1 - x2 / n2 with the hybrid score interval (Newcombe 1998, Stat Med 17:873-890,
    method 10).

    d - sqrt((p1 - l1)^2 + (u2 - p2)^2) to d + sqrt((u1 - p1)^2 + (p2 - l2)^2), l and u Wilson's
    bounds. For two independent samples: never for the same sites visited twice. Raises ValueError
    unless 0 <= x <= n and n > 0.
    """
    (l1, u1), (l2, u2) = wilson(x1, n1, level=level), wilson(x2, n2, level=level)
    p1, p2 = x1 / n1, x2 / n2
    low = p1 - p2 - math.hypot(p1 - l1, u2 - p2)
    high = p1 - p2 + math.hypot(u1 - p1, p2 - l2)
    return Difference(p1 - p2, low, high, level)


def _conditional(table: Ints, level: float) -> tuple[float, float, float]:
    found = contingency.odds_ratio(table, kind="conditional")
    bounds = found.confidence_interval(level)
    return float(found.statistic), float(bounds.low), float(bounds.high)


def _sample(table: Ints, level: float) -> tuple[float, float, float]:
    (a, b), (c, d) = table.tolist()
    ratio = a * d / (b * c) if b * c else math.inf
    if 0 in (a, b, c, d):  # no logarithm, no standard error
        return ratio, 0.0, math.inf
    half = float(stats.norm.isf((1 - level) / 2)) * math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return ratio, ratio * math.exp(-half), ratio * math.exp(half)


def _check(table: Ints, level: float) -> None:
    if table.shape != (2, 2) or not np.issubdtype(table.dtype, np.integer) or (table < 0).any():
        raise ValueError("needs a table of two rows and two columns of whole counts, none negative")
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not {level}")
