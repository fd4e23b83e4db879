"""Weighted shares and means of a group."""

from __future__ import annotations

import numpy as np
import pytest

from reports.statistics.estimates.shares import Sampling, mean, share

ROWS = 6
ALONE = (np.zeros(ROWS, dtype=np.int64), np.arange(ROWS))
EVERYBODY = np.ones(ROWS, dtype=bool)
WEIGHT = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 3.0])
CHOSEN = np.array([True, False, False, False, False, True])


def test_a_share_counts_people_and_weighs_them():
    """Weights 1 + 3 of 8 chose; Kish: 8^2 / (5 + 9)."""
    found = share(Sampling(*ALONE, WEIGHT), EVERYBODY, CHOSEN)

    assert (found.count, found.n, found.share) == (2, 6, 0.5)
    assert found.n_eff <= 64 / 14


def test_a_mean_is_weighted():
    found = mean(Sampling(*ALONE, WEIGHT), EVERYBODY, np.array([0.0, 0, 0, 0, 0, 8]))

    assert (found.n, found.mean) == (6, 3.0)


def test_weights_that_are_alike_are_none():
    values = np.array([1.0, 2, 3, 4, 5, 9])

    for figures in (share, mean):
        given = CHOSEN if figures is share else values
        plain, alike = (
            figures(Sampling(*ALONE, weight), EVERYBODY, given)
            for weight in (None, np.full(ROWS, 7.0))
        )
        for name, value in vars(plain).items():
            assert getattr(alike, name) == pytest.approx(value, rel=1e-12)
