"""Raking: margins come back, design weights stay inside a cell, what cannot be reached is named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics.sampling.raking import (
    EmptyCategory,
    Margins,
    NoTarget,
    NotReached,
    RakingError,
    UnequalTotals,
    rake,
)


def margins(*targets):
    return Margins(tuple(np.array(t, dtype=float) for t in targets))


def table(seed, shape=(4, 3, 2)):
    return np.random.default_rng(seed).uniform(0.5, 5, int(np.prod(shape)))


def have(weight, of):
    """Return the margins of a table by summing over its axes."""
    cube = weight.reshape([len(t) for t in of.targets])
    axes = range(cube.ndim)
    return [cube.sum(axis=tuple(a for a in axes if a != v)) for v in axes]


@given(st.integers(0, 10_000))
def test_raked_weights_give_every_margin_back(seed):
    rng = np.random.default_rng(seed)
    total = 1000.0
    of = margins(*(total * rng.dirichlet(np.full(k, 5.0)) for k in (4, 3, 2)))

    raked = rake(table(seed), of)

    for found, target in zip(have(table(seed) * raked.factor, of), of.targets, strict=True):
        np.testing.assert_allclose(found, target, rtol=1e-9)
    assert raked.error <= 1e-10


def test_one_margin_is_poststratification():
    raked = rake(np.array([10.0, 30.0]), margins([50, 50]))

    assert raked.factor.tolist() == [5.0, pytest.approx(50 / 30)]
    assert raked.sweeps == 1


def test_margins_that_hold_already_change_nothing():
    weight = table(1)
    of = margins(*have(weight, margins([1] * 4, [1] * 3, [1] * 2)))

    np.testing.assert_allclose(rake(weight, of).factor, 1.0, rtol=1e-9)


def test_the_odds_inside_the_table_are_kept():
    """Raking changes margins, not how the variables go together (Deming and Stephan 1940)."""
    weight = table(2, (2, 2))
    raked = weight * rake(weight, margins([30, 70], [60, 40])).factor

    def odds(t):
        return t[0] * t[3] / (t[1] * t[2])

    assert odds(raked) == pytest.approx(odds(weight), rel=1e-9)


def test_cells_nobody_stands_for_stay_empty():
    weight = np.array([10.0, 0.0, 5.0, 20.0])

    raked = rake(weight, margins([40, 60], [50, 50]))

    assert (weight * raked.factor)[1] == 0
    np.testing.assert_allclose(
        have(weight * raked.factor, margins([0, 0], [0, 0]))[0], [40, 60], rtol=1e-9
    )


def test_a_category_without_respondents_is_named():
    with pytest.raises(EmptyCategory, match="category 1 of margin 0") as stopped:
        rake(np.array([10.0, 10.0, 0.0, 0.0]), margins([50, 50], [50, 50]))

    assert (stopped.value.margin, stopped.value.category) == (0, 1)


def test_a_category_without_a_population_is_named():
    with pytest.raises(NoTarget, match="category 0 of margin 1"):
        rake(np.ones(4), margins([50, 50], [0, 100]))


def test_margins_of_different_populations_are_refused():
    with pytest.raises(UnequalTotals, match="adds up to 90"):
        rake(np.ones(4), margins([50, 50], [50, 40]))


@pytest.mark.parametrize("bad", [[-1, 101], [np.nan, 1], [0, 0]])
def test_targets_that_are_no_population_are_refused(bad):
    with pytest.raises(RakingError):
        rake(np.ones(2), margins(bad))


def test_margins_that_empty_cells_make_contradict_each_other_are_not_reached():
    """Men live in the north only, women in the south only, yet the targets differ."""
    with pytest.raises(NotReached, match="off its target"):
        rake(np.array([10.0, 0.0, 0.0, 10.0]), margins([30, 70], [60, 40]), sweeps=50)


def test_factors_stay_inside_their_bounds():
    weight, of = table(3), margins([250, 250, 250, 250], [400, 300, 300], [450, 550])
    free = rake(weight, of).factor / (1000 / weight.sum())
    low, high = free.min() * 1.05, free.max() * 0.95

    bound = rake(weight, of, bounds=(low, high)).factor / (1000 / weight.sum())

    assert bound.min() >= low * (1 - 1e-12)
    assert bound.max() <= high * (1 + 1e-12)


def test_bounds_too_narrow_are_not_reached():
    with pytest.raises(NotReached):
        rake(np.array([10.0, 90.0]), margins([90, 10]), bounds=(0.9, 1.1), sweeps=50)


def test_cells_are_coded_by_the_order_of_the_margins():
    of = margins([1, 1], [1, 1, 1])

    cell = of.cell_of([np.array([0, 1]), np.array([2, 1])])

    assert cell.tolist() == [2, 4]
    assert [c.tolist() for c in of.categories(cell)] == [[0, 1], [2, 1]]


def test_a_category_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="out of range"):
        margins([1, 1]).cell_of([np.array([-1])])
