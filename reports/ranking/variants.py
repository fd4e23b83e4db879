"""The index as it might have been: how far ranks and classes hang on choices of a plan, not on
chance.
"""

from __future__ import annotations

from dataclasses import dataclass

from reports.plans.plan import Plan
from reports.statistics.index.scoring import Branch, flat, item_shares, restricted


@dataclass(frozen=True)
class Variant:
    """The index as it might have been: with all items alike, or without one of its parts (the place
    of the part in the plan's outline); `tree` scores it.
    """

    without: int | None
    tree: Branch


def variants_of(plan: Plan) -> list[Variant]:
    """Return the variants that a plan asks for. Where there is one part, or weights are equal
    anyway, nothing can be varied.
    """
    if plan.tree is None or "sensitivity" not in plan.further.analyses:
        return []
    found = []
    shares = dict(item_shares(plan.tree))
    if len({round(share, 12) for share in shares.values()}) > 1:
        found.append(Variant(None, flat([1.0] * len(plan.items))))
    tops = [at for at, line in enumerate(plan.outline) if line.depth == 0]
    for at, part in zip(tops, plan.tree.children, strict=True):
        gone = {item for item, _share in item_shares(Branch((part,)))}
        rest = restricted(plan.tree, set(shares) - gone)
        if rest:
            found.append(Variant(at, rest))
    return found
