"""How ranks and classes move when choices move: weights, rulers, averages, items, cleaning; never a
sampling band.

The uncertainty analysis of the OECD/JRC "Handbook on Constructing Composite Indicators" (2008),
step 7. Its bands show what a choice does to the order of companies; what chance does is shown by
the confidence sets of `comparing.ranks`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reports.statistics.comparing.classes import Class, compare_with_others
from reports.statistics.comparing.places import beat_shares, point_ranks, rank_band
from reports.statistics.exact import Floats, Ints
from reports.statistics.index.aggregation import (
    SCHEMES,
    Scheme,
    aggregate,
    dirichlet,
    index_covariance,
)

CLASSES: tuple[Class, ...] = ("above", "average", "below")


@dataclass(frozen=True)
class Variants:
    """The same G companies under V choices, the published one first: ranks (V, G), classes V x G.

    Choices may be schemes, items left out, or ways of cleaning ("all answers", "verified only",
    "without speeders").
    """

    names: tuple[str, ...]
    ranks: Ints
    classes: tuple[tuple[Class, ...], ...]

    @property
    def shift(self) -> Ints:
        """The most places a company moves from its published rank, (G,)."""
        return np.asarray(np.abs(self.ranks - self.ranks[0]).max(axis=0))

    @property
    def mean_shift(self) -> Floats:
        """The mean number of places companies move in each variant, (V,): the Handbook's R_S."""
        return np.asarray(np.abs(self.ranks - self.ranks[0]).mean(axis=1))

    @property
    def stable_share(self) -> Floats:
        """The share of the other variants in which a company keeps its published class, (G,); 1
        where there is none.
        """
        classes = np.array(self.classes)
        return (
            np.asarray((classes[1:] == classes[0]).mean(axis=0))
            if len(classes) > 1
            else np.ones(len(classes[0]))
        )


@dataclass(frozen=True)
class WeightsSensitivity:
    """G companies under weights drawn around the chosen ones. A band of choices, NOT a sampling
    interval.

    class_share (G, 3): share of draws in each of CLASSES, None without a covariance; rank_median,
    rank_low, rank_high (G,): the point ranks' median and 5 % and 95 % quantiles over draws;
    beats[j, k]: share of draws in which j prints above k; weights (draws, D).
    """

    class_share: Floats | None
    rank_median: Ints
    rank_low: Ints
    rank_high: Ints
    beats: Floats
    weights: Floats


def weights_sensitivity(
    scores: Floats,
    weights: Floats,
    *,
    concentration: float,
    draws: int,
    seed: int,
    level: float,
    covariance: Floats | None = None,
    df: Floats | float = np.inf,
    decimals: int = 1,
) -> WeightsSensitivity:
    """Redraw the weights of D dimensions from Dirichlet(concentration x weights); rank and classify
    G companies anew.

    scores (G, D): dimension means of the companies in points; the index of a draw is their weighted
    mean, which may differ a little from the published mean of respondents' scores where answers are
    missing. covariance (G x D, G x D): of all of them, company by company; with it each draw is
    classified by `compare_with_others` at `level` with the covariance of the reweighted index.
    Ranks are of scores rounded to `decimals`, ties shared. concentration inf keeps the weights.
    Raises ValueError for missing scores, weights that do not fit and fewer than two companies.
    """
    share = _check(scores, weights, covariance)
    drawn = dirichlet(
        share, concentration=concentration, draws=draws, rng=np.random.default_rng(seed)
    )
    index = drawn @ scores.T
    names = []
    if covariance is not None:
        blocks = covariance.reshape(*scores.shape, *scores.shape)
        for value, w in zip(index, drawn, strict=True):
            reweighted = np.einsum("gdhe,d,e->gh", blocks, w, w, optimize=True)
            names.append(compare_with_others(value, reweighted, level=level, df=df).classes)
    low, median, high = rank_band(point_ranks(index, decimals))
    return WeightsSensitivity(
        class_share=np.stack([(np.array(names) == c).mean(axis=0) for c in CLASSES], axis=1)
        if names
        else None,
        rank_median=median,
        rank_low=low,
        rank_high=high,
        beats=beat_shares(index, decimals),
        weights=drawn,
    )


