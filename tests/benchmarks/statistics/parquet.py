"""Ten times the rows, from Parquet in row groups as a snapshot has them: the time and the memory
of the whole.
"""

from __future__ import annotations

from tests.benchmarks.statistics import fresh
from tests.benchmarks.statistics.equality import Unequal, equal
from tests.benchmarks.statistics.records import Findings, Goal, Record
from tests.benchmarks.statistics.setting import Setting

THREADS = (1, 2)


def run(setting: Setting, findings: Findings) -> None:
    """Write the file in one process, estimate from it in others, with one thread and with two in
    turns.
    """
    rows, file = 10 * setting.rows, str(setting.folder / "large.parquet")
    environment = {"MINGCHA_VAR": str(setting.folder / "var")}
    written = fresh.run("rowgroups", "write", file, rows, environment=environment).result
    seen: dict[int, list[fresh.Ran]] = {threads: [] for threads in THREADS}
    for _run in range(setting.runs):
        for threads, runs in seen.items():
            with_threads = environment | {"MINGCHA_THREADS": str(threads)}
            runs.append(fresh.run("rowgroups", "estimate", file, rows, environment=with_threads))
    what = f"{rows:,} rows from Parquet"
    totals = {one.result["sha256"] for runs in seen.values() for one in runs}
    if len(totals) != 1:
        raise Unequal(f"{what}: totals depend on threads: {totals}")
    findings.equal.append(f"{what}: totals of 1 and 2 threads are the same bits")
    means = seen[1][0].result["means"]
    equal(
        findings,
        f"{what}, and numpy while writing, means of score and items",
        means,
        written,
        within=1e-9,
    )
    for threads, runs in seen.items():
        ran, words = fresh.together(runs), f"{what}, score and 8 items, {threads} thread(s)"
        goal = Goal("memory", 350)
        findings.records.append(Record(words, ran.timing, memory=ran.peak, goal=goal, rows=rows))
