"""What the analyst says of the sampling: how large the strata are, and what becomes of a stratum
of one unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from reports.statistics.exact import Floats, Ints

Lonely = Literal["fail", "certainty", "adjust", "average"]


class LonelyStratum(ValueError):
    """Strata with one sampled unit have no variance of their own. `strata` holds their codes."""

    def __init__(self, strata: Ints) -> None:
        super().__init__(f"{len(strata)} strata have one sampled unit: {strata[:5].tolist()}")
        self.strata = strata


@dataclass(frozen=True)
class Design:
    """What rows alone do not show of how they were drawn.

    population: (H,) number of units (PSUs, or rows where each row is its own unit) in each stratum,
    inf where unknown; None for none known, and then nothing is corrected for a finite population.
    lonely: what a stratum with a single sampled unit that is not the whole stratum contributes to
    the variance:

    - fail: nothing, `LonelyStratum` is raised; - certainty: nothing, as if the unit had been
    certain to be drawn; - adjust: the square of its distance from the mean of all units, too much
    rather than too little; - average: as much as the mean of the other strata.

    The fifth way, to merge strata by name, is done where their labels are read.
    """

    population: Floats | None = None
    lonely: Lonely = "fail"

    def factors(self, sampled: Ints) -> Factors:
        """Return how much each stratum of `sampled` units, (H,), counts. Raises LonelyStratum, or
        ValueError for more sampled units than there are.
        """
        n = sampled.astype(np.float64)
        size = np.full(len(n), np.inf) if self.population is None else self.population
        if (n > size).any():
            raise ValueError("a stratum has more sampled units than its population")
        left = 1 - np.divide(n, size, out=np.zeros_like(n), where=size > 0)  # 1 - f_h
        alone = (n == 1) & (left > 0)
        if self.lonely == "fail" and alone.any():
            raise LonelyStratum(np.flatnonzero(alone))
        scale = np.where(n > 1, left * n / np.maximum(n - 1, 1), 0.0)
        if self.lonely == "average" and alone.any():
            strata = int((n > 0).sum())
            # with no other stratum there is no mean of the others
            scale = scale * (strata / (strata - alone.sum()) if strata > alone.sum() else np.nan)
        adjusted = np.where(alone, left, 0.0) if self.lonely == "adjust" else np.zeros_like(n)
        return Factors(n, scale, adjusted)


SIMPLE = Design()


@dataclass(frozen=True)
class Factors:
    """The variance of a sum as a sum over strata, (H,) each.

    units: n_h; scale: a_h = (1 - f_h) n_h / (n_h - 1), 0 for lonely strata; adjusted: 1 - f_h of
    the lonely strata that count by their distance from the mean of all units, 0 for all others.
    """

    units: Floats
    scale: Floats
    adjusted: Floats

    def covariance(self, squares: Floats, sums: Floats) -> Floats:
        """Return sum_h a_h [ sum_u z_u z_u' - T_h T_h' / n_h ], (K, K).

        squares: sum_h a_h sum_u z_u z_u', (K, K), made with `scale`; sums: T_h = sum_u z_u, (H, K).
        The with-replacement variance of Särndal, Swensson and Wretman 1992, 2.9 and 5.7, with the
        correction for a finite population at the first stage.
        """
        per_unit = np.divide(
            self.scale, self.units, out=np.zeros_like(self.scale), where=self.units > 0
        )
        found = squares - (sums * per_unit[:, None]).T @ sums
        if self.adjusted.any():
            # a lonely stratum's sum is its one unit
            distance = sums - sums.sum(axis=0) / self.units.sum()
            found = found + (distance * self.adjusted[:, None]).T @ distance
        found = (found + found.T) / 2
        return np.asarray(found, dtype=np.float64)
