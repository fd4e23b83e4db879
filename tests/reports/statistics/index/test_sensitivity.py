"""What choices do to ranks and classes: closed forms, plain loops, and what must hold of any
companies.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from reports.statistics.comparing.classes import compare_with_others
from reports.statistics.comparing.places import point_ranks
from reports.statistics.index.aggregation import Scheme
from reports.statistics.index.sensitivity import (
    CLASSES,
    Variants,
    first_order,
    leave_one_out,
    normalisation_sensitivity,
    variants,
    weights_sensitivity,
)

worlds = st.integers(0, 10**6).map(np.random.default_rng)
EQUAL = np.array([0.5, 0.5])


def random_world(rng, g=5, d=3):
    factor = rng.normal(size=(g * d, g * d))
    return (
        rng.uniform(40, 90, (g, d)),
        factor @ factor.T / (g * d) * 4,
        rng.dirichlet(np.full(d, 5.0)),
    )


def relabelled(scores, covariance, order):
    g, d = scores.shape
    rows = (order[:, None] * d + np.arange(d)).ravel()
    return scores[order], covariance[np.ix_(rows, rows)]


def under_weights(scores, weights, **more):
    how = {"concentration": 50.0, "draws": 200, "seed": 1, "level": 0.95, **more}
    return weights_sensitivity(scores, weights, **how)


# weights


def test_how_often_one_company_beats_another_is_a_beta_distribution():
    """The first is ahead where its better dimension weighs over 1/2: P(Beta(12, 8) > 1/2) =
    .820.
    """
    scores = np.array([[60.0, 50.0], [50.0, 60.0]])

    found = under_weights(scores, np.array([0.6, 0.4]), concentration=20, draws=20_000, decimals=9)

    expected = stats.beta(12, 8).sf(0.5)
    assert found.beats[0, 1] == pytest.approx(expected, abs=0.011)
    assert found.beats[1, 0] == pytest.approx(1 - expected, abs=0.011)
    assert found.rank_median.tolist() == [1, 2]
    assert found.rank_low.tolist() == [1, 1]
    assert found.rank_high.tolist() == [2, 2]


@settings(max_examples=15, deadline=None)
@given(rng=worlds)
def test_every_draw_is_classified_as_by_plain_loops(rng):
    scores, covariance, weights = random_world(rng)

    found = under_weights(scores, weights, covariance=covariance, draws=30, level=0.9, df=40.0)

    counted = np.zeros((5, 3))
    for w in found.weights:
        turn = np.kron(np.eye(5), w)
        classes = compare_with_others(
            turn @ scores.ravel(), turn @ covariance @ turn.T, level=0.9, df=40.0
        ).classes
        for j, name in enumerate(classes):
            counted[j, CLASSES.index(name)] += 1 / 30
    assert found.class_share == pytest.approx(counted)


@settings(max_examples=20, deadline=None)
@given(rng=worlds)
def test_weights_that_do_not_move_give_certain_classes_and_ranks(rng):
    scores, covariance, weights = random_world(rng)

    found = under_weights(scores, weights, covariance=covariance, concentration=np.inf, draws=10)

    turn = np.kron(np.eye(5), weights / weights.sum())
    classes = compare_with_others(
        scores @ weights, turn @ covariance @ turn.T, level=0.95, df=np.inf
    ).classes
    assert found.class_share.tolist() == [[float(c == name) for c in CLASSES] for name in classes]
    assert (
        found.rank_low.tolist()
        == found.rank_high.tolist()
        == point_ranks(scores @ weights, 1).tolist()
    )
    assert set(np.unique(found.beats)) <= {0.0, 1.0}


@settings(max_examples=20, deadline=None)
@given(rng=worlds)
def test_relabelling_companies_relabels_their_sensitivity(rng):
    scores, covariance, weights = random_world(rng)
    order = rng.permutation(5)
    moved, covariance_moved = relabelled(scores, covariance, order)

    found = under_weights(moved, weights, covariance=covariance_moved)

    expected = under_weights(scores, weights, covariance=covariance)
    assert found.class_share == pytest.approx(expected.class_share[order])
    assert found.beats == pytest.approx(expected.beats[np.ix_(order, order)])
    for name in ("rank_low", "rank_median", "rank_high"):
        assert getattr(found, name).tolist() == getattr(expected, name)[order].tolist()


def test_a_company_that_is_best_in_everything_is_first_under_any_weights():
    scores = np.array([[70.0, 60.0, 50.0], [80.0, 81.0, 82.0], [60.0, 75.0, 40.0]])

    found = under_weights(scores, np.ones(3), concentration=3)

    assert (found.rank_low[1], found.rank_high[1]) == (1, 1)
    assert found.beats[1].tolist() == [1, 0, 1]
    assert found.class_share is None


# variants


def test_the_order_turns_with_the_aggregation_and_says_for_whom():
    scores = np.array([[90.0, 30.0], [58.0, 58.0], [20.0, 20.0]])

    found = normalisation_sensitivity(
        scores,
        EQUAL,
        np.eye(6) * 0.01,
        schemes=[Scheme("raw"), Scheme("raw", "geometric")],
        level=0.95,
    )

    assert found.names == ("raw, arithmetic", "raw, geometric")
    assert found.ranks.tolist() == [[1, 2, 3], [2, 1, 3]]
    assert found.shift.tolist() == [1, 1, 0]
    assert found.mean_shift == pytest.approx(np.array([0, 2 / 3]))
    assert found.classes == (("above", "above", "below"), ("above", "above", "below"))
    assert found.stable_share.tolist() == [1, 1, 1]


@settings(max_examples=20, deadline=None)
@given(rng=worlds)
def test_relabelling_companies_relabels_every_variant(rng):
    scores, covariance, weights = random_world(rng)
    order = rng.permutation(5)
    moved, covariance_moved = relabelled(scores, covariance, order)

    for sensitivity, more in ((normalisation_sensitivity, ()), (leave_one_out, (["a", "b", "c"],))):
        found = sensitivity(moved, weights, covariance_moved, *more, level=0.95)

        expected = sensitivity(scores, weights, covariance, *more, level=0.95)
        assert found.ranks.tolist() == expected.ranks[:, order].tolist()
        assert np.array(found.classes).tolist() == np.array(expected.classes)[:, order].tolist()


def test_leaving_out_the_item_that_carries_a_company_moves_it():
    scores = np.array([[99.0, 50.0, 50.0], [60.0, 60.0, 60.0], [55.0, 55.0, 55.0]])

    found = leave_one_out(
        scores, np.array([2.0, 1, 1]), np.eye(9) * 0.01, ["fixed", "price", "manner"], level=0.95
    )

    assert found.names == ("all", "fixed", "price", "manner")
    assert found.ranks.tolist() == [[1, 2, 3], [3, 1, 2], [1, 2, 3], [1, 2, 3]]
    assert found.shift.tolist() == [2, 1, 1]
    assert found.stable_share == pytest.approx(np.array([2 / 3, 2 / 3, 2 / 3]))
    assert found.classes[0] == ("above", "below", "below")
    assert found.classes[1] == ("below", "above", "average")


@settings(max_examples=20, deadline=None)
@given(rng=worlds)
def test_leaving_one_out_is_the_same_as_a_weight_of_zero(rng):
    scores, covariance, weights = random_world(rng)

    found = leave_one_out(scores, weights, covariance, ["a", "b", "c"], level=0.95)

    for d in range(3):
        rest = np.where(np.arange(3) == d, 0.0, weights) / (1 - weights[d])
        turn = np.kron(np.eye(5), rest)
        classes = compare_with_others(
            scores @ rest, turn @ covariance @ turn.T, level=0.95, df=np.inf
        ).classes
        assert found.classes[d + 1] == classes
        assert found.ranks[d + 1].tolist() == point_ranks(scores @ rest, 1).tolist()


def test_ways_of_cleaning_are_variants_too():
    names = ["all answers", "verified only", "without speeders"]
    values = [
        np.array([80.0, 60.0, 60.0]),
        np.array([80.0, 60.0, 40.0]),
        np.array([60.0, 60.0, 60.0]),
    ]

    found = variants(names, values, [np.eye(3)] * 3, level=0.95)

    assert found.ranks.tolist() == [[1, 2, 2], [1, 2, 3], [1, 1, 1]]
    assert found.classes[0] == ("above", "below", "below")
    assert found.classes[1] == ("above", "average", "below")
    assert found.stable_share.tolist() == [0.5, 0, 0.5]
    assert found.shift.tolist() == [0, 1, 1]


def test_a_company_that_drops_out_of_a_variant_is_refused():
    with pytest.raises(ValueError, match="every variant"):
        variants(
            ["all", "verified"],
            [np.array([1.0, 2.0]), np.array([1.0, np.nan])],
            [np.eye(2)] * 2,
            level=0.95,
        )


def test_a_single_variant_is_stable():
    found = Variants(("all answers",), np.array([[1, 2]]), (("above", "below"),))

    assert found.stable_share.tolist() == [1, 1]


# Sobol


def test_first_order_indices_of_the_ishigami_function():
    """sin x + 7 sin^2 y + .1 z^4 sin x on (-pi, pi): .3139, .4424, 0 (Ishigami and Homma 1990)."""
    rng = np.random.default_rng(7)
    first, second = ({n: rng.uniform(-np.pi, np.pi, 60_000) for n in "xyz"} for _ in range(2))

    found = first_order(
        lambda i: np.sin(i["x"]) * (1 + 0.1 * i["z"] ** 4) + 7 * np.sin(i["y"]) ** 2, first, second
    )

    assert found["x"] == pytest.approx(0.3139, abs=0.02)
    assert found["y"] == pytest.approx(0.4424, abs=0.02)
    assert found["z"] == pytest.approx(0, abs=0.02)


def test_an_output_that_never_moves_has_nothing_to_explain():
    inputs = {"x": np.arange(4.0)}

    assert first_order(lambda _inputs: np.ones(4), inputs, inputs) == {"x": 0.0}


# what is refused


@pytest.mark.parametrize(
    ("scores", "weights", "more", "words"),
    [
        ([[1.0, np.nan], [1.0, 2.0]], [1.0, 1.0], {}, "missing"),
        ([[1.0, 2.0]], [1.0, 1.0], {}, "two companies"),
        ([[1.0, 2.0], [3.0, 4.0]], [1.0], {}, "one for each dimension"),
        ([[1.0, 2.0], [3.0, 4.0]], [1.0, -1.0], {}, "not negative"),
        ([[1.0, 2.0], [3.0, 4.0]], [0.0, 0.0], {}, "above 0"),
        (
            [[1.0, 2.0], [3.0, 4.0]],
            [1.0, 1.0],
            {"covariance": np.eye(2)},
            "covariance of that size",
        ),
        ([[1.0, 2.0], [3.0, 4.0]], [1.0, 1.0], {"covariance": np.eye(4) * np.nan}, "finite"),
        ([[1.0, 2.0], [3.0, 4.0]], [1.0, 1.0], {"concentration": 0.0}, "positive"),
    ],
)
def test_input_that_does_not_fit_is_refused(scores, weights, more, words):
    with pytest.raises(ValueError, match=words):
        under_weights(np.array(scores), np.array(weights), **more)


def test_the_only_dimension_with_a_weight_cannot_be_left_out():
    with pytest.raises(ValueError, match="two that have a weight"):
        leave_one_out(np.ones((2, 2)), np.array([1.0, 0.0]), np.eye(4), ["a", "b"], level=0.95)
