"""The public class of a company: above, not distinguishable from, or below the mean of the
others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from reports.statistics.comparing.multiplicity import holm
from reports.statistics.exact import Floats

Class = Literal["above", "average", "below"]


@dataclass(frozen=True)
class Comparison:
    """Each company against the mean of the other companies, (G,) each, in the units of the score.

    difference: m_j minus the plain mean of the others; se: of that difference; p: two-sided;
    p_adjusted: Holm over the G companies, so that with probability `level` no company at all is
    called different when it is not.
    """

    difference: Floats
    se: Floats
    p: Floats
    p_adjusted: Floats
    classes: tuple[Class, ...]


def compare_with_others(
    value: Floats, covariance: Floats, *, level: float, df: Floats | float
) -> Comparison:
    """Classify G >= 2 companies, with their full covariance, by Student's t with `df` degrees of
    freedom.

    The contrast of company j is m_j - sum_{k != j} m_k / (G - 1). A difference whose standard error
    is 0 is certain where it is not 0 itself, as in `ranks`. Raises ValueError for fewer than two
    companies.
    """
    g = len(value)
    if g < 2:
        raise ValueError("a comparison needs two companies")
    difference = (value - value.mean()) * g / (g - 1)
    # m_j minus the others' mean is G / (G - 1) times m_j minus everybody's: the diagonal of the
    # centred covariance
    rows = covariance.mean(axis=1)
    variance = (np.diag(covariance) - rows) - (rows - rows.mean())
    se = np.sqrt(np.maximum(variance, 0.0)) * g / (g - 1)
    scale = np.sqrt(np.diag(covariance).max())
    known = se <= 1e-9 * scale
    apart = np.abs(difference) > 1e-9 * max(scale, np.abs(value).max())
    ratio = np.divide(difference, se, out=np.where(apart, np.inf, 0.0), where=~known)
    p = np.asarray(2 * stats.t.sf(np.abs(ratio), df))
    p_adjusted = holm(p)
    return Comparison(
        difference=difference,
        se=se,
        p=p,
        p_adjusted=p_adjusted,
        classes=tuple(
            _name(d, q <= 1 - level) for d, q in zip(difference, p_adjusted, strict=True)
        ),
    )


def _name(difference: float, significant: bool) -> Class:
    if not significant:
        return "average"
    return "above" if difference > 0 else "below"
