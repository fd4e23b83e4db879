"""Survey and inspection side by side: do they agree, whom do they contradict; never one score
(see `composite`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import factorial
from typing import Literal

import numpy as np
from scipy import stats

from reports.statistics.comparing.classes import Class
from reports.statistics.exact import Floats, Ints

Coefficient = Callable[[Ints], float]

EXACT = 8  # up to 8! = 40,320 orders are counted out


@dataclass(frozen=True)
class Agreement:
    """A coefficient with its two-sided p-value under "no association", counted out or from
    random permutations.
    """

    coefficient: float
    p: float
    method: Literal["exact", "permutation"]


@dataclass(frozen=True)
class Concordance:
    """How alike two sources order the companies they share; companies: how many these are."""

    companies: int
    tau_b: Agreement
    spearman: Agreement


def concordance(survey: Floats, inspection: Floats, *, draws: int, seed: int) -> Concordance:
    """Compare the order of G companies in two sources, NaN where a source does not have the
    company.

    Kendall's tau-b (1945, ties) and Spearman's rho of mid-ranks. p: share of permutations of one
    source with at least this coefficient in size: all of them up to 8 companies, above that `draws`
    random ones and the observed one. Raises ValueError for fewer than three companies in both, and
    for a source that scores all of these alike.
    """
    both = ~(np.isnan(survey) | np.isnan(inspection))
    x, y = survey[both], inspection[both]
    if len(x) < 3:
        raise ValueError("fewer than three companies are in both sources")
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        raise ValueError("a source that scores all companies alike neither agrees nor disagrees")
    order = np.lexsort((y, x))  # so that p does not depend on the order in which companies come
    x, y = x[order], y[order]
    return Concordance(
        companies=len(x),
        tau_b=_permuted(_tau_b(x, y), len(x), draws, seed),
        spearman=_permuted(_rho(x, y), len(x), draws, seed),
    )


def kendall_w(scores: Floats, *, draws: int, seed: int) -> Agreement:
    """Return Kendall and Babington Smith's W (1939), corrected for ties, of S sources (S, G)
    without missing scores.

    W = 12 S / (m^2 (n^3 - n) - m sum(t^3 - t)), 0 to 1; p from `draws` independent permutations of
    every source, and the observed order. Raises ValueError for fewer than two sources or three
    companies, and where all are alike.
    """
    m, n = scores.shape
    if m < 2 or n < 3 or not np.isfinite(scores).all():
        raise ValueError("W needs two sources and three companies, with every score present")
    ranks = stats.rankdata(scores, axis=1)
    ranks = ranks[:, np.lexsort(ranks)]
    ties = sum(
        float((count**3 - count).sum())
        for count in (np.unique(r, return_counts=True)[1] for r in ranks)
    )
    most = (m**2 * (n**3 - n) - m * ties) / 12
    if most <= 0:
        raise ValueError("sources that score all companies alike neither agree nor disagree")

    def w(rows: Floats) -> float:
        return float(((rows.sum(axis=0) - m * (n + 1) / 2) ** 2).sum() / most)

    rng, observed = np.random.default_rng(seed), w(ranks)
    reached = sum(w(rng.permuted(ranks, axis=1)) >= observed - 1e-12 for _ in range(draws))
    return Agreement(observed, (1 + reached) / (1 + draws), "permutation")


def contradictions(survey: Sequence[Class | None], inspection: Sequence[Class | None]) -> Ints:
    """Return the companies that are above the others in one source and below them in the other."""
    opposite = ({"above", "below"} == {a, b} for a, b in zip(survey, inspection, strict=True))
    return np.flatnonzero(np.fromiter(opposite, dtype=bool))


def _tau_b(x: Floats, y: Floats) -> Coefficient:
    """Return tau-b as a function of the order in which y is set against x."""
    a, b = np.sign(x[:, None] - x), np.sign(y[:, None] - y)
    size = np.sqrt((a * a).sum() * (b * b).sum())
    return lambda order: float((a * b[np.ix_(order, order)]).sum() / size)


def _rho(x: Floats, y: Floats) -> Coefficient:
    a, b = (r - r.mean() for r in (stats.rankdata(x), stats.rankdata(y)))
    size = np.sqrt((a * a).sum() * (b * b).sum())
    return lambda order: float((a * b[order]).sum() / size)


def _permuted(coefficient: Coefficient, companies: int, draws: int, seed: int) -> Agreement:
    observed = coefficient(np.arange(companies))
    bound = abs(observed) - 1e-12  # orders that tie with the observed one count
    reached = [abs(coefficient(order)) >= bound for order in _orders(companies, draws, seed)]
    if companies <= EXACT:
        return Agreement(observed, sum(reached) / factorial(companies), "exact")
    return Agreement(observed, (1 + sum(reached)) / (1 + draws), "permutation")


def _orders(companies: int, draws: int, seed: int) -> Iterator[Ints]:
    if companies <= EXACT:
        yield from (np.array(order) for order in permutations(range(companies)))
        return
    rng = np.random.default_rng(seed)
    for _ in range(draws):
        yield rng.permutation(companies)
