"""The public class of a company: above, not distinguishable from, or below the mean of the
others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from reports.statistics.comparing.differences import Ends, pairs, swelling
from reports.statistics.comparing.multiplicity import holm
from reports.statistics.exact import Bools, Floats

Class = Literal["above", "average", "below"]


@dataclass(frozen=True)
class Comparison:
    """Each company against the mean of the other companies, (G,) each, in the units of the score.

    difference: m_j minus the plain mean of the others; se: of that difference; df: degrees of
    freedom; p: two-sided; p_adjusted: Holm over the G companies, so that with probability `level`
    no company at all is called different when it is not.
    """

    difference: Floats
    se: Floats
    df: Floats
    p: Floats
    p_adjusted: Floats
    classes: tuple[Class, ...]


def compare_with_others(
    value: Floats,
    covariance: Floats,
    *,
    level: float,
    df: Floats | float,
    design_df: float = np.inf,
    ends: Ends | None = None,
    spread: Floats | None = None,
    floored: Bools | None = None,
) -> Comparison:
    """Classify G >= 2 companies, with their full covariance, by Student's t.

    The contrast of company j is m_j - mu_j with mu_j = sum_{k != j} m_k / (G - 1). Its variance is
    r V_jj - 2 sqrt(r) C + V_oo, where C is the covariance of the two and V_oo the variance of mu_j;
    never below what it is with r = 1. r = max(1, room(mu_j) / room(m_j), s / s_j) says what the
    company's variance would be if it were like the others: on the scale `ends` (`swelling`), and
    with s_j of `spread` (G,), the variance of its answers, against s, the mean of those of the
    others. With the plain variance, and 95 of 100 answers at the best end, some company was called
    different in .57 of surveys of equal ones instead of .05, with the first ratio alone in .20,
    with both in .002 (`bench levels`).
    floored, (G,): companies whose variance is a floor, not their own; r = 1 for them.

    df: one number for every contrast, or (G,), those of each company's own variance; a contrast has
    no more than these, than Welch and Satterthwaite give it, and than `design_df`. Their formula
    alone would take a variance that happens to be small for one that hardly matters: with 30
    companies of 3 sites each the error was .35. Two companies are one contrast seen from either
    side, that of `pairs`: it has one p, and nothing is adjusted. A difference whose standard error
    is 0 is certain where it is not 0 itself, as in `pairs`. Raises ValueError for fewer than two
    companies.
    """
    g = len(value)
    if g < 2:
        raise ValueError("a comparison needs two companies")
    others = (value.sum() - value) / (g - 1)
    difference = (value - value.mean()) * g / (g - 1)
    if g == 2:
        pair = pairs(value, covariance, df=df, most=design_df, ends=ends, floored=floored)
        se = np.full(2, pair.tested[0, 1])
        degrees = np.full(2, np.broadcast_to(pair.df, (2, 2))[0, 1])
    else:
        r = np.maximum(swelling(value, others, ends, floored), _like_others(spread, floored, g))
        se, degrees = _uncertainty(covariance, r, df, most=design_df)
    scale = np.sqrt(np.diag(covariance).max())
    known = se <= 1e-9 * scale
    apart = np.abs(difference) > 1e-9 * max(scale, np.abs(value).max())
    ratio = np.divide(difference, se, out=np.where(apart, np.inf, 0.0), where=~known)
    p = np.asarray(2 * stats.t.sf(np.abs(ratio), degrees))
    p_adjusted = holm(p) if g > 2 else p
    return Comparison(
        difference=difference,
        se=se,
        df=degrees,
        p=p,
        p_adjusted=p_adjusted,
        classes=tuple(
            _name(d, q <= 1 - level) for d, q in zip(difference, p_adjusted, strict=True)
        ),
    )


def _like_others(spread: Floats | None, floored: Bools | None, g: int) -> Floats:
    """Return s / s_j, (G,): how much more the answers of the others spread on average. 1 where that
    is not known, or all answers of the company are alike and its variance is not from them.
    """
    if spread is None or np.isnan(spread).any():
        return np.ones(g)
    others = (spread.sum() - spread) / (g - 1)
    own = spread > 0 if floored is None else (spread > 0) & ~floored
    return np.asarray(np.divide(others, spread, out=np.ones(g), where=own))


def _uncertainty(
    covariance: Floats, r: Floats, df: Floats | float, *, most: float
) -> tuple[Floats, Floats]:
    """Return standard error and degrees of freedom of every contrast, (G,) each."""
    g = len(r)
    own = np.diag(covariance)
    rows = covariance.mean(axis=1)
    # m_j minus the others' mean is G / (G - 1) times m_j minus everybody's: the diagonal of the
    # centred covariance
    plain = ((own - rows) - (rows - rows.mean())) * (g / (g - 1)) ** 2
    with_others = (g * rows - own) / (g - 1)
    swollen = plain + (r - 1) * own - 2 * (np.sqrt(r) - 1) * with_others
    se = np.sqrt(np.maximum(np.maximum(swollen, plain), 0.0))
    if np.ndim(df) == 0:
        return se, np.full(g, float(df))
    # one of the others has the weight 1 / (G - 1) in their mean
    part, share = own / (g - 1) ** 2, r * own
    with np.errstate(divide="ignore", invalid="ignore"):
        known = part**2 / df
        found = (share + part.sum() - part) ** 2 / (share**2 / df + known.sum() - known)
    found = np.where(np.isnan(found), np.inf, found)
    return se, np.minimum(np.minimum(found, df), most)


def _name(difference: float, significant: bool) -> Class:
    if not significant:
        return "average"
    return "above" if difference > 0 else "below"
