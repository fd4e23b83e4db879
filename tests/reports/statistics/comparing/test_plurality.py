"""Ranks of "most named": R, a naive second way, exact coverage by enumeration, and what must
hold of any counts.
"""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.statistics.comparing.plurality import pair_tests, plurality_ranks
from tests import reference
from tests.conftest import ROOT

all_counts = st.lists(st.integers(0, 60), min_size=1, max_size=7)


def naive_p(x, y):
    return sum(math.comb(x + y, i) for i in range(x, x + y + 1)) / 2 ** (x + y)


def naive_bounds(counts, level, pairs):
    """Rank bounds of all companies where the family is `pairs`."""
    adjusted = dict(
        zip(pairs, reference.holm([naive_p(counts[j], counts[k]) for j, k in pairs]), strict=True)
    )
    better = {pair for pair, p in adjusted.items() if p <= 1 - level}
    g = range(len(counts))
    return [
        (1 + sum((k, j) in better for k in g), len(counts) - sum((j, k) in better for k in g))
        for j in g
    ]


@pytest.mark.parametrize(("family", "name"), [("simultaneous", "joint"), ("marginal", "own")])
def test_rank_sets_are_those_made_with_r(family, name):
    golden = json.loads((ROOT / "tests/golden/small.json").read_text())

    found = plurality_ranks(np.array(golden["named"]), level=0.95, family=family)

    assert np.column_stack([found.low, found.high]).tolist() == golden[name]
    assert found.family == family


@settings(max_examples=60, deadline=None)
@given(counts=all_counts)
def test_rank_sets_equal_their_definition(counts):
    pairs = list(itertools.permutations(range(len(counts)), 2))

    joint = plurality_ranks(np.array(counts), level=0.9)
    marginal = plurality_ranks(np.array(counts), level=0.9, family="marginal")

    assert list(zip(joint.low, joint.high, strict=True)) == naive_bounds(counts, 0.9, pairs)
    for j in range(len(counts)):
        own = naive_bounds(counts, 0.9, [pair for pair in pairs if j in pair])
        assert (marginal.low[j], marginal.high[j]) == own[j]


@settings(max_examples=60, deadline=None)
@given(counts=all_counts, seed=st.integers(0, 1000))
def test_relabelled_companies_have_relabelled_sets(counts, seed):
    counts = np.array(counts)
    order = np.random.default_rng(seed).permutation(len(counts))

    found, other = plurality_ranks(counts, level=0.95), plurality_ranks(counts[order], level=0.95)

    assert other.low.tolist() == found.low[order].tolist()
    assert other.high.tolist() == found.high[order].tolist()
    assert other.better.tolist() == found.better[np.ix_(order, order)].tolist()


@settings(max_examples=60, deadline=None)
@given(counts=all_counts)
def test_joint_sets_contain_marginal_ones_and_the_rank_of_the_counts(counts):
    counts = np.array(counts)

    joint = plurality_ranks(counts, level=0.95)
    marginal = plurality_ranks(counts, level=0.95, family="marginal")

    first = 1 + (counts[None, :] > counts[:, None]).sum(axis=1)
    last = len(counts) - (counts[None, :] < counts[:, None]).sum(axis=1)
    assert (joint.low <= marginal.low).all()
    assert (marginal.low <= first).all()
    assert (last <= marginal.high).all()
    assert (marginal.high <= joint.high).all()


@pytest.mark.parametrize("shares", [(1 / 3, 1 / 3, 1 / 3), (0.5, 0.3, 0.2), (0.45, 0.45, 0.1)])
def test_the_true_ranks_are_covered_jointly(shares):
    """Every sample of 18 answers over three companies, weighted by its probability; ties may
    hold any shared place.
    """
    n, missed = 18, 0.0
    for a, b in itertools.product(range(n + 1), repeat=2):
        if a + b > n:
            continue
        counts = (a, b, n - a - b)
        found = plurality_ranks(np.array(counts), level=0.9)
        wrong = any(
            found.better[j, k] and shares[j] <= shares[k]
            for j, k in itertools.permutations(range(3), 2)
        )
        ways = math.factorial(n) // math.prod(math.factorial(c) for c in counts)
        missed += wrong * ways * math.prod(p**c for p, c in zip(shares, counts, strict=True))

    assert missed <= 0.1


def test_a_landslide_has_exact_ranks():
    found = plurality_ranks(np.array([10, 1000, 200]), level=0.99)

    assert found.low.tolist() == found.high.tolist() == [3, 1, 2]
    assert found.best(1).tolist() == [1]


def test_companies_that_nobody_named_are_not_told_apart():
    found = plurality_ranks(np.array([0, 0, 0]), level=0.95)

    assert pair_tests(np.array([0, 0])).tolist() == [[1, 1], [1, 1]]
    assert (found.low.tolist(), found.high.tolist()) == ([1, 1, 1], [3, 3, 3])


def test_one_company_is_first_and_last():
    for family in ("simultaneous", "marginal"):
        found = plurality_ranks(np.array([7]), level=0.95, family=family)

        assert (found.low.tolist(), found.high.tolist()) == ([1], [1])


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([], "need a row of counts"),
        ([[1, 2]], "need a row of counts"),
        ([1.5, 2.0], "is a whole number"),
        ([3, -1], "not negative"),
    ],
)
def test_what_are_no_counts_is_refused(counts, said):
    with pytest.raises(ValueError, match=said):
        plurality_ranks(np.array(counts), level=0.95)


@pytest.mark.parametrize("level", [0.5, 1, 95])
def test_a_level_outside_its_range_is_refused(level):
    with pytest.raises(ValueError, match="level"):
        plurality_ranks(np.array([3, 1]), level=level)
