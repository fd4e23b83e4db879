"""Agreement of raters: published values, naive loops over pairs, and what must hold of any
ratings.
"""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from inspections.agreement.raters import (
    cohen_kappa,
    fleiss_kappa,
    gwet,
    krippendorff_alpha,
    percent_agreement,
)

WEIGHTS = ["none", "linear", "quadratic"]
SCALES = ["nominal", "ordinal", "interval", "ratio"]
DERMATOLOGISTS = np.array([[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]])
worlds = st.integers(0, 10**6).map(np.random.default_rng)


def random_ratings(rng, *, missing=0.2, values=(1.0, 2.0, 3.0, 5.0)):
    """Raters x units, some missing, raters agreeing more often than not."""
    truth = rng.choice(values, 9)
    ratings = np.where(rng.random((4, 9)) < 0.6, truth, rng.choice(values, (4, 9)))
    ratings[rng.random((4, 9)) < missing] = np.nan
    return ratings


def counted(ratings, values):
    """Units x categories."""
    return np.stack([(ratings == v).sum(axis=0) for v in values], axis=1)


def distance(a, b, scale, pooled):
    if scale == "nominal":
        return float(a != b)
    if scale == "ordinal":
        between = (
            sum(min(a, b) <= x <= max(a, b) for x in pooled)
            - (pooled.count(a) + pooled.count(b)) / 2
        )
        return between**2 if a != b else 0.0
    if scale == "interval":
        return (a - b) ** 2
    return ((a - b) / (a + b)) ** 2 if a + b else 0.0


def naive_alpha(ratings, scale):
    """From all ordered pairs of ratings, within units and in the whole pool."""
    units = [[x for x in unit if not math.isnan(x)] for unit in ratings.T.tolist()]
    units = [unit for unit in units if len(unit) >= 2]
    pooled = [x for unit in units for x in unit]
    within = sum(
        distance(a, b, scale, pooled) / (len(u) - 1)
        for u in units
        for a, b in itertools.permutations(u, 2)
    ) / len(pooled)
    anywhere = sum(distance(a, b, scale, pooled) for a, b in itertools.permutations(pooled, 2))
    return 1 - within * len(pooled) * (len(pooled) - 1) / anywhere


def closeness(i, j, k, weights):
    if weights == "none":
        return float(i == j)
    return 1 - (abs(i - j) / (k - 1)) ** (1 if weights == "linear" else 2)


def naive_kappa(p, weights):
    """From a table of probabilities."""
    k = len(p)
    pairs = list(itertools.product(range(k), repeat=2))
    observed = sum(closeness(i, j, k, weights) * p[i, j] for i, j in pairs)
    expected = sum(closeness(i, j, k, weights) * p[i, :].sum() * p[:, j].sum() for i, j in pairs)
    return (observed - expected) / (1 - expected)


def delta_se(table, weights):
    """By the delta method: slopes of kappa in each cell by small steps, and the variance of a
    multinomial.
    """
    n = table.sum()
    p = table / n
    slope = np.zeros_like(p)
    for cell in np.ndindex(*p.shape):
        step = np.zeros_like(p)
        step[cell] = 1e-6
        up, down = (p + step) / (1 + 1e-6), (p - step) / (1 - 1e-6)
        slope[cell] = (naive_kappa(up, weights) - naive_kappa(down, weights)) / 2e-6
    return math.sqrt(((p * slope**2).sum() - (p * slope).sum() ** 2) / n)


def naive_gwet(counts, weights):
    counts = [row for row in counts.tolist() if sum(row)]
    k = len(counts[0])
    agreeing = []
    for row in counts:
        given_ = [c for c in range(k) for _ in range(row[c])]
        pairs = [closeness(a, b, k, weights) for a, b in itertools.permutations(given_, 2)]
        if pairs:
            agreeing.append(sum(pairs) / len(pairs))
    observed = sum(agreeing) / len(agreeing)
    share = [sum(row[c] / sum(row) for row in counts) / len(counts) for c in range(k)]
    total = sum(closeness(i, j, k, weights) for i in range(k) for j in range(k))
    expected = total / (k * (k - 1)) * sum(s * (1 - s) for s in share)
    return (observed - expected) / (1 - expected)


def test_kappa_of_the_reference_table(beside):
    case = json.loads(beside("oracles/agreement/kappa.json").read_text())["cohen_2x2"]

    found = cohen_kappa(np.array(case["table"]))

    assert found.kappa == pytest.approx(case["kappa"])
    assert found.se == pytest.approx(case["se"], rel=1e-12)
    assert (found.observed, found.expected) == pytest.approx((case["po"], case["pe"]))


