"""Companies to rank that share their PSUs, and rank sets as one would write them in numpy: every
draw, every pair.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from reports.statistics.comparing.critical import draw
from tests.benchmarks.statistics.data import PSUS, STRATA

DF = PSUS - STRATA


def companies(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return estimates and their full covariance out of PSU influences; true values spread so
    that some are parted.
    """
    rng = np.random.default_rng(count)
    stratum = np.arange(PSUS) % STRATA
    # every PSU lifts or lowers all companies alike, beside what each has of its own
    influence = rng.normal(0, 1, (PSUS, 1)) + rng.normal(0, 1, (PSUS, count)) * rng.uniform(
        0.6, 1.8, count
    )
    influence *= 0.5 / np.sqrt(PSUS)
    for h in range(STRATA):
        influence[stratum == h] -= influence[stratum == h].mean(axis=0)
    per_stratum = PSUS / STRATA
    covariance = influence.T @ influence * (per_stratum / (per_stratum - 1))
    own = np.linalg.cholesky(covariance + 1e-12 * np.eye(count)) @ rng.normal(0, 1, count)
    return rng.normal(60, 2, count) + own, covariance


def dense(
    value: np.ndarray, covariance: np.ndarray, *, level: float, draws: int, seed: int, block: int
) -> np.ndarray:
    """Return which pairs are told apart, straight from the definition, on the engine's own draws.

    block: draws whose pairs are in memory at a time; few keep them in the processor's cache.
    """
    order = np.argsort(-value, kind="stable")
    x, v = value[order], covariance[np.ix_(order, order)]
    z = draw(v, draws, seed)
    sd = np.sqrt(np.diag(v)[:, None] + np.diag(v)[None, :] - 2 * v)
    np.fill_diagonal(sd, np.inf)
    per_sd, ratio = 1 / sd, (x[:, None] - x[None, :]) / sd
    left = ~np.eye(len(x), dtype=bool)
    while left.any():
        active = np.where(left, per_sd, 0.0)
        largest = np.concatenate(
            [_largest(z[start : start + block], active) for start in range(0, draws, block)]
        )
        c = stats.t.isf(stats.norm.sf(np.quantile(largest, level, method="higher")), DF)
        new = left & (ratio > c)
        if not new.any():
            break
        left &= ~new
    better, back = ~left & ~np.eye(len(x), dtype=bool), np.argsort(order)
    return better[np.ix_(back, back)]


def _largest(z: np.ndarray, active: np.ndarray) -> np.ndarray:
    gaps = z[:, :, None] - z[:, None, :]
    gaps *= active
    return gaps.reshape(len(z), -1).max(axis=1)
