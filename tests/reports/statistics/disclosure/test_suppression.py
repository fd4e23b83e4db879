"""Hidden groups of a list with a published total: worked cases, and every list that fits."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.statistics.disclosure.suppression import suppressed


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([40, 3, 25, 12], [False, True, False, True]),  # one takes the next smallest with it
        ([40, 3, 25, 2], [False, True, False, True]),  # two are enough
        ([40, 3, 0, 12], [False, True, True, True]),  # an empty one is no cover
        ([40, 0, 30, 12], [False, True, True, True]),  # nor can it be hidden without two
        ([40, 12, 12, 9], [False, True, False, True]),  # of equal ones the first
        ([40, 0, 0], [True, True, True]),  # the total is the only group
        ([40, 30], [False, False]),
        ([], []),
    ],
)
def test_worked_cases(counts, hidden):
    assert suppressed(np.array(counts, dtype=np.int64), 10).tolist() == hidden


@settings(max_examples=200, deadline=None)
@given(counts=st.lists(st.integers(0, 5), min_size=1, max_size=5))
def test_more_than_one_list_fits_what_is_published(counts):
    """Brute force over whole numbers: nobody who sees the total and the others can tell a hidden
    group, except where the total is the only group.
    """
    found = suppressed(np.array(counts), 3)

    hidden = np.flatnonzero(found)
    rest = sum(counts[i] for i in hidden)
    fits = [
        values for values in product(range(rest + 1), repeat=len(hidden)) if sum(values) == rest
    ]
    told = [len({values[i] for values in fits}) == 1 for i in range(len(hidden))]
    assert not any(told) or found.all()


def test_negative_counts_are_refused():
    with pytest.raises(ValueError, match="negative"):
        suppressed(np.array([-1, 2]), 10)
