"""Answers accepted and durably committed a second, on SQLite and PostgreSQL, beside a raw insert
and a no-op view.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from tests import postgresql
from tests.benchmarks.collect import raw, servers

GOALS = {
    "raw": 0.2,
    "nothing": 0.25,
}  # of a raw durable insert into SQLite, and of the view that does nothing
COUNT = 60_000


def main(options: Sequence[str] = ()) -> int:
    """Run both databases, or the kill: 1 where an answer was lost or doubled."""
    parser = argparse.ArgumentParser(prog="mingcha bench collect", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="of each load")
    parser.add_argument(
        "--kill",
        action="store_true",
        help="kill -9 the site in the middle, then count (30 seconds)",
    )
    asked = parser.parse_args(options)
    with tempfile.TemporaryDirectory(prefix="mingcha-bench-") as folder:
        if asked.kill:
            return kill(Path(folder), asked.seconds if asked.seconds != 10 else 30)
        print(
            f"{'':12}{'accepted/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'of raw':>9}{'of no-op':>10}  other replies"
        )
        _one("SQLite", Path(folder) / "sqlite", asked.seconds)
        if postgresql.programs():
            _one("PostgreSQL", Path(folder) / "postgres", asked.seconds)
        else:
            print("PostgreSQL  not run: not installed")
    return 0


def _one(name: str, folder: Path, seconds: float) -> None:
    folder.mkdir()
    with postgresql.running(folder) if name == "PostgreSQL" else nullcontext("") as address:
        variables = servers.environment(folder, address)
        sheets = prepare(folder, variables, COUNT)
        with servers.site(variables) as port:
            load(port, sheets, 1, "/nothing/")
            nothing = load(port, sheets, seconds, "/nothing/")
            found = load(port, sheets, seconds)
        plain = raw.postgresql(address, seconds / 2) if address else raw.sqlite(folder, seconds / 2)
    if not found["done"]:
        raise RuntimeError(f"{name}: nothing was accepted, {found['others']}")
    shares = found["rate"] / plain, found["rate"] / nothing["rate"]
    marks = [
        "" if share >= goal else "*" for share, goal in zip(shares, GOALS.values(), strict=True)
    ]
    print(
        f"{name:12}{found['rate']:>12,.0f}{found['p50']:>9}{found['p99']:>9}"
        f"{shares[0]:>8.2f}{marks[0] or ' '}{shares[1]:>9.2f}{marks[1] or ' '}  {found['others'] or '–'}"
    )
    print(
        f"{'':12}raw insert {plain:,.0f}/s, one connection; no-op view {nothing['rate']:,.0f}/s; * below its goal"
    )


def kill(folder: Path, seconds: float) -> int:
    """Kill the site with -9 in the middle of a load, start it again, go on; count receipts
    against responses.
    """
    variables = servers.environment(folder)
    sheets = prepare(folder, variables, COUNT)
    port = postgresql.free_port()
    first = servers.start(port, variables)
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.collect.load",
        str(port),
        str(sheets),
        str(seconds),
    ]
    running = subprocess.Popen(command, cwd=servers.ROOT, stdout=subprocess.PIPE, text=True)
    time.sleep(seconds / 2)
    _kill_group(first)
    second = servers.start(port, variables)
    found = json.loads(running.communicate()[0])
    second.terminate()
    second.wait(20)
    kept = stored(folder)
    lost = set(found["receipts"]) - set(kept)
    print(
        f"{found['done']:,} receipts, {len(kept):,} responses, {len(lost)} lost, {len(kept) - len(set(kept))} doubled;"
    )
    print(
        f"not answered because the site was down: {sum(found['others'].values()):,} {found['others']}"
    )
    return 1 if lost or len(kept) != len(set(kept)) else 0


def prepare(folder: Path, variables: dict[str, str], count: int) -> Path:
    """Make the survey and write the addresses of so many sheets."""
    file = folder / "sheets.json"
    command = [sys.executable, "-m", "tests.benchmarks.collect.prepare", str(count), str(file)]
    subprocess.run(command, cwd=servers.ROOT, env=variables, check=True)
    return file


def load(port: int, sheets: Path, seconds: float, path: str = "") -> dict:
    """Run the load and return what it says."""
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.collect.load",
        str(port),
        str(sheets),
        str(seconds),
        path,
    ]
    return json.loads(
        subprocess.run(command, cwd=servers.ROOT, capture_output=True, text=True, check=True).stdout
    )


def stored(folder: Path) -> list[str]:
    """Return the receipts of every response in the database of a folder."""
    import sqlite3

    with sqlite3.connect(folder / "mingcha.sqlite3") as connection:
        return [
            receipt for (receipt,) in connection.execute("SELECT receipt FROM surveys_response")
        ]


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill the site and its worker as a power cut would; both are this bench's own."""
    import os

    os.killpg(process.pid, signal.SIGKILL)
    process.wait(20)
