"""One index from several dimensions: put on one ruler, averaged with weights that may be drawn,
with its covariance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from reports.statistics.exact import Floats
from reports.statistics.index.scoring import BEST, MIDDLE, WORST

Normalisation = Literal["raw", "goalposts", "min_max", "z_score"]
Aggregation = Literal["arithmetic", "geometric"]
Zeros = Literal["refuse", "floor"]

FLOOR = 1.0  # of 100 points, for geometric means by name


@dataclass(frozen=True)
class Scheme:
    """How dimension scores become one index: put on one ruler of 0-100 by dimension, then averaged
    with weights.

    "raw": as they are; "goalposts": (x - worst) / (best - worst) x 100 with fixed (worst, best) for
    each dimension, 0 and 100 unless given, never cut off at the ends; "min_max": the same with the
    worst and best company, which moves everyone when an extreme company enters; "z_score": 50 + 10
    z over the companies. "geometric" lets a poor dimension be made up for only in part, and one at
    0 or less not at all: zeros "refuse" is an error, "floor" lifts it to 1.
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


def aggregate(scores: Floats, weights: Floats, scheme: Scheme) -> Floats:
    """Return the index (..., G) of dimension scores (..., G, D) under weights (..., D) that sum to
    1.

    Raises ValueError for a score of 0 or less in a geometric mean that does not name a floor.
    """
    ruled = _on_one_ruler(scores, scheme)
    if scheme.aggregation == "arithmetic":
        return np.asarray(np.einsum("...gd,...d->...g", ruled, weights))
    if scheme.zeros == "floor":
        ruled = np.maximum(ruled, FLOOR)
    elif (ruled <= 0).any():
        raise ValueError(
            "a score of 0 or less makes a geometric mean meaningless: average arithmetically or"
            " name a floor"
        )
    return np.asarray(np.exp(np.einsum("...gd,...d->...g", np.log(ruled), weights)))


def index_covariance(scores: Floats, covariance: Floats, weights: Floats, scheme: Scheme) -> Floats:
    """Return the covariance (G, G) of `aggregate` by the delta method, J' V J with J from central
    differences.

    A ruler made from the data (min_max, z_score) brings its own error along: the company that sets
    an end of it has no variance in that dimension, the others have its. A dimension at the floor of
    a geometric mean has none left.
    """
    step = 1e-4  # points; the error is of the order of its square
    nudge = (np.eye(scores.size) * step).reshape(-1, *scores.shape)
    up, down = (aggregate(scores + sign * nudge, weights, scheme) for sign in (1, -1))
    slopes = (up - down) / (2 * step)
    return np.asarray(slopes.T @ covariance @ slopes)


def concentration_within(share: float, *, dimensions: int) -> float:
    """Return the concentration at which weights vary by +-`share` (0.25 is 25 %) in 95 % of draws.

    The relative variance of a weight w under Dirichlet(c w) is (1 - w) / (w (c + 1)); its mean over
    the D dimensions, weighted by w, is (D - 1) / (c + 1) for any weights, and is set to (share /
    1.96)^2. Small weights move more than that, large ones less; a weight of 0 is no dimension.
    Raises ValueError for a share that no concentration gives.
    """
    if dimensions < 2 or share <= 0:
        raise ValueError("a spread of weights needs two dimensions and a share above 0")
    concentration = (dimensions - 1) * (stats.norm.ppf(0.975) / share) ** 2 - 1
    if concentration <= 0:
        raise ValueError(f"no Dirichlet distribution of {dimensions} weights varies by {share:.0%}")
    return float(concentration)


def dirichlet(
    weights: Floats, *, concentration: float, draws: int, rng: np.random.Generator
) -> Floats:
    """Draw weights (draws, D) that average to `weights`, which sum to 1; a weight of 0 stays 0,
    inf keeps them all.
    """
    if not concentration > 0 or draws < 1:
        raise ValueError("the concentration must be positive and there must be at least one draw")
    if np.isinf(concentration):
        return np.tile(weights, (draws, 1))
    drawn = np.zeros((draws, len(weights)))
    drawn[:, weights > 0] = rng.dirichlet(concentration * weights[weights > 0], size=draws)
    return drawn


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
    return _ruled(
        gap,
        np.sqrt((gap**2).sum(axis=-2, keepdims=True) / (scores.shape[-2] - 1)) / 10,
        shift=MIDDLE,
    )


def _ruled(gap: Floats, unit: Floats, *, shift: float) -> Floats:
    """A dimension in which all companies are equal parts nobody: everyone stands in the middle."""
    flat = unit <= 1e-12
    return np.asarray(np.where(flat, MIDDLE, shift + gap / np.where(flat, 1.0, unit)))
