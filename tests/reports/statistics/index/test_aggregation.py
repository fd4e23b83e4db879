"""One index from several dimensions: worked cases, closed forms, simulation, and what must hold
of any companies.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.statistics.index.aggregation import (
    SCHEMES,
    Scheme,
    aggregate,
    concentration_within,
    dirichlet,
    index_covariance,
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


# weights


@pytest.mark.parametrize("concentration", [5.0, 50.0, 500.0])
def test_drawn_weights_average_to_the_chosen_ones_and_spread_as_dirichlet_does(concentration):
    weights = np.array([0.5, 0.3, 0.15, 0.05])

    drawn = dirichlet(
        weights, concentration=concentration, draws=40_000, rng=np.random.default_rng(2)
    )

    sd = np.sqrt(weights * (1 - weights) / (concentration + 1))
    assert (np.abs(drawn.mean(axis=0) - weights) < 4 * sd / np.sqrt(40_000)).all()
    assert drawn.std(axis=0) == pytest.approx(sd, rel=0.05)
    assert drawn.sum(axis=1) == pytest.approx(np.ones(40_000))


def test_a_weight_of_zero_stays_zero():
    drawn = dirichlet(
        np.array([0.5, 0.0, 0.5]), concentration=10, draws=100, rng=np.random.default_rng(2)
    )

    assert (drawn[:, 1] == 0).all()
    assert (drawn[:, 0] > 0).all()


@pytest.mark.parametrize(("share", "dimensions"), [(0.25, 9), (0.1, 4), (0.5, 3)])
def test_equal_weights_lie_within_the_share_in_95_percent_of_draws(share, dimensions):
    equal = np.full(dimensions, 1 / dimensions)

    concentration = concentration_within(share, dimensions=dimensions)

    drawn = dirichlet(
        equal, concentration=concentration, draws=20_000, rng=np.random.default_rng(3)
    )
    assert (np.abs(drawn * dimensions - 1) < share).mean() == pytest.approx(0.95, abs=0.012)


def test_unequal_weights_vary_by_the_share_on_average():
    weights = np.array([0.6, 0.3, 0.1])

    drawn = dirichlet(
        weights,
        concentration=concentration_within(0.25, dimensions=3),
        draws=40_000,
        rng=np.random.default_rng(3),
    )

    relative = drawn.var(axis=0) / weights**2
    assert np.sqrt(weights @ relative) * 1.96 == pytest.approx(0.25, rel=0.02)
    assert relative[2] > relative[1] > relative[0]


@pytest.mark.parametrize(
    ("share", "dimensions", "words"), [(0.25, 1, "two dimensions"), (3, 2, "no Dirichlet")]
)
def test_spreads_that_do_not_exist_are_refused(share, dimensions, words):
    with pytest.raises(ValueError, match=words):
        concentration_within(share, dimensions=dimensions)


# schemes


def test_a_worked_case_of_every_scheme():
    scores = np.array([[80.0, 20.0], [50.0, 50.0], [20.0, 80.0]])

    def index(*scheme, **more):
        return aggregate(scores, EQUAL, Scheme(*scheme, **more))

    assert index("raw") == pytest.approx(np.array([50.0, 50.0, 50.0]))
    assert index("raw", "geometric") == pytest.approx(np.array([40.0, 50.0, 40.0]))
    assert index("goalposts", goalposts=((0.0, 200.0), (100.0, 0.0))) == pytest.approx(
        np.array([60.0, 37.5, 15.0])
    )
    assert index("min_max") == pytest.approx(np.array([50.0, 50.0, 50.0]))
    assert aggregate(scores, np.array([1.0, 0.0]), Scheme("min_max")) == pytest.approx(
        np.array([100.0, 50.0, 0.0])
    )
    assert aggregate(scores, np.array([1.0, 0.0]), Scheme("z_score")) == pytest.approx(
        np.array([60.0, 50.0, 40.0])
    )


@settings(max_examples=30, deadline=None)
@given(rng=worlds, scheme=st.sampled_from(SCHEMES))
def test_many_draws_at_once_equal_one_after_the_other(rng, scheme):
    scores, weights = rng.uniform(20, 90, (6, 4, 3)), rng.dirichlet(np.ones(3), 6)

    together = aggregate(scores, weights, scheme)

    assert together == pytest.approx(
        np.stack([aggregate(s, w, scheme) for s, w in zip(scores, weights, strict=True)])
    )


@settings(max_examples=30, deadline=None)
@given(rng=worlds)
def test_the_geometric_mean_is_never_above_the_arithmetic_one(rng):
    scores, _covariance, weights = random_world(rng)

    geometric, arithmetic = (
        aggregate(scores, weights, Scheme("raw", a)) for a in ("geometric", "arithmetic")
    )

    assert (geometric <= arithmetic + 1e-9).all()


def test_a_zero_in_a_geometric_mean_is_refused_or_lifted_by_name():
    scores = np.array([[0.0, 81.0], [50.0, 50.0]])

    with pytest.raises(ValueError, match="name a floor"):
        aggregate(scores, EQUAL, Scheme("raw", "geometric"))
    floored = aggregate(scores, EQUAL, Scheme("raw", "geometric", zeros="floor"))
    assert floored == pytest.approx(np.array([9.0, 50.0]))


@pytest.mark.parametrize("normalisation", ["min_max", "z_score"])
def test_a_dimension_in_which_all_are_equal_parts_nobody(normalisation):
    scores = np.array([[66.6, 10.0], [66.6, 20.0]])

    found = aggregate(scores, np.array([1.0, 0.0]), Scheme(normalisation))

    assert found.tolist() == [50, 50]


@pytest.mark.parametrize("posts", [((0.0, 100.0),), ((0.0, 100.0), (5.0, 5.0))])
def test_goalposts_that_do_not_fit_are_refused(posts):
    with pytest.raises(ValueError, match="goalposts"):
        aggregate(np.ones((2, 2)), EQUAL, Scheme(goalposts=posts))


@settings(max_examples=20, deadline=None)
@given(rng=worlds)
def test_covariances_of_means_are_those_of_their_formulas(rng):
    scores, covariance, weights = random_world(rng)

    arithmetic, geometric = (
        index_covariance(scores, covariance, weights, Scheme("raw", a))
        for a in ("arithmetic", "geometric")
    )

    turn = np.kron(np.eye(5), weights)
    assert arithmetic == pytest.approx(turn @ covariance @ turn.T, rel=1e-6, abs=1e-8)
    index = np.exp(np.log(scores) @ weights)
    bent = turn / scores.ravel() * index[:, None]  # dI / dx_d = I w_d / x_d
    assert geometric == pytest.approx(bent @ covariance @ bent.T, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda s: s.name)
def test_covariances_carried_over_are_those_of_simulated_scores(scheme):
    rng = np.random.default_rng(12)
    scores, covariance, weights = random_world(rng)
    covariance *= 0.01  # so that the bend of the scheme inside the noise does not matter

    found = index_covariance(scores, covariance, weights, scheme)

    drawn = rng.multivariate_normal(scores.ravel(), covariance, size=40_000).reshape(-1, 5, 3)
    simulated = np.cov(aggregate(drawn, weights, scheme), rowvar=False)
    assert found == pytest.approx(simulated, abs=0.05 * np.diag(simulated).max())
