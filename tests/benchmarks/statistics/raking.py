"""Weights raked to three margins (11 x 2 x 4), against svy and R survey."""

from __future__ import annotations

import numpy as np

from reports.statistics.sampling.raking import rake
from tests.benchmarks.statistics.data import Survey, margins
from tests.benchmarks.statistics.equality import equal
from tests.benchmarks.statistics.peers import peer
from tests.benchmarks.statistics.records import Findings, Goal, Record
from tests.benchmarks.statistics.setting import Setting, simulated
from tests.benchmarks.statistics.timing import here, in_turns

WITHIN = 1e-8
PEERS = {"svy": 50, "R survey": 500}


def run(setting: Setting, findings: Findings) -> None:
    """Compare sums of squares and margins with every peer there is, then time all in turns."""
    survey, folder = simulated(setting.rows), setting.stored(setting.rows)
    weight = raked_weights(survey)
    reached = [np.bincount(codes, weight) for codes in (survey.stratum, survey.sex, survey.age)]
    targets = np.concatenate(margins().targets)
    equal(findings, "raking, margins and targets", np.concatenate(reached), targets, within=WITHIN)
    with peer("svy", folder, findings) as svy, peer("R survey", folder, findings) as r:
        contenders = {"ours": (here(lambda: raked_weights(survey)), setting.runs)}
        for one, runs in ((svy, setting.runs), (r, setting.r_runs)):
            if one:
                theirs = one.ask("rake")
                what = f"{one.name}, raked weights"
                equal(
                    findings,
                    f"{what}, sum of squares",
                    float((weight**2).sum()),
                    theirs["squares"],
                    within=WITHIN,
                )
                equal(
                    findings,
                    f"{what}, margins",
                    np.concatenate(reached),
                    theirs["margins"],
                    within=WITHIN,
                )
                contenders[one.name] = (one.once("rake"), runs)
        found = in_turns(contenders)
    for name in list(found)[1:]:
        what = f"raked weights, 3 margins, {setting.rows:,} rows"
        findings.records.append(
            Record(what, found["ours"], name, found[name], Goal("faster", PEERS[name]))
        )


def raked_weights(survey: Survey) -> np.ndarray:
    """Return the raked weight of every row, from the bare columns."""
    population = margins()
    cell = population.cell_of([survey.stratum, survey.sex, survey.age])
    raked = rake(np.bincount(cell, survey.weight, minlength=population.cells), population)
    return survey.weight * raked.factor[cell]
