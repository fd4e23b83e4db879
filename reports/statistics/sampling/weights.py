"""Weights of respondents: what the design gives, what nonresponse takes, what trimming costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reports.statistics.exact import Bools, Floats, Ints
from reports.statistics.sampling.raking import Margins, NotReached, rake


@dataclass(frozen=True)
class Efficiency:
    """What unequal weights cost: Kish's deff = n sum(w^2) / sum(w)^2 = 1 + CV^2, and n_eff = n /
    deff.
    """

    n: int
    deff: float
    n_eff: float


def efficiency(weights: Floats) -> Efficiency:
    """Return Kish's approximate design effect of weights (n,) (Kish 1965, 11.7): for variables
    unrelated to them.
    """
    _positive(weights)
    deff = len(weights) * float((weights**2).sum()) / float(weights.sum()) ** 2
    return Efficiency(len(weights), deff, len(weights) / deff)


def base_weights(probability: Floats) -> Floats:
    """Return 1 / p for inclusion probabilities (n,) in (0, 1]. Raises ValueError for others."""
    if not ((probability > 0) & (probability <= 1)).all():
        raise ValueError("an inclusion probability lies above 0 and is at most 1")
    return 1 / probability


def nonresponse_classes(weights: Floats, classes: Ints, responded: Bools) -> Floats:
    """Return the weights of all sampled people, (n,), after those who answered took over the others
    of their class.

    In each class the weights of respondents are multiplied by sum(w of all) / sum(w of
    respondents); nonrespondents get 0 (Little and Rubin 2019, 3.3). It rests on answering by chance
    inside a class. Raises ValueError for a class in which nobody answered: merge it with another.
    """
    _positive(weights)
    every = np.bincount(classes, weights)
    answered = np.bincount(classes, weights * responded, minlength=len(every))
    silent = np.flatnonzero((every > 0) & (answered == 0))
    if len(silent):
        raise ValueError(f"nobody of nonresponse class {silent[0]} answered; merge it with another")
    factor = np.divide(every, answered, out=np.ones_like(every), where=answered > 0)
    return np.asarray(np.where(responded, weights * factor[classes], 0.0))


def trim(weights: Floats, *, low: float = 0.0, high: float = np.inf) -> Floats:
    """Cut weights (n,) to [low, high] and share what was cut out equally among the others, until
    all lie inside.

    The sum stays the same; this is trimWeights(strict=TRUE) of R's survey package. Raked margins
    are not kept: see `trim_and_rake`. Raises ValueError where the bounds cannot hold the sum.
    """
    _positive(weights)
    n, total = len(weights), float(weights.sum())
    if not low * n <= total <= high * n:
        raise ValueError(f"{n} weights between {low:g} and {high:g} cannot add up to {total:g}")
    out = weights
    while True:
        cut = np.clip(out, low, high)
        inside = np.abs(out - cut) <= 1e-13 * cut
        if inside.all():
            return cut
        # where nobody is inside, everybody takes a share and the next round cuts again
        takers = inside if inside.any() else np.ones(n, dtype=bool)
        out = cut + takers * ((total - cut.sum()) / takers.sum())


def trim_and_rake(
    weights: Floats,
    categories: Sequence[Ints],
    margins: Margins,
    *,
    low: float,
    high: float,
    rounds: int = 100,
) -> Floats:
    """Return weights (n,) inside [low, high] that meet the margins: cut, rake, and again until both
    hold.

    low, high: bounds of a weight in units of the mean weight. Raises RakingError where the margins
    cannot be met at all, NotReached where they cannot be met inside the bounds.
    """
    _positive(weights)
    cell = margins.cell_of(categories)
    mean = float(margins.targets[0].sum()) / len(weights)
    out = weights
    for _round in range(rounds):
        table: Floats = np.bincount(cell, out, minlength=margins.cells).astype(np.float64)
        out = out * rake(table, margins).factor[cell]
        if (out >= low * mean * (1 - 1e-9)).all() and (out <= high * mean * (1 + 1e-9)).all():
            return out
        out = np.clip(out, low * mean, high * mean)
    raise NotReached(
        f"no weights between {low:g} and {high:g} times their mean meet the margins;"
        " widen the bounds"
    )


def _positive(weights: Floats) -> None:
    if not len(weights) or not (np.isfinite(weights).all() and (weights > 0).all()):
        raise ValueError("weights must be positive numbers")
