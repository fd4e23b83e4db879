"""What is run in a process of its own to see its peak memory; `fresh` calls these by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from reports.statistics.comparing.ranks import rank_sets
from tests.benchmarks.statistics import data, means
from tests.benchmarks.statistics.comparable import DF, companies
from tests.benchmarks.statistics.timing import here

NOTHING = np.empty(0)


def plain(folder: str) -> list[float]:
    """Estimate the score by company."""
    company, psu, stratum, weight, score = data.columns(
        Path(folder), "company", "psu", "stratum", "weight", "score"
    )
    survey = data.Survey(company, psu, stratum, NOTHING, NOTHING, weight, score, NOTHING)
    return means.estimate(survey, score, means.grid_of(survey)).se.tolist()


def ranks(count: int, draws: int) -> dict[str, float]:
    """Compute rank sets; return wall and CPU seconds, and how many pairs are told apart."""
    value, covariance = companies(count)
    found = []
    wall, cpu = here(
        lambda: found.append(rank_sets(value, covariance, level=0.95, draws=draws, seed=1, df=DF))
    )()
    return {"wall": wall, "cpu": cpu, "told": int(found[0].better.sum())}
