"""Which results may be printed: what is withheld, what is a score without a rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reports.statistics.estimates.means import Estimate
from reports.statistics.exact import Ints

Status = Literal["ranked", "score_only", "withheld"]
Reason = Literal["n", "n_eff", "half_width", "one_unit"]


@dataclass(frozen=True)
class Gates:
    """Thresholds, None where a gate is open. half_width is half a 95 % interval, in the units of
    the score.
    """

    n: int | None = None
    n_eff: float | None = None
    half_width: float | None = None


DEFAULT = Gates(n=30, n_eff=100, half_width=5)  # design D8
OPEN = Gates()


@dataclass(frozen=True)
class GateResult:
    """How one company came through the gates: `reasons` is empty for a ranked one."""

    status: Status
    reasons: tuple[Reason, ...] = ()


def apply_gates(estimate: Estimate, gates: Gates) -> tuple[GateResult, ...]:
    """Put every company through the gates.

    Too few answers withhold it; too small an effective sample, too wide an interval or a single
    sampled unit leave it a score without rank and class. A company without any answer is withheld
    even where the gate on n is open.
    """
    # a hair of tolerance: an n_eff of 100 must not fail its gate as 99.99999999999999
    half = estimate.half_width(0.95) * (1 - 1e-12)
    n_eff = estimate.n_eff * (1 + 1e-12)
    return tuple(
        _one(float(estimate.n[j]), float(n_eff[j]), float(half[j]), float(estimate.units[j]), gates)
        for j in range(len(estimate.value))
    )


def _one(n: float, n_eff: float, half: float, units: float, gates: Gates) -> GateResult:
    if n == 0 or (gates.n is not None and n < gates.n):
        return GateResult("withheld", ("n",))
    reasons: list[Reason] = []
    if units < 2:
        reasons.append("one_unit")
    if gates.n_eff is not None and n_eff < gates.n_eff:
        reasons.append("n_eff")
    if gates.half_width is not None and half > gates.half_width:
        reasons.append("half_width")
    return GateResult("score_only", tuple(reasons)) if reasons else GateResult("ranked")


def enough(n: Ints, gates: Gates) -> NDArray[np.bool_]:
    """Say of each company's number of answers, (G,), whether it is enough to be named at all."""
    return n >= max(gates.n or 1, 1)
