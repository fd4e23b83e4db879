"""One score from several sources: closed forms, and what must hold of any sources."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from reports.statistics.comparing.places import point_ranks
from reports.statistics.index.aggregation import SCHEMES, Scheme
from reports.statistics.index.composite import CompositeChoice, composite

worlds = st.integers(0, 10**6).map(np.random.default_rng)
ONLY = (Scheme(),)


def combined(scores, covariances, weights=(1.0, 1.0), *, scheme=SCHEMES[0], **more):
    how = {"concentration": 40.0, "draws": 2000, "seed": 1, **more}
    return composite(
        np.asarray(scores, float), covariances, CompositeChoice(tuple(weights), scheme), **how
    )


def random_sources(rng, g=6):
    factors = rng.normal(size=(2, g, g))
    return rng.uniform(40, 90, (g, 2)), [f @ f.T / g * 9 for f in factors]


def test_with_every_choice_held_the_band_is_the_normal_one():
    scores, variances = np.array([[80.0, 60.0], [60.0, 70.0], [64.0, 60.0]]), [4.0, 12.0]

    found = combined(
        scores,
        [np.eye(3) * v for v in variances],
        concentration=np.inf,
        schemes=ONLY,
        draws=20_000,
        decimals=6,
    )

    half = stats.norm.ppf(0.95) * np.sqrt((4 + 12) / 4)
    assert found.score == pytest.approx(np.array([70.0, 65.0, 62.0]))
    assert found.low == pytest.approx(found.score - half, abs=0.12)
    assert found.high == pytest.approx(found.score + half, abs=0.12)
    assert found.beats[0, 1] == pytest.approx(stats.norm.cdf(5 / np.sqrt(8)), abs=0.01)
    assert found.beats[1, 2] == pytest.approx(stats.norm.cdf(3 / np.sqrt(8)), abs=0.011)
    assert found.shift_explained["sampling"] == pytest.approx(1, abs=0.05)
    assert found.shift_explained["weights"] == found.shift_explained["scheme"] == 0


def test_with_only_the_weights_open_the_band_is_that_of_a_beta_distribution():
    """Score 80 w + 40 (1 - w) with w ~ Beta(30, 10), and 60 whatever the weights."""
    found = combined(
        [[80.0, 40.0], [60.0, 60.0]],
        [np.zeros((2, 2))] * 2,
        (3.0, 1.0),
        schemes=ONLY,
        draws=100_000,
        decimals=6,
    )

    quantiles = 40 + 40 * stats.beta(30, 10).ppf([0.05, 0.95])
    assert (found.low[0], found.high[0]) == pytest.approx(tuple(quantiles), abs=0.1)
    assert (found.low[1], found.high[1]) == pytest.approx((60, 60))
    assert found.beats[0, 1] == pytest.approx(stats.beta(30, 10).sf(0.5), abs=0.005)


def test_what_moves_the_ranks_is_told_apart():
    """Sampling error is nil and the weights hardly move: what turns the order is the scheme."""
    schemes = (Scheme("raw"), Scheme("raw", "geometric"))

    found = combined(
        [[90.0, 30.0], [58.0, 58.0]],
        [np.zeros((2, 2))] * 2,
        scheme=schemes[0],
        schemes=schemes,
        concentration=1e6,
        draws=4000,
    )

    assert found.shift_explained["scheme"] == pytest.approx(1, abs=0.06)
    assert found.shift_explained["weights"] == pytest.approx(0, abs=0.06)
    assert found.beats[0, 1] == pytest.approx(0.5, abs=0.03)
    assert (found.rank_low.tolist(), found.rank_high.tolist()) == ([1, 1], [2, 2])
    # half of the draws are sqrt(90 x 30) = 52.0, half are 60
    assert (found.low[0], found.high[0]) == pytest.approx((51.96, 60.0), abs=0.1)


def test_scores_stay_on_the_chosen_ruler_whatever_else_is_varied():
    """A z-score of a company far ahead of two equal ones is some 62: its points are no goalpost
    points.
    """
    found = combined([[90.0, 90.0], [30.0, 30.0], [30.0, 30.0]], [np.eye(3) * 1e-6] * 2)

    assert (found.low[0], found.high[0]) == pytest.approx((90, 90), abs=0.01)
    assert (found.rank_low[0], found.rank_high[0]) == (1, 1)


@settings(max_examples=15, deadline=None)
@given(rng=worlds)
def test_relabelling_companies_relabels_the_composite(rng):
    scores, covariances = random_sources(rng)
    order = rng.permutation(6)

    found = combined(scores[order], [c[np.ix_(order, order)] for c in covariances], draws=300)

    expected = combined(scores, covariances, draws=300)
    for name in ("score", "low", "high"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name)[order])
    for name in ("rank", "rank_low", "rank_median", "rank_high"):
        assert getattr(found, name).tolist() == getattr(expected, name)[order].tolist()
    assert found.beats == pytest.approx(expected.beats[np.ix_(order, order)])
    assert found.shift_explained == pytest.approx(expected.shift_explained)


@settings(max_examples=15, deadline=None)
@given(rng=worlds)
def test_bands_are_in_order_and_the_rank_is_that_of_the_score(rng):
    scores, covariances = random_sources(rng)

    found = combined(scores, covariances, draws=300)

    assert (found.low <= found.high).all()
    assert (found.rank_low <= found.rank_median).all()
    assert (found.rank_median <= found.rank_high).all()
    assert found.rank.tolist() == point_ranks(found.score, 1).tolist()
    assert (found.beats + found.beats.T <= 1 + 1e-12).all()


def test_the_same_seed_gives_the_same_bands():
    scores, covariances = random_sources(np.random.default_rng(3))

    first, second, other = (combined(scores, covariances, draws=300, seed=s) for s in (1, 1, 2))

    assert first.low.tolist() == second.low.tolist()
    assert first.low.tolist() != other.low.tolist()


def test_a_source_at_zero_has_no_geometric_composite_without_a_floor():
    scores, nothing = [[80.0, 0.0], [60.0, 70.0]], [np.zeros((2, 2))] * 2
    plain, floored = (
        Scheme("goalposts", "geometric"),
        Scheme("goalposts", "geometric", zeros="floor"),
    )

    with pytest.raises(ValueError, match="name a floor"):
        combined(scores, nothing, scheme=plain, schemes=(plain,))
    found = combined(scores, nothing, scheme=floored, schemes=(floored,))
    assert found.score == pytest.approx(np.sqrt(np.array([80.0 * 1.0, 60.0 * 70.0])))


@pytest.mark.parametrize(
    ("scores", "covariances", "weights", "more", "words"),
    [
        ([[50.0, np.nan], [50.0, 60.0]], [np.eye(2)] * 2, (1, 1), {}, "every source"),
        ([[50.0, 60.0]], [np.eye(1)] * 2, (1, 1), {}, "two companies"),
        ([[50.0, 60.0], [70.0, 80.0]], [np.eye(2)] * 2, (1,), {}, "weight for each source"),
        ([[50.0, 60.0], [70.0, 80.0]], [np.eye(2)] * 2, (1, -1), {}, "not negative"),
        ([[50.0, 60.0], [70.0, 80.0]], [np.eye(2)] * 2, (0, 0), {}, "not all 0"),
        ([[50.0, 60.0], [70.0, 80.0]], [np.eye(2)], (1, 1), {}, "covariance"),
        ([[50.0, 60.0], [70.0, 80.0]], [np.ones(2)] * 2, (1, 1), {}, "covariance"),
        (
            [[50.0, 60.0], [70.0, 80.0]],
            [np.diag([1.0, -1.0])] * 2,
            (1, 1),
            {},
            "negative eigenvalue",
        ),
        ([[50.0, 60.0], [70.0, 80.0]], [np.eye(2) * np.nan] * 2, (1, 1), {}, "finite"),
        (
            [[50.0, 60.0], [70.0, 80.0]],
            [np.eye(2)] * 2,
            (1, 1),
            {"schemes": (Scheme("raw"),)},
            "among those",
        ),
    ],
)
def test_sources_that_cannot_be_combined_are_refused(scores, covariances, weights, more, words):
    with pytest.raises(ValueError, match=words):
        combined(scores, covariances, weights, **more)
