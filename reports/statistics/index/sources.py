"""Survey and inspection side by side: do they agree, whom do they contradict; one score only where a plan says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from math import factorial
from typing import Literal

import numpy as np
from scipy import stats

from reports.statistics.comparing.classes import Class
from reports.statistics.comparing.places import beat_shares, point_ranks, rank_band
from reports.statistics.exact import Floats, Ints
from reports.statistics.index.sensitivity import SCHEMES, Scheme, aggregate, dirichlet, first_order

Coefficient = Callable[[Ints], float]

EXACT = 8  # up to 8! = 40,320 orders are counted out


@dataclass(frozen=True)
class Agreement:
    """A coefficient with its two-sided p-value under "no association", counted out or from random permutations."""

    coefficient: float
    p: float
    method: Literal["exact", "permutation"]


@dataclass(frozen=True)
class Concordance:
    """How alike two sources order the companies they share; companies: how many these are."""

    companies: int
    tau_b: Agreement
    spearman: Agreement


@dataclass(frozen=True)
class CompositeChoice:
    """What a plan must have chosen before a composite exists: a weight for each of S sources, and a scheme."""

    weights: tuple[float, ...]
    scheme: Scheme = SCHEMES[0]


@dataclass(frozen=True)
class Composite:
    """One score from several sources, with the band of everything that was a choice or chance; (G,) each.

    score, rank: as chosen. low, high: 5 % and 95 % of the score over weights, aggregation and sampling error, on the
    chosen ruler (points of different normalisations are no common unit). rank_median, rank_low, rank_high: median, 5 %
    and 95 % of the point rank over weights, normalisation, aggregation and sampling error. beats[j, k]: share of draws
    in which j prints above k. shift_explained: first-order Sobol index of the mean absolute rank shift, for "weights",
    "scheme" and "sampling"; what is left to 1 is their interplay.

    The bands are NOT confidence sets: they cover no true rank with a known probability and must be kept apart from
    `comparing.ranks`, in print as well.
    """

    score: Floats
    low: Floats
    high: Floats
    rank: Ints
    rank_median: Ints
    rank_low: Ints
    rank_high: Ints
    beats: Floats
    shift_explained: dict[str, float]


def concordance(survey: Floats, inspection: Floats, *, draws: int, seed: int) -> Concordance:
    """Compare the order of G companies in two sources, NaN where a source does not have the company.

    Kendall's tau-b (1945, ties) and Spearman's rho of mid-ranks. p: share of permutations of one source with at least
    this coefficient in size: all of them up to 8 companies, above that `draws` random ones and the observed one.
    Raises ValueError for fewer than three companies in both, and for a source that scores all of these alike.
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
    """Return Kendall and Babington Smith's W (1939), corrected for ties, of S sources (S, G) without missing scores.

    W = 12 S / (m^2 (n^3 - n) - m sum(t^3 - t)), 0 to 1; p from `draws` independent permutations of every source, and
    the observed order. Raises ValueError for fewer than two sources or three companies, and where all are alike.
    """
    m, n = scores.shape
    if m < 2 or n < 3 or not np.isfinite(scores).all():
        raise ValueError("W needs two sources and three companies, with every score present")
    ranks = stats.rankdata(scores, axis=1)
    ranks = ranks[:, np.lexsort(ranks)]
    ties = sum(float((count**3 - count).sum()) for count in (np.unique(r, return_counts=True)[1] for r in ranks))
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


