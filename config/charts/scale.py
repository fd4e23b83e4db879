"""The common axis of a picture."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Maps values from [low, high] to [left, right] in points; `ticks` are round values inside."""

    low: float
    high: float
    left: float
    right: float
    ticks: tuple[float, ...]

    def __call__(self, value: float) -> float:
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)


def fit(values: Iterable[float], *, left: float, right: float, ticks: int = 6) -> Scale:
    """Return a scale that holds all `values` between two round numbers, with about so many
    ticks.
    """
    known = [v for v in values if math.isfinite(v)] or [0.0, 1.0]
    least, most = min(known), max(known)
    step = _round_step((most - least or abs(most) or 1.0) / ticks)
    low, high = math.floor(least / step) * step, math.ceil(most / step) * step
    if low == high:
        low, high = low - step, high + step
    count = round((high - low) / step)
    return Scale(low, high, left, right, tuple(low + i * step for i in range(count + 1)))


def _round_step(rough: float) -> float:
    size = 10.0 ** math.floor(math.log10(rough))
    return next(size * k for k in (1, 2, 5, 10) if size * k >= rough * (1 - 1e-9))


def label(value: float) -> str:
    """Write a tick."""
    return f"{value:.10g}"
