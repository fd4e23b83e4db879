"""From answers to scores: items on their own scales become 0-100, items become one score per
respondent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reports.statistics.exact import Floats

WORST, BEST = 0.0, 100.0
MIDDLE = (WORST + BEST) / 2


@dataclass(frozen=True)
class Leaf:
    """An item of the index: its column in the answers and its weight among its siblings."""

    item: int
    weight: float = 1.0


@dataclass(frozen=True)
class Branch:
    """A dimension of the index: its children and its weight among its siblings."""

    children: tuple[Branch | Leaf, ...]
    weight: float = 1.0


def linear(answers: Floats, *, worst: float, best: float) -> Floats:
    """Map answers from [worst, best] to 0-100 in equal steps: (x - worst) / (best - worst) x 100.
    NaN stays NaN.

    worst > best is a scale that runs the other way (1 = very satisfied). Raises ValueError for
    answers off the scale.
    """
    low, high = min(worst, best), max(worst, best)
    if ((answers < low) | (answers > high)).any():
        raise ValueError(f"an answer lies outside the scale {worst}-{best}")
    return (answers - worst) / (best - worst) * BEST


def respondent_scores(items: Floats, tree: Branch, *, coverage: float = 0.0) -> Floats:
    """Return one score per respondent, (n,), from item scores (n, items); NaN where there is none.

    Inside each dimension the weighted mean of what was answered (weights of the unanswered are
    shared out among the rest); a respondent who answered less than `coverage` of the whole item
    weight, or nothing, has no score.
    """
    score = _node(items, tree)
    answered = np.zeros(len(items))
    for item, share in item_shares(tree):
        answered += share * ~np.isnan(items[:, item])
    # item shares such as 1/7 do not add up exactly; a hair below the threshold is on it
    score[answered < coverage - 1e-9] = np.nan
    return score


def restricted(tree: Branch, items: set[int]) -> Branch | None:
    """Return the tree with only these items, every weight as it was; dimensions left without
    weight disappear.
    """
    parts = [
        (child if child.item in items else None)
        if isinstance(child, Leaf)
        else restricted(child, items)
        for child in tree.children
    ]
    kept = tuple(part for part in parts if part)
    return Branch(kept, tree.weight) if sum(part.weight for part in kept) > 0 else None


def item_shares(tree: Branch, share: float = 1.0) -> Iterator[tuple[int, float]]:
    """Yield each item with its share of the whole weight; the shares add up to 1."""
    total = sum(child.weight for child in tree.children)
    for child in tree.children:
        part = share * child.weight / total
        if isinstance(child, Leaf):
            yield child.item, part
        else:
            yield from item_shares(child, part)


def _node(items: Floats, node: Branch | Leaf) -> Floats:
    if isinstance(node, Leaf):
        return items[:, node.item].copy()
    scores = np.column_stack([_node(items, child) for child in node.children])
    weights = np.array([child.weight for child in node.children])
    present = ~np.isnan(scores)
    return _divide(
        (np.where(present, scores, 0.0) * weights).sum(axis=1), (present * weights).sum(axis=1)
    )


def _divide(numerator: Floats, denominator: Floats) -> Floats:
    """0 / 0, a dimension without an answer, is no score: NaN."""
    out = np.full(len(numerator), np.nan)
    np.divide(numerator, denominator, out=out, where=denominator > 0)
    return out


def flat(weights: Sequence[float]) -> Branch:
    """Return the tree of items without dimensions."""
    return Branch(tuple(Leaf(i, w) for i, w in enumerate(weights)))