@pytest.mark.parametrize(
    ("weights", "kappa", "se", "low", "high"),
    [("none", 0.3449, 0.0724, 0.2030, 0.4868), ("linear", 0.5082, 0.0655, 0.3798, 0.6366)],
)
def test_kappa_of_two_dermatologists(weights, kappa, se, low, high):
    """SAS/STAT user's guide, PROC FREQ, agreement study of 88 patients."""
    found = cohen_kappa(DERMATOLOGISTS, weights=weights)

    assert [round(x, 4) for x in (found.kappa, found.se, found.low, found.high)] == [
        kappa,
        se,
        low,
        high,
    ]


@pytest.mark.parametrize("weights", WEIGHTS)
@settings(max_examples=25, deadline=None)
@given(rng=worlds)
def test_kappa_and_its_error_equal_those_of_the_delta_method(weights, rng):
    table = rng.integers(1, 20, (3, 3))

    found = cohen_kappa(table, weights=weights)

    assert found.kappa == pytest.approx(naive_kappa(table / table.sum(), weights))
    assert found.se == pytest.approx(delta_se(table, weights), rel=1e-5)


def test_quadratic_kappa_is_an_intraclass_correlation_with_levels():
    """Fleiss and Cohen 1973: 1 - mean squared distance over what independence of the two raters
    gives.
    """
    scores = np.array(
        [(i, j) for (i, j), n in np.ndenumerate(DERMATOLOGISTS) for _ in range(n)], dtype=float
    )
    first, second = scores.T

    found = cohen_kappa(DERMATOLOGISTS, weights="quadratic").kappa

    by_chance = first.var() + second.var() + (first.mean() - second.mean()) ** 2
    assert found == pytest.approx(1 - ((first - second) ** 2).mean() / by_chance)


@settings(max_examples=40, deadline=None)
@given(rng=worlds, weights=st.sampled_from(WEIGHTS))
def test_raters_may_change_places_and_two_categories_need_no_weights(rng, weights):
    table = rng.integers(0, 9, (4, 4)) + np.eye(4, dtype=int)
    two = table[:2, :2] + 1

    found, other = cohen_kappa(table, weights=weights), cohen_kappa(table.T, weights=weights)
    backwards = cohen_kappa(table[::-1, ::-1], weights=weights)

    for again in (other, backwards):
        assert (again.kappa, again.se) == pytest.approx((found.kappa, found.se), nan_ok=True)
    assert cohen_kappa(two, weights=weights).kappa == pytest.approx(cohen_kappa(two).kappa)
    assert -1 <= found.low <= found.kappa <= found.high <= 1


@settings(max_examples=30, deadline=None)
@given(rng=worlds)
def test_unweighted_kappa_does_not_know_the_order_of_categories(rng):
    table, order = rng.integers(1, 9, (4, 4)), rng.permutation(4)

    assert cohen_kappa(table[np.ix_(order, order)]).kappa == pytest.approx(cohen_kappa(table).kappa)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_kappa_is_undefined_where_all_are_in_one_category(weights):
    found = cohen_kappa(np.array([[20, 0], [0, 0]]), weights=weights)

    assert all(math.isnan(x) for x in (found.kappa, found.se, found.low, found.high))
    assert found.observed == 1


@pytest.mark.parametrize("table", [[[20, 0], [0, 15]], [[0, 7], [7, 0]]])
def test_perfect_agreement_and_disagreement_are_no_certainty(table):
    found = cohen_kappa(np.array(table))

    assert found.kappa == pytest.approx(1 if table[0][0] else -1)
    assert math.isnan(found.se)
    assert math.isnan(found.low)
    assert math.isnan(found.high)


def test_fleiss_kappa_of_the_reference_table(beside):
    case = json.loads(beside("oracles/agreement/kappa.json").read_text())["fleiss_10x5"]

    found = fleiss_kappa(np.array(case["table"]))

    assert found == pytest.approx(case["kappa"], rel=1e-12)
    assert round(found, 2) == case["published"]


def test_fleiss_kappa_of_two_raters_is_scotts_pi():
    """Raters lose their names: Cohen's kappa of the table and its mirror image added up."""
    counts = [
        np.eye(4, dtype=int)[i] + np.eye(4, dtype=int)[j]
        for (i, j), n in np.ndenumerate(DERMATOLOGISTS)
        for _ in range(n)
    ]

    found = fleiss_kappa(np.array(counts))

    assert found == pytest.approx(cohen_kappa(DERMATOLOGISTS + DERMATOLOGISTS.T).kappa)


def test_fleiss_kappa_is_undefined_where_all_are_in_one_category():
    assert math.isnan(fleiss_kappa(np.array([[3, 0], [3, 0]])))


def test_agreement_where_kappa_is_paradoxical():
    """Gwet 2008: 118 of 125 subjects alike, kappa -.0234, AC1 .9408, percent agreement .944."""
    table = np.array([[118, 5], [2, 0]])
    counts = np.repeat([[2, 0], [1, 1], [0, 2]], [118, 7, 0], axis=0)

    assert round(cohen_kappa(table).kappa, 4) == -0.0234
    assert round(gwet(counts), 4) == 0.9408
    assert percent_agreement(counts) == pytest.approx(118 / 125)


