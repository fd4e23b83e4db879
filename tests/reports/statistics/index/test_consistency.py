"""Cronbach's alpha and its companions: R, a second implementation, and what must hold of any
data.
"""

from __future__ import annotations

import json
from functools import reduce
from operator import add

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.statistics.index.consistency import consistency, correlations, cross_products
from tests.conftest import ROOT

worlds = st.integers(0, 10**6).map(np.random.default_rng)


@pytest.fixture(scope="module")
def golden():
    return json.loads((ROOT / "tests/golden/index.json").read_text())


def random_items(rng, n=40, items=4):
    x = rng.uniform(0, 100, (n, items)) * 0.5 + rng.uniform(0, 50, (n, 1))
    x[rng.random(x.shape) < 0.1] = np.nan
    return x, rng.uniform(0.2, 3, n)


def plain_covariance(x, w):
    """Loops over pairs of items and rows."""
    k = x.shape[1]
    found = np.empty((k, k))
    for a in range(k):
        for b in range(k):
            rows = [
                (p, q, v) for p, q, v in zip(x[:, a], x[:, b], w, strict=True) if p == p and q == q
            ]
            total = sum(v for _p, _q, v in rows)
            p_mean, q_mean = (sum(r[i] * r[2] for r in rows) / total for i in (0, 1))
            moment = sum(v * (p - p_mean) * (q - q_mean) for p, q, v in rows) / total
            found[a, b] = moment * len(rows) / (len(rows) - 1)
    return found


def test_complete_rows_have_the_covariance_of_r(golden):
    products = cross_products(
        np.array(golden["holes"], float), np.array(golden["weights"]), missing="complete"
    )

    assert products.covariance() == pytest.approx(np.array(golden["covariance"]), rel=1e-12)


def test_pairs_of_rows_have_the_covariance_of_r(golden):
    holes = np.array(golden["holes"], float)

    found = cross_products(holes, np.ones(len(holes)), missing="pairwise").covariance()

    assert found == pytest.approx(np.array(golden["pairwise"]), rel=1e-12)


@pytest.mark.parametrize(
    "figure", ["alpha", "alpha_standardised", "alpha_if_dropped", "item_rest", "eigenvalues"]
)
def test_every_figure_of_consistency_is_that_of_r(golden, figure):
    products = cross_products(
        np.array(golden["holes"], float), np.array(golden["weights"]), missing="complete"
    )

    found = consistency(products)

    assert getattr(found, figure) == pytest.approx(np.array(golden[figure]), rel=1e-10)
    assert found.rows == sum(None not in row for row in golden["holes"])


@settings(max_examples=30, deadline=None)
@given(rng=worlds)
def test_weighted_pairs_equal_plain_loops(rng):
    x, w = random_items(rng)

    found = cross_products(x, w, missing="pairwise").covariance()

    assert found == pytest.approx(plain_covariance(x, w), rel=1e-10, abs=1e-10)


@settings(max_examples=30, deadline=None)
@given(rng=worlds, missing=st.sampled_from(["complete", "pairwise"]))
def test_parts_of_the_data_add_up_to_the_whole(rng, missing):
    x, w = random_items(rng)
    part = rng.integers(0, 4, len(x))

    parts = [cross_products(x[part == p], w[part == p], missing=missing) for p in range(4)]

    whole = cross_products(x, w, missing=missing)
    assert reduce(add, parts).covariance() == pytest.approx(
        whole.covariance(), rel=1e-11, abs=1e-11
    )
    assert (reduce(add, parts).rows == whole.rows).all()


@settings(max_examples=30, deadline=None)
@given(rng=worlds)
def test_neither_the_unit_of_the_weights_nor_the_order_of_items_matters(rng):
    x, w = random_items(rng)
    order = rng.permutation(x.shape[1])

    found = consistency(cross_products(x[:, order], 7 * w, missing="complete"))

    expected = consistency(cross_products(x, w, missing="complete"))
    assert found.alpha == pytest.approx(expected.alpha, abs=1e-12)
    assert found.item_rest == pytest.approx(expected.item_rest[order], abs=1e-12)
    assert found.alpha_if_dropped == pytest.approx(expected.alpha_if_dropped[order], abs=1e-12)
    assert found.eigenvalues.sum() == pytest.approx(x.shape[1])


