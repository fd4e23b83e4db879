"""Weights: what they cost, who stands for those who did not answer, what trimming keeps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics.sampling.weights import (
    nonresponse_classes,
    trim,
)

positive = st.lists(st.floats(0.1, 50), min_size=3, max_size=40).map(np.array)


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