def test_gwet_of_four_raters_with_gaps(beside):
    """Gwet's own data (irrCAC: cac.raw4raters), which are Krippendorff's: AC1 .77544, agreement
    .81818.
    """
    case = json.loads(beside("oracles/agreement/kappa.json").read_text())["krippendorff_2011_4x12"]
    counts = counted(np.array(case["data"], dtype=float), [1, 2, 3, 4, 5])

    assert round(gwet(counts), 5) == 0.77544
    assert round(percent_agreement(counts), 5) == 0.81818


@pytest.mark.parametrize("weights", WEIGHTS)
@settings(max_examples=30, deadline=None)
@given(rng=worlds)
def test_gwet_equals_its_definition(weights, rng):
    counts = counted(random_ratings(rng), [1, 2, 3, 5])
    assume((counts.sum(axis=1) >= 2).any())

    assert gwet(counts, weights=weights) == pytest.approx(naive_gwet(counts, weights))


def test_gwet_of_one_category_is_one_by_definition():
    assert gwet(np.array([[3, 0], [2, 0]])) == 1


def test_nothing_is_known_where_nobody_is_rated_twice():
    assert math.isnan(gwet(np.array([[1, 0], [0, 1]])))
    assert math.isnan(percent_agreement(np.array([[1, 0], [0, 0]])))
    assert math.isnan(krippendorff_alpha(np.array([[1.0, np.nan], [np.nan, 2.0]]), scale="nominal"))


@pytest.mark.parametrize("scale", SCALES)
def test_alpha_of_the_reference_data(beside, scale):
    case = json.loads(beside("oracles/agreement/kappa.json").read_text())["krippendorff_2011_4x12"]

    found = krippendorff_alpha(np.array(case["data"], dtype=float), scale=scale)

    assert found == pytest.approx(case["alpha"][scale], rel=1e-12)
    assert round(found, 3) == case["published"][scale]


@pytest.mark.parametrize("scale", SCALES)
@settings(max_examples=30, deadline=None)
@given(rng=worlds)
def test_alpha_equals_its_definition(scale, rng):
    ratings = random_ratings(rng, values=(0.0, 1.0, 2.0, 5.0))
    paired = ratings[:, (~np.isnan(ratings)).sum(axis=0) >= 2]
    assume(len(np.unique(paired[~np.isnan(paired)])) > 1)

    assert krippendorff_alpha(ratings, scale=scale) == pytest.approx(naive_alpha(ratings, scale))


@pytest.mark.parametrize(
    ("scale", "relabelled"),
    [
        ("nominal", lambda x: 1 / x),
        ("ordinal", lambda x: x**3),
        ("interval", lambda x: 7 - 2 * x),
        ("ratio", lambda x: 3 * x),
    ],
)
@settings(max_examples=30, deadline=None)
@given(rng=worlds)
def test_alpha_knows_no_more_than_its_scale(scale, relabelled, rng):
    ratings = random_ratings(rng, missing=0.1)

    found = krippendorff_alpha(ratings, scale=scale)
    others = krippendorff_alpha(relabelled(ratings), scale=scale)
    shuffled = krippendorff_alpha(ratings[rng.permutation(4)][:, rng.permutation(9)], scale=scale)

    assert [others, shuffled] == pytest.approx([found, found], nan_ok=True)
    assert not found > 1


@pytest.mark.parametrize("scale", SCALES)
def test_alpha_is_undefined_where_all_ratings_are_the_same(scale):
    assert math.isnan(krippendorff_alpha(np.full((3, 5), 2.0), scale=scale))
    assert math.isnan(krippendorff_alpha(np.zeros((3, 5)), scale=scale))


@pytest.mark.parametrize(
    "table",
    [[[1, 2, 3], [4, 5, 6]], [[1, -1], [2, 3]], [[0, 0], [0, 0]], [[0.5, 1], [1, 1]], [[3]]],
)
def test_kappa_refuses_what_is_no_table(table):
    with pytest.raises(ValueError, match="needs"):
        cohen_kappa(np.array(table))


@pytest.mark.parametrize(
    "counts", [[[2, 1], [1, 1]], [[1, 0], [0, 1]], np.zeros((0, 2), dtype=int), [[2], [2]]]
)
def test_fleiss_kappa_refuses_unequal_or_single_ratings(counts):
    with pytest.raises(ValueError, match="needs"):
        fleiss_kappa(np.array(counts))


@pytest.mark.parametrize("ratings", [[[np.inf, 1.0]], [[-1.0, 1.0]], [1.0, 2.0]])
def test_alpha_refuses_what_a_ratio_scale_cannot_hold(ratings):
    with pytest.raises(ValueError, match="alpha"):
        krippendorff_alpha(np.array(ratings), scale="ratio")


def test_a_level_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="level"):
        cohen_kappa(DERMATOLOGISTS, level=95)
