"""How often rank ranges and classes err in a world, as the published ones are made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reports.plans.plan import Inference
from reports.ranking.comparison import classes_of, degrees_among, sets_of
from reports.ranking.estimation import company_scores
from reports.statistics.comparing.differences import Ends
from reports.statistics.disclosure.gates import apply_gates
from reports.statistics.exact import Grid
from reports.statistics.index.scoring import BEST, MIDDLE, WORST
from reports.statistics.sampling.design import SIMPLE
from reports.statistics.sampling.totals import reduce
from tests.benchmarks.levels.worlds import World

ENDS = Ends(WORST, BEST)


@dataclass(frozen=True)
class Level:
    """A share of simulated surveys with the standard error of the simulation."""

    share: float
    runs: int

    @property
    def error(self) -> float:
        """Standard error of the share, of that of one more survey either way where it is 0 or 1."""
        share = min(max(self.share, 1 / (self.runs + 1)), self.runs / (self.runs + 1))
        return float(np.sqrt(share * (1 - share) / self.runs))


@dataclass(frozen=True)
class Levels:
    """Of `runs` surveys with at least two ranked companies: in which share the rank ranges of all
    hold at once, and some company was called above or below; both over companies that are all
    equal. ranked: companies on average; width: places in a rank range on average.
    """

    runs: int
    coverage: Level
    error: Level
    ranked: float
    width: float


def levels(world: World, *, replicates: int, seed: int, draws: int = 1000) -> Levels:
    """Draw `replicates` surveys of a world and take each as far as ranges and classes."""
    covered = wrong = runs = 0
    ranked, width = 0.0, 0.0
    for run in range(replicates):
        rng = np.random.default_rng([seed, run])
        rows = world.rows(rng)
        heaviest = max(2.0, float(rows.weight.max()))
        grid = Grid(rows=len(rows.score), weight=heaviest, score=BEST - MIDDLE, centre=MIDDLE)
        strata = int(rows.stratum.max()) + 1
        totals = reduce(rows, companies=world.companies, strata=strata, grid=grid)
        score = company_scores(totals, SIMPLE)
        passed = [gate.status == "ranked" for gate in apply_gates(score, world.gates)]
        at = np.flatnonzero(passed)
        chosen = score.take(at)
        ranked += len(chosen.value)
        if len(chosen.value) < 2:
            continue
        runs += 1
        sets = sets_of(chosen, Inference(seed=run, draws=draws), ENDS, degrees_among(totals, at))
        covered += not sets.better.any()
        width += float((sets.high - sets.low + 1).mean())
        wrong += set(classes_of(chosen, 0.95, ENDS).classes) != {"average"}
    return Levels(
        runs=runs,
        coverage=Level(covered / runs, runs),
        error=Level(wrong / runs, runs),
        ranked=ranked / replicates,
        width=width / runs,
    )
