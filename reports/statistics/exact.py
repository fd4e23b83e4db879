"""Sums that do not depend on the order of their summands: each is put on one power-of-two grid
first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NO_BASE = 1.0


def quantum(rows: int, largest: float) -> float:
    """Return the grid step 2^k on which `rows` summands of size up to `largest` add up below 2^53
    steps.

    Every partial sum is then an integer number of steps that float64 holds exactly, so any order
    and any partitioning give the same bits (design D7). A summand moves by at most half a step:
    2^-54 x rows x largest.
    """
    total = rows * largest
    if total == 0:
        return 1.0
    return math.ldexp(
        1.0, max(math.frexp(total)[1] - 53, -1000)
    )  # below that even the step would vanish


def snap(values: Floats, step: float) -> Floats:
    """Round `values` in place to whole multiples of the power of two `step`, halves to even, and
    return them.

    Adding 1.5 x 2^52 steps leaves no bits for a fraction of a step, so the processor's own rounding
    does the work; it holds for values below 2^51 steps, and the largest single summand of a grid of
    two rows or more is one.
    """
    large = 1.5 * 2.0**52 * step
    values += large
    values -= large
    return values


@dataclass(frozen=True)
class Grid:
    """What must be known of a whole data set before any part of it is summed.

    rows: the number of rows; weight: the largest weight; score: the largest |score - centre x
    base|; centre: a value that is taken off every score first (the middle of the scale), so that
    second moments do not cancel; base: the largest |base|, 1 where the estimates are means.
    """

    rows: int
    weight: float
    score: float
    centre: float = 0.0
    base: float = NO_BASE

    @classmethod
    def of(
        cls, *, scores: Floats, weights: Floats, centre: float = 0.0, base: Floats | None = None
    ) -> Grid:
        """Read the grid off a data set held in memory; missing values (NaN) are passed over."""
        size = np.abs(scores - centre * (1.0 if base is None else base))
        return cls(
            rows=weights.size,
            weight=float(weights.max(initial=0.0)),
            score=float(np.nanmax(size, initial=0.0)),
            centre=centre,
            base=NO_BASE if base is None else float(np.nanmax(np.abs(base), initial=0.0)),
        )

    def step(self, weights: int, scores: int, bases: int = 0) -> float:
        """Return the step for summands that are a product of so many weights, scores and bases."""
        # the factor 4 keeps a single summand of a small data set below 2^51 steps
        return quantum(
            max(self.rows, 4), self.weight**weights * self.score**scores * self.base**bases
        )
