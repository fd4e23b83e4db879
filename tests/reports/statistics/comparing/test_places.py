"""Scores as printed, and the places they give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reports.statistics.comparing.places import (
    decimals_of,
    point_ranks,
    printed,
    written,
)

halves = st.integers(-4000, 4000).map(lambda n: n / 2)
noise = st.sampled_from([0.0, 1e-15, 4e-13, 4.9e-12, 5e-12, 5.1e-12, 9e-12, 2e-11, 1e-9])


def one_by_one(scores, decimals):
    return np.array([float(written(score, decimals)) for score in scores])


def bits(numbers):
    """Tell 0.0 from -0.0, and two floats that only look alike."""
    return np.asarray(numbers, dtype=np.float64).tobytes()


# one way to round


@pytest.mark.parametrize(
    ("score", "decimals", "text"),
    [
        (56.25, 1, "56.3"),
        (56.250000000000014, 1, "56.3"),
        (56.249999999999986, 1, "56.3"),
        (76.25, 1, "76.3"),
        (-0.04, 1, "0.0"),
        (-0.05, 1, "-0.1"),
        (80.0, 0, "80"),
        (99.5, 0, "100"),
        (1e20, 1, "100000000000000000000.0"),
    ],
)
def test_halves_go_away_from_zero_and_noise_does_not_count(score, decimals, text):
    assert written(score, decimals) == text
    assert bits(printed(np.array([score]), decimals)) == bits([float(text)])


@settings(max_examples=500)
@given(scores=st.lists(st.floats(-1e15, 1e15), min_size=1, max_size=12), decimals=st.integers(0, 6))
@example(scores=[-0.0, 0.0, 5e-324, -1e-300, 2**53 + 1.0, -1e15], decimals=2)
def test_arrays_are_printed_as_single_scores(scores, decimals):
    found = printed(np.array(scores), decimals)

    assert bits(found) == bits(one_by_one(scores, decimals))


@settings(max_examples=500)
@given(
    cases=st.lists(st.tuples(halves, noise, st.booleans()), min_size=1, max_size=12),
    decimals=st.integers(0, 6),
)
def test_scores_a_breath_from_a_half_are_printed_as_single_scores(cases, decimals):
    """Relative noise on both sides of the 12th digit, where rounding in one step and in two
    steps part.
    """
    scores = np.array(
        [half / 10**decimals * (1 + (far if up else -far)) for half, far, up in cases]
    )

    found = printed(scores, decimals)

    assert bits(found) == bits(one_by_one(scores, decimals))


@given(
    scores=st.lists(st.floats(0, 100), min_size=6, max_size=6),
    shape=st.sampled_from([(6,), (2, 3), (1, 3, 2)]),
)
def test_the_shape_of_scores_does_not_matter(scores, shape):
    found = printed(np.array(scores).reshape(shape), 1)

    assert found.shape == shape
    assert found.ravel().tolist() == one_by_one(scores, 1).tolist()


def test_a_single_score_no_score_and_a_missing_one_are_printed_too():
    assert printed(np.array(56.25), 1) == 56.3
    assert printed(np.empty((0, 3)), 1).shape == (0, 3)
    assert np.isnan(printed(np.array([50.0, np.nan]), 1)).tolist() == [False, True]


# places


def test_scores_that_print_alike_share_the_better_rank():
    assert point_ranks(np.array([70.04, 80.0, 69.96, 70.2, 12.0]), 1).tolist() == [3, 1, 3, 2, 5]
    assert point_ranks(np.array([80.04, 79.96, 56.25, 56.249999999999986]), 1).tolist() == [
        1,
        1,
        3,
        3,
    ]


@given(st.lists(st.integers(-400, 400), min_size=2, max_size=12), st.integers(0, 2))
def test_a_rank_counts_the_better_ones(quarters, decimals):
    """Scores on quarters, so that halves meet the rounding rule."""
    scores = np.array(quarters) / 4 / 10**decimals
    shown = one_by_one(scores, decimals)

    assert point_ranks(scores, decimals).tolist() == [
        1 + sum(other > mine for other in shown) for mine in shown
    ]


@given(st.lists(st.lists(st.floats(0, 100), min_size=4, max_size=4), min_size=1, max_size=5))
def test_every_draw_is_ranked_for_itself(draws):
    together = point_ranks(np.array(draws), 1)

    assert together.tolist() == [point_ranks(np.array(draw), 1).tolist() for draw in draws]


@pytest.mark.parametrize(
    ("se", "decimals"), [(1.5, 1), (0.015, 3), (15, 0), (150, -1), (0.1, 2), (10, 0), (9.99, 1)]
)
def test_decimals_follow_from_the_error(se, decimals):
    assert decimals_of(np.array([se / 2, se, se * 2])) == decimals


def test_nothing_known_of_errors_leaves_one_decimal():
    assert decimals_of(np.array([np.nan, 0.0])) == 1


@given(st.floats(0.01, 50), st.lists(st.integers(0, 10**6), min_size=3, max_size=9))
def test_percent_and_shares_have_the_same_ranks(se, values):
    percent = np.array(values) / 10**4

    one, other = (
        point_ranks(percent / by, decimals_of(np.full(3, se / by))).tolist() for by in (1, 100)
    )

    assert one == other
