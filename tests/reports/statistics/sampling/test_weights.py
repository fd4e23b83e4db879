"""Weights: what they cost, who stands for those who did not answer, what trimming keeps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics.sampling.raking import Margins, NotReached
from reports.statistics.sampling.weights import (
    base_weights,
    efficiency,
    nonresponse_classes,
    trim,
    trim_and_rake,
)

positive = st.lists(st.floats(0.1, 50), min_size=3, max_size=40).map(np.array)


def test_equal_weights_cost_nothing():
    found = efficiency(np.full(40, 2.5))

    assert (found.deff, found.n_eff) == (pytest.approx(1), pytest.approx(40))


@given(positive)
def test_kish_is_one_plus_the_squared_coefficient_of_variation(weights):
    cv = weights.std() / weights.mean()

    assert efficiency(weights).deff == pytest.approx(1 + cv**2, rel=1e-9)


@pytest.mark.parametrize("bad", [[], [1.0, 0.0], [1.0, np.nan]])
def test_weights_that_are_none_are_refused(bad):
    with pytest.raises(ValueError, match="positive"):
        efficiency(np.array(bad))


def test_base_weights_are_one_over_the_chance():
    assert base_weights(np.array([1.0, 0.25])).tolist() == [1.0, 4.0]
    with pytest.raises(ValueError, match="inclusion"):
        base_weights(np.array([0.0]))


def test_those_who_answered_take_over_their_class():
    weights = np.array([1.0, 2.0, 3.0, 4.0])

    found = nonresponse_classes(
        weights, np.array([0, 0, 1, 1]), np.array([True, False, True, True])
    )

    assert found.tolist() == [3.0, 0.0, 3.0, 4.0]


def test_a_class_in_which_nobody_answered_is_named():
    with pytest.raises(ValueError, match="class 1"):
        nonresponse_classes(np.ones(2), np.array([0, 1]), np.array([True, False]))


@given(positive)
def test_trimming_keeps_the_sum_and_the_bounds(weights):
    low, high = 0.5 * weights.mean(), 1.5 * weights.mean()

    found = trim(weights, low=low, high=high)

    assert found.sum() == pytest.approx(weights.sum(), rel=1e-9)
    assert found.min() >= low * (1 - 1e-9)
    assert found.max() <= high * (1 + 1e-9)


def test_bounds_that_cannot_hold_the_sum_are_refused():
    with pytest.raises(ValueError, match="cannot add up"):
        trim(np.array([1.0, 9.0]), high=4.0)


def test_trimmed_weights_meet_the_margins_again():
    rng = np.random.default_rng(1)
    weights = rng.lognormal(0, 0.8, 400)
    region, sex = rng.integers(0, 4, 400), rng.integers(0, 2, 400)
    margins = Margins((np.array([90.0, 110.0, 95.0, 105.0]), np.array([190.0, 210.0])))

    found = trim_and_rake(weights, [region, sex], margins, low=0.3, high=2.5)

    np.testing.assert_allclose(np.bincount(region, found), margins.targets[0], rtol=1e-8)
    np.testing.assert_allclose(np.bincount(sex, found), margins.targets[1], rtol=1e-8)
    assert found.max() <= 2.5 * (1 + 1e-8)
    assert found.min() >= 0.3 * (1 - 1e-8)


def test_margins_out_of_reach_of_the_bounds_are_named():
    with pytest.raises(NotReached, match="widen the bounds"):
        trim_and_rake(
            np.ones(10),
            [np.array([0] + [1] * 9)],
            Margins((np.array([8.0, 2.0]),)),
            low=0.5,
            high=2.0,
            rounds=20,
        )
