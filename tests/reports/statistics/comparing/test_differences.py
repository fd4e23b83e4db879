"""Differences between companies: their variance under the hypothesis, their own degrees of freedom,
one p for one contrast.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from reports.statistics.comparing.classes import compare_with_others
from reports.statistics.comparing.differences import Ends, pairs
from reports.statistics.comparing.ranks import rank_sets

POINTS = Ends(0.0, 100.0)


def test_a_pair_has_the_degrees_of_welch_and_satterthwaite():
    """Variances 4 with 9 degrees and 1 with 4: (4 + 1)^2 / (16 / 9 + 1 / 4)."""
    found = pairs(np.array([60.0, 50.0]), np.diag([4.0, 1.0]), df=np.array([9.0, 4.0]))

    assert found.df[0, 1] == pytest.approx(25 / (16 / 9 + 1 / 4))
    assert found.z[0, 1] == pytest.approx(stats.norm.isf(stats.t.sf(10 / 5**0.5, found.df[0, 1])))


def test_a_pair_has_no_more_degrees_than_its_units_have():
    value, df = np.array([60.0, 50.0]), np.array([9.0, 9.0])

    found = pairs(value, np.eye(2), df=df, most=7.0)

    assert found.df[0, 1] == 7


def test_a_variance_near_the_end_of_the_scale_grows_to_what_it_would_be_at_the_other_score():
    """90 x 10 = 900 and 50 x 50 = 2,500: the variance of the one at 90 is 2,500 / 900 as large."""
    found = pairs(np.array([90.0, 50.0]), np.diag([9.0, 16.0]), ends=POINTS)

    assert found.tested[0, 1] == pytest.approx((9 * 2500 / 900 + 16) ** 0.5)
    assert found.sd[0, 1] == pytest.approx(5)


def test_a_variance_never_shrinks_towards_the_end_of_the_scale():
    found = pairs(np.array([90.0, 90.0]), np.diag([9.0, 16.0]), ends=POINTS)

    assert found.tested[0, 1] == pytest.approx(5)


def test_a_floor_does_not_grow_once_more():
    floored = np.array([True, False])

    found = pairs(np.array([100.0, 50.0]), np.diag([9.0, 16.0]), ends=POINTS, floored=floored)

    assert found.tested[0, 1] == pytest.approx(5)


def test_a_floor_does_not_grow_in_classes_either():
    value, own = np.array([100.0, 50.0, 50.0]), np.array([9.0, 16.0, 16.0])
    floored, spread = np.array([True, False, False]), np.array([0.0, 400.0, 400.0])

    found = compare_with_others(
        value, np.diag(own), level=0.95, df=np.inf, ends=POINTS, spread=spread, floored=floored
    )

    assert found.se[0] == pytest.approx((9 + 16 / 4 + 16 / 4) ** 0.5)


def test_two_companies_of_unequal_degrees_have_one_p():
    value, covariance, df = np.array([80.0, 73.0]), np.diag([4.0, 5.0]), np.array([3.0, 200.0])

    found = compare_with_others(
        value, covariance, level=0.95, df=df, ends=POINTS, spread=np.array([400.0, 500.0])
    )

    pair = pairs(value, covariance, df=df, ends=POINTS)
    expected = 2 * stats.t.sf(7 / pair.tested[0, 1], pair.df[0, 1])
    assert found.p == pytest.approx([expected, expected])
    assert found.p_adjusted.tolist() == found.p.tolist()


@pytest.mark.parametrize("gap", [3.0, 5.5, 6.0, 6.2, 6.4, 7.0, 9.0])
def test_two_companies_are_parted_by_range_and_class_alike(gap):
    value, covariance, df = np.array([50 + gap, 50.0]), np.diag([4.0, 5.0]), np.array([40.0, 30.0])

    classes = compare_with_others(value, covariance, level=0.95, df=df, ends=POINTS).classes
    sets = rank_sets(value, covariance, level=0.95, draws=1000, seed=1, df=df, ends=POINTS)

    assert (classes == ("above", "below")) == bool(sets.better[0, 1])
