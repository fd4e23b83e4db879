"""Funnels: R, a naive funnel in loops, simulation, and what must hold of any companies."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.statistics.comparing.funnel import ALARM, ALERT, funnel, pooled, share_se
from reports.statistics.index.reliability import between_variance
from tests.conftest import ROOT

KINDS = ["none", "multiplicative", "additive"]
worlds = st.integers(0, 10**6).map(np.random.default_rng)


def random_companies(rng, g=9):
    se = rng.uniform(0.5, 4, g)
    return rng.normal(70, 3, g) + rng.normal(0, se), se


def naive_phi(value, se, target, share):
    z = sorted((y - target) / s for y, s in zip(value, se, strict=True))

    def quantile(q):  # between neighbours, as R's type 7
        at = q * (len(z) - 1)
        below = math.floor(at)
        return z[below] + (at - below) * (z[min(below + 1, len(z) - 1)] - z[below])

    low, high = quantile(share), quantile(1 - share)
    return sum(min(max(x, low), high) ** 2 for x in z) / len(z)


def test_overdispersion_is_that_of_r():
    golden = json.loads((ROOT / "tests/golden/small.json").read_text())
    value, se = np.array(golden["y"]), np.array(golden["se"])

    target = pooled(value, se)
    found = funnel(value, se, target=target, overdispersion="additive")

    assert target == pytest.approx(golden["pooled"], rel=1e-12)
    assert found.phi == pytest.approx(golden["phi"], rel=1e-12)
    assert found.tau2 == pytest.approx(golden["tau2"], rel=1e-12)


def test_a_worked_case_without_overdispersion():
    found = funnel(
        np.array([50.0, 56.0]),
        np.array([2.0, 3.0]),
        target=50.0,
        overdispersion="none",
        winsorised=0,
    )

    assert found.z.tolist() == [0, 2]
    assert found.phi == 2
    low, high = found.limits(np.array([2.0, 3.0]), ALERT)
    assert low == pytest.approx([50 - 1.96 * 2, 50 - 1.96 * 3], abs=1e-3)
    assert high == pytest.approx([50 + 1.96 * 2, 50 + 1.96 * 3], abs=1e-3)
    assert found.limits(np.array([1.0]), ALARM)[1] == pytest.approx([50 + 3.09], abs=1e-3)


def test_multiplicative_lines_are_wider_by_the_root_of_phi():
    value, se = np.array([40.0, 60.0, 44.0, 56.0]), np.full(4, 2.0)

    found = funnel(value, se, target=50.0, overdispersion="multiplicative", winsorised=0)

    # z = -5, 5, -3, 3: phi = 17
    assert found.phi == pytest.approx(17)
    assert found.spread(np.array([1.0])) == pytest.approx([math.sqrt(17)])
    assert found.z == pytest.approx(np.array([-5, 5, -3, 3]) / math.sqrt(17))


@pytest.mark.parametrize("kind", ["multiplicative", "additive"])
def test_companies_closer_than_chance_do_not_narrow_the_lines(kind):
    value, se = np.array([70.1, 70.0, 69.9]), np.array([2.0, 3.0, 1.0])

    found = funnel(value, se, target=70.0, overdispersion=kind)

    assert found.tau2 == 0
    assert found.z.tolist() == found.naive.tolist()


@settings(max_examples=50, deadline=None)
@given(rng=worlds, share=st.sampled_from([0, 0.1, 0.25]))
def test_phi_is_the_mean_square_of_drawn_in_scores(rng, share):
    value, se = random_companies(rng)

    found = funnel(value, se, target=69.0, overdispersion="none", winsorised=share)

    assert found.phi == pytest.approx(naive_phi(value, se, 69.0, share), rel=1e-12)


@settings(max_examples=50, deadline=None)
@given(rng=worlds)
def test_additive_variance_of_untouched_scores_is_that_of_dersimonian_and_laird(rng):
    value, se = random_companies(rng)

    found = funnel(value, se, target=pooled(value, se), overdispersion="additive", winsorised=0)

    assert found.tau2 == pytest.approx(between_variance(value, se), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, deadline=None)
@given(rng=worlds)
def test_a_company_outside_its_lines_has_that_score(kind, rng):
    value, se = random_companies(rng)

    found = funnel(value, se, target=70.0, overdispersion=kind)

    for level, z in [(ALERT, 1.959963984540054), (ALARM, 3.090232306167813)]:
        low, high = found.limits(se, level)
        assert ((value < low) | (value > high)).tolist() == (np.abs(found.z) > z).tolist()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, deadline=None)
@given(rng=worlds)
def test_relabelled_companies_and_other_units_keep_their_scores(kind, rng):
    value, se = random_companies(rng)
    order = rng.permutation(len(value))

    found = funnel(value, se, target=70.0, overdispersion=kind)
    other = funnel(value[order] * 10 + 3, se[order] * 10, target=703.0, overdispersion=kind)

    np.testing.assert_allclose(other.z, found.z[order], rtol=1e-9, atol=1e-12)


def test_companies_on_target_stay_inside_as_often_as_promised():
    rng = np.random.default_rng(4)
    se = rng.uniform(1, 4, 20_000)

    found = funnel(rng.normal(70, se), se, target=70.0, overdispersion="none")

    assert (np.abs(found.z) < 1.96).mean() == pytest.approx(0.95, abs=0.005)


def test_one_bad_company_does_not_hide_itself_by_widening_the_lines():
    value, se = np.array([*np.linspace(68, 72, 19), 20.0]), np.full(20, 2.0)

    drawn_in = funnel(value, se, target=70.0, overdispersion="multiplicative")
    as_it_is = funnel(value, se, target=70.0, overdispersion="multiplicative", winsorised=0)

    assert drawn_in.z[-1] == pytest.approx(-25)
    assert as_it_is.z[-1] > -5


def test_shares_have_the_standard_error_of_the_target():
    assert share_se(0.2, np.array([100, 400])) == pytest.approx([0.04, 0.02])


def test_a_single_company_has_nothing_between():
    assert (
        funnel(np.array([90.0]), np.array([1.0]), target=50.0, overdispersion="additive").tau2 == 0
    )


@pytest.mark.parametrize(
    ("value", "se", "target", "winsorised", "said"),
    [
        ([], [], 50, 0.1, "one value"),
        ([1.0], [1.0, 2.0], 50, 0.1, "one value"),
        ([1.0], [0.0], 50, 0.1, "positive"),
        ([np.nan], [1.0], 50, 0.1, "finite"),
        ([1.0], [1.0], np.nan, 0.1, "finite"),
        ([1.0], [1.0], 50, 0.5, "Winsorised"),
    ],
)
def test_a_funnel_refuses_what_it_cannot_show(value, se, target, winsorised, said):
    with pytest.raises(ValueError, match=said):
        funnel(
            np.array(value),
            np.array(se),
            target=target,
            overdispersion="none",
            winsorised=winsorised,
        )


@pytest.mark.parametrize(("target", "n"), [(0, [10]), (1, [10]), (0.5, [0]), (math.nan, [10])])
def test_shares_refuse_a_target_at_the_end_and_no_answers(target, n):
    with pytest.raises(ValueError, match="target"):
        share_se(target, np.array(n))


def test_lines_refuse_what_is_no_level():
    found = funnel(np.array([1.0, 2.0]), np.array([1.0, 1.0]), target=1.0, overdispersion="none")

    with pytest.raises(ValueError, match="level"):
        found.limits(np.array([1.0]), 95)
