"""What a run of the bench is asked for, and the data its sections share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tests.benchmarks.statistics import data


@dataclass(frozen=True)
class Setting:
    """rows of the synthetic survey; how often each contender runs, and R; a folder that goes
    when the bench ends.
    """

    rows: int
    runs: int
    r_runs: int
    folder: Path

    def stored(self, rows: int) -> Path:
        """Return the folder with the survey of so many rows, written on first use."""
        folder = self.folder / str(rows)
        return folder if folder.exists() else data.store(simulated(rows), folder)


@lru_cache(maxsize=1)
def simulated(rows: int) -> data.Survey:
    """Return the survey of so many rows."""
    return data.simulate(rows)
