"""Reliability and tau^2: worked cases and a simulation."""

from __future__ import annotations

import numpy as np
import pytest

from reports.statistics.index.reliability import between_variance, reliability


def test_equal_standard_errors_give_the_plain_moment_estimate():
    value, se = np.array([60.0, 66.0, 75.0, 81.0]), np.full(4, 2.0)

    assert between_variance(value, se) == pytest.approx(np.var(value, ddof=1) - 4)


def test_companies_no_further_apart_than_noise_have_no_variance_between_them():
    value, se = np.array([70.0, 70.5, 69.5]), np.array([2.0, 3.0, 1.0])

    assert between_variance(value, se) == 0
    assert reliability(value, se).tolist() == [0, 0, 0]


def test_the_variance_between_companies_is_recovered():
    """2,000 companies with a true variance of 9; three standard errors of the estimate are about
    1.5.
    """
    rng = np.random.default_rng(3)
    se = rng.uniform(1, 5, 2000)
    value = rng.normal(70, 3, 2000) + rng.normal(0, se)

    assert between_variance(value, se) == pytest.approx(9, abs=1.5)
