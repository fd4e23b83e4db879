"""Visits with five photographs of 300 kB taken in through the API as phones send them, beside the
same files written and synced.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.collect import servers
from tests.benchmarks.visits.photographs import PHOTOS, SIZE, written_and_synced

GOAL = 0.3  # of writing and syncing the same files


def main(options: Sequence[str] = ()) -> int:
    """Print visits and MB a second and the ratio; 1 where a visit or a file is missing or double."""
    parser = argparse.ArgumentParser(prog="mingcha bench visits", description=__doc__)
    parser.add_argument("--visits", type=int, default=2000, help="how many (2000)")
    asked = parser.parse_args(options)
    with tempfile.TemporaryDirectory(prefix="mingcha-bench-") as name:
        folder = Path(name)
        (folder / "var").mkdir()
        (folder / "raw").mkdir()
        variables = {
            **servers.environment(folder / "var"),
            "MINGCHA_API_RATE": "1000000/min",  # twenty phones do the work of thousands
        }
        given = folder / "visits.json"
        command = [sys.executable, "-m", "tests.benchmarks.visits.prepare"]
        call = {"cwd": servers.ROOT, "env": variables, "check": True}
        subprocess.run([*command, str(asked.visits), str(given)], **call)
        with servers.site(variables) as port:
            command = [sys.executable, "-m", "tests.benchmarks.visits.load", str(port), str(given)]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, **call)
        found = json.loads(done.stdout)
        raw = written_and_synced(folder / "raw", asked.visits)
        kept = _kept(folder / "var")
    return _told(asked.visits, found, raw, kept)


def _kept(folder: Path) -> tuple[int, int, int]:
    """Return how many visits, received files and events of receiving the database holds."""
    with sqlite3.connect(folder / "mingcha.sqlite3") as database:
        count = lambda sql: int(database.execute(f"SELECT COUNT(*) FROM {sql}").fetchone()[0])  # noqa: E731
        return (
            count("inspections_visit"),
            count("inspections_evidence WHERE received_at IS NOT NULL"),
            count("inspections_visitevent WHERE kind = 'received'"),
        )


def _told(visits: int, found: dict, raw: float, kept: tuple[int, int, int]) -> int:
    megabytes = visits * PHOTOS * SIZE / 1e6
    rate, plain = megabytes / found["seconds"], megabytes / raw
    ratio = rate / plain
    print(
        f"{visits:,} visits with {PHOTOS} photographs of {SIZE // 1000} kB, {os.cpu_count()} processors"
    )
    print(
        f"  through the API        {visits / found['seconds']:7.1f} visits/s {rate:8.1f} MB/s"
        f"   {found['requests'] / found['seconds']:.0f} requests/s"
    )
    print(f"  written and synced     {visits / raw:7.1f} visits/s {plain:8.1f} MB/s")
    print(f"  ratio {ratio:.2f} (goal {GOAL}){'' if ratio >= GOAL else '  * below its goal'}")
    expected = (visits, visits * PHOTOS, visits * PHOTOS)
    if kept != expected or found["others"]:
        print(f"  kept {kept}, expected {expected}; other answers: {found['others'] or '–'}")
        return 1
    print(f"  every visit and every file is there once ({kept[1]:,} files)")
    return 0
