"""One score from several sources, only where a plan has chosen it, with a band of all choices
and of sampling error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from reports.statistics.comparing.places import beat_shares, point_ranks, rank_band
from reports.statistics.exact import Floats, Ints
from reports.statistics.index.aggregation import SCHEMES, Scheme, aggregate, dirichlet
from reports.statistics.index.sensitivity import first_order


@dataclass(frozen=True)
class CompositeChoice:
    """What a plan must have chosen before a composite exists: a weight for each of S sources,
    and a scheme.
    """

    weights: tuple[float, ...]
    scheme: Scheme = SCHEMES[0]


@dataclass(frozen=True)
class Composite:
    """One score from several sources, with the band of everything that was a choice or chance; (G,)
    each.

    score, rank: as chosen. low, high: 5 % and 95 % of the score over weights, aggregation and
    sampling error, on the chosen ruler (points of different normalisations are no common unit).
    rank_median, rank_low, rank_high: median, 5 % and 95 % of the point rank over weights,
    normalisation, aggregation and sampling error. beats[j, k]: share of draws in which j prints
    above k. shift_explained: first-order Sobol index of the mean absolute rank shift, for
    "weights", "scheme" and "sampling"; what is left to 1 is their interplay.

    The bands are NOT confidence sets: they cover no true rank with a known probability and must be
    kept apart from `comparing.ranks`, in print as well.
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
    """Combine the scores (G, S) of G companies in S sources as a plan has chosen, and vary every
    choice.

    covariances: S of (G, G), one for each source; sources are taken as independent (other people,
    other days). Each draw takes weights from Dirichlet(concentration x weights), one of `schemes`
    with equal chance (the chosen is among them), and scores from N(scores, covariances). Raises
    ValueError for missing scores, shapes that do not fit, fewer than two companies, and for a
    geometric mean that meets a score of 0 or less in any draw without a floor.
    """
    weights = _check(scores, covariances, choice, schemes)
    score = aggregate(scores, weights, choice.scheme)
    order = np.argsort(-score, kind="stable")  # draws follow the company, not its row
    by_score, rank = (
        [c[np.ix_(order, order)] for c in covariances],
        point_ranks(score[order], decimals),
    )
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
    low, high = np.quantile(
        _index(first, _on_ruler_of(choice.scheme, schemes)), [0.05, 0.95], axis=0
    )
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


def _sampled(
    scores: Floats, covariances: Sequence[Floats], draws: int, rng: np.random.Generator
) -> Floats:
    """Draw scores (draws, G, S); the symmetric root is unique, so relabelled companies keep
    their draws.
    """
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
    return [
        replace(s, normalisation=chosen.normalisation, goalposts=chosen.goalposts) for s in schemes
    ]


def _check(
    scores: Floats,
    covariances: Sequence[Floats],
    choice: CompositeChoice,
    schemes: Sequence[Scheme],
) -> Floats:
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
