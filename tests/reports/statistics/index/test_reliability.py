"""Reliability, tau^2 and shrunken scores: R, simulation, and what must hold of any companies."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from reports.statistics.index.reliability import (
    answers_needed,
    between_variance,
    overall_reliability,
    reliability,
    shrunken,
)
from tests.conftest import ROOT

worlds = st.integers(0, 10**6).map(np.random.default_rng)
METHODS = ["dersimonian_laird", "reml"]


def random_companies(rng, g=8):
    se = rng.uniform(0.5, 4, g)
    return rng.normal(70, rng.uniform(0.1, 6), g) + rng.normal(0, se), se


def restricted_likelihood(tau2, value, se):
    """From matrices: -(log |V| + log 1'V^-1 1 + r'V^-1 r) / 2."""
    inverse, one = np.linalg.inv(np.diag(tau2 + se**2)), np.ones(len(value))
    information = one @ inverse @ one
    rest = value - one @ inverse @ value / information
    return -(np.log(tau2 + se**2).sum() + np.log(information) + rest @ inverse @ rest) / 2


def test_reml_is_that_of_r():
    golden = json.loads((ROOT / "tests/golden/index.json").read_text())

    found = between_variance(np.array(golden["value"]), np.array(golden["se"]), "reml")

    assert found == pytest.approx(
        golden["reml"], rel=1e-6
    )  # R's optimize stops at about the root of the precision


@settings(max_examples=40, deadline=None)
@given(rng=worlds)
def test_no_other_variance_has_a_higher_restricted_likelihood(rng):
    value, se = random_companies(rng)

    found = between_variance(value, se, "reml")

    highest = restricted_likelihood(found, value, se)
    for other in np.concatenate([[0.0], np.geomspace(1e-4, 500, 300)]):
        assert restricted_likelihood(other, value, se) <= highest + 1e-9


def test_reml_finds_the_higher_of_two_hills():
    """Two companies known well and close, four known badly and far apart: slopes change sign
    more than once.
    """
    value, se = (
        np.array([0.0, 0.05, 30.0, -30.0, 35.0, -28.0]),
        np.array([0.03, 0.03, 9.0, 9.0, 9.0, 9.0]),
    )

    found = between_variance(value, se, "reml")

    grid = np.concatenate([[0.0], np.geomspace(1e-6, 5000, 20000)])
    best = grid[np.argmax([restricted_likelihood(t, value, se) for t in grid])]
    polished = optimize.minimize_scalar(
        lambda t: -restricted_likelihood(t, value, se),
        bounds=(best * 0.99, best * 1.01),
        method="bounded",
    )
    assert found == pytest.approx(polished.x, rel=1e-3)


@pytest.mark.parametrize("method", METHODS)
def test_equal_standard_errors_give_the_plain_moment_estimate(method):
    value, se = np.array([60.0, 66.0, 75.0, 81.0]), np.full(4, 2.0)

    assert between_variance(value, se, method) == pytest.approx(np.var(value, ddof=1) - 4)


@pytest.mark.parametrize("method", METHODS)
def test_companies_no_further_apart_than_noise_have_no_variance_between_them(method):
    value, se = np.array([70.0, 70.5, 69.5]), np.array([2.0, 3.0, 1.0])

    assert between_variance(value, se, method) == 0
    assert reliability(value, se, method).tolist() == [0, 0, 0]
    assert overall_reliability(value, se, method) == 0
    assert shrunken(value, se, method).score == pytest.approx(
        np.full(3, shrunken(value, se, method).mean)
    )


@pytest.mark.parametrize("method", METHODS)
def test_the_variance_between_companies_is_recovered(method):
    """2,000 companies with a true variance of 9; three standard errors of the estimate are about
    1.5.
    """
    rng = np.random.default_rng(3)
    se = rng.uniform(1, 5, 2000)
    value = rng.normal(70, 3, 2000) + rng.normal(0, se)

    assert between_variance(value, se, method) == pytest.approx(9, abs=1.5)


def test_overall_reliability_is_the_square_of_how_well_scores_show_the_truth():
    """The squared correlation of estimates with true means is tau^2 / (tau^2 + se^2) = 9 / 13 by
    definition.
    """
    rng = np.random.default_rng(8)
    truth = rng.normal(70, 3, 4000)
    value = truth + rng.normal(0, 2, 4000)

    found = overall_reliability(value, np.full(4000, 2.0))

    assert found == pytest.approx(np.corrcoef(truth, value)[0, 1] ** 2, abs=0.03)
    assert found == pytest.approx(9 / 13, abs=0.03)


def test_a_worked_case_of_shrinkage():
    found = shrunken(np.array([40.0, 60.0]), np.array([10.0, 10.0]))

    # variance 200, of which 100 is noise: half of the way to the mean of 50
    assert found.reliability == pytest.approx(np.array([0.5, 0.5]))
    assert found.mean == pytest.approx(50)
    assert found.score == pytest.approx(np.array([45.0, 55.0]))


@settings(max_examples=40, deadline=None)
@given(rng=worlds, method=st.sampled_from(METHODS))
def test_shrunken_scores_lie_between_their_own_and_the_common_mean(rng, method):
    value, se = random_companies(rng)

    found = shrunken(value, se, method)

    assert (np.minimum(value, found.mean) - 1e-9 <= found.score).all()
    assert (found.score <= np.maximum(value, found.mean) + 1e-9).all()
    noisiest, finest = np.argmax(se), np.argmin(se)
    assert found.reliability[noisiest] <= found.reliability[finest]


@settings(max_examples=40, deadline=None)
@given(rng=worlds, method=st.sampled_from(METHODS))
def test_relabelling_and_rescaling_companies_changes_nothing_else(rng, method):
    value, se = random_companies(rng)
    order = rng.permutation(len(value))

    found = between_variance(10 * value[order] + 5, 10 * se[order], method)

    assert found == pytest.approx(100 * between_variance(value, se, method), rel=1e-6, abs=1e-9)


def test_shrinking_brings_scores_nearer_to_the_truth():
    rng = np.random.default_rng(6)
    truth = rng.normal(70, 2, 500)
    se = np.full(500, 3.0)
    value = truth + rng.normal(0, se)

    found = shrunken(value, se, "reml")

    assert ((found.score - truth) ** 2).mean() < 0.6 * ((value - truth) ** 2).mean()


def test_scores_known_exactly_are_left_as_they_are():
    value, se = np.array([40.0, 60.0, 50.0]), np.zeros(3)

    assert shrunken(value, se).score.tolist() == [40, 60, 50]
    assert overall_reliability(value, se) == 1


def test_a_company_known_exactly_draws_noisy_ones_to_itself():
    found = shrunken(np.array([50.0, 51.0]), np.array([0.0, 9.0]))

    assert found.mean == 50
    assert found.score.tolist() == [50, 50]


@pytest.mark.parametrize(
    ("target", "within", "between", "deff", "n"),
    [
        (0.7, 400, 9, 1, 104),  # 7/3 x 400/9 = 103.7
        (0.8, 400, 9, 1, 178),  # 4 x 400/9 = 177.8
        (0.8, 400, 16, 1, 100),  # exactly
        (0.8, 400, 16, 1.4, 140),
        (0.8, 0, 9, 1, 1),
        (0.8, 400, 0, 1, np.inf),
    ],
)
def test_answers_needed_for_a_reliability(target, within, between, deff, n):
    assert answers_needed(target, within=within, between=between, deff=deff) == n


@given(st.floats(0.05, 0.95), st.floats(1, 900), st.floats(0.1, 100))
def test_so_many_answers_reach_the_target_and_one_fewer_does_not(target, within, between):
    n = answers_needed(target, within=within, between=between)

    assert between / (between + within / n) >= target * (1 - 1e-9)
    assert n == 1 or between / (between + within / (n - 1)) < target


@pytest.mark.parametrize("target", [0, 1, 1.2])
def test_a_reliability_outside_zero_to_one_is_refused(target):
    with pytest.raises(ValueError, match="between 0 and 1"):
        answers_needed(target, within=1, between=1)


def test_nobody_has_no_reliability():
    assert np.isnan(overall_reliability(np.array([]), np.array([])))
    with pytest.raises(ValueError, match="no score"):
        shrunken(np.array([]), np.array([]))
