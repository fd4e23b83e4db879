"""Quantiles of one group of rows, with intervals by inverting the interval of a share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from reports.statistics.estimates.means import means
from reports.statistics.exact import Floats, Grid
from reports.statistics.sampling.design import SIMPLE, Design
from reports.statistics.sampling.totals import Rows, reduce

Rule = Literal["math", "school", "hf7"]


@dataclass(frozen=True)
class Quantile:
    """p: the share below; value; its own interval (NaN where the share's interval leaves [0, 1]);
    se: its half-width over the critical value; df of Student's t.
    """

    p: float
    value: float
    low: float
    high: float
    se: float
    df: float


def quantile(scores: Floats, weights: Floats, p: float, *, rule: Rule = "math") -> float:
    """Return the weighted p-quantile of scores (n,), rows without a score left out; NaN where there
    is none.

    rule: "math", the smallest value with at least p of the weight at or below it (Hyndman and Fan
    1996, type 1); "school", the mean of two neighbours where a value has exactly p of the weight at
    or below it (type 2); "hf7", linear interpolation with the smallest at 0 and the largest at 1
    (type 7). Raises ValueError unless 0 <= p <= 1.
    """
    if not 0 <= p <= 1:
        raise ValueError(f"a quantile is asked for a share from 0 to 1, not {p}")
    known = ~np.isnan(scores)
    if not known.any():
        return float("nan")
    value, at = np.unique(scores[known], return_inverse=True)
    weight: Floats = np.bincount(at, weights[known]).astype(np.float64)
    share = np.cumsum(weight) / weight.sum()
    if rule == "hf7":
        return _interpolated(value, weight, p)
    # a share that is p but for rounding reaches p
    reached = int(np.searchsorted(share, p - 1e-12))
    first = min(reached, len(value) - 1)
    if rule == "school" and abs(share[first] - p) <= 1e-12 and first + 1 < len(value):
        return float((value[first] + value[first + 1]) / 2)
    return float(value[first])


def _interpolated(value: Floats, weight: Floats, p: float) -> float:
    before = np.concatenate([[0.0], np.cumsum(weight)[:-1]])
    return float(np.interp(p, before / before[-1], value)) if len(value) > 1 else float(value[0])


def quantile_with_interval(
    rows: Rows,
    p: float,
    *,
    strata: int,
    design: Design = SIMPLE,
    level: float = 0.95,
    rule: Rule = "math",
) -> Quantile:
    """Return the p-quantile of the rows of company 0 with Woodruff's interval (Woodruff 1952;
    Francisco, Fuller 1991).

    The share of answers at or below the quantile has an interval by Student's t with the degrees of
    freedom of the whole design; its ends, as quantiles, are the interval. It covers this quantile
    alone. Equal to R's svyquantile(interval.type = "mean"). Rows of other people have company -1.
    """
    known = (rows.company == 0) & ~np.isnan(rows.score)
    scores, weights = rows.score[known], rows.weight[known]
    value = quantile(scores, weights, p, rule=rule)
    below = np.where(np.isnan(rows.score), np.nan, (rows.score <= value).astype(np.float64))
    indicator = Rows(rows.company, below, rows.weight, rows.stratum, rows.psu)
    grid = Grid.of(scores=below, weights=rows.weight, centre=0.5)
    share = means(reduce(indicator, companies=1, strata=strata, grid=grid), design)
    t = float(stats.t.isf((1 - level) / 2, share.design_df))
    low, high = share.value[0] - t * share.se[0], share.value[0] + t * share.se[0]
    ends = (
        quantile(scores, weights, end, rule=rule) if 0 <= end <= 1 else float("nan")
        for end in (low, high)
    )
    first, last = ends
    return Quantile(p, value, first, last, (last - first) / (2 * t), share.design_df)
