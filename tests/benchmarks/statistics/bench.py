"""The engine against svy, R survey and plain numpy on one synthetic survey; numbers are checked
equal before timing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.benchmarks.statistics import database, means, parquet, raking, ranks
from tests.benchmarks.statistics.environment import Missing
from tests.benchmarks.statistics.equality import Unequal
from tests.benchmarks.statistics.fresh import Failed
from tests.benchmarks.statistics.records import Findings, table
from tests.benchmarks.statistics.setting import Setting

SECTIONS = {
    "means": means,
    "raking": raking,
    "ranks": ranks,
    "parquet": parquet,
    "database": database,
}
# the goals were set for so many rows
ROWS = 1_000_000


def main(options: Sequence[str] = ()) -> int:
    """Run the sections asked for; 1 where numbers differ, 0 otherwise, whether or not goals are
    reached.
    """
    asked = _parse(options)
    findings, status = Findings(), 0
    with tempfile.TemporaryDirectory(prefix="mingcha-bench-") as folder:
        setting = Setting(asked.rows, asked.runs, asked.r_runs, Path(folder))
        for name in asked.only:
            start, first = time.perf_counter(), len(findings.records)
            try:
                SECTIONS[name].run(setting, findings)
            except Unequal as difference:
                print(f"\n{name}: the numbers differ.\n{difference}", file=sys.stderr)
                status = 1
            except (Missing, Failed) as why:
                findings.not_run.append(f"{name}: {why}")
            print(f"\n{name}, {time.perf_counter() - start:.0f} s")
            print("\n".join(table(findings.records[first:])), flush=True)
    _close(asked, findings)
    return status


def _parse(options: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("mingcha bench statistics", description=__doc__)
    parser.add_argument(
        "--rows", type=int, default=ROWS, help="of the synthetic survey (1,000,000)"
    )
    parser.add_argument("--runs", type=int, default=5, help="of each contender (5)")
    parser.add_argument("--r-runs", type=int, default=5, help="of R, whose runs take long (5)")
    parser.add_argument("--only", type=_sections, default=list(SECTIONS), help=",".join(SECTIONS))
    parser.add_argument("--json", type=Path, help="a file for the records")
    asked = parser.parse_args(options)
    print(f"{asked.rows:,} rows; {_machine()}")
    print(
        "seconds: best / median of the runs; ratios: of the best runs; a goal must hold for wall"
        " and CPU both"
    )
    if asked.rows != ROWS:
        print(f"the goals were set for {ROWS:,} rows")
    return asked


def _sections(names: str) -> list[str]:
    chosen = names.split(",")
    if unknown := set(chosen) - set(SECTIONS):
        raise argparse.ArgumentTypeError(f"no such section: {', '.join(sorted(unknown))}")
    return chosen


def _machine() -> str:
    versions = f"Python {platform.python_version()}, numpy {np.__version__}"
    return f"{os.cpu_count()} processors, {platform.machine()}, {versions}"


def _close(asked: argparse.Namespace, findings: Findings) -> None:
    print(f"\npeers: {'; '.join(findings.versions) or 'numpy only'}")
    print("equal, before anything was timed:")
    print("\n".join(f"  {line}" for line in findings.equal))
    judged = [record for record in findings.records if record.goal]
    missed = [record for record in judged if not record.reached]
    print(f"\n{len(judged) - len(missed)} of {len(judged)} goals reached")
    for record in missed:
        print(
            f"  missed: {record.what}{' against ' if record.peer else ''}{record.peer}: {record.goal}"
        )
    left = [
        *findings.not_run,
        *(f"{name}: not asked for" for name in SECTIONS if name not in asked.only),
    ]
    print(f"not run: {'; '.join(left) or 'nothing'}")
    if asked.json:
        content = {
            "rows": asked.rows,
            "machine": _machine(),
            "records": [record.as_json() for record in findings.records],
            "peers": findings.versions,
            "equal": findings.equal,
            "not_run": left,
        }
        asked.json.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
