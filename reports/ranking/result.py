"""The ranking: figures, ranks and classes of companies, frozen, in print order. Nothing downstream
sorts or computes.

The order is fixed here and nowhere else: ranked companies by rank, ties by name; then
those with a score only and those withheld, each by name, because their order says nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from config.language.spelling import visible
from config.language.texts import Language
from reports.data.snapshots.snapshot import Manifest, Snapshot
from reports.plans.plan import Plan
from reports.ranking.beside import Beside, compute_beside
from reports.ranking.comparison import (
    RankedComparison,
    compare,
    degrees_among,
    fragilities,
    is_tried,
)
from reports.ranking.earlier import Earlier
from reports.ranking.estimation import (
    Estimated,
    ItemColumn,
    ItemScore,
    estimate_companies,
    example,
)
from reports.statistics.comparing.classes import Class
from reports.statistics.comparing.places import decimals_of
from reports.statistics.disclosure.gates import GateResult, Reason, Status, apply_gates
from reports.statistics.exact import Ints
from reports.statistics.index.scoring import BEST, WORST
from surveys.companies.services import sound_of

Progress = Callable[[str, int, int], None]

MOST_DECIMALS = 6
MOST_JOINED = 20  # spellings that a note names; ranking.json has all of them

# below this, rank ranges rest on a covariance that is itself uncertain: said in print (notes of
# design D8)
FEW_DEGREES = 40


@dataclass(frozen=True)
class CompanyResult:
    """One line of the ranking; None is a figure that is not published or does not exist for this
    source.

    df: degrees of freedom of its own variance; floored: whether that is the spread of the others;
    ci_low, ci_high: marginal interval of the score; difference, difference_se, difference_df, p:
    the score less the mean of the other ranked companies, tested; rank_low, rank_high: joint or
    marginal range, as the plan says; fragile: with so many of its n answers struck out the company
    has another class.
    """

    name: str
    status: Status
    reasons: tuple[Reason, ...] = ()
    n: int | None = None
    n_eff: float | None = None
    deff: float | None = None
    score: float | None = None
    se: float | None = None
    df: float | None = None
    floored: bool = False
    ci_low: float | None = None
    ci_high: float | None = None
    rank: int | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    cls: Class | None = None
    difference: float | None = None
    difference_se: float | None = None
    difference_df: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    reliability: float | None = None
    fragile: int | None = None
    items: tuple[ItemScore, ...] = ()


@dataclass(frozen=True)
class Note:
    """Something a reader must know, as a code that documents put into words, with names or
    numbers.
    """

    code: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranking:
    """The whole result. `companies` is in print order; averages are plain means over the ranked
    companies; drawn: whether rank ranges rest on draws; decimals: of every printed score; example:
    the answers of one respondent, by which the method shows how a score is made.
    """

    plan: Plan
    manifest: Manifest
    snapshot_hash: str
    companies: tuple[CompanyResult, ...]
    average: float | None
    item_averages: tuple[float | None, ...]
    top: tuple[str, ...]
    lines: tuple[int, ...]
    drawn: bool
    decimals: int
    reliability: float | None
    design_df: float | None
    example: tuple[float | None, ...]
    notes: tuple[Note, ...]
    beside: Beside

    @property
    def ranked(self) -> tuple[CompanyResult, ...]:
        """The companies with a rank, best first."""
        return tuple(c for c in self.companies if c.status == "ranked")

    def called(self, name: str, language: Language) -> str:
        """Return what a company is called in a language."""
        return self.manifest.english.get(name, name) if language == "en" else name

    def of_class(self, cls: Class) -> tuple[CompanyResult, ...]:
        """The ranked companies of one class, best first."""
        return tuple(c for c in self.companies if c.cls == cls)


def compute(
    plan: Plan,
    snapshot: Snapshot,
    progress: Progress = lambda stage, done, all_: None,
    earlier: Earlier | None = None,
) -> Ranking:
    """Compute the ranking of a frozen data set. Raises InvalidInput where the plan's design does
    not fit the data. `earlier` is the ranking that the plan compares with.

    `progress(stage, done, all)` is called with the stages "estimate", "rank" and "strike".
    """
    progress("estimate", 0, 1)
    estimated = estimate_companies(plan, snapshot)
    gate_results = apply_gates(estimated.score, plan.gates)
    ranked = np.flatnonzero([p.status == "ranked" for p in gate_results])

    progress("rank", 0, len(ranked))
    chosen = estimated.score.take(ranked)
    compared = compare(
        plan, chosen, degrees_among(estimated.totals, ranked), partial(progress, "rank")
    )
    fragile = fragilities(plan, snapshot, estimated, ranked, partial(progress, "strike"))
    results = [_result(plan, estimated, j, gate) for j, gate in enumerate(gate_results)]
    for i, j in enumerate(ranked):
        results[j] = replace(_placed(results[j], compared, i), fragile=fragile[i])
    results += [
        CompanyResult(name, "withheld", ("n",)) for name in snapshot.manifest.withheld_names
    ]

    companies = tuple(sorted(results, key=_print_order))
    place = {estimated.names[j]: i for i, j in enumerate(ranked)}
    order = [place[c.name] for c in companies if c.status == "ranked"]
    best = set(compared.sets.best(plan.inference.tau).tolist()) if len(ranked) > 1 else set()
    return Ranking(
        plan=plan,
        manifest=snapshot.manifest,
        snapshot_hash=snapshot.hash,
        companies=companies,
        average=float(chosen.value.mean()) if len(ranked) else None,
        item_averages=tuple(_average(column, ranked) for column in estimated.items),
        top=tuple(c.name for c in companies if place.get(c.name) in best),
        lines=compared.sets.lines(np.array(order, dtype=np.int64)),
        drawn=compared.sets.drawn,
        decimals=_decimals(plan, estimated, ranked),
        reliability=_or_none(np.median(compared.reliability)) if len(ranked) else None,
        design_df=_or_none(estimated.score.design_df),
        example=example(plan, snapshot),
        notes=(
            *_notes(
                plan, estimated, compared, rows=snapshot.manifest.rows_read, ranked=len(ranked)
            ),
            *_joined(snapshot.manifest),
        ),
        beside=compute_beside(plan, snapshot, estimated, ranked, earlier),
    )


def _result(plan: Plan, estimated: Estimated, j: int, gate: GateResult) -> CompanyResult:
    """Return a company with its own figures, not yet compared with anybody."""
    score = estimated.score
    value, n = float(score.value[j]), float(score.n[j])
    half = float(score.half_width(plan.inference.level)[j])
    low, high = value - half, value + half
    if plan.estimates is None:
        # the scale ends there; what an interval would cover beyond does not exist
        low, high = max(low, WORST), min(high, BEST)
    return CompanyResult(
        name=estimated.names[j],
        status=gate.status,
        reasons=gate.reasons,
        n=None if np.isnan(n) else int(n),
        n_eff=_or_none(score.n_eff[j]),
        deff=_or_none(score.deff[j]),
        score=value,
        se=float(score.se[j]),
        df=_or_none(score.df[j]),
        floored=bool(score.floored[j]),
        ci_low=low,
        ci_high=high,
        items=tuple(item for column in estimated.items if (item := column[j])),
    )


def _placed(result: CompanyResult, compare: RankedComparison, i: int) -> CompanyResult:
    """Return a ranked company with its rank, range and class."""
    if len(compare.ranks) < 2:
        # alone it has nobody to be before or behind
        return result
    rank, comparison = int(compare.ranks[i]), compare.comparison
    assert comparison is not None  # of two companies or more
    return replace(
        result,
        rank=rank,
        # scores that are alike share the better rank, even where inference could part them
        rank_low=min(int(compare.sets.low[i]), rank),
        rank_high=int(compare.sets.high[i]),
        cls=comparison.classes[i],
        difference=float(comparison.difference[i]),
        difference_se=float(comparison.se[i]),
        difference_df=_or_none(comparison.df[i]),
        p=float(comparison.p[i]),
        p_adjusted=float(comparison.p_adjusted[i]),
        reliability=_or_none(compare.reliability[i]),
    )


def _print_order(result: CompanyResult) -> tuple[int, int, str, str]:
    return (
        {"ranked": 0, "score_only": 1, "withheld": 2}[result.status],
        result.rank or 0,
        sound_of(result.name),
        result.name,
    )


def _decimals(plan: Plan, estimated: Estimated, ranked: Ints) -> int:
    """Return the decimals of printed scores: the plan's, else as many as the errors leave a
    meaning.
    """
    if plan.print.decimals is not None:
        return plan.print.decimals
    se = estimated.score.se
    return min(max(decimals_of(se[ranked] if len(ranked) else se), 0), MOST_DECIMALS)


def _average(column: ItemColumn, ranked: Ints) -> float | None:
    scores = [item.score for j in ranked if (item := column[j])]
    return sum(scores) / len(scores) if scores else None


def _or_none(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None


def _joined(manifest: Manifest) -> tuple[Note, ...]:
    """Return the note on spellings that were counted as one company, nothing where none were."""
    pairs = [
        f"{visible(spelling)} → {name}"
        for name, spellings in manifest.joined.items()
        for spelling in spellings
    ]
    if not pairs:
        return ()
    more = len(pairs) - MOST_JOINED
    return (Note("joined", tuple(pairs[:MOST_JOINED]) + ((f"+ {more}",) if more > 0 else ())),)


def _notes(
    plan: Plan, estimated: Estimated, compared: RankedComparison, *, rows: int, ranked: int
) -> tuple[Note, ...]:
    notes = []
    if plan.sample == "nonprobability":
        notes.append(Note("nonprobability"))
    if plan.estimates and plan.estimates.lower_is_better:
        notes.append(Note("lower_is_better"))
    if plan.demonstration:
        notes.append(Note("demonstration"))
    score = estimated.score
    if score.floored.any():
        notes.append(
            Note("floored", tuple(estimated.names[j] for j in np.flatnonzero(score.floored)))
        )
    if score.design_df < FEW_DEGREES:
        notes.append(Note("few_degrees", (f"{score.design_df:g}",)))
    if plan.design.lonely_psu != "fail":
        notes.append(Note(f"lonely_{plan.design.lonely_psu}"))
    if plan.design.collapse:
        notes.append(
            Note("lonely_collapse", tuple(f"{a} → {b}" for a, b in plan.design.collapse.items()))
        )
    if compared.moving.any():
        notes.append(Note("edge", (str(int(compared.moving.sum())),)))
    if ranked < 2:
        notes.append(Note("no_comparison"))
    elif plan.estimates is None and not is_tried(rows, estimated, ranked):
        notes.append(Note("not_tried_raked" if estimated.raking else "not_tried"))
    return tuple(notes)
