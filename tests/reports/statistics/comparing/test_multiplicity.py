"""Adjusted p-values: R's p.adjust, their definition, and what must hold of any family."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics.comparing.multiplicity import holm
from tests import reference
from tests.conftest import ROOT

families = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def test_adjusted_p_values_are_those_of_r():
    golden = json.loads((ROOT / "tests/golden/small.json").read_text())

    np.testing.assert_allclose(holm(np.array(golden["p"])), golden["holm"], rtol=1e-14)


@given(p=families)
def test_holm_equals_its_definition(p):
    np.testing.assert_allclose(holm(np.array(p)), reference.holm(p), rtol=1e-12)


@given(p=families)
def test_adjusting_costs_something_and_no_more_than_bonferroni(p):
    p = np.array(p)

    found = holm(p)

    assert (p <= found * (1 + 1e-12)).all()
    assert (found <= np.minimum(1, len(p) * p) * (1 + 1e-12)).all()


@given(p=families, seed=st.integers(0, 1000))
def test_the_order_of_tests_does_not_matter(p, seed):
    order = np.random.default_rng(seed).permutation(len(p))

    np.testing.assert_array_equal(holm(np.array(p)[order]), holm(np.array(p))[order])


def test_a_single_test_needs_no_adjustment_and_none_has_none():
    assert holm(np.array([0.03])).tolist() == [0.03]
    assert holm(np.array([])).tolist() == []


@pytest.mark.parametrize("p", [[0.1, np.nan], [-0.1], [1.1], [[0.1]]])
def test_what_is_no_p_value_is_refused(p):
    with pytest.raises(ValueError, match="p-values"):
        holm(np.array(p))
