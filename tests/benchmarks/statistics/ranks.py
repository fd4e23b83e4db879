"""Stepwise rank sets, against the same draws on dense arrays of numpy, which must tell the same
pairs apart.
"""

from __future__ import annotations

import numpy as np

from reports.statistics.comparing.ranks import rank_sets
from tests.benchmarks.statistics import fresh
from tests.benchmarks.statistics.comparable import DF, companies, dense
from tests.benchmarks.statistics.equality import Unequal
from tests.benchmarks.statistics.records import Findings, Goal, Record
from tests.benchmarks.statistics.setting import Setting
from tests.benchmarks.statistics.timing import here, in_turns

DRAWS, LEVEL, SEED = 1000, 0.95, 1
# 32 MB of pairs at a time, as the engine does; and one draw at a time, which stays in the cache
BLOCKS = {"dense, 32 MB blocks": 4_000_000, "dense, 1 draw at a time": 1}


def run(setting: Setting, findings: Findings) -> None:
    """Compare and time 30 and 300 companies, then measure 2,000 in a process of their own."""
    for count in (30, 300):
        _against_dense(setting, findings, count)
    _many(setting, findings)


def _against_dense(setting: Setting, findings: Findings, count: int) -> None:
    value, covariance = companies(count)
    how = {"level": LEVEL, "draws": DRAWS, "seed": SEED}
    blocks = {name: max(size // count**2, 1) for name, size in BLOCKS.items()}

    def ours() -> np.ndarray:
        return rank_sets(value, covariance, df=DF, **how).better

    better = ours()
    contenders = {"ours": (here(ours), setting.runs)}
    for name, block in blocks.items():
        off = int((better != dense(value, covariance, block=block, **how)).sum())
        if off:
            raise Unequal(f"rank sets of {count} companies, {name}: {off} pairs differ")
        contenders[name] = (
            here(lambda block=block: dense(value, covariance, block=block, **how)),
            setting.runs,
        )
    told = f"{better.sum():,} of {count * (count - 1) // 2:,} pairs told apart"
    findings.equal.append(f"rank sets of {count} companies and dense numpy: identical, {told}")
    found = in_turns(contenders)
    for name in blocks:
        goal = Goal("faster", 4) if count == 300 else None
        what = f"rank sets, {count} companies, {DRAWS:,} draws"
        findings.records.append(Record(what, found["ours"], name, found[name], goal))


def _many(setting: Setting, findings: Findings) -> None:
    environment = {"MINGCHA_VAR": str(setting.folder / "var")}
    runs = [
        fresh.run("holding", "ranks", 2000, DRAWS, environment=environment)
        for _run in range(setting.runs)
    ]
    ran = fresh.together(runs)
    findings.records.append(
        Record(
            f"rank sets, 2,000 companies, {DRAWS:,} draws",
            ran.timing,
            memory=ran.peak,
            goal=Goal("memory", 600),
            note=f"{ran.result['told']:,} of {2000 * 1999 // 2:,} pairs told apart",
        )
    )
