"""Means with full covariance by company, against pandas groupby mean and sem of the same column, without covariance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reports.statistics.estimates.means import means
from reports.statistics.exact import Grid
from reports.statistics.sampling.totals import Rows, reduce
from tests.benchmarks.timing import in_turns, report


def main(companies: int = 30, psus: int = 440, strata: int = 11) -> None:
    """Run for three sizes, clustered and not."""
    rng = np.random.default_rng(1)
    for n in (10_000, 100_000, 1_000_000):
        company = rng.integers(0, companies, n)
        psu = rng.integers(0, psus, n)
        score, weight = rng.uniform(0, 100, n), rng.uniform(0.5, 2, n)
        grid = Grid.of(scores=score, weights=weight, centre=50.0)
        frame = pd.DataFrame({"company": company, "score": score})
        for clustered in (False, True):
            rows = Rows(company, score, weight, psu % strata, psu if clustered else None)
            equal = Rows(company, score, np.ones(n), psu % strata, rows.psu)

            def ours(rows: Rows = rows, grid: Grid = grid) -> object:
                return means(reduce(rows, companies=companies, strata=strata, grid=grid))

            def peer(frame: pd.DataFrame = frame) -> object:
                return frame.groupby("company")["score"].agg(["mean", "sem"])

            found = means(reduce(equal, companies=companies, strata=strata, grid=grid)).value
            np.testing.assert_allclose(found, frame.groupby("company")["score"].mean(), rtol=1e-10)
            kind = "clustered" if clustered else "unclustered"
            report(f"{n:,} rows, {companies} companies, {kind}", *in_turns(ours, peer), "pandas")
