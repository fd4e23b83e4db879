"""A tree restricted to some of its items."""

from __future__ import annotations

import pytest

from reports.statistics.index.scoring import (
    Branch,
    Leaf,
    item_shares,
    restricted,
)

# two dimensions of weight 60 and 40: the first has an opinion (3) and a fact (1), the second an
# opinion only
TREE = Branch((Branch((Leaf(0, 3), Leaf(1, 1)), 60), Branch((Leaf(2),), 40)))


def test_shares_within_a_kind_add_up_to_one():
    part = restricted(TREE, {0, 2})

    assert dict(item_shares(part)) == pytest.approx({0: 0.6, 2: 0.4})


def test_a_dimension_left_without_weight_disappears():
    tree = Branch((Branch((Leaf(0), Leaf(1, 0)), 1), Leaf(2, 1)))

    assert restricted(tree, {1, 2}) == Branch((Leaf(2, 1),))
    assert restricted(tree, {1}) is None
