"""The shorter statistics: classes, gates, reliability, scoring."""

from __future__ import annotations

import numpy as np
import pytest

from reports.statistics.comparing.classes import compare_with_others
from reports.statistics.disclosure.gates import DEFAULT, Gates, apply_gates, enough
from reports.statistics.estimates.means import given as as_given
from reports.statistics.index.reliability import between_variance, reliability
from reports.statistics.index.scoring import (
    Branch,
    Leaf,
    flat,
    item_shares,
    linear,
    respondent_scores,
)


def test_a_company_is_compared_with_the_mean_of_the_others():
    found = compare_with_others(
        np.array([90.0, 60.0, 60.0, 30.0]), np.eye(4), level=0.95, df=np.inf
    )

    assert found.difference.tolist() == [40.0, 0.0, 0.0, -40.0]
    assert found.se == pytest.approx(np.sqrt(1 + 1 / 3))
    assert found.classes == ("above", "average", "average", "below")


def test_shared_noise_cancels_in_the_comparison():
    shared = np.full((2, 2), 100.0) + np.eye(2)

    found = compare_with_others(np.array([50.0, 58.0]), shared, level=0.95, df=np.inf)

    assert found.classes == ("below", "above")


def test_identical_companies_are_never_different():
    found = compare_with_others(np.array([5.0, 5.0]), np.zeros((2, 2)), level=0.95, df=10)

    assert found.classes == ("average", "average")


def test_one_company_has_nobody_to_be_compared_with():
    with pytest.raises(ValueError, match="two"):
        compare_with_others(np.array([5.0]), np.eye(1), level=0.95, df=10)


def test_gates_tell_withheld_from_score_only_from_ranked():
    estimate = as_given(np.array([50.0, 50.0, 50.0, 50.0]), np.array([1.0, 1.0, 4.0, 1.0]))
    counted = {
        "n": np.array([29.0, 30.0, 400.0, 400.0]),
        "n_eff": np.array([29.0, 99.9, 100.0, 100.0]),
    }
    estimate = type(estimate)(**{**vars(estimate), **counted})

    found = apply_gates(estimate, DEFAULT)

    assert [p.status for p in found] == ["withheld", "score_only", "score_only", "ranked"]
    assert [p.reasons for p in found] == [("n",), ("n_eff",), ("half_width",), ()]


def test_open_gates_let_estimates_pass():
    found = apply_gates(as_given(np.array([1.0]), np.array([9.0])), Gates())

    assert [p.status for p in found] == ["ranked"]


def test_nobody_is_named_without_an_answer():
    assert enough(np.array([0, 1]), Gates()).tolist() == [False, True]


def test_reliability_is_the_share_of_the_spread_that_is_not_noise():
    value, se = np.array([40.0, 50.0, 60.0]), np.array([1.0, 1.0, 1.0])

    assert between_variance(value, se) == pytest.approx(99.0)
    assert reliability(value, se) == pytest.approx(0.99)
    assert reliability(np.array([5.0, 5.0]), np.array([1.0, 2.0])).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("answer", "worst", "best", "score"),
    [(1, 1, 5, 0), (5, 1, 5, 100), (3, 1, 5, 50), (1, 5, 1, 100)],
)
def test_linear_scores(answer, worst, best, score):
    assert linear(np.array([answer], dtype=float), worst=worst, best=best)[0] == score


def test_acsi_formula():
    items = np.array([[linear(np.array([x]), worst=1.0, best=10.0)[0] for x in (8.0, 7.0, 9.0)]])

    assert respondent_scores(items, flat([1, 1, 1]))[0] == pytest.approx(77.78, abs=0.005)


def test_what_is_not_answered_is_neither_zero_nor_the_middle():
    nan = np.nan
    items = np.array([[100.0, nan, 40.0], [nan, nan, nan], [nan, 10.0, nan]])
    tree = Branch((Branch((Leaf(0), Leaf(1)), 60), Leaf(2, 40)))

    found = respondent_scores(items, tree)

    assert found[0] == pytest.approx(0.6 * 100 + 0.4 * 40)
    assert np.isnan(found[1])
    assert found[2] == 10


def test_coverage_counts_item_weight():
    items = np.array([[100.0, np.nan, np.nan], [np.nan, 50.0, 50.0]])
    tree = flat([4, 3, 3])

    found = respondent_scores(items, tree, coverage=0.5)

    assert np.isnan(found[0])
    assert found[1] == 50
    assert dict(item_shares(tree)) == {0: 0.4, 1: 0.3, 2: 0.3}


def test_scores_known_exactly_are_wholly_reliable():
    assert reliability(np.array([40.0, 60.0]), np.array([0.0, 0.0])).tolist() == [1, 1]
