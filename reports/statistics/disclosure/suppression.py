"""Small groups that stay hidden: which others must go with them, so that a published total does not
give them away.
"""

from __future__ import annotations

import numpy as np

from reports.statistics.exact import Bools, Ints


def suppressed(counts: Ints, least: int) -> Bools:
    """Say of each group of a list, (groups,), whether it is hidden; the total of all is published.

    Hidden are groups below `least`, and beside them the smallest of the others until two that are
    not empty are hidden: one alone is the total less what is shown, and an empty one is no cover,
    because nothing can be taken from it. Where no two groups have anybody, all are hidden. Equal
    counts: the first. Background: Willenborg and de Waal, Elements of Statistical Disclosure
    Control (2001), chapter 6, for a table with one constraint. Raises ValueError for counts that
    are negative.
    """
    if (counts < 0).any():
        raise ValueError("counts are not negative")
    hidden = np.asarray(counts < least)
    if not hidden.any():
        return hidden
    lacking = 2 - int((hidden & (counts > 0)).sum())
    others = np.flatnonzero(~hidden)
    if lacking > len(others):
        return np.ones(len(counts), dtype=np.bool_)
    if lacking > 0:
        hidden[others[np.argsort(counts[others], kind="stable")[:lacking]]] = True
    return hidden