def test_a_whole_number_weight_is_the_row_so_many_times_but_for_the_number_of_rows():
    x = np.array([[10.0, 20.0], [40.0, 10.0], [90.0, 70.0]])
    w = np.array([1.0, 2.0, 3.0])

    weighted = cross_products(x, w, missing="complete").covariance()

    repeated = np.cov(np.repeat(x, [1, 2, 3], axis=0), rowvar=False, ddof=0)
    assert weighted == pytest.approx(repeated * 3 / 2, rel=1e-13)


def test_identical_items_are_wholly_consistent():
    x = np.repeat(np.array([[10.0], [40.0], [70.0], [90.0]]), 3, axis=1)

    found = consistency(cross_products(x, np.ones(4), missing="complete"))

    assert (found.alpha, found.alpha_standardised) == pytest.approx((1, 1))
    assert found.item_rest == pytest.approx(np.ones(3))
    assert found.eigenvalues == pytest.approx(np.array([3.0, 0.0, 0.0]), abs=1e-12)


def test_an_item_everyone_answered_alike_correlates_with_nothing():
    x = np.column_stack([[10.0, 40.0, 70.0], [20.0, 30.0, 90.0], [33.3, 33.3, 33.3]])

    products = cross_products(x, np.array([0.1, 0.7, 0.3]), missing="complete")

    found = consistency(products)
    assert products.covariance()[2].tolist() == [0, 0, 0]
    assert found.item_rest[2] == 0
    assert correlations(products.covariance())[2].tolist() == [0, 0, 1]
    assert found.alpha < found.alpha_if_dropped[2]


def test_second_moments_do_not_cancel_far_from_zero():
    x = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 5.0]])

    far = cross_products(x + 1e9, np.ones(3), missing="complete", centre=1e9)

    assert far.covariance() == pytest.approx(np.cov(x, rowvar=False), rel=1e-12)


def test_two_items_have_no_alpha_when_one_is_dropped():
    found = consistency(
        cross_products(np.array([[1.0, 2], [3, 5], [4, 4]]), np.ones(3), missing="complete")
    )

    assert np.isnan(found.alpha_if_dropped).all()


def test_items_without_any_spread_have_no_alpha():
    found = consistency(cross_products(np.full((5, 3), 80.0), np.ones(5), missing="complete"))

    assert np.isnan(found.alpha)


def test_rows_of_weight_zero_do_not_count():
    x = np.array([[10.0, 20.0], [40.0, 10.0], [90.0, 70.0], [0.0, 100.0]])

    found = cross_products(x, np.array([1.0, 1, 1, 0]), missing="complete")

    assert (found.rows == 3).all()
    assert found.covariance() == pytest.approx(np.cov(x[:3], rowvar=False))


@pytest.mark.parametrize(
    ("items", "weights", "words"),
    [
        (np.ones((3, 2)), np.ones(2), "one for each row"),
        (np.ones((2, 2)), np.array([1.0, -1.0]), "not negative"),
        (np.ones((2, 2)), np.array([1.0, np.nan]), "finite"),
    ],
)
def test_rows_and_weights_that_do_not_fit_are_refused(items, weights, words):
    with pytest.raises(ValueError, match=words):
        cross_products(items, weights, missing="complete")


def test_parts_made_by_different_rules_do_not_add_up():
    x = np.array([[10.0, 20.0], [40.0, 10.0]])

    with pytest.raises(ValueError, match="same"):
        cross_products(x, np.ones(2), missing="complete") + cross_products(
            x, np.ones(2), missing="pairwise"
        )


@pytest.mark.parametrize(
    ("items", "words"),
    [([[1.0, np.nan], [np.nan, 2.0], [3.0, 4.0]], "two rows"), ([[1.0], [2.0]], "two items")],
)
def test_too_little_to_judge_is_refused(items, words):
    products = cross_products(np.array(items), np.ones(len(items)), missing="complete")

    with pytest.raises(ValueError, match=words):
        consistency(products)
