"""Weights of respondents: what the design gives, what nonresponse takes, what trimming costs."""

from __future__ import annotations

import numpy as np

from reports.statistics.exact import Bools, Floats, Ints


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


def _positive(weights: Floats) -> None:
    if not len(weights) or not (np.isfinite(weights).all() and (weights > 0).all()):
        raise ValueError("weights must be positive numbers")
