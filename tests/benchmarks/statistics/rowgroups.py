"""A large Parquet file, written and summed one row group at a time; `fresh` calls these by name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from reports.data.snapshots.parts import GROUP, Part, parts
from reports.ranking.map_reduce import map_reduce
from reports.statistics.estimates.means import Estimate, means
from reports.statistics.exact import Grid
from reports.statistics.sampling.totals import Rows, Totals, reduce
from tests.benchmarks.statistics.data import COMPANIES, MIDDLE, NAMES, STRATA, simulate
from tests.benchmarks.statistics.timing import here

LABELS = [f"company {code:02}" for code in range(COMPANIES)]
COLUMNS = ("company", "psu", "stratum", "weight")


def write(file: str, rows: int) -> list[list[float]]:
    """Write the file, and return the means by company of score and items, summed beside it by
    plain numpy.
    """
    weight, sums = np.zeros(COMPANIES), np.zeros((len(NAMES) + 1, COMPANIES))
    writer = None
    for seed, start in enumerate(range(0, rows, GROUP)):
        part = simulate(min(GROUP, rows - start), seed)
        names = pa.DictionaryArray.from_arrays(part.company.astype(np.int32), LABELS).cast(
            pa.string()
        )
        columns = {"company": names} | {name: getattr(part, name) for name in COLUMNS[1:]}
        table = pa.table(columns | dict(zip(NAMES, part.items, strict=True)))
        writer = writer or pq.ParquetWriter(file, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=GROUP)
        weight += np.bincount(part.company, part.weight, minlength=COMPANIES)
        for total, answers in zip(sums, (part.score, *part.items), strict=True):
            total += np.bincount(part.company, part.weight * answers, minlength=COMPANIES)
    if writer:
        writer.close()
    return (sums / weight).tolist()


def estimate(file: str, rows: int) -> dict[str, Any]:
    """Estimate score and items; return the means, a hash of all totals, wall and CPU seconds."""
    grid = Grid(rows=rows, weight=2.0, score=MIDDLE, centre=MIDDLE)
    found: list[Totals] = []
    estimates: list[Estimate] = []

    def once() -> None:
        found.extend(map_reduce(partial(_add_up, grid), parts(Path(file))).totals)
        estimates.extend(means(totals) for totals in found)

    wall, cpu = here(once)()
    digest = hashlib.sha256(b"".join(totals.sums.tobytes() for totals in found))
    return {
        "wall": wall,
        "cpu": cpu,
        "means": [one.value.tolist() for one in estimates],
        "sha256": digest.hexdigest(),
    }


@dataclass(frozen=True)
class Sums:
    """Totals of the score and of every item."""

    totals: tuple[Totals, ...]

    def __add__(self, other: Sums) -> Sums:
        return Sums(tuple(a + b for a, b in zip(self.totals, other.totals, strict=True)))


def _add_up(grid: Grid, part: Part) -> Sums:
    table = part.read([*COLUMNS, *NAMES])
    names = table["company"].combine_chunks()
    code = np.array([LABELS.index(label) for label in names.dictionary.to_pylist()], dtype=np.int64)
    company = code[names.indices.to_numpy()]
    psu, stratum, weight = (table[name].to_numpy() for name in COLUMNS[1:])
    items = [table[name].to_numpy() for name in NAMES]
    each = (sum(items) / len(items), *items)
    return Sums(
        tuple(
            reduce(
                Rows(company, score, weight, stratum, psu),
                companies=COMPANIES,
                strata=STRATA,
                grid=grid,
            )
            for score in each
        )
    )
