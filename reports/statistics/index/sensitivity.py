"""How ranks and classes move when choices move: weights, rulers, averages, items, cleaning; never a sampling band.

The uncertainty analysis of the OECD/JRC "Handbook on Constructing Composite Indicators" (2008), step 7. Its bands show
what a choice does to the order of companies; what chance does is shown by the confidence sets of `comparing.ranks`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from reports.statistics.comparing.classes import Class, compare_with_others
from reports.statistics.comparing.places import beat_shares, point_ranks, rank_band
from reports.statistics.exact import Floats, Ints
from reports.statistics.index.scoring import BEST, MIDDLE, WORST

Normalisation = Literal["raw", "goalposts", "min_max", "z_score"]
Aggregation = Literal["arithmetic", "geometric"]
Zeros = Literal["refuse", "floor"]

CLASSES: tuple[Class, ...] = ("above", "average", "below")
FLOOR = 1.0  # of 100 points, for geometric means by name


@dataclass(frozen=True)
class Scheme:
    """How dimension scores become one index: put on one ruler of 0-100 by dimension, then averaged with weights.

    "raw": as they are; "goalposts": (x - worst) / (best - worst) x 100 with fixed (worst, best) for each dimension,
    0 and 100 unless given, never cut off at the ends; "min_max": the same with the worst and best company, which moves
    everyone when an extreme company enters; "z_score": 50 + 10 z over the companies. "geometric" lets a poor dimension
    be made up for only in part, and one at 0 or less not at all: zeros "refuse" is an error, "floor" lifts it to 1.
    """

    normalisation: Normalisation = "goalposts"
    aggregation: Aggregation = "arithmetic"
    goalposts: tuple[tuple[float, float], ...] | None = None
    zeros: Zeros = "refuse"

    @property
    def name(self) -> str:
        """Return what the scheme is called in a table of variants."""
        return f"{self.normalisation}, {self.aggregation}"


SCHEMES = (
    Scheme("goalposts", "arithmetic"),
    Scheme("goalposts", "geometric"),
    Scheme("min_max", "arithmetic"),
    Scheme("z_score", "arithmetic"),
)


@dataclass(frozen=True)
class Variants:
    """The same G companies under V choices, the published one first: ranks (V, G), classes V x G.

    Choices may be schemes, items left out, or ways of cleaning ("all answers", "verified only", "without speeders").
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
        """The share of the other variants in which a company keeps its published class, (G,); 1 where there is none."""
        classes = np.array(self.classes)
        return np.asarray((classes[1:] == classes[0]).mean(axis=0)) if len(classes) > 1 else np.ones(len(classes[0]))


