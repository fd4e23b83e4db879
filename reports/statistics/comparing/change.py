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
class Wave:
    """Estimates of G companies with their standard errors and degrees of freedom, (G,) each."""

    value: Floats
    se: Floats
    df: Floats


@dataclass(frozen=True)
class Change:
    """after - before of each company, (G,) each: its standard error, degrees of freedom, two-sided
    p, Holm's adjusted p, and a word.

    low, high: the company's own interval at `level`; with probability `level` no company at all is
    called better or worse when it is not. "unchanged" says that no change was shown, not that there
    was none.
    """

    difference: Floats
    se: Floats
    df: Floats
    low: Floats
    high: Floats
    p: Floats
    p_adjusted: Floats
    directions: tuple[Direction, ...]


def change(before: Wave, after: Wave, *, level: float) -> Change:
    """Compare two waves of the same G companies, taken as independent samples; degrees of freedom
    by Welch and Satterthwaite.

    Where the same sites were asked again, both waves have something in common that this does not
    take away: the standard errors are then too large rather than too small. A difference whose
    standard error is 0 is certain. Raises ValueError for waves of different companies.
    """
    if before.value.shape != after.value.shape:
        raise ValueError("both waves need the same companies")
    shift = after.value - before.value
    a, b = before.se**2, after.se**2
    se = np.sqrt(a + b)
    with np.errstate(divide="ignore", invalid="ignore"):
        df = (a + b) ** 2 / (a * a / before.df + b * b / after.df)
    df = np.where(np.isnan(df), np.inf, df)
    known: Bools = se <= 1e-12 * max(float(np.abs(after.value).max(initial=0.0)), 1e-300)
    ratio = np.divide(shift, se, out=np.where(shift == 0, 0.0, np.inf), where=~known)
    p = np.asarray(2 * stats.t.sf(np.abs(ratio), df))
    p_adjusted = holm(p)
    half = stats.t.isf((1 - level) / 2, df) * se
    return Change(
        difference=shift,
        se=se,
        df=df,
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
