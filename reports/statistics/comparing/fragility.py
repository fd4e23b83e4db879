"""How few of a company's answers would have to be wrong for its class to change."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb
from typing import Final

import numpy as np

from reports.statistics.estimates.means import Estimate
from reports.statistics.exact import Floats, Ints
from reports.statistics.sampling.totals import Rows, Totals, reduce

Verdict = Callable[[Estimate], Hashable]

# as long as no more sets of answers than this are to be tried, all are, and the number is proven to
# be the least
EXHAUSTIVE: Final = 200
# how much the loss of spread counts against the shift of the mean when answers are put in order of
# influence; below zero the spread is to grow, which is how a class turns into "not distinguishable"
SPREADS: Final = (-2.0, 0.0, 2.0)


@dataclass(frozen=True)
class Fragility:
    """least: so many of the company's `of` answers struck out change its verdict; None where
    nothing up to half does.

    proven: every smaller set was tried too. Otherwise the number is an upper bound: with these
    answers the verdict does change, and a smaller set that does it was not found among the most
    influential ones.
    """

    least: int | None
    of: int
    proven: bool


def fragility(
    rows: Rows,
    totals: Totals,
    company: int,
    *,
    estimate: Callable[[Totals], Estimate],
    verdict: Verdict,
) -> Fragility:
    """Find the least number of the company's answers that must be struck out for
    `verdict(estimate(...))` to change.

    An answer is wrong here when it should not count: given by somebody who was no customer, or
    about another company. Struck out, its row stays a sampled unit. rows, totals: all answers and
    their totals. The verdict is computed anew for every set tried, other companies and their
    covariances with it; what is searched for are sets of answers of the largest influence on the
    difference over its standard error, for a move up and for a move down (as Broderick, Giordano
    and Meager 2020 drop the most influential points), and then, as long as they are few, all
    smaller sets.
    """
    own = np.flatnonzero((rows.company == company) & ~np.isnan(rows.score))
    part = replace(
        rows,
        company=rows.company[own],
        score=rows.score[own],
        weight=rows.weight[own],
        stratum=rows.stratum[own],
        psu=None if rows.psu is None else rows.psu[own],
    )
    whole = estimate(totals)
    original = verdict(whole)

    def changed(struck: Ints) -> bool:
        return verdict(estimate(strike_out(totals, part, struck))) != original

    orders = list(_orders(part, whole, company))
    least = _least_of_orders(orders, changed, len(own) // 2)
    below = least if least is not None else len(own) // 2 + 1
    for k in range(1, below):
        if sum(comb(len(own), i) for i in range(1, k + 1)) > EXHAUSTIVE:
            return Fragility(least, len(own), proven=False)
        if any(
            changed(np.array(struck, dtype=np.int64)) for struck in combinations(range(len(own)), k)
        ):
            return Fragility(k, len(own), proven=True)
    return Fragility(least, len(own), proven=True)


def strike_out(totals: Totals, part: Rows, struck: Ints) -> Totals:
    """Return the totals without the answers `struck` of `part`; their rows stay sampled units.
    Exact, as all sums.
    """
    gone = Rows(
        part.company[struck],
        part.score[struck],
        part.weight[struck],
        part.stratum[struck],
        None if part.psu is None else part.psu[struck],
    )
    less = reduce(gone, companies=totals.companies, strata=totals.strata, grid=totals.grid)
    sums = totals.sums.copy()
    at = np.searchsorted(totals.cell, less.cell)
    sums[:, at] -= less.sums
    left = sums[0] > 0
    return replace(totals, cell=totals.cell[left], sums=sums[:, left])


def _orders(part: Rows, whole: Estimate, company: int) -> Iterator[Ints]:
    """Yield orders in which to strike answers out, most influential first, to move the company
    up, and down.
    """
    influence = part.weight * (part.score - whole.value[company]) / part.weight.sum()
    se = float(whole.se[company])
    if not se > 0:
        se = 1.0
    for spread in SPREADS:
        # dropping an answer moves the mean by -e and the variance by about -e^2
        loss: Floats = spread * influence**2 / se
        yield np.argsort(influence + loss, kind="stable")
        yield np.argsort(-influence + loss, kind="stable")


def _least_of_orders(orders: list[Ints], changed: Callable[[Ints], bool], most: int) -> int | None:
    least: int | None = None
    for order in orders:
        limit = most if least is None else least - 1
        found = _least_of_order(order, changed, limit)
        least = found if found is not None else least
    return least


def _least_of_order(order: Ints, changed: Callable[[Ints], bool], limit: int) -> int | None:
    """Return the first k <= limit at which striking out the first k answers changes the verdict, by
    doubling steps.

    The steps close in on a change from below; between two of them a verdict that changed and
    changed back is not seen.
    """
    low, high = 0, 1
    while high <= limit and not changed(order[:high]):
        low, high = high, high * 2
    if high > limit:
        if low >= limit or not changed(order[:limit]):
            return None
        high = limit
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if changed(order[:middle]) else (middle, high)
    return high
