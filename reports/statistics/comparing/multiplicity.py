"""P-values adjusted for how many are looked at; what belongs to one family is for the caller to
say.
"""

from __future__ import annotations

import numpy as np

from reports.statistics.exact import Floats


def holm(p: Floats) -> Floats:
    """Return p-values (m,) adjusted by Holm 1979: reject where they are at most alpha; family-wise
    error at most alpha.

    max over i <= j of min(1, (m - i + 1) p_(i)), whatever the dependence between the tests. For
    claims that name a company. Equals R's p.adjust(method = "holm"). Raises ValueError for a p
    outside [0, 1] or NaN.
    """
    _check(p)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return _back(np.minimum(stepped, 1.0), order)


def _back(adjusted: Floats, order: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Floats:
    """Put the values of sorted tests back where the tests came from."""
    result = np.empty_like(adjusted)
    result[order] = adjusted
    return result


def _check(p: Floats) -> None:
    if p.ndim != 1 or not ((p >= 0) & (p <= 1)).all():  # false for NaN as well
        raise ValueError("p-values are a row of numbers from 0 to 1, none missing")
