"""Intraclass correlations: Shrout and Fleiss's subjects, R, mean squares in loops, and simulated
coverage.
"""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.agreement.intraclass import intraclass
from tests.conftest import ROOT

KINDS = ["one_way", "agreement", "consistency"]
# Shrout and Fleiss 1979, table 2: six subjects, four judges
SUBJECTS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]],
    dtype=float,
)
worlds = st.integers(0, 10**6).map(np.random.default_rng)


def random_ratings(rng):
    return (
        rng.normal(0, 2, (7, 1)) + rng.normal(0, 1, 3) + rng.normal(0, rng.uniform(0.2, 3), (7, 3))
    )


def naive(x, kind):
    """Single and average coefficient from variance components, by loops (McGraw and Wong 1996,
    table 4).
    """
    n, k = x.shape
    mean = sum(x.flat) / (n * k)
    rows, columns = [sum(r) / k for r in x], [sum(c) / n for c in x.T]
    msr = k * sum((r - mean) ** 2 for r in rows) / (n - 1)
    msc = n * sum((c - mean) ** 2 for c in columns) / (k - 1)
    mse = sum((x[i, j] - rows[i] - columns[j] + mean) ** 2 for i in range(n) for j in range(k)) / (
        (n - 1) * (k - 1)
    )
    msw = sum((x[i, j] - rows[i]) ** 2 for i in range(n) for j in range(k)) / (n * (k - 1))
    if kind == "one_way":
        between, noise = (msr - msw) / k, msw
    elif kind == "consistency":
        between, noise = (msr - mse) / k, mse
    else:
        between, noise = (msr - mse) / k, mse + (msc - mse) / n
    return between / (between + noise), between / (between + noise / k)


@pytest.mark.parametrize(
    ("kind", "single", "average"),
    [("one_way", 0.17, 0.44), ("agreement", 0.29, 0.62), ("consistency", 0.71, 0.91)],
)
def test_coefficients_of_six_subjects_as_published(kind, single, average):
    """Shrout and Fleiss 1979, table 4: ICC(1,1) (2,1) (3,1) and (1,k) (2,k) (3,k)."""
    found = intraclass(SUBJECTS, kind=kind)

    assert (round(found.single.value, 2), round(found.average.value, 2)) == (single, average)


@pytest.mark.parametrize("kind", KINDS)
def test_coefficients_and_intervals_are_those_made_with_r(kind):
    golden = json.loads((ROOT / "tests/golden/small.json").read_text())

    found = intraclass(np.array(golden["shrout_fleiss"], dtype=float), kind=kind)

    numbers = [*vars(found.single).values(), *vars(found.average).values()]
    assert numbers == pytest.approx(golden[kind], rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None)
@given(rng=worlds)
def test_coefficients_equal_their_variance_components(kind, rng):
    ratings = random_ratings(rng)

    found = intraclass(ratings, kind=kind)

    single, average = naive(ratings, kind)
    assert found.single.value == pytest.approx(single)
    if average <= 1:  # beyond, the formula has passed through its pole: -inf here
        assert found.average.value == pytest.approx(average)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None)
@given(rng=worlds)
def test_subjects_raters_and_units_do_not_matter(kind, rng):
    ratings = random_ratings(rng)
    other = 3 - 2 * ratings[rng.permutation(7)][:, rng.permutation(3)]

    found, again = intraclass(ratings, kind=kind), intraclass(other, kind=kind)

    assert list(vars(again.single).values()) == pytest.approx(list(vars(found.single).values()))
    assert list(vars(again.average).values()) == pytest.approx(list(vars(found.average).values()))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None)
@given(rng=worlds)
def test_intervals_lie_around_their_value_and_grow_with_the_level(kind, rng):
    ratings = random_ratings(rng)

    narrow, wide = (
        intraclass(ratings, kind=kind, level=0.8),
        intraclass(ratings, kind=kind, level=0.99),
    )

    for a, b in [(narrow.single, wide.single), (narrow.average, wide.average)]:
        assert b.low <= a.low <= a.value <= a.high <= b.high <= 1


@settings(max_examples=30, deadline=None)
@given(rng=worlds)
def test_levels_of_raters_count_for_agreement_only(rng):
    ratings = random_ratings(rng)
    shifted = ratings + np.array([0.0, 50.0, 100.0])

    assert intraclass(shifted, kind="consistency").single.value == pytest.approx(
        intraclass(ratings, kind="consistency").single.value
    )
    assert abs(intraclass(shifted, kind="agreement").single.value) < 0.1


@pytest.mark.parametrize(
    ("kind", "least"), [("one_way", 0.93), ("agreement", 0.92), ("consistency", 0.93)]
)
def test_intervals_cover_the_true_coefficient(kind, least):
    """12 subjects, 4 raters, variances 4, 1 and 3; 600 samples, so that coverage is known to
    about .009.
    """
    rng, hits = np.random.default_rng(5), 0
    rater_variance = 0 if kind == "one_way" else 1
    true = 4 / (4 + 3 + (1 if kind == "agreement" else 0))
    for _ in range(600):
        ratings = (
            rng.normal(0, 2, (12, 1))
            + rng.normal(0, rater_variance, 4)
            + rng.normal(0, 3**0.5, (12, 4))
        )
        found = intraclass(ratings, kind=kind).single
        hits += found.low <= true <= found.high

    assert least < hits / 600 < 0.985


@pytest.mark.parametrize("kind", KINDS)
def test_raters_who_agree_wholly_have_one(kind):
    found = intraclass(np.array([[1.0, 1.0], [2.0, 2.0], [5.0, 5.0]]), kind=kind)

    assert list(vars(found.single).values()) == pytest.approx([1, 1, 1])
    assert list(vars(found.average).values()) == pytest.approx([1, 1, 1])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "ratings",
    [np.full((3, 2), 4.1), np.array([[0.1, 0.3], [0.3, 0.1], [0.2, 0.2]]), np.zeros((2, 2))],
)
def test_subjects_with_equal_means_have_no_coefficient(kind, ratings):
    found = intraclass(ratings, kind=kind)

    assert all(math.isnan(x) for x in (*vars(found.single).values(), *vars(found.average).values()))


def test_an_average_below_its_pole_is_no_number_that_could_be_printed():
    """Subjects nearly alike, raters with equal means: McGraw and Wong's ICC(A,k) would come out
    above 1.
    """
    ratings = np.array([[10.0, 0.0, 5.0], [0.0, 5.01, 10.0], [5.0, 10.0, 0.0]])

    found = intraclass(ratings, kind="agreement")

    assert naive(ratings, "agreement")[1] > 1
    assert found.average.value == -math.inf


@pytest.mark.parametrize(
    "ratings", [[[1.0, 2.0]], [[1.0], [2.0]], [[1.0, np.nan], [2.0, 3.0]], [1.0, 2.0]]
)
def test_too_few_or_missing_ratings_are_refused(ratings):
    with pytest.raises(ValueError, match="every rating"):
        intraclass(np.array(ratings), kind="one_way")


def test_a_level_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="level"):
        intraclass(SUBJECTS, kind="one_way", level=95)
