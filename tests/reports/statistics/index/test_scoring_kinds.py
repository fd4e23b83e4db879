"""Opinions and facts apart: the same tree, restricted to the items of one kind."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.statistics.index.scoring import (
    Branch,
    Leaf,
    item_shares,
    respondent_scores,
    restricted,
    scores_by_kind,
)

NAN = np.nan
# two dimensions of weight 60 and 40: the first has an opinion (3) and a fact (1), the second an
# opinion only
TREE = Branch((Branch((Leaf(0, 3), Leaf(1, 1)), 60), Branch((Leaf(2),), 40)))
KINDS = ("satisfaction", "fact", "satisfaction")


def test_a_worked_case():
    items = np.array([[80.0, 0.0, 50.0]])

    found = scores_by_kind(items, TREE, KINDS)

    assert found["satisfaction"].tolist() == [0.6 * 80 + 0.4 * 50]
    assert found["fact"].tolist() == [0]


def test_coverage_counts_within_the_kind():
    items = np.array([[80.0, NAN, NAN], [NAN, 100.0, 50.0]])

    found = scores_by_kind(items, TREE, KINDS, coverage=0.5)

    # the first opinion is 60 % of the opinions, the second 40 %
    assert found["satisfaction"] == pytest.approx(np.array([80.0, NAN]), nan_ok=True)
    assert found["fact"] == pytest.approx(np.array([NAN, 100.0]), nan_ok=True)


@settings(max_examples=50, deadline=None)
@given(
    rng=st.integers(0, 10**6).map(np.random.default_rng),
    kinds=st.lists(st.sampled_from(["satisfaction", "fact"]), min_size=5, max_size=5),
)
def test_a_kind_is_scored_as_if_the_other_had_not_been_answered(rng, kinds):
    tree = Branch(
        (
            Branch((Leaf(0, 2), Branch((Leaf(1), Leaf(2, 5)), 3)), 7),
            Branch((Leaf(3), Leaf(4, 2)), 4),
        )
    )
    items = np.where(rng.random((20, 5)) < 0.2, NAN, rng.uniform(0, 100, (20, 5)))

    found = scores_by_kind(items, tree, kinds)

    for kind, scores in found.items():
        blanked = np.where(np.array(kinds) == kind, items, NAN)
        assert scores == pytest.approx(respondent_scores(blanked, tree), nan_ok=True)


def test_a_kind_nobody_was_asked_about_has_no_score():
    found = scores_by_kind(np.array([[80.0, 70.0, 50.0]]), TREE, ("satisfaction",) * 3)

    assert np.isnan(found["fact"]).all()
    assert found["satisfaction"] == pytest.approx(
        respondent_scores(np.array([[80.0, 70.0, 50.0]]), TREE)
    )


def test_shares_within_a_kind_add_up_to_one():
    part = restricted(TREE, {0, 2})

    assert dict(item_shares(part)) == pytest.approx({0: 0.6, 2: 0.4})


def test_a_dimension_left_without_weight_disappears():
    tree = Branch((Branch((Leaf(0), Leaf(1, 0)), 1), Leaf(2, 1)))

    assert restricted(tree, {1, 2}) == Branch((Leaf(2, 1),))
    assert restricted(tree, {1}) is None


@pytest.mark.parametrize("kinds", [("fact",), ("fact", "opinion", "fact")])
def test_kinds_that_do_not_fit_are_refused(kinds):
    with pytest.raises(ValueError, match="needs one kind"):
        scores_by_kind(np.zeros((1, 3)), TREE, kinds)
