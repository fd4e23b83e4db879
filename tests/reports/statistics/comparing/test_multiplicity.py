"""Adjusted p-values: R's p.adjust, their definitions, and what must hold of any family."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics.comparing.multiplicity import benjamini_hochberg, holm
from tests import reference
from tests.conftest import ROOT

ADJUSTED = [holm, benjamini_hochberg]
families = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def step_up(p):
    """Benjamini and Hochberg's q of each test: the smallest m q_(r) / r over the ranks r that
    its p reaches.
    """
    m = len(p)
    return [
        min([1.0] + [m * other / sum(x <= other for x in p) for other in p if other >= own])
        for own in p
    ]


@pytest.mark.parametrize(("adjusted", "name"), [(holm, "holm"), (benjamini_hochberg, "bh")])
def test_adjusted_p_values_are_those_of_r(adjusted, name):
    golden = json.loads((ROOT / "tests/golden/small.json").read_text())

    np.testing.assert_allclose(adjusted(np.array(golden["p"])), golden[name], rtol=1e-14)


@given(p=families)
def test_holm_equals_its_definition(p):
    np.testing.assert_allclose(holm(np.array(p)), reference.holm(p), rtol=1e-12)


@given(p=families)
def test_benjamini_hochberg_equals_its_definition(p):
    np.testing.assert_allclose(benjamini_hochberg(np.array(p)), step_up(p), rtol=1e-12)


@given(p=families)
def test_false_discoveries_cost_less_than_any_false_claim(p):
    p = np.array(p)

    rate, family_wise = benjamini_hochberg(p), holm(p)

    assert (p <= rate * (1 + 1e-12)).all()
    assert (rate <= family_wise * (1 + 1e-12)).all()
    assert (family_wise <= np.minimum(1, len(p) * p) * (1 + 1e-12)).all()


@pytest.mark.parametrize("adjusted", ADJUSTED)
@given(p=families, seed=st.integers(0, 1000))
def test_the_order_of_tests_does_not_matter(adjusted, p, seed):
    order = np.random.default_rng(seed).permutation(len(p))

    np.testing.assert_array_equal(adjusted(np.array(p)[order]), adjusted(np.array(p))[order])


@pytest.mark.parametrize("adjusted", ADJUSTED)
def test_a_single_test_needs_no_adjustment_and_none_has_none(adjusted):
    assert adjusted(np.array([0.03])).tolist() == [0.03]
    assert adjusted(np.array([])).tolist() == []


@pytest.mark.parametrize("adjusted", ADJUSTED)
@pytest.mark.parametrize("p", [[0.1, np.nan], [-0.1], [1.1], [[0.1]]])
def test_what_is_no_p_value_is_refused(adjusted, p):
    with pytest.raises(ValueError, match="p-values"):
        adjusted(np.array(p))
