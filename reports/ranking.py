"""The ranking: figures, ranks and classes of companies, frozen and in print order. Nothing downstream sorts or computes.

The order is fixed here and nowhere else: ranked companies by printed score, ties by name; then those with a score only
and those withheld, each by name, because their order says nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports.plans.plan import Plan
from reports.plans.problems import Problem, Unusable, say
from reports.snapshots.snapshot import Manifest, Snapshot
from reports.sources.table import item_column
from reports.statistics.classes import Class, compare_with_others
from reports.statistics.estimates import Estimate, LonelyStratum, given, means, with_floor
from reports.statistics.exact import Floats, Grid, Ints
from reports.statistics.gates import Reason, Status, pass_through
from reports.statistics.ranks import RankSet, rank_sets
from reports.statistics.reliability import reliability
from reports.statistics.scoring import BEST, MIDDLE, WORST, linear, respondent_scores
from reports.statistics.totals import Rows, reduce

Progress = Callable[[str], None]

# below this, rank ranges rest on a covariance that is itself uncertain: said in print (notes of design D8)
FEW_DEGREES = 40


@dataclass(frozen=True)
class ItemScore:
    """One item of one company: number of answers, mean 0-100 and its own interval."""

    item: int
    n: int
    score: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True)
class CompanyResult:
    """One line of the ranking; None is a figure that is not published or does not exist for this source.

    ci_low, ci_high: marginal interval of the score; rank_low, rank_high: joint or marginal range, as the plan says.
    """

    name: str
    status: Status
    reasons: tuple[Reason, ...] = ()
    n: int | None = None
    n_eff: float | None = None
    deff: float | None = None
    score: float | None = None
    se: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    rank: int | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    cls: Class | None = None
    p_adjusted: float | None = None
    reliability: float | None = None
    items: tuple[ItemScore, ...] = ()


@dataclass(frozen=True)
class Note:
    """Something a reader must know, as a code that documents put into words, with names or numbers."""

    code: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranking:
    """The whole result. `companies` is in print order; averages are plain means over the ranked companies."""

    plan: Plan
    manifest: Manifest
    snapshot_hash: str
    companies: tuple[CompanyResult, ...]
    average: float | None
    item_averages: tuple[float | None, ...]
    top: tuple[str, ...]
    lines: tuple[int, ...]
    reliability: float | None
    design_df: float | None
    notes: tuple[Note, ...]

    @property
    def ranked(self) -> tuple[CompanyResult, ...]:
        """The companies with a rank, best first."""
        return tuple(c for c in self.companies if c.status == "ranked")

    def of_class(self, cls: Class) -> tuple[CompanyResult, ...]:
        """The ranked companies of one class, best first."""
        return tuple(c for c in self.companies if c.cls == cls)


def compute(plan: Plan, snapshot: Snapshot, progress: Progress = lambda step: None) -> Ranking:
    """Compute the ranking of a frozen data set. Raises Unusable where the plan's design does not fit the data."""
    progress("estimate")
    names, estimate, items = _estimates(plan, snapshot)
    passages = pass_through(estimate, plan.gates)
    ranked = np.flatnonzero([p.status == "ranked" for p in passages])
    chosen = estimate.take(ranked)

    progress("rank")
    sets = _sets(plan, chosen)
    comparison = _compare(plan, chosen)
    ranks = competition_ranks(printed(chosen.value, plan.print.decimals))
    trust = reliability(chosen.value, chosen.se) if len(ranked) > 1 else np.full(len(ranked), np.nan)

    place = {int(j): i for i, j in enumerate(ranked)}
    results = []
    for j, (name, passage) in enumerate(zip(names, passages, strict=True)):
        figures = _figures(plan, estimate, j)
        if j in place:
            i = place[j]
            figures |= {
                "rank": int(ranks[i]),
                # two scores that print alike share the better rank, even where inference could part them
                "rank_low": int(min(sets.low[i], ranks[i])),
                "rank_high": int(sets.high[i]),
                "cls": comparison.classes[i] if comparison else None,
                "p_adjusted": float(comparison.p_adjusted[i]) if comparison else None,
                "reliability": _or_none(trust[i]),
            }
        results.append(
            CompanyResult(name, passage.status, passage.reasons, items=tuple(i[j] for i in items if i[j]), **figures)  # type: ignore[arg-type]
        )
    results += [CompanyResult(name, "withheld", ("n",)) for name in snapshot.manifest.withheld_names]

    order = _print_order(results, plan.print.decimals)
    position = {name: i for i, name in enumerate(names)}
    in_order = np.array([place[position[r.name]] for r in order if r.status == "ranked"], dtype=np.int64)
    best = set(sets.best(plan.inference.tau).tolist())
    return Ranking(
        plan=plan,
        manifest=snapshot.manifest,
        snapshot_hash=snapshot.hash,
        companies=tuple(order),
        average=float(chosen.value.mean()) if len(ranked) else None,
        item_averages=tuple(_average(column, ranked) for column in items),
        top=tuple(names[ranked[i]] for i in in_order.tolist() if i in best),
        lines=sets.lines(in_order),
        reliability=_or_none(np.median(trust)) if len(ranked) > 1 else None,
        design_df=_or_none(estimate.design_df),
        notes=_notes(plan, estimate, names, len(ranked)),
    )