def composite(
    scores: Floats,
    covariances: Sequence[Floats],
    choice: CompositeChoice,
    *,
    concentration: float,
    draws: int,
    seed: int,
    schemes: Sequence[Scheme] = SCHEMES,
    decimals: int = 1,
) -> Composite:
    """Combine the scores (G, S) of G companies in S sources as a plan has chosen, and vary every choice.

    covariances: S of (G, G), one for each source; sources are taken as independent (other people, other days). Each
    draw takes weights from Dirichlet(concentration x weights), one of `schemes` with equal chance (the chosen is among
    them), and scores from N(scores, covariances). Raises ValueError for missing scores, shapes that do not fit, fewer
    than two companies, and for a geometric mean that meets a score of 0 or less in any draw without a floor.
    """
    weights = _check(scores, covariances, choice, schemes)
    score = aggregate(scores, weights, choice.scheme)
    order = np.argsort(-score, kind="stable")  # draws follow the company, not its row
    by_score, rank = [c[np.ix_(order, order)] for c in covariances], point_ranks(score[order], decimals)
    rng = np.random.default_rng(seed)

    def inputs() -> dict[str, Floats]:
        return {
            "weights": dirichlet(weights, concentration=concentration, draws=draws, rng=rng),
            "scheme": rng.integers(len(schemes), size=draws).astype(np.float64),
            "sampling": _sampled(scores[order], by_score, draws, rng),
        }

    def shift(drawn: Mapping[str, Floats]) -> Floats:
        return np.asarray(np.abs(point_ranks(_index(drawn, schemes), decimals) - rank).mean(axis=1))

    first, second = inputs(), inputs()
    index = _index(first, schemes)
    rank_low, rank_median, rank_high = rank_band(point_ranks(index, decimals))
    low, high = np.quantile(_index(first, _on_ruler_of(choice.scheme, schemes)), [0.05, 0.95], axis=0)
    back = np.argsort(order)
    return Composite(
        score=score,
        low=low[back],
        high=high[back],
        rank=rank[back],
        rank_median=rank_median[back],
        rank_low=rank_low[back],
        rank_high=rank_high[back],
        beats=beat_shares(index, decimals)[np.ix_(back, back)],
        shift_explained=first_order(shift, first, second),
    )


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


def _sampled(scores: Floats, covariances: Sequence[Floats], draws: int, rng: np.random.Generator) -> Floats:
    """Draw scores (draws, G, S); the symmetric root is unique, so relabelled companies keep their draws."""
    drawn = np.empty((draws, *scores.shape))
    for s, covariance in enumerate(covariances):
        size, axes = np.linalg.eigh(covariance)
        if size.min() < -1e-8 * max(size.max(), 1e-300):
            raise ValueError("a covariance has a negative eigenvalue")
        root = (axes * np.sqrt(np.maximum(size, 0.0))) @ axes.T
        drawn[:, :, s] = scores[:, s] + rng.standard_normal((draws, len(scores))) @ root
    return drawn


def _index(inputs: Mapping[str, Floats], schemes: Sequence[Scheme]) -> Floats:
    """Return the index (draws, G), each draw by its own weights, scheme and scores."""
    index = np.empty(inputs["sampling"].shape[:2])
    for number, scheme in enumerate(schemes):
        rows = inputs["scheme"] == number
        index[rows] = aggregate(inputs["sampling"][rows], inputs["weights"][rows], scheme)
    return index


def _on_ruler_of(chosen: Scheme, schemes: Sequence[Scheme]) -> list[Scheme]:
    return [replace(s, normalisation=chosen.normalisation, goalposts=chosen.goalposts) for s in schemes]


def _check(scores: Floats, covariances: Sequence[Floats], choice: CompositeChoice, schemes: Sequence[Scheme]) -> Floats:
    """Return the chosen weights as shares of 1."""
    companies, sources = scores.shape
    weights = np.array(choice.weights, dtype=np.float64)
    if companies < 2 or not np.isfinite(scores).all():
        raise ValueError("a composite needs two companies, each with a score from every source")
    if weights.shape != (sources,) or not (weights >= 0).all() or not 0 < weights.sum() < np.inf:
        raise ValueError("the choice needs a weight for each source, not negative and not all 0")
    if len(covariances) != sources or any(c.shape != (companies, companies) for c in covariances):
        raise ValueError("each source needs a covariance of its companies")
    if not all(np.isfinite(c).all() for c in covariances):
        raise ValueError("covariances must be finite")
    if choice.scheme not in schemes:
        raise ValueError("the chosen scheme must be among those that are varied")
    return np.asarray(weights / weights.sum())
