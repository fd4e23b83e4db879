"""Freezing a table: answers of withheld companies and of rows left out are taken away, the sampling
design stays.

A row that is left out still counts as a sampled unit, so every figure of the published companies
can be recomputed from the frozen file alone, and nobody finds a withheld company in it.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from config.language.problems import InvalidInput, Problem, say
from reports.data.snapshots.parquet import as_parquet, manifest_of
from reports.data.sources.table import (
    DROPPED,
    NEVER_ASKED,
    NO_COMPANY,
    NO_RESPONSE,
    OTHER_KIND,
    WITHHELD,
    Table,
    margin_column,
)
from reports.plans.plan import Plan
from reports.statistics.disclosure.gates import enough

KEY = b"mingcha.snapshot"
FORMAT = 1
DESIGN = ("row", "out", "stratum", "psu", "population", "weight")
# reasons of rows whose company is not known, or not ranked
NAMELESS = (DROPPED, NO_COMPANY, NEVER_ASKED, OTHER_KIND, NO_RESPONSE)


@dataclass(frozen=True)
class Manifest:
    """What is known of a snapshot besides its rows; stored inside the Parquet file."""

    plan_hash: str
    source: str
    source_sha256: str
    rows_read: int
    rows_in: int
    rows_out: dict[str, int]
    companies: int
    withheld: int
    withheld_names: tuple[str, ...] = ()
    index: list[dict[str, Any]] | None = (
        None  # of the questionnaire, where the plan has none of its own
    )
    # other spellings that were counted for a company that is named
    joined: dict[str, list[str]] = field(default_factory=dict)
    # names in English of companies that are named, where they have one
    english: dict[str, str] = field(default_factory=dict)
    # what was asked, for the appendix of the report
    questionnaire: dict[str, Any] | None = None
    # labels of the codes in the columns adjust_0 ..
    categories: dict[str, list[str]] = field(default_factory=dict)
    format: int = field(default=FORMAT)


@dataclass(frozen=True)
class Snapshot:
    """The bytes of a Parquet file of frozen rows (columns as in sources.table.Table), with their
    manifest.
    """

    manifest: Manifest
    content: bytes

    @property
    def hash(self) -> str:
        """SHA-256 of the Parquet file."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def frame(self) -> pd.DataFrame:
        """All rows in memory."""
        frame: pd.DataFrame = pq.read_table(io.BytesIO(self.content)).to_pandas()
        return frame


def freeze(plan: Plan, table: Table) -> Snapshot:
    """Freeze a table under a plan. Raises InvalidInput where no company is left to name."""
    frame = table.frame.copy()
    nameless = frame["out"].fillna("").str.startswith(NAMELESS)
    named = sorted(frame.loc[~nameless, "company"].unique())
    counted = _answers(plan, frame).reindex(named, fill_value=0)
    kept = {name for name, ok in zip(named, _enough(plan, counted), strict=True) if ok}
    if not kept:
        message = say(
            "no company has the {n} answers that the plan's gate asks for (the most is {most})"
        )
        values = {"n": plan.gates.n or 1, "most": max(counted.tolist(), default=0)}
        raise InvalidInput(Problem(f"{plan.file}: gates.n", message, values))

    frame.loc[frame["out"].isna() & ~frame["company"].isin(kept), "out"] = WITHHELD
    design = {*DESIGN, *map(margin_column, range(len(plan.weighting.margins)))}
    private = [column for column in frame.columns if column not in design]
    frame.loc[frame["out"].notna(), private] = None
    withheld = [name for name in named if name not in kept]
    reasons = frame["out"].value_counts()
    manifest = Manifest(
        plan_hash=plan.hash,
        source=table.file,
        source_sha256=table.sha256,
        rows_read=len(frame),
        rows_in=int(frame["out"].isna().sum()),
        rows_out={str(reason): int(reasons[reason]) for reason in sorted(reasons.index)},
        companies=len(named),
        withheld=len(withheld),
        withheld_names=tuple(withheld) if plan.print.list_withheld else (),
        index=table.index,
        joined={name: spellings for name, spellings in table.joined.items() if name in kept},
        english={name: words for name, words in table.english.items() if name in kept},
        questionnaire=table.questionnaire,
        categories=table.categories,
    )
    rows = pa.Table.from_pandas(frame, preserve_index=False)
    return load(as_parquet(rows, KEY, asdict(manifest)))


def _answers(plan: Plan, frame: pd.DataFrame) -> pd.Series[int]:
    inside = frame[frame["out"].isna()]
    if plan.estimates is None:
        return inside.groupby("company").size()
    per_company = inside.set_index("company")
    return (
        per_company["n"].astype("int64")
        if plan.estimates.n
        else per_company["value"].notna().astype("int64")
    )


def _enough(plan: Plan, counted: pd.Series[int]) -> list[bool]:
    passing: list[bool] = enough(np.asarray(counted, dtype=np.int64), plan.gates).tolist()
    return passing


def load(content: bytes) -> Snapshot:
    """Read a snapshot back from its bytes: the ranking is always computed from what was written."""
    fields = manifest_of(content, KEY)
    fields["withheld_names"] = tuple(fields["withheld_names"])
    return Snapshot(Manifest(**fields), content)


def reopen(plan: Plan, path: Path) -> Snapshot:
    """Open a published snapshot to recompute from it. Raises InvalidInput where it is none, or
    frozen for another plan.
    """
    if not path.is_file():
        raise InvalidInput(Problem(str(path), say("there is no such file")))
    try:
        snapshot = load(path.read_bytes())
    except (KeyError, TypeError, ValueError, pa.ArrowException):
        raise InvalidInput(Problem(path.name, say("is not a snapshot of this program"))) from None
    if snapshot.manifest.plan_hash != plan.hash:
        raise InvalidInput(
            Problem(
                path.name,
                say("was frozen for another plan (or {plan} has changed)"),
                {"plan": plan.file},
            )
        )
    return snapshot
