"""Sums on a grid do not depend on their order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics.exact import Grid, quantum, snap


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=300), st.randoms())
def test_snapped_sums_are_the_same_in_any_order(values, shuffle):
    array = snap(np.array(values), quantum(len(values), max(values)))
    forward = sum(array.tolist())
    shuffled = array.tolist()
    shuffle.shuffle(shuffled)

    assert sum(shuffled) == forward


def test_snapping_hardly_moves_a_sum():
    rng = np.random.default_rng(5)
    values = rng.uniform(0, 100, 1_000_000)

    assert snap(values, quantum(len(values), 100.0)).sum() == pytest.approx(values.sum(), rel=1e-11)


def test_a_step_is_a_power_of_two():
    assert np.frexp(Grid(1000, 3.7, 50.0).step(2, 1))[0] == 0.5
    assert quantum(0, 1.0) == 1.0
