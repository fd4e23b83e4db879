"""Which results may be printed: what is withheld, what is a score without a rank.

No gate looks at how good a company is: only at its number of answers, its weights and its design.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from reports.statistics.estimates.means import Estimate
from reports.statistics.exact import Floats, Ints

Status = Literal["ranked", "score_only", "withheld"]
Reason = Literal["n", "n_eff", "half_width", "one_unit"]


@dataclass(frozen=True)
class Gates:
    """Thresholds, None where a gate is open. half_width is that of `planned_half_width`, in the
    units of the score.
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
    # a hair of tolerance: an n_eff of 100 must not fail its gate as 99.9999999998
    half = planned_half_width(estimate) * (1 - 1e-9)
    n_eff = estimate.n_eff * (1 + 1e-9)
    return tuple(
        _one(float(estimate.n[j]), float(n_eff[j]), float(half[j]), float(estimate.units[j]), gates)
        for j in range(len(estimate.value))
    )


def planned_half_width(estimate: Estimate) -> Floats:
    """Return half the 95 % interval that a company of this size and design has if its answers
    spread as those of all companies do, (G,): t(df) sqrt(s^2 / n_eff), s^2 the variance inside
    companies, pooled over answers.

    A company's own variance is small where it is near the end of the scale: with 110 answers each
    and between .95 and .70 full marks, the best were ranked in every survey and the worst in .03,
    so that bad companies escaped. Estimates that came ready have the standard error they came with.
    """
    known = estimate.spread * estimate.n
    counted = ~np.isnan(known)
    if not counted.any():
        return estimate.half_width(0.95)
    pooled = known[counted].sum() / estimate.n[counted].sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(stats.t.isf(0.025, estimate.df) * np.sqrt(pooled / estimate.n_eff))


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
