"""Bursts: more sheets about one company by one source in a short time than its share of all
arrivals can explain.

A scan statistic over arrivals (Naus 1965; Kulldorff 1997 for a company beside the others): the
sheets of all companies are put in order of time, and in every window of them the number about one
company is held against its share outside the window, by the binomial tail. A promotion or a street
day brings all companies at once and makes no burst.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import stats

from surveys.quality.checks.columns import Flag, ResponseColumns

LEVEL = 1e-3  # for the smallest tail of one scan, after the number of windows that do not overlap
WINDOWS = (8, 16, 32, 64, 128)  # sheets in a row
FEWEST = 6  # sheets about the company in the window
HIGH = 90.0  # mean of a sheet's items that counts as full marks
MORE_HIGH = 0.15  # so much more often in the window than outside it


def bursts(columns: ResponseColumns) -> Iterator[Flag]:
    """Flag the sheets of a company within its bursts, by source and over all sources.

    Strong for those with full marks where full marks are more frequent within the burst than among
    the company's other sheets; weak otherwise.
    """
    flagged: dict[int, Flag] = {}
    means = np.array(
        [np.nanmean(row) if np.isfinite(row).any() else np.nan for row in columns.items]
    )
    for source in (None, *np.unique(columns.source[columns.source >= 0])):
        chosen = np.ones(len(columns), bool) if source is None else columns.source == source
        of_it = np.flatnonzero(chosen & (columns.company >= 0) & np.isfinite(columns.sent))
        of_it = of_it[np.argsort(columns.sent[of_it], kind="stable")]
        for company in np.unique(columns.company[of_it]):
            inside = _burst(columns.company[of_it] == company)
            for flag in _flags(of_it, inside, columns.company, int(company), means):
                if flag.response not in flagged or flagged[flag.response].strength < flag.strength:
                    flagged[flag.response] = flag
    yield from flagged.values()


def _burst(is_company: np.ndarray) -> np.ndarray:
    """Return which places of an order in time lie in a window where the company is too frequent.

    Its usual share is found anew without the windows found so far, until no more are found.
    """
    n, total = len(is_company), int(is_company.sum())
    found = np.zeros(n, bool)
    sums = np.concatenate([[0], np.cumsum(is_company)])
    tried = sum(n / width for width in WINDOWS)
    for _turn in range(5):
        outside = ~found
        usual = (is_company & outside).sum() / max(outside.sum(), 1)
        new = found.copy()
        for width in WINDOWS:
            if width > n // 2 or total < FEWEST:
                continue
            counts = sums[width:] - sums[:-width]
            tails = stats.binom.sf(counts - 1, width, max(usual, 1 / n))
            for start in np.flatnonzero((tails * tried < LEVEL) & (counts >= FEWEST)):
                new[start : start + width] = True
        if (new == found).all():
            break
        found = new
    return found


def _flags(
    of_it: np.ndarray, inside: np.ndarray, companies: np.ndarray, company: int, means: np.ndarray
) -> Iterator[Flag]:
    own = companies[of_it] == company
    within, without = of_it[inside & own], of_it[~inside & own]
    if not len(within):
        return
    high = _share_high(means[within])
    usual = _share_high(means[without])
    suspicious = high - usual > MORE_HIGH
    for i in within:
        full = bool(means[i] >= HIGH)
        yield Flag(
            int(i),
            "burst",
            2.0 if suspicious and full else 1.0,
            {"responses": len(within), "high": round(high, 2)},
        )


def _share_high(means: np.ndarray) -> float:
    known = means[np.isfinite(means)]
    return float((known >= HIGH).mean()) if len(known) else 0.0
