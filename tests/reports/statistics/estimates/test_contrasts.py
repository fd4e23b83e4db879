"""Differences with their covariance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from reports.statistics.estimates.contrasts import contrast, difference
from reports.statistics.estimates.means import means
from tests.samples import rows_of, sample, totals_of


def test_a_difference_knows_what_both_have_in_common():
    estimate = means(totals_of(sample(1)))
    v = estimate.covariance

    found = difference(estimate, 0, 3)

    assert found.value[0] == estimate.value[0] - estimate.value[3]
    assert found.se[0] ** 2 == pytest.approx(v[0, 0] + v[3, 3] - 2 * v[0, 3], rel=1e-12)


def test_the_interval_is_students():
    estimate = means(totals_of(sample(1)))
    found = contrast(estimate, np.eye(5))

    low, high = found.interval(0.9)

    np.testing.assert_allclose(high - low, 2 * stats.t.isf(0.05, estimate.design_df) * estimate.se)


def test_a_company_without_rows_does_not_spoil_the_others():
    estimate = means(totals_of(rows_of([0, 0, 2, 2], [10, 20, 30, 50])))

    assert np.isfinite(difference(estimate, 0, 2).se).all()
    assert np.isnan(difference(estimate, 0, 1).value).all()


def test_factors_of_another_width_are_refused():
    with pytest.raises(ValueError, match="5 companies"):
        contrast(means(totals_of(sample(1))), np.ones((1, 4)))
