"""Survey and inspection side by side: R, closed forms, and what must hold of any sources."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from reports.statistics.index.sources import concordance, contradictions, kendall_w
from tests.conftest import ROOT

worlds = st.integers(0, 10**6).map(np.random.default_rng)


@pytest.fixture(scope="module")
def golden():
    return json.loads((ROOT / "tests/golden/index.json").read_text())


def compared(survey, inspection, **more):
    return concordance(
        np.asarray(survey, float),
        np.asarray(inspection, float),
        **{"draws": 2000, "seed": 1, **more},
    )


@pytest.mark.parametrize(("figure", "name"), [("tau_b", "kendall"), ("spearman", "spearman")])
def test_coefficients_and_exact_p_are_those_of_r(golden, figure, name):
    found = getattr(compared(golden["survey"], golden["inspection"]), figure)

    assert (found.coefficient, found.p) == pytest.approx(golden[name], rel=1e-12)
    assert found.method == "exact"


def test_coefficients_with_ties_are_those_of_r(golden):
    found = compared(golden["sources"][0], golden["sources"][1])

    assert found.tau_b.coefficient == pytest.approx(golden["tau_b_tied"], rel=1e-12)
    assert found.spearman.coefficient == pytest.approx(golden["rho_tied"], rel=1e-12)
    assert found.tau_b.method == "permutation"


def test_random_permutations_give_the_p_that_scipy_knows_exactly():
    rng = np.random.default_rng(5)
    survey = rng.normal(size=12)
    inspection = survey + rng.normal(size=12)

    found = compared(survey, inspection, draws=5000)

    exact = stats.kendalltau(survey, inspection, method="exact").pvalue
    assert found.tau_b.p == pytest.approx(exact, abs=0.015)
    assert found.spearman.p == pytest.approx(stats.spearmanr(survey, inspection).pvalue, abs=0.02)


@settings(max_examples=20, deadline=None)
@given(rng=worlds, g=st.sampled_from([5, 10]))
def test_relabelling_companies_changes_no_concordance(rng, g):
    survey, inspection = rng.integers(0, 8, g).astype(float), rng.normal(size=g)
    survey[0], survey[1] = 1.0, 2.0
    order = rng.permutation(g)

    found = compared(survey[order], inspection[order], draws=200)

    expected = compared(survey, inspection, draws=200)
    assert found.tau_b == replace(
        expected.tau_b, coefficient=pytest.approx(expected.tau_b.coefficient)
    )
    assert found.spearman == replace(
        expected.spearman, coefficient=pytest.approx(expected.spearman.coefficient)
    )


def test_only_companies_in_both_sources_are_compared():
    nan = np.nan

    found = compared([1, 2, 3, 4, 5, nan], [10, 20, 30, 40, nan, 60])

    assert found.companies == 4
    assert (found.tau_b.coefficient, found.spearman.coefficient) == pytest.approx((1, 1))
    assert found.tau_b.p == pytest.approx(2 / 24)  # the same order, or the reverse


@pytest.mark.parametrize("order", [1, -1])
def test_sources_that_agree_or_disagree_wholly(order):
    found = compared(np.arange(20), order * np.arange(20), draws=999)

    assert found.tau_b.coefficient == pytest.approx(order)
    assert found.tau_b.p == found.spearman.p == 0.001


@pytest.mark.parametrize(
    ("survey", "inspection", "words"),
    [([1, 2, np.nan], [1, 2, 3], "three companies"), ([1, 2, 3], [5, 5, 5], "alike")],
)
def test_sources_that_cannot_be_compared_are_refused(survey, inspection, words):
    with pytest.raises(ValueError, match=words):
        compared(survey, inspection)


def test_w_of_three_sources_with_ties_is_that_of_r(golden):
    found = kendall_w(np.array(golden["sources"], float), draws=4000, seed=1)

    assert found.coefficient == pytest.approx(golden["w"], rel=1e-12)
    assert (
        found.p < 0.01
    )  # chi-square of 18.3 at 8 degrees of freedom: .019; it is known to be cautious


def test_w_of_sources_in_one_order_is_one():
    found = kendall_w(np.array([[1.0, 2, 3, 4], [10, 20, 30, 40]]), draws=999, seed=1)

    assert found.coefficient == pytest.approx(1)
    assert found.p == pytest.approx(1 / 24, abs=0.02)


@settings(max_examples=20, deadline=None)
@given(rng=worlds)
def test_w_of_two_sources_follows_from_spearman(rng):
    scores = rng.normal(size=(2, 9))

    found = kendall_w(scores, draws=10, seed=1)

    assert found.coefficient == pytest.approx(
        (compared(*scores, draws=10).spearman.coefficient + 1) / 2
    )


def test_relabelling_companies_does_not_change_w(golden):
    scores = np.array(golden["sources"], float)

    found = kendall_w(scores[:, ::-1], draws=300, seed=1)

    expected = kendall_w(scores, draws=300, seed=1)
    assert found.coefficient == pytest.approx(expected.coefficient)
    assert found.p == expected.p


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        (np.ones((1, 5)), "two sources"),
        (np.ones((2, 5)), "alike"),
        (np.full((2, 5), np.nan), "present"),
    ],
)
def test_w_of_what_is_no_set_of_sources_is_refused(scores, words):
    with pytest.raises(ValueError, match=words):
        kendall_w(scores, draws=10, seed=1)


def test_companies_that_the_sources_put_on_opposite_sides():
    survey = ["above", "below", "above", "average", None, "below"]
    inspection = ["below", "above", "above", "below", "below", "below"]

    assert contradictions(survey, inspection).tolist() == [0, 1]
    assert contradictions([], []).tolist() == []
