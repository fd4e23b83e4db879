"""Why a rank is a range. Four repair firms, each with a score and the same standard error of 3
points:

    Ash 90      Birch 79.6      Cedar 78      Doum 60

Each test is a paragraph; together they say what "place 2-3" means. The numbers are fit for a pencil
and a table.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy import stats

from reports.statistics.comparing.ranks import rank_sets

NAMES = ["Ash", "Birch", "Cedar", "Doum"]
SCORES = np.array([90.0, 79.6, 78.0, 60.0])
SE = 3.0


@pytest.fixture(scope="module")
def found():
    return rank_sets(SCORES, SE**2 * np.eye(4), level=0.95, draws=200_000, seed=1)


def shown(found):
    """Return who is shown to be better than whom."""
    return {(NAMES[j], NAMES[k]) for j, k in zip(*np.nonzero(found.better), strict=True)}


def test_the_difference_of_two_scores_is_less_certain_than_each():
    """3 points each make sqrt(3² + 3²) = 4.24 points for the difference."""
    assert sqrt(SE**2 + SE**2) == pytest.approx(4.24, abs=0.01)


def test_one_pair_alone_would_need_a_gap_of_8_points():
    """1.96 standard errors of the difference are 8.3 points. Birch and Cedar, 1.6 apart, can't
    be parted at all.
    """
    assert stats.norm.isf(0.025) * sqrt(18) == pytest.approx(8.3, abs=0.05)


def test_six_pairs_at_once_need_11():
    """Among four equal firms the best and the worst lie 8.3 points apart by chance far more often
    than one time in 20.

    Tukey's table has 3.63 for four; 3.63 / sqrt(2) x 4.24 = 10.9 points are passed by chance one
    time in 20 only.
    """
    needed = stats.studentized_range.ppf(0.95, 4, np.inf) / sqrt(2) * sqrt(18)

    assert needed == pytest.approx(10.9, abs=0.05)
    assert {
        (a, b)
        for i, a in enumerate(NAMES)
        for j, b in enumerate(NAMES)
        if SCORES[i] - SCORES[j] > needed
    } == {
        ("Ash", "Cedar"),
        ("Ash", "Doum"),
        ("Birch", "Doum"),
        ("Cedar", "Doum"),
    }


def test_what_is_settled_leaves_less_to_guard_against(found):
    """Four pairs are settled. For those that are left 10.3 points are enough, and Ash is 10.4
    ahead of Birch.
    """
    assert SCORES[0] - SCORES[1] == pytest.approx(10.4)
    assert shown(found) == {
        ("Ash", "Birch"),
        ("Ash", "Cedar"),
        ("Ash", "Doum"),
        ("Birch", "Doum"),
        ("Cedar", "Doum"),
    }


def test_the_places_of_a_firm_are_those_that_cannot_be_excluded(found):
    """First possible place: one more than the firms shown to be better. Last: four less the firms
    shown to be worse.

    Nobody is shown to be better than Ash. Birch has Ash above and Doum below it, and so has Cedar:
    place 2 or 3 for both, although Birch's score is higher. Doum is fourth.
    """
    ranges = dict(
        zip(NAMES, zip(found.low.tolist(), found.high.tolist(), strict=True), strict=True)
    )

    assert ranges == {"Ash": (1, 1), "Birch": (2, 3), "Cedar": (2, 3), "Doum": (4, 4)}


def test_who_may_be_among_the_first_two(found):
    """Three firms may be, because two of them share places 2 and 3. All of the true first two
    are among these.
    """
    assert [NAMES[j] for j in found.best(2)] == ["Ash", "Birch", "Cedar"]
    assert [NAMES[j] for j in found.worst(1)] == ["Doum"]


def test_one_firm_alone_has_a_narrower_range_than_all_at_once():
    """Asked beforehand about Birch only, three comparisons count and not six; the answer holds
    for Birch only.
    """
    single = rank_sets(
        SCORES, SE**2 * np.eye(4), level=0.95, draws=200_000, seed=1, family="marginal"
    )

    assert (single.low[1], single.high[1]) == (2, 3)
    closer = rank_sets(
        np.array([90.0, 80.0, 78.0, 60.0]),
        SE**2 * np.eye(4),
        level=0.95,
        draws=200_000,
        seed=1,
        family="marginal",
    )
    together = rank_sets(
        np.array([90.0, 80.0, 78.0, 60.0]), SE**2 * np.eye(4), level=0.95, draws=200_000, seed=1
    )
    assert (together.low[1], together.high[1]) == (1, 3)
    assert (closer.low[1], closer.high[1]) == (2, 3)


def test_all_ranges_hold_in_19_of_20_surveys():
    """Eight firms that are all alike: a range that leaves a place out is wrong, and that happens
    one time in 20.
    """
    rng = np.random.default_rng(1)
    wrong = 0
    for survey in range(400):
        sets = rank_sets(rng.normal(size=8), np.eye(8), level=0.95, draws=1000, seed=survey)
        wrong += (sets.low > 1).any() or (sets.high < 8).any()

    assert wrong / 400 < 0.05 + 3 * sqrt(0.05 * 0.95 / 400)
