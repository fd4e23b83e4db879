"""Funnel plots: which results lie outside of what chance allows around a target. A diagnostic,
never a verdict.

Where a funnel and the public class of a company disagree the class decides (design D8): it knows
the full covariance and the number of companies, a funnel knows neither. Method: Spiegelhalter,
"Funnel plots for comparing institutional performance", Statistics in Medicine 24 (2005), 1185-1202;
additive overdispersion: Spiegelhalter et al., "Statistical methods for healthcare regulation", JRSS
A 175 (2012), 1-47, and DerSimonian and Laird 1986.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from reports.statistics.exact import Floats, Ints

Overdispersion = Literal["none", "multiplicative", "additive"]

ALERT, ALARM = 0.95, 0.998  # the two pairs of lines of a funnel: about 2 and 3 standard errors


@dataclass(frozen=True)
class Funnel:
    """A target with the spread allowed around it, in the units of the score; arrays (G,).

    naive: (y - target) / se; z: the same after overdispersion, what the lines are about. phi: mean
    square of the Winsorised naive z, 1 where only chance is at work (somewhat less, since
    Winsorising cuts tails); tau2: variance of true values between companies, 0 unless "additive".
    """

    target: float
    overdispersion: Overdispersion
    phi: float
    tau2: float
    naive: Floats
    z: Floats

    def spread(self, se: Floats) -> Floats:
        """Return the standard deviation allowed to a company of standard error `se`, any shape."""
        return _spread(se, self.overdispersion, self.phi, self.tau2)

    def limits(self, se: Floats, level: float = ALERT) -> tuple[Floats, Floats]:
        """Return the lower and upper line at standard errors `se`: target -+ z_level x spread(se).

        Each company alone is inside with probability `level` where it is on target; of 20 good ones
        about one lies outside the 95 % lines. Lines of shares may leave [0, 1]; a chart cuts them
        off. Raises ValueError for a level outside (0, 1).
        """
        if not 0 < level < 1:
            raise ValueError(f"a level lies between 0 and 1, not {level}")
        half = float(stats.norm.isf((1 - level) / 2)) * self.spread(se)
        return self.target - half, self.target + half


def funnel(
    value: Floats,
    se: Floats,
    *,
    target: float,
    overdispersion: Overdispersion,
    winsorised: float = 0.1,
) -> Funnel:
    """Set up a funnel for the means or shares of G companies, (G,) each, around `target`.

    se: of means as estimated, of shares at the target (`share_se`). phi = mean of z^2, with the
    lowest and highest `winsorised` share of z drawn in to their quantiles, so that true outliers do
    not widen the lines that should show them. "none": lines at se; "multiplicative": at se
    sqrt(max(1, phi)); "additive": at sqrt(se^2 + tau^2), with tau^2 = max(0, (G phi - (G - 1)) /
    (sum w - sum w^2 / sum w)), w = 1 / se^2. Companies count as independent. Raises ValueError for
    no company, shapes that differ, values that are not finite, or a se that is not positive.
    """
    _check(value, se, target, winsorised)
    naive = (value - target) / se
    low, high = np.quantile(naive, [winsorised, 1 - winsorised])
    phi = float((np.clip(naive, low, high) ** 2).mean())
    tau2 = _between(phi, se) if overdispersion == "additive" else 0.0
    spread = _spread(se, overdispersion, phi, tau2)
    return Funnel(target, overdispersion, phi, tau2, naive, (value - target) / spread)


def pooled(value: Floats, se: Floats) -> float:
    """Return the mean weighted by precision, sum(y / se^2) / sum(1 / se^2): the usual target of
    means.

    Raises ValueError as `funnel` does.
    """
    _check(value, se, 0.0, 0.0)
    weights = 1 / se**2
    return float((weights * value).sum() / weights.sum())


def share_se(target: float, n: Floats | Ints) -> Floats:
    """Return sqrt(target (1 - target) / n): the standard error of shares of n (G,) that are on
    target.

    At the target, not at each share, so that a company at 0 or 1 has one too. With weights or
    clusters pass effective counts. Raises ValueError for a target outside (0, 1) or an n that is
    not positive.
    """
    if not 0 < target < 1 or not (n > 0).all():
        raise ValueError("a funnel of shares needs a target between 0 and 1 and positive counts")
    return np.sqrt(target * (1 - target) / n)


def _spread(se: Floats, overdispersion: Overdispersion, phi: float, tau2: float) -> Floats:
    if overdispersion == "multiplicative":
        return se * math.sqrt(max(1.0, phi))
    return np.sqrt(se**2 + tau2)


def _between(phi: float, se: Floats) -> float:
    g, w = len(se), 1 / se**2
    room = w.sum() - (w**2).sum() / w.sum()
    # one company: nothing to lie between
    return max(0.0, float((g * phi - (g - 1)) / room)) if g > 1 else 0.0


def _check(value: Floats, se: Floats, target: float, winsorised: float) -> None:
    if value.ndim != 1 or value.shape != se.shape or not len(value):
        raise ValueError(
            "a funnel needs one value and one standard error for each of its companies"
        )
    if (
        not (np.isfinite(value).all() and np.isfinite(se).all() and math.isfinite(target))
        or not (se > 0).all()
    ):
        raise ValueError("values and target must be finite, standard errors positive")
    if not 0 <= winsorised < 0.5:
        raise ValueError(f"less than half of each side can be Winsorised, not {winsorised}")
