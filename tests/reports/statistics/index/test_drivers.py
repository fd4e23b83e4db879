"""Drivers of the overall judgement: R, the mean over all orders, and what must hold of any data."""

from __future__ import annotations

import json
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.statistics.index.consistency import cross_products
from reports.statistics.index.drivers import drivers, quadrant
from tests.conftest import ROOT

worlds = st.integers(0, 10**6).map(np.random.default_rng)


@pytest.fixture(scope="module")
def golden():
    return json.loads((ROOT / "tests/golden/index.json").read_text())


def random_covariance(rng, k=4):
    x = rng.normal(size=(60, k)) + rng.normal(size=(60, 1))
    y = x @ rng.normal(size=k) + rng.normal(size=60)
    return np.cov(np.column_stack([y, x]), rowvar=False), x, y


def lmg_by_all_orders(x, y):
    """Enter the drivers in every order and average what each adds to R^2 of a least-squares fit."""

    def r2(columns):
        design = np.column_stack([np.ones(len(y)), x[:, list(columns)]])
        left = y - design @ np.linalg.lstsq(design, y)[0]
        return 1 - (left @ left) / ((y - y.mean()) @ (y - y.mean()))

    orders = list(permutations(range(x.shape[1])))
    gains = np.zeros(x.shape[1])
    for order in orders:
        for place, j in enumerate(order):
            gains[j] += r2(order[: place + 1]) - r2(order[:place])
    return gains / len(orders)


@pytest.mark.parametrize(
    ("figure", "name"),
    [("lmg", "lmg"), ("standardised", "standardised"), ("relative_weights", "johnson")],
)
def test_weighted_importance_is_that_of_r(golden, figure, name):
    columns = np.column_stack([golden["overall"], golden["items"]])

    found = drivers(
        cross_products(columns, np.array(golden["weights"]), missing="complete").covariance()
    )

    assert getattr(found, figure) == pytest.approx(np.array(golden[name]), rel=1e-9)
    assert found.r2 == pytest.approx(golden["r2"][-1], rel=1e-12)


@settings(max_examples=10, deadline=None)
@given(rng=worlds)
def test_lmg_equals_the_mean_over_all_orders_of_entry(rng):
    covariance, x, y = random_covariance(rng)

    assert drivers(covariance).lmg == pytest.approx(lmg_by_all_orders(x, y), abs=1e-10)


@settings(max_examples=30, deadline=None)
@given(rng=worlds, k=st.integers(1, 7))
def test_parts_add_up_to_what_is_explained_and_are_never_negative(rng, k):
    covariance, _x, _y = random_covariance(rng, k)

    found = drivers(covariance)

    assert found.lmg.sum() == pytest.approx(found.r2, abs=1e-12)
    assert found.relative_weights.sum() == pytest.approx(found.r2, abs=1e-12)
    assert (found.lmg > -1e-12).all()
    assert 0 < found.r2 < 1


@settings(max_examples=30, deadline=None)
@given(rng=worlds)
def test_relabelling_and_rescaling_drivers_relabels_their_parts(rng):
    covariance, _x, _y = random_covariance(rng, 5)
    order, scale = rng.permutation(6), rng.uniform(0.1, 10, 6)

    found = drivers(
        (covariance * np.outer(scale, scale))[np.ix_(order, order)], overall=int(np.argmin(order))
    )

    expected = drivers(covariance)
    entered = order[order > 0] - 1
    assert found.lmg == pytest.approx(expected.lmg[entered], abs=1e-10)
    assert found.relative_weights == pytest.approx(expected.relative_weights[entered], abs=1e-10)
    assert found.standardised == pytest.approx(expected.standardised[entered], abs=1e-9)


def test_uncorrelated_drivers_explain_their_squared_correlations():
    covariance = np.array([[1.0, 0.6, 0.3], [0.6, 1.0, 0.0], [0.3, 0.0, 1.0]])

    found = drivers(covariance)

    for parts in (found.lmg, found.relative_weights):
        assert parts == pytest.approx(np.array([0.36, 0.09]))


def test_a_driver_without_spread_has_no_part():
    covariance = np.array([[4.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])

    found = drivers(covariance)

    assert found.lmg == pytest.approx(np.array([0.25, 0.0]))
    assert found.relative_weights == pytest.approx(np.array([0.25, 0.0]))
    assert found.standardised == pytest.approx(np.array([0.5, 0.0]))


def test_a_driver_that_is_there_twice_shares_its_part():
    rng = np.random.default_rng(4)
    covariance, x, y = random_covariance(rng, 2)
    twice = np.cov(np.column_stack([y, x[:, 0], x[:, 0], x[:, 1]]), rowvar=False)

    found = drivers(twice)

    assert found.r2 == pytest.approx(drivers(covariance).r2)
    assert found.lmg[0] == pytest.approx(found.lmg[1])
    assert found.relative_weights[0] == pytest.approx(found.relative_weights[1])
    assert found.lmg.sum() == pytest.approx(found.r2)
    assert found.lmg == pytest.approx(lmg_by_all_orders(x[:, [0, 0, 1]], y), abs=1e-10)


def test_fifteen_drivers_are_decomposed():
    covariance, _x, _y = random_covariance(np.random.default_rng(5), 15)

    found = drivers(covariance)

    assert found.lmg.sum() == pytest.approx(found.r2)
    assert found.relative_weights.sum() == pytest.approx(found.r2)


@pytest.mark.parametrize(
    ("covariance", "words"),
    [
        (np.eye(17), "1 to 15, not 16"),
        (np.eye(1), "not 0"),
        (np.diag([0.0, 1.0]), "does not vary"),
        (np.array([[1.0, np.nan], [np.nan, 1.0]]), "finite"),
        (np.array([[1.0, 0.9, 0.9], [0.9, 1.0, -0.9], [0.9, -0.9, 1.0]]), "complete rows"),
    ],
)
def test_what_cannot_be_decomposed_is_refused(covariance, words):
    with pytest.raises(ValueError, match=words):
        drivers(covariance)


def test_the_four_fields_of_importance_and_performance():
    importance, performance = np.array([0.4, 0.4, 0.1, 0.1]), np.array([90.0, 50.0, 50.0, 90.0])

    found = quadrant(importance, performance)

    assert found.quadrants == ("keep_up", "concentrate_here", "low_priority", "possible_overkill")
    assert (found.importance_line, found.performance_line) == pytest.approx((0.25, 70.0))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("means", ("low_priority", "low_priority", "keep_up")),  # lines at 4 and 40
        ("medians", ("low_priority", "keep_up", "keep_up")),  # at 2 and 20: the second lies on them
        ((0.0, 95.0), ("concentrate_here", "concentrate_here", "concentrate_here")),
    ],
)
def test_lines_are_chosen_by_name_or_given(lines, expected):
    assert (
        quadrant(np.array([1.0, 2, 9]), np.array([10.0, 20, 90]), lines=lines).quadrants == expected
    )


def test_equal_drivers_all_lie_on_the_line():
    found = quadrant(np.full(3, 0.1), np.full(3, 77.7))

    assert found.quadrants == ("keep_up",) * 3


def test_a_driver_without_a_score_has_no_field():
    with pytest.raises(ValueError, match="finite"):
        quadrant(np.array([0.1, 0.2]), np.array([50.0, np.nan]))
