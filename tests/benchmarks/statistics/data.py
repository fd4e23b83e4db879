"""The synthetic survey that the engine and its peers are given: 30 companies, 11 strata, 440
PSUs, 8 items.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from reports.statistics.sampling.raking import Margins

COMPANIES, STRATA, PSUS, ITEMS = 30, 11, 440, 8
NAMES = tuple(f"q{i + 1}" for i in range(ITEMS))
CODES = ("company", "psu", "stratum", "sex", "age")
FILE, TARGETS = "rows.parquet", "targets.json"
POPULATION = 26_000_000
MIDDLE = 50.0


@dataclass(frozen=True)
class Survey:
    """Codes (n,) int64, weight and the score 0-100 (n,) float64, the items 0-100 it is the mean
    of, (8, n).
    """

    company: np.ndarray
    psu: np.ndarray
    stratum: np.ndarray
    sex: np.ndarray
    age: np.ndarray
    weight: np.ndarray
    score: np.ndarray
    items: np.ndarray


def simulate(rows: int, seed: int = 1) -> Survey:
    """Draw a survey in which companies, PSUs and ages differ, so that neither design nor raking
    is idle.
    """
    rng = np.random.default_rng(seed)
    psu = rng.integers(0, PSUS, rows)
    company = rng.integers(0, COMPANIES, rows)
    sex = (rng.random(rows) < 0.55).astype(np.int64)
    age = rng.choice(4, rows, p=[0.35, 0.30, 0.20, 0.15])
    level = (
        rng.normal(0, 3, COMPANIES)[company]
        + rng.normal(0, 2, PSUS)[psu]
        + 1.5 * age
        + rng.normal(0, 12, rows)
    )
    # answers from 1 to 10, as points 0-100
    answers = [
        np.clip(np.rint((62 + level + rng.normal(0, 14, rows)) / 11), 0, 9) for _item in NAMES
    ]
    items = np.stack(answers) * (100 / 9)
    return Survey(
        company, psu, psu % STRATA, sex, age, rng.uniform(0.5, 2, rows), items.mean(axis=0), items
    )


def margins() -> Margins:
    """Return the population by stratum, sex and age, not as the sample has them."""
    strata = np.linspace(0.8, 1.2, STRATA)
    shares = (strata / strata.sum(), np.array([0.49, 0.51]), np.array([0.22, 0.27, 0.28, 0.23]))
    return Margins(tuple(POPULATION * share for share in shares))


def store(survey: Survey, folder: Path) -> Path:
    """Write the survey where peers find it: Parquet, for R the bare columns, and the margins.
    Return the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    columns = {name: getattr(survey, name) for name in (*CODES, "weight", "score")}
    columns |= dict(zip(NAMES, survey.items, strict=True))
    pq.write_table(pa.table(columns), folder / FILE)
    for name, values in columns.items():
        # R has no 64-bit integers
        (values.astype(np.int32) if name in CODES else values).tofile(folder / f"{name}.raw")
    targets = [target.tolist() for target in margins().targets]
    (folder / TARGETS).write_text(json.dumps(targets), encoding="utf-8")
    np.concatenate(targets).tofile(folder / "targets.raw")
    return folder


def columns(folder: Path, *names: str) -> tuple[np.ndarray, ...]:
    """Read some columns, one after the other so that none is in memory twice for long."""
    return tuple(pq.read_table(folder / FILE, columns=[name])[name].to_numpy() for name in names)
