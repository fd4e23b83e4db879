"""Where companies that came through the gates stand among themselves: ranks, ranges, classes,
and what they hang on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from reports.data.snapshots.snapshot import Snapshot
from reports.plans.plan import Inference, Plan
from reports.ranking.estimation import Estimated, company_scores, scored_rows
from reports.statistics.comparing.classes import Class, Comparison, compare_with_others
from reports.statistics.comparing.differences import Ends
from reports.statistics.comparing.fragility import fragility
from reports.statistics.comparing.places import decimals_of, point_ranks
from reports.statistics.comparing.ranks import RankSet, moved, rank_sets
from reports.statistics.estimates.means import Estimate, degrees_together
from reports.statistics.exact import Bools, Floats, Ints
from reports.statistics.index.reliability import reliability
from reports.statistics.index.scoring import BEST, WORST
from reports.statistics.sampling.totals import Totals

# above this nobody asks how many single answers a class hangs on
MANY_ROWS = 300_000
# what trying may cost: one verdict goes over the rows and over the pairs of companies, some hundred
# times for each company; 2,000 companies of 60,000 rows took 2.6 to 3.5 s each, hours in all, and
# cost 8e9 here
BUDGET = 100_000_000


@dataclass(frozen=True)
class RankedComparison:
    """Where the ranked companies stand among themselves, in the order of their estimates.

    moving: companies whose rank range another seed would move.
    """

    ranks: Ints
    sets: RankSet
    moving: Bools
    comparison: Comparison | None
    reliability: Floats


def compare(
    plan: Plan,
    chosen: Estimate,
    most_df: Floats | float,
    progress: Callable[[int, int], None],
) -> RankedComparison:
    """Compare the ranked companies; most_df: degrees of freedom a pair of them has at most. Where
    lower is better, the lowest value has the place 1; above and below stay what they say.
    """
    how, several = plan.inference, len(chosen.value) > 1
    ends = ends_of(plan)
    placed = chosen
    if plan.estimates and plan.estimates.lower_is_better:
        placed = replace(chosen, value=-chosen.value)
    sets = sets_of(placed, how, ends, most_df, progress)
    other = sets_of(placed, replace(how, seed=how.seed + 1), ends, most_df)
    return RankedComparison(
        # at what the errors leave a meaning, never at what the plan prints
        ranks=point_ranks(placed.value, decimals_of(chosen.se)),
        sets=sets,
        moving=moved(sets, other),
        comparison=classes_of(chosen, how.level, ends, most_df) if several else None,
        reliability=reliability(chosen.value, chosen.se)
        if several
        else np.full(len(chosen.value), np.nan),
    )


def ends_of(plan: Plan) -> Ends | None:
    """Return the ends of the scale of scores; a table of estimates has none that are known."""
    return None if plan.estimates else Ends(WORST, BEST)


def sets_of(
    chosen: Estimate,
    how: Inference,
    ends: Ends | None,
    most_df: Floats | float,
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> RankSet:
    """Return the rank ranges of the ranked companies."""
    return rank_sets(
        chosen.value,
        chosen.covariance,
        level=how.level,
        draws=how.draws,
        seed=how.seed,
        df=chosen.df,
        most_df=most_df,
        ends=ends,
        floored=chosen.floored,
        family=how.family,
        progress=progress,
    )


def classes_of(
    chosen: Estimate, level: float, ends: Ends | None, most_df: Floats | float = np.inf
) -> Comparison:
    """Return the classes of the ranked companies, at least two; of two alone by the degrees of
    freedom of the pair, as in their rank ranges.
    """
    pair = len(chosen.value) == 2 and np.ndim(most_df) > 0
    return compare_with_others(
        chosen.value,
        chosen.covariance,
        level=level,
        df=chosen.df,
        design_df=float(np.asarray(most_df)[0, 1]) if pair else chosen.design_df,
        ends=ends,
        spread=chosen.spread,
        floored=chosen.floored,
    )


def degrees_among(totals: Totals | None, ranked: Ints) -> Floats | float:
    """Return the degrees of freedom that pairs of ranked companies have at most; inf for ready
    estimates.
    """
    most = np.inf if totals is None else degrees_together(totals)
    return most if np.ndim(most) == 0 else np.asarray(most)[np.ix_(ranked, ranked)]


def is_tried(rows: int, estimated: Estimated, ranked: int) -> bool:
    """Say whether `fragilities` strikes answers out: only of ratings and with somebody to be
    compared with, not where data are so many that nobody would, or companies so many that it would
    take hours, nor where weights are raked, which every answer less would change for all.
    """
    if estimated.totals is None or ranked < 2 or estimated.raking:
        return False
    companies = len(estimated.names)
    return rows <= MANY_ROWS and ranked * (rows + companies * companies) <= BUDGET


def fragilities(
    plan: Plan,
    snapshot: Snapshot,
    estimated: Estimated,
    ranked: Ints,
    progress: Callable[[int, int], None],
) -> list[int | None]:
    """Return for each ranked company how few of its answers, struck out, change its class; None
    where half do not, or where it is not tried (`is_tried`).
    """
    totals, design, g = estimated.totals, estimated.design, len(ranked)
    if totals is None or design is None or not is_tried(snapshot.manifest.rows_read, estimated, g):
        return [None] * g
    rows, ends = scored_rows(plan, snapshot), ends_of(plan)
    most_df = degrees_among(totals, ranked)

    def classes(estimate: Estimate) -> tuple[Class, ...]:
        return classes_of(estimate.take(ranked), plan.inference.level, ends, most_df).classes

    found = []
    for i, j in enumerate(ranked.tolist()):
        progress(i, g)
        found.append(
            fragility(
                rows,
                totals,
                j,
                estimate=lambda struck: company_scores(struck, design),
                verdict=lambda estimate, i=i: classes(estimate)[i],  # type: ignore[misc]
            ).least
        )
    return found
