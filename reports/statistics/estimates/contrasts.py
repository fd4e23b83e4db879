"""Differences and other linear combinations of estimates, with their covariance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from reports.statistics.estimates.means import Estimate
from reports.statistics.exact import Floats


@dataclass(frozen=True)
class Contrast:
    """L combinations of estimates: value (L,), covariance (L, L), df of Student's t (inf where
    variances are known).
    """

    value: Floats
    covariance: Floats
    df: float

    @property
    def se(self) -> Floats:
        """Standard errors, (L,)."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return the ends of each combination's own interval, (L,) each; they do not hold
        jointly.
        """
        half = stats.t.isf((1 - level) / 2, self.df) * self.se
        return self.value - half, self.value + half


def contrast(estimate: Estimate, factors: Floats) -> Contrast:
    """Return factors @ value with its covariance, factors (L, G): svycontrast of R's survey
    package.

    A company with the factor 0 throughout may be without rows. df are those of the whole design.
    """
    if factors.ndim != 2 or factors.shape[1] != len(estimate.value):
        raise ValueError(f"{len(estimate.value)} companies need factors of that width")
    used = np.flatnonzero((factors != 0).any(axis=0))
    part, chosen = factors[:, used], estimate.covariance[np.ix_(used, used)]
    return Contrast(part @ estimate.value[used], part @ chosen @ part.T, estimate.design_df)


def difference(estimate: Estimate, first: int, second: int) -> Contrast:
    """Return company `first` minus company `second`."""
    factors = np.zeros((1, len(estimate.value)))
    factors[0, first] += 1.0
    factors[0, second] -= 1.0
    return contrast(estimate, factors)
