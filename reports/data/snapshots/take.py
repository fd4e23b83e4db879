"""A source is frozen, or a snapshot that was published with this plan is taken up again."""

from __future__ import annotations

from pathlib import Path

from reports.data.snapshots.snapshot import Snapshot, freeze, reopen
from reports.data.sources import platform
from reports.data.sources.read import table
from reports.data.sources.table import Table
from reports.plans.index import with_index
from reports.plans.plan import Plan
from surveys.questionnaires.questionnaire import indicators_from_json


def take(plan: Plan, path: Path | None) -> tuple[Plan, Snapshot]:
    """Return plan and snapshot of a file, or of the platform's database where there is no file.

    The plan of a survey or campaign comes back with the index of its questionnaire. Raises
    InvalidInput for what cannot be used.
    """
    if path is None or path.suffix != ".parquet":
        whole, read = gather(plan, path)
        return whole, freeze(whole, read)
    snapshot = reopen(plan, path)
    if snapshot.manifest.index is not None:
        plan = with_index(plan, indicators_from_json(snapshot.manifest.index))
    return plan, snapshot


def gather(plan: Plan, path: Path | None) -> tuple[Plan, Table]:
    """Return plan and table of a file, or of the platform's database where there is no file."""
    return platform.table(plan) if path is None else (plan, table(plan, path))
