"""500 bootstrap replicates, every one raked again, against svy; and the memory they take beside
the plain estimate.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from reports.statistics.estimates.raked import raked_means, reduce_for_raking
from reports.statistics.estimates.replicated import Replicated, raked_replicated_means
from reports.statistics.sampling.replicates import rao_wu
from reports.statistics.sampling.totals import Rows, Totals
from tests.benchmarks.statistics import fresh
from tests.benchmarks.statistics.data import COMPANIES, STRATA, Survey, margins
from tests.benchmarks.statistics.equality import equal
from tests.benchmarks.statistics.means import grid_of
from tests.benchmarks.statistics.peers import peer
from tests.benchmarks.statistics.records import Findings, Goal, Record
from tests.benchmarks.statistics.setting import Setting, simulated
from tests.benchmarks.statistics.timing import Timing, here, in_turns

COUNT = 500
GOAL = Goal("faster", 500)
# svy holds all replicate weights of all rows: above so many rows it runs once, and a tenth of the
# rows as often as all
MANY = 200_000
# the bytes svy needs at its peak, in replicate weights; measured 3.0 at 1,000,000 rows, 3.2 at
# 100,000
HELD = 3.3
# a standard error from 500 draws has a relative error of 3.2 %, its mean over companies, which
# share PSUs, one of 1.8 % at 1,000,000 rows (40 seeds; the bias is below 0.1 %); two such differ by
# 1.4 times that, of which four to five times are allowed; the means must not differ
CHANCE, CHANCE_OF_ALL, EXACT = 0.25, 0.10, 1e-7


def run(setting: Setting, findings: Findings) -> None:
    """Compare and time at one size or two, then measure memory."""
    if setting.rows > MANY:
        _against_svy(setting, findings, setting.rows // 10, setting.runs, None)
        _against_svy(setting, findings, setting.rows, 1, GOAL)
    else:
        _against_svy(setting, findings, setting.rows, setting.runs, GOAL)
    findings.not_run.append("R survey, 500 replicates: there is no goal against it")
    _memory(setting, findings)


def totals_of(survey: Survey) -> Totals:
    """Make the one pass over the rows."""
    population = margins()
    cell = population.cell_of([survey.stratum, survey.sex, survey.age])
    rows = Rows(survey.company, survey.score, survey.weight, survey.stratum, survey.psu)
    return reduce_for_raking(
        rows, cell, population, companies=COMPANIES, strata=STRATA, grid=grid_of(survey)
    )


def replicated(totals: Totals) -> Replicated:
    """Draw, rake and estimate the replicates from totals alone."""
    draws = rao_wu(totals.unit_stratum, totals.sampled, count=COUNT, seed=1)
    return raked_replicated_means(totals, margins(), draws)


def _against_svy(
    setting: Setting, findings: Findings, rows: int, runs: int, goal: Goal | None
) -> None:
    survey = simulated(rows)
    totals = totals_of(survey)
    ours, linear = replicated(totals), raked_means(totals, margins())
    equal(
        findings,
        f"replicates, {rows:,} rows, and linearisation, SE",
        ours.se,
        linear.se,
        within=CHANCE,
    )
    what = f"{COUNT} re-raked replicates, {rows:,} rows"
    found = in_turns(
        {
            "ours": (here(lambda: replicated(totals_of(survey))), setting.runs),
            "after": (here(lambda: replicated(totals)), setting.runs),
        }
    )
    findings.records.append(Record(f"{what}, after the pass", found["after"]))
    if lack := _lack_of_memory(rows):
        findings.not_run.append(f"svy, {what}: {lack}")
        return
    with peer("svy", setting.stored(rows), findings) as svy:
        if svy is None:
            return
        # each run takes so long that taking turns would not make it fairer
        answers = [svy.ask("bootstrap", COUNT) for _run in range(runs)]
    _compare(findings, what, ours, answers[-1])
    theirs = Timing(tuple(one["wall"] for one in answers), tuple(one["cpu"] for one in answers))
    note = f"svy's peak {answers[-1]['peak']:,.0f} MB"
    findings.records.append(Record(what, found["ours"], "svy", theirs, goal, note=note))


def _compare(findings: Findings, what: str, ours: Replicated, theirs: dict[str, object]) -> None:
    equal(findings, f"svy, {what}, means", ours.value, theirs["value"], within=EXACT)
    equal(
        findings, f"svy, {what}, SE by company (Monte Carlo)", ours.se, theirs["se"], within=CHANCE
    )
    mean = float(np.mean(ours.se / np.asarray(theirs["se"])))
    equal(findings, f"svy, {what}, SE on average (Monte Carlo)", mean, 1.0, within=CHANCE_OF_ALL)


def _lack_of_memory(rows: int) -> str | None:
    """Say why svy cannot run, or None; the kernel would end it half way."""
    info = Path("/proc/meminfo")
    if not info.exists():
        return None
    free = int(info.read_text(encoding="ascii").split("MemAvailable:")[1].split()[0]) / 1e6
    need = rows * COUNT * 8 * HELD / 1e9
    return None if need + 1 < free else f"needs some {need:.0f} GB, {free:.0f} GB are free"


def _memory(setting: Setting, findings: Findings) -> None:
    folder, environment = (
        str(setting.stored(setting.rows)),
        {"MINGCHA_VAR": str(setting.folder / "var")},
    )
    plain = fresh.run("holding", "plain", folder, environment=environment)
    ours = fresh.run("holding", "replicates", folder, environment=environment)
    findings.records.append(
        Record(
            f"{COUNT} re-raked replicates, {setting.rows:,} rows, peak memory",
            peer="plain estimate",
            memory=ours.peak,
            their_memory=plain.peak,
            goal=Goal("times the memory", 1.3),
            note="fresh processes, each with the columns it needs",
        )
    )
