"""Small synthetic samples for the statistics: rows drawn from a seed, with overrides."""

from __future__ import annotations

from functools import reduce as fold

import numpy as np

from reports.statistics.exact import Grid
from reports.statistics.sampling.totals import Rows, Totals, reduce


def rows_of(company, score, *, weight=None, stratum=None, psu=None) -> Rows:
    """Build rows from plain lists."""
    n = len(company)
    return Rows(
        company=np.asarray(company, dtype=np.int64),
        score=np.asarray(score, dtype=float),
        weight=np.ones(n) if weight is None else np.asarray(weight, dtype=float),
        stratum=np.zeros(n, dtype=np.int64)
        if stratum is None
        else np.asarray(stratum, dtype=np.int64),
        psu=None if psu is None else np.asarray(psu, dtype=np.int64),
    )


def sample(
    seed: int, *, n=400, companies=5, strata=4, psus=24, clustered=True, missing=0.1
) -> Rows:
    """Draw a weighted, stratified sample with some rows of no company and some without a score."""
    rng = np.random.default_rng(seed)
    psu = rng.integers(0, psus, n)
    score = np.clip(rng.normal(60, 20, n) + 4 * (psu % 5), 0, 100)
    score[rng.uniform(size=n) < missing] = np.nan
    weight = rng.uniform(0.3, 4, n)
    return Rows(
        rng.integers(-1, companies, n), score, weight, psu % strata, psu if clustered else None
    )


def part(rows: Rows, chosen) -> Rows:
    """Take some rows."""
    psu = None if rows.psu is None else rows.psu[chosen]
    base = None if rows.base is None else rows.base[chosen]
    return Rows(
        rows.company[chosen],
        rows.score[chosen],
        rows.weight[chosen],
        rows.stratum[chosen],
        psu,
        base,
    )


def totals_of(rows: Rows, *, parts=1, centre=50.0) -> Totals:
    """Reduce rows, in as many partitions as asked for."""
    sizes = {"companies": int(rows.company.max()) + 1, "strata": int(rows.stratum.max()) + 1}
    grid = Grid.of(scores=rows.score, weights=rows.weight, centre=centre, base=rows.base)
    pieces = np.array_split(np.arange(len(rows.score)), parts)
    return fold(lambda a, b: a + b, (reduce(part(rows, p), grid=grid, **sizes) for p in pieces))