def printed(scores: Floats, decimals: int) -> Floats:
    """Return scores as a reader sees them."""
    return np.array([float(f"{score:.{decimals}f}") for score in scores])


def competition_ranks(scores: Floats) -> Ints:
    """Return 1 + the number of better scores: equal scores share a rank, 1-2-2-4."""
    return np.asarray(1 + (scores[None, :] > scores[:, None]).sum(axis=1), dtype=np.int64)


def _print_order(results: list[CompanyResult], decimals: int) -> list[CompanyResult]:
    group = {"ranked": 0, "score_only": 1, "withheld": 2}
    return sorted(results, key=lambda r: (group[r.status], r.rank or 0, r.name))


def _sets(plan: Plan, chosen: Estimate) -> RankSet:
    how = plan.inference
    return rank_sets(
        chosen.value,
        chosen.covariance,
        level=how.level,
        draws=how.draws,
        seed=how.seed,
        df=chosen.design_df,
        family=how.family,
    )


def _compare(plan: Plan, chosen: Estimate):  # type: ignore[no-untyped-def]
    if len(chosen.value) < 2:
        return None
    return compare_with_others(chosen.value, chosen.covariance, level=plan.inference.level, df=chosen.df)


def _figures(plan: Plan, estimate: Estimate, j: int) -> dict[str, float | int | None]:
    half = float(estimate.half_width(plan.inference.level)[j])
    score, n = float(estimate.value[j]), estimate.n[j]
    low, high = score - half, score + half
    if plan.estimates is None:
        # the scale ends there; what an interval would cover beyond does not exist
        low, high = max(low, WORST), min(high, BEST)
    return {
        "n": None if np.isnan(n) else int(n),
        "n_eff": _or_none(estimate.n_eff[j]),
        "deff": _or_none(estimate.deff[j]),
        "score": score,
        "se": float(estimate.se[j]),
        "ci_low": low,
        "ci_high": high,
    }


def _average(column: ItemColumn, ranked: Ints) -> float | None:
    scores = [item.score for j in ranked if (item := column[j])]
    return sum(scores) / len(scores) if scores else None