@dataclass(frozen=True)
class WeightsSensitivity:
    """G companies under weights drawn around the chosen ones. A band of choices, NOT a sampling interval.

    class_share (G, 3): share of draws in each of CLASSES, None without a covariance; rank_median, rank_low, rank_high
    (G,): the point ranks' median and 5 % and 95 % quantiles over draws; beats[j, k]: share of draws in which j prints
    above k; weights (draws, D).
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
    """Redraw the weights of D dimensions from Dirichlet(concentration x weights); rank and classify G companies anew.

    scores (G, D): dimension means of the companies in points; the index of a draw is their weighted mean, which may
    differ a little from the published mean of respondents' scores where answers are missing. covariance (G x D, G x D):
    of all of them, company by company; with it each draw is classified by `compare_with_others` at `level` with the
    covariance of the reweighted index. Ranks are of scores rounded to `decimals`, ties shared. concentration inf keeps
    the weights. Raises ValueError for missing scores, weights that do not fit and fewer than two companies.
    """
    share = _check(scores, weights, covariance)
    drawn = dirichlet(share, concentration=concentration, draws=draws, rng=np.random.default_rng(seed))
    index = drawn @ scores.T
    names = []
    if covariance is not None:
        blocks = covariance.reshape(*scores.shape, *scores.shape)
        for value, w in zip(index, drawn, strict=True):
            reweighted = np.einsum("gdhe,d,e->gh", blocks, w, w, optimize=True)
            names.append(compare_with_others(value, reweighted, level=level, df=df).classes)
    low, median, high = rank_band(point_ranks(index, decimals))
    return WeightsSensitivity(
        class_share=np.stack([(np.array(names) == c).mean(axis=0) for c in CLASSES], axis=1) if names else None,
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
    """Rank and classify G companies under each scheme, the published one first; shapes as in `weights_sensitivity`.

    Ranks are of scores rounded to `decimals` on the ruler of the scheme. Raises as `aggregate` does.
    """
    share = _check(scores, weights, covariance)
    values = [aggregate(scores, share, scheme) for scheme in schemes]
    covariances = [index_covariance(scores, covariance, share, scheme) for scheme in schemes]
    return variants([s.name for s in schemes], values, covariances, level=level, df=df, decimals=decimals)


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
    """Rank and classify G companies with each of D named items or sources left out, its weight shared by the rest.

    Shapes as in `weights_sensitivity`. The first variant is "all", the others are called after what is missing. Raises
    ValueError where nothing with a weight would be left.
    """
    share = _check(scores, weights, covariance)
    kept = np.vstack([np.ones(len(share)), 1 - np.eye(len(share))]) * share
    if len(names) != len(share) or (kept.sum(axis=1) <= 0).any():
        raise ValueError("leaving one out needs a name for each dimension and at least two that have a weight")
    kept /= kept.sum(axis=1, keepdims=True)
    blocks = covariance.reshape(*scores.shape, *scores.shape)
    covariances = [np.einsum("gdhe,d,e->gh", blocks, w, w, optimize=True) for w in kept]
    return variants(["all", *names], list(kept @ scores.T), covariances, level=level, df=df, decimals=decimals)


def variants(
    names: Sequence[str],
    values: Sequence[Floats],
    covariances: Sequence[Floats],
    *,
    level: float,
    df: Floats | float = np.inf,
    decimals: int = 1,
) -> Variants:
    """Rank and classify the same companies under each named choice, the published one first, from its own estimates.

    values: V of (G,), covariances: V of (G, G). Raises ValueError where a company has no estimate in a variant: leave
    such companies out of all of them, or ranks would be among different companies.
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


def concentration_within(share: float, *, dimensions: int) -> float:
    """Return the concentration at which weights vary by +-`share` (0.25 is 25 %) in 95 % of draws.

    The relative variance of a weight w under Dirichlet(c w) is (1 - w) / (w (c + 1)); its mean over the D dimensions,
    weighted by w, is (D - 1) / (c + 1) for any weights, and is set to (share / 1.96)^2. Small weights move more than
    that, large ones less; a weight of 0 is no dimension. Raises ValueError for a share that no concentration gives.
    """
    if dimensions < 2 or share <= 0:
        raise ValueError("a spread of weights needs two dimensions and a share above 0")
    concentration = (dimensions - 1) * (stats.norm.ppf(0.975) / share) ** 2 - 1
    if concentration <= 0:
        raise ValueError(f"no Dirichlet distribution of {dimensions} weights varies by {share:.0%}")
    return float(concentration)


def dirichlet(weights: Floats, *, concentration: float, draws: int, rng: np.random.Generator) -> Floats:
    """Draw weights (draws, D) that average to `weights`, which sum to 1; a weight of 0 stays 0, inf keeps them all."""
    if not concentration > 0 or draws < 1:
        raise ValueError("the concentration must be positive and there must be at least one draw")
    if np.isinf(concentration):
        return np.tile(weights, (draws, 1))
    drawn = np.zeros((draws, len(weights)))
    drawn[:, weights > 0] = rng.dirichlet(concentration * weights[weights > 0], size=draws)
    return drawn


def aggregate(scores: Floats, weights: Floats, scheme: Scheme) -> Floats:
    """Return the index (..., G) of dimension scores (..., G, D) under weights (..., D) that sum to 1.

    Raises ValueError for a score of 0 or less in a geometric mean that does not name a floor.
    """
    ruled = _on_one_ruler(scores, scheme)
    if scheme.aggregation == "arithmetic":
        return np.asarray(np.einsum("...gd,...d->...g", ruled, weights))
    if scheme.zeros == "floor":
        ruled = np.maximum(ruled, FLOOR)
    elif (ruled <= 0).any():
        raise ValueError(
            "a score of 0 or less makes a geometric mean meaningless: average arithmetically or name a floor"
        )
    return np.asarray(np.exp(np.einsum("...gd,...d->...g", np.log(ruled), weights)))


