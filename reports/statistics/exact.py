"""Sums that do not depend on the order of their summands: each is put on one power-of-two grid first."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def quantum(rows: int, largest: float) -> float:
    """Return the grid step 2^k on which `rows` summands of size up to `largest` add up below 2^53 steps.

    Every partial sum is then an integer number of steps that float64 holds exactly, so any order and any
    partitioning give the same bits (design D7). A summand moves by at most half a step: 2^-54 x rows x largest.
    """
    total = rows * largest
    if total == 0:
        return 1.0
    return math.ldexp(1.0, max(math.frexp(total)[1] - 53, -1000))  # below that even the step would vanish


def snap(values: Floats, step: float) -> Floats:
    """Round `values` to whole multiples of the power of two `step`."""
    return np.rint(values / step) * step


@dataclass(frozen=True)
class Grid:
    """What must be known of a whole data set before any part of it is summed.

    rows: the number of rows; weight: the largest weight; score: the largest |score - centre|; centre: a value that
    is taken off every score first (the middle of the scale), so that second moments do not cancel.
    """

    rows: int
    weight: float
    score: float
    centre: float = 0.0

    @classmethod
    def of(cls, *, scores: Floats, weights: Floats, centre: float = 0.0) -> Grid:
        """Read the grid off a data set held in memory; missing scores (NaN) are passed over."""
        size = np.abs(scores[~np.isnan(scores)] - centre)
        return cls(
            rows=len(scores),
            weight=float(weights.max(initial=0.0)),
            score=float(size.max(initial=0.0)),
            centre=centre,
        )

    def step(self, weights: int, scores: int) -> float:
        """Return the step for summands that are a product of so many weights and so many scores."""
        return quantum(self.rows, self.weight**weights * self.score**scores)