def _or_none(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None


def _notes(plan: Plan, estimate: Estimate, names: list[str], ranked: int) -> tuple[Note, ...]:
    notes = []
    if plan.sample == "nonprobability":
        notes.append(Note("nonprobability"))
    if plan.demonstration:
        notes.append(Note("demonstration"))
    if estimate.floored.any():
        notes.append(Note("floored", tuple(names[j] for j in np.flatnonzero(estimate.floored))))
    if estimate.design_df < FEW_DEGREES:
        notes.append(Note("few_degrees", (f"{estimate.design_df:g}",)))
    if plan.design.lonely_psu == "adjust":
        notes.append(Note("lonely_adjusted"))
    if ranked < 2:
        notes.append(Note("no_comparison"))
    return tuple(notes)


# --- from rows to estimates -----------------------------------------------------------------------------------


ItemColumn = list[ItemScore | None]


def _estimates(plan: Plan, snapshot: Snapshot) -> tuple[list[str], Estimate, list[ItemColumn]]:
    """Return company names (sorted), their estimates, and per item the score of each company."""
    frame = snapshot.frame
    inside = frame[frame["out"].isna()]
    if plan.estimates:
        inside = inside.sort_values("company")
        n = inside["n"].to_numpy(dtype=float) if plan.estimates.n else None
        value, se = (inside[k].to_numpy(dtype=float) for k in ("value", "se"))
        return inside["company"].tolist(), given(value, se, n), []
    design = _Design(plan, frame)
    answers = np.column_stack(
        [
            linear(frame[item_column(i)].to_numpy(dtype=float), worst=item.scale[0], best=item.scale[1])
            for i, item in enumerate(plan.items)
        ]
    )
    assert plan.tree is not None  # validation: ratings have items or a tree
    scores = respondent_scores(answers, plan.tree, coverage=plan.coverage or 0.0)
    estimate = with_floor(design.estimate(scores), low=WORST, high=BEST)
    items = [design.item(i, answers[:, i], plan.inference.level) for i in range(len(plan.items))]
    return design.names, estimate, items


class _Design:
    """The sampled rows of a snapshot, coded once for the score and every item."""

    def __init__(self, plan: Plan, frame: pd.DataFrame) -> None:
        self.plan = plan
        self.names = sorted(frame["company"].dropna().unique().tolist())
        code = {name: i for i, name in enumerate(self.names)}
        self.company = frame["company"].map(code).fillna(-1).to_numpy(dtype=np.int64)
        zeros = np.zeros(len(frame), dtype=np.int64)
        labels = frame["stratum"].to_numpy(dtype=np.int64) if plan.design.strata else zeros
        psu = frame["psu"].to_numpy(dtype=np.int64) if plan.design.psu else zeros
        # a dropped row may lack its stratum or PSU, and then it cannot be counted as sampled
        self.sampled = (labels >= 0) & (psu >= 0)
        labels, psu = labels[self.sampled], psu[self.sampled]
        _, self.stratum = np.unique(labels, return_inverse=True)
        self.strata = int(self.stratum.max()) + 1
        self.psu = None
        if plan.design.psu:
            # the same PSU label in two strata is two PSUs
            _, self.psu = np.unique(self.stratum * (int(psu.max()) + 1) + psu, return_inverse=True)
        self.weight = frame["weight"].to_numpy(dtype=float)[self.sampled]
        self.population = self._population(frame) if plan.design.population else None

    def _population(self, frame: pd.DataFrame) -> Floats:
        given_ = frame["population"].to_numpy(dtype=float)[self.sampled]
        size = np.array([np.nanmax(given_[self.stratum == h], initial=np.nan) for h in range(self.strata)])
        least = np.array([np.nanmin(given_[self.stratum == h], initial=np.nan) for h in range(self.strata)])
        if (least < size).any():
            words = say("population differs inside a stratum; it is the number of units in the whole stratum")
            raise Unusable(Problem(self.plan.file, words))
        return size

    def estimate(self, scores: Floats) -> Estimate:
        """Estimate the means of a score (n,) given for every row of the frame."""
        rows = Rows(self.company[self.sampled], scores[self.sampled], self.weight, self.stratum, self.psu)
        grid = Grid.of(scores=rows.score, weights=rows.weight, centre=MIDDLE)
        totals = reduce(rows, companies=len(self.names), strata=self.strata, grid=grid)
        try:
            return means(totals, population=self.population, lonely=self.plan.design.lonely_psu)
        except LonelyStratum as error:
            words = say(
                "{count} strata have a single sampled unit, so their variance cannot be seen; use coarser strata, leave"
                " strata out, or set lonely_psu: adjust"
            )
            raise Unusable(Problem(self.plan.file, words, {"count": len(error.strata)})) from None
        except ValueError as error:
            raise Unusable(Problem(self.plan.file, say("the sampling design does not fit: {why}"), {"why": error})) from None

    def item(self, index: int, scores: Floats, level: float) -> ItemColumn:
        """Estimate one item for every company; None where nobody answered it."""
        estimate = with_floor(self.estimate(scores), low=WORST, high=BEST)
        half = estimate.half_width(level)
        return [
            ItemScore(index, int(n), float(m), max(float(m - h), WORST), min(float(m + h), BEST)) if n else None
            for n, m, h in zip(estimate.n, estimate.value, half, strict=True)
        ]
