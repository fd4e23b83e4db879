"""Stepwise rank sets, against the same steps on one dense array of draws x companies x companies."""

from __future__ import annotations

import numpy as np

from reports.statistics.comparing.ranks import rank_sets
from tests.benchmarks.timing import in_turns, report


def dense(value: np.ndarray, covariance: np.ndarray, draws: int) -> np.ndarray:
    """Return which pairs are told apart, straight from the definition."""
    z = np.random.default_rng(1).multivariate_normal(np.zeros(len(value)), covariance, draws)
    sd = np.sqrt(np.add.outer(np.diag(covariance), np.diag(covariance)) - 2 * covariance)
    np.fill_diagonal(sd, np.inf)
    ratio = (value[:, None] - value[None, :]) / sd
    gaps = (z[:, :, None] - z[:, None, :]) / sd
    left = ~np.eye(len(value), dtype=bool)
    while left.any():
        new = left & (ratio > np.quantile(gaps[:, left].max(axis=1), 0.95))
        if not new.any():
            break
        left &= ~new
    return ~left & ~np.eye(len(value), dtype=bool)


def main(draws: int = 1000) -> None:
    """Run for three numbers of companies."""
    for g in (30, 100, 200):
        rng = np.random.default_rng(2)
        value, covariance = rng.normal(0, 3, g), np.diag(rng.uniform(0.3, 1.5, g))

        def ours(value: np.ndarray = value, covariance: np.ndarray = covariance) -> np.ndarray:
            return rank_sets(value, covariance, level=0.95, draws=draws, seed=1).better

        def peer(value: np.ndarray = value, covariance: np.ndarray = covariance) -> np.ndarray:
            return dense(value, covariance, draws)

        # other draws, so a few pairs at the edge may differ
        assert (ours() != peer()).mean() < 0.02
        report(f"{g} companies, {draws:,} draws", *in_turns(ours, peer, runs=5), "dense")