def index_covariance(scores: Floats, covariance: Floats, weights: Floats, scheme: Scheme) -> Floats:
    """Return the covariance (G, G) of `aggregate` by the delta method, J' V J with J from central differences.

    A ruler made from the data (min_max, z_score) brings its own error along: the company that sets an end of it has no
    variance in that dimension, the others have its. A dimension at the floor of a geometric mean has none left.
    """
    step = 1e-4  # points; the error is of the order of its square
    nudge = (np.eye(scores.size) * step).reshape(-1, *scores.shape)
    up, down = (aggregate(scores + sign * nudge, weights, scheme) for sign in (1, -1))
    slopes = (up - down) / (2 * step)
    return np.asarray(slopes.T @ covariance @ slopes)


def first_order(
    model: Callable[[Mapping[str, Floats]], Floats], first: Mapping[str, Floats], second: Mapping[str, Floats]
) -> dict[str, float]:
    """Return the first-order Sobol index of each input: the share of the output's variance that it explains alone.

    first, second: two independent sets of N draws of each input, (N, ...); model: input draws -> output (N,). The
    estimator of Saltelli et al. 2010, table 2 (b): mean f(B) (f(A with B's input) - f(A)) / variance, f(B) centred. Its
    Monte Carlo error is about 1 / sqrt(N), so a small index may come out below 0. An output that never moves has no
    variance to share: 0 for all.
    """
    a, b = model(first), model(second)
    variance = float(np.var(np.concatenate([a, b])))
    if variance == 0:
        return dict.fromkeys(first, 0.0)
    b = b - b.mean()
    return {name: float((b * (model({**first, name: second[name]}) - a)).mean() / variance) for name in first}


def _on_one_ruler(scores: Floats, scheme: Scheme) -> Floats:
    if scheme.normalisation == "raw":
        return scores
    if scheme.normalisation == "goalposts":
        posts = np.array(scheme.goalposts or [(WORST, BEST)] * scores.shape[-1])
        if posts.shape != (scores.shape[-1], 2) or (posts[:, 0] == posts[:, 1]).any():
            raise ValueError("goalposts must be one pair of different ends for each dimension")
        return np.asarray((scores - posts[:, 0]) / (posts[:, 1] - posts[:, 0]) * BEST)
    if scheme.normalisation == "min_max":
        low, high = scores.min(axis=-2, keepdims=True), scores.max(axis=-2, keepdims=True)
        return _ruled(scores - low, (high - low) / BEST, shift=0.0)
    gap = scores - scores.mean(axis=-2, keepdims=True)
    return _ruled(gap, np.sqrt((gap**2).sum(axis=-2, keepdims=True) / (scores.shape[-2] - 1)) / 10, shift=MIDDLE)


def _ruled(gap: Floats, unit: Floats, *, shift: float) -> Floats:
    """A dimension in which all companies are equal parts nobody: everyone stands in the middle."""
    flat = unit <= 1e-12
    return np.asarray(np.where(flat, MIDDLE, shift + gap / np.where(flat, 1.0, unit)))


def _check(scores: Floats, weights: Floats, covariance: Floats | None) -> Floats:
    """Return the weights as shares of 1."""
    if scores.ndim != 2 or len(scores) < 2 or not np.isfinite(scores).all():
        raise ValueError("scores must be (companies, dimensions), at least two companies, none of them missing")
    if weights.shape != scores.shape[1:] or not (np.isfinite(weights).all() and (weights >= 0).all()):
        raise ValueError("weights must be one for each dimension, not negative")
    if weights.sum() <= 0:
        raise ValueError("at least one weight must be above 0")
    if covariance is not None and covariance.shape != (scores.size, scores.size):
        raise ValueError(f"{scores.size} dimension scores need a covariance of that size")
    if covariance is not None and not np.isfinite(covariance).all():
        raise ValueError("the covariance must be finite")
    return np.asarray(weights / weights.sum())