def normalisation_sensitivity(
    scores: Floats,
    weights: Floats,
    covariance: Floats,
    *,
    schemes: Sequence[Scheme] = SCHEMES,
    level: float,
    df: Floats | float = np.inf,
    decimals: int = 1,
) -> Variants:
    """Rank and classify G companies under each scheme, the published one first; shapes as in
    `weights_sensitivity`.

    Ranks are of scores rounded to `decimals` on the ruler of the scheme. Raises as `aggregate`
    does.
    """
    share = _check(scores, weights, covariance)
    values = [aggregate(scores, share, scheme) for scheme in schemes]
    covariances = [index_covariance(scores, covariance, share, scheme) for scheme in schemes]
    return variants(
        [s.name for s in schemes], values, covariances, level=level, df=df, decimals=decimals
    )


def leave_one_out(
    scores: Floats,
    weights: Floats,
    covariance: Floats,
    names: Sequence[str],
    *,
    level: float,
    df: Floats | float = np.inf,
    decimals: int = 1,
) -> Variants:
    """Rank and classify G companies with each of D named items or sources left out, its weight
    shared by the rest.

    Shapes as in `weights_sensitivity`. The first variant is "all", the others are called after what
    is missing. Raises ValueError where nothing with a weight would be left.
    """
    share = _check(scores, weights, covariance)
    kept = np.vstack([np.ones(len(share)), 1 - np.eye(len(share))]) * share
    if len(names) != len(share) or (kept.sum(axis=1) <= 0).any():
        raise ValueError(
            "leaving one out needs a name for each dimension and at least two that have a weight"
        )
    kept /= kept.sum(axis=1, keepdims=True)
    blocks = covariance.reshape(*scores.shape, *scores.shape)
    covariances = [np.einsum("gdhe,d,e->gh", blocks, w, w, optimize=True) for w in kept]
    return variants(
        ["all", *names], list(kept @ scores.T), covariances, level=level, df=df, decimals=decimals
    )


def variants(
    names: Sequence[str],
    values: Sequence[Floats],
    covariances: Sequence[Floats],
    *,
    level: float,
    df: Floats | float = np.inf,
    decimals: int = 1,
) -> Variants:
    """Rank and classify the same companies under each named choice, the published one first, from
    its own estimates.

    values: V of (G,), covariances: V of (G, G). Raises ValueError where a company has no estimate
    in a variant: leave such companies out of all of them, or ranks would be among different
    companies.
    """
    if not all(np.isfinite(figures).all() for figures in (*values, *covariances)):
        raise ValueError("every company needs an estimate in every variant")
    return Variants(
        names=tuple(names),
        ranks=point_ranks(np.stack(values), decimals),
        classes=tuple(
            compare_with_others(value, covariance, level=level, df=df).classes
            for value, covariance in zip(values, covariances, strict=True)
        ),
    )


def first_order(
    model: Callable[[Mapping[str, Floats]], Floats],
    first: Mapping[str, Floats],
    second: Mapping[str, Floats],
) -> dict[str, float]:
    """Return the first-order Sobol index of each input: the share of the output's variance that it
    explains alone.

    first, second: two independent sets of N draws of each input, (N, ...); model: input draws ->
    output (N,). The estimator of Saltelli et al. 2010, table 2 (b): mean f(B) (f(A with B's input)
    - f(A)) / variance, f(B) centred. Its Monte Carlo error is about 1 / sqrt(N), so a small index
    may come out below 0. An output that never moves has no variance to share: 0 for all.
    """
    a, b = model(first), model(second)
    variance = float(np.var(np.concatenate([a, b])))
    if variance == 0:
        return dict.fromkeys(first, 0.0)
    b = b - b.mean()
    return {
        name: float((b * (model({**first, name: second[name]}) - a)).mean() / variance)
        for name in first
    }


def _check(scores: Floats, weights: Floats, covariance: Floats | None) -> Floats:
    """Return the weights as shares of 1."""
    if scores.ndim != 2 or len(scores) < 2 or not np.isfinite(scores).all():
        raise ValueError(
            "scores must be (companies, dimensions), at least two companies, none of them missing"
        )
    if weights.shape != scores.shape[1:] or not (
        np.isfinite(weights).all() and (weights >= 0).all()
    ):
        raise ValueError("weights must be one for each dimension, not negative")
    if weights.sum() <= 0:
        raise ValueError("at least one weight must be above 0")
    if covariance is not None and covariance.shape != (scores.size, scores.size):
        raise ValueError(f"{scores.size} dimension scores need a covariance of that size")
    if covariance is not None and not np.isfinite(covariance).all():
        raise ValueError("the covariance must be finite")
    return np.asarray(weights / weights.sum())
