"""A source is frozen, or a snapshot that was published with this plan is taken up again."""

from __future__ import annotations

from pathlib import Path

from reports.plans.plan import Plan
from reports.snapshots.snapshot import Snapshot, freeze, reopen
from reports.sources.read import table


def take(plan: Plan, path: Path) -> Snapshot:
    """Return the snapshot of a file. Raises Unusable for what cannot be used."""
    return reopen(plan, path) if path.suffix == ".parquet" else freeze(plan, table(plan, path))
