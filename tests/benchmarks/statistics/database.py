"""From stored responses to a ranking: the snapshot out of the database, and the estimate out
of the snapshot.
"""

from __future__ import annotations

from tests.benchmarks.statistics import fresh
from tests.benchmarks.statistics.records import Findings, Record
from tests.benchmarks.statistics.setting import Setting


def run(setting: Setting, findings: Findings) -> None:
    """Fill a database that goes with the bench, then take the snapshot and compute the ranking,
    each by itself.
    """
    environment = {"MINGCHA_VAR": str(setting.folder / "database")}
    file, rows = str(setting.folder / "snapshot.parquet"), setting.rows
    fresh.run("stored", "fill", rows, environment=environment)
    taken = fresh.together(
        [
            fresh.run("stored", "snapshot", file, environment=environment)
            for _run in range(setting.runs)
        ]
    )
    note = (
        f"{taken.result['rows_in']:,} rows rated, {taken.result['bytes'] / 1e6:.1f} MB of Parquet"
    )
    what = f"database to snapshot, {rows:,} sheets"
    findings.records.append(Record(what, taken.timing, memory=taken.peak, rows=rows, note=note))
    made = fresh.together(
        [
            fresh.run("stored", "ranking", file, environment=environment)
            for _run in range(setting.runs)
        ]
    )
    note = (
        f"{made.result['ranked']} companies ranked; the last run: {_stages(made.result['stages'])}"
    )
    what = "snapshot to ranking, on record"
    findings.records.append(Record(what, made.timing, memory=made.peak, rows=rows, note=note))


def _stages(begun: dict[str, float]) -> str:
    names, moments = list(begun), list(begun.values())
    return ", ".join(
        f"{name} {end - start:.2f} s"
        for name, start, end in zip(names, moments, moments[1:], strict=False)
    )
