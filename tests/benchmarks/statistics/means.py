"""Mean, standard error and full covariance by company, against svy, R survey and one numpy pass
over the columns.
"""

from __future__ import annotations

import numpy as np

from reports.statistics.estimates.means import Estimate, means
from reports.statistics.exact import Grid
from reports.statistics.sampling.totals import Rows, reduce
from tests.benchmarks.statistics.data import COMPANIES, MIDDLE, STRATA, Survey
from tests.benchmarks.statistics.equality import equal_estimates
from tests.benchmarks.statistics.peers import Peer, peer
from tests.benchmarks.statistics.records import Findings, Goal, Record
from tests.benchmarks.statistics.setting import Setting, simulated
from tests.benchmarks.statistics.timing import here, in_turns

EXACT = 1e-9


def run(setting: Setting, findings: Findings) -> None:
    """Compare with every peer there is, then time all in turns."""
    survey, folder = simulated(setting.rows), setting.stored(setting.rows)
    with peer("svy", folder, findings) as svy, peer("R survey", folder, findings) as r:
        for one in filter(None, (svy, r)):
            _check(findings, one, survey)
        _score(setting, findings, survey, svy, r)
        _pass(setting, findings, survey)
        _items(setting, findings, survey, svy, r)


def estimate(survey: Survey, score: np.ndarray, grid: Grid) -> Estimate:
    """Estimate the companies from the bare columns: nothing is kept from one call to the next."""
    rows = Rows(survey.company, score, survey.weight, survey.stratum, survey.psu)
    return means(reduce(rows, companies=COMPANIES, strata=STRATA, grid=grid))


def grid_of(survey: Survey) -> Grid:
    """Return the grid that the engine knows before it sums: the scale's ends, the largest
    weight, the rows.
    """
    return Grid(
        rows=len(survey.weight), weight=float(survey.weight.max()), score=MIDDLE, centre=MIDDLE
    )


def _check(findings: Findings, one: Peer, survey: Survey) -> None:
    grid, what = grid_of(survey), f"{one.name}, {len(survey.weight):,} rows"
    score = [estimate(survey, survey.score, grid)]
    equal_estimates(findings, what, score, [one.ask("mean")], within=EXACT)
    items = [estimate(survey, item, grid) for item in survey.items]
    equal_estimates(findings, f"{what}, 8 items", items, one.ask("items")["items"], within=EXACT)


def _score(
    setting: Setting, findings: Findings, survey: Survey, svy: Peer | None, r: Peer | None
) -> None:
    grid, what = grid_of(survey), _what(setting)
    contenders = {"ours": (here(lambda: estimate(survey, survey.score, grid)), setting.runs)}
    if svy:
        contenders |= {
            "warm": (svy.once("mean"), setting.runs),
            "cold": (svy.once("cold"), setting.runs),
        }
    if r:
        contenders["R"] = (r.once("mean"), setting.r_runs)
    found = in_turns(contenders)
    if svy:
        findings.records.append(
            Record(what, found["ours"], "svy, warm", found["warm"], Goal("faster", 50))
        )
        findings.records.append(Record(what, found["ours"], "svy, new sample", found["cold"]))
    if r:
        findings.records.append(
            Record(what, found["ours"], "R svyby, design made", found["R"], Goal("faster", 200))
        )


def _pass(setting: Setting, findings: Findings, survey: Survey) -> None:
    """Compare with the sums of the same columns, by themselves: a peer in between would empty
    the processor's cache.
    """
    grid, what = grid_of(survey), _what(setting)
    columns = (survey.company, survey.psu, survey.stratum, survey.score, survey.weight)

    def with_grid() -> Estimate:
        read = Grid.of(scores=survey.score, weights=survey.weight, centre=MIDDLE)
        return estimate(survey, survey.score, read)

    found = in_turns(
        {
            "ours": (here(lambda: estimate(survey, survey.score, grid)), setting.runs),
            # what the engine otherwise knows beforehand; it has no goal, but should be seen
            "with grid": (here(with_grid), setting.runs),
            "pass": (here(lambda: [column.sum() for column in columns]), setting.runs),
        }
    )
    note, one = "ratio: ours / pass", found["pass"]
    findings.records.append(
        Record(what, found["ours"], "one numpy pass", one, Goal("slower", 12), near=True, note=note)
    )
    findings.records.append(
        Record(f"{what}, grid too", found["with grid"], "one numpy pass", one, near=True, note=note)
    )


def _what(setting: Setting) -> str:
    return f"mean, SE, covariance, {setting.rows:,} rows"


def _items(
    setting: Setting, findings: Findings, survey: Survey, svy: Peer | None, r: Peer | None
) -> None:
    grid = grid_of(survey)
    contenders = {
        "ours": (
            here(lambda: [estimate(survey, item, grid) for item in survey.items]),
            setting.runs,
        )
    }
    if svy:
        contenders["svy, warm"] = (svy.once("items"), setting.runs)
    if r:
        contenders["R svyby, without covariance"] = (r.once("items"), setting.r_runs)
    found = in_turns(contenders)
    for name in list(found)[1:] or [""]:
        findings.records.append(
            Record(f"8 items, {setting.rows:,} rows", found["ours"], name, found.get(name))
        )
