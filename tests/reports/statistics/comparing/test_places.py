"""Scores as printed, and the places they give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics.comparing.places import point_ranks, printed, written


@pytest.mark.parametrize(
    ("score", "decimals", "text"),
    [(56.25, 1, "56.3"), (56.249999999999986, 1, "56.3"), (-0.04, 1, "0.0"), (-0.05, 1, "-0.1"), (99.5, 0, "100")],
)
def test_halves_go_away_from_zero_and_noise_does_not_count(score, decimals, text):
    assert written(score, decimals) == text


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12), st.integers(0, 3))
def test_arrays_are_printed_as_single_scores(scores, decimals):
    table = np.array([scores, scores])

    found = printed(table, decimals)

    assert found.shape == table.shape
    np.testing.assert_allclose(found[1] / 10**decimals, [float(written(s, decimals)) for s in scores], rtol=1e-12)


def test_scores_that_print_alike_share_the_better_rank():
    assert point_ranks(np.array([70.04, 80.0, 69.96, 70.2, 12.0]), 1).tolist() == [3, 1, 3, 2, 5]
    assert point_ranks(np.array([80.04, 79.96, 56.25, 56.249999999999986]), 1).tolist() == [1, 1, 3, 3]


@given(st.lists(st.integers(-400, 400), min_size=2, max_size=12), st.integers(0, 2))
def test_a_rank_counts_the_better_ones(quarters, decimals):
    """Scores on quarters, so that halves meet the rounding rule."""
    scores = np.array(quarters) / 4 / 10**decimals
    shown = [float(written(s, decimals)) for s in scores]

    assert point_ranks(scores, decimals).tolist() == [1 + sum(other > mine for other in shown) for mine in shown]
