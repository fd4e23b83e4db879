"""Change of companies between two waves, as one family of tests declared in advance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from reports.statistics.comparing.multiplicity import holm
from reports.statistics.exact import Bools, Floats

Direction = Literal["better", "unchanged", "worse"]


@dataclass(frozen=True)
class Change:
    """after - before of each company, (G,) each: its standard error, two-sided p, Holm's adjusted
    p, and a word.

    low, high: the company's own interval at `level`; with probability `level` no company at all is
    called better or worse when it is not. "unchanged" says that no change was shown, not that there
    was none.
    """

    difference: Floats
    se: Floats
    low: Floats
    high: Floats
    p: Floats
    p_adjusted: Floats
    directions: tuple[Direction, ...]


def change(
    before: Floats,
    after: Floats,
    covariance: Floats,
    *,
    level: float,
    df: Floats | float = np.inf,
) -> Change:
    """Compare two waves of the same G companies.

    covariance: (2 G, 2 G) of the stacked estimates, before first. Where the waves share sampled
    units (a panel, or the same sites again) both waves are domains of one design, and the
    covariance between them makes changes more certain; for separate samples it is block-diagonal. A
    difference whose standard error is 0 is certain. Raises ValueError for shapes that do not fit.
    """
    g = len(before)
    if after.shape != (g,) or covariance.shape != (2 * g, 2 * g):
        raise ValueError("both waves need the same companies and their common covariance")
    shift = after - before
    cross = np.diag(covariance[:g, g:])
    se = np.sqrt(np.maximum(np.diag(covariance)[:g] + np.diag(covariance)[g:] - 2 * cross, 0.0))
    known: Bools = se <= 1e-12 * max(float(np.abs(after).max(initial=0.0)), 1e-300)
    ratio = np.divide(shift, se, out=np.where(shift == 0, 0.0, np.inf), where=~known)
    p = np.asarray(2 * stats.t.sf(np.abs(ratio), df))
    p_adjusted = holm(p)
    half = stats.t.isf((1 - level) / 2, df) * se
    return Change(
        difference=shift,
        se=se,
        low=shift - half,
        high=shift + half,
        p=p,
        p_adjusted=p_adjusted,
        directions=tuple(_word(d, q <= 1 - level) for d, q in zip(shift, p_adjusted, strict=True)),
    )


def _word(shift: float, significant: bool) -> Direction:
    if not significant:
        return "unchanged"
    return "better" if shift > 0 else "worse"
