"""What a plan asks for beside the ranking: it is printed and decides nothing. Ranks and classes
come from `result` alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from config.language.problems import InvalidInput, Problem, say
from config.language.texts import Text
from reports.data.snapshots.snapshot import Snapshot
from reports.plans.plan import Dimension, Plan
from reports.ranking.aggregation import Read, products_of, scored
from reports.ranking.comparison import classes_of, ends_of
from reports.ranking.earlier import Earlier, index_digest
from reports.ranking.estimation import Estimated, Raking, rows_in_memory
from reports.ranking.variants import Variant, variants_of
from reports.statistics.comparing.change import Direction, Wave, change
from reports.statistics.comparing.classes import Class
from reports.statistics.comparing.places import decimals_of, point_ranks
from reports.statistics.estimates.adjustment import Adjusted, Adjuster, adjust, wald
from reports.statistics.estimates.means import Estimate
from reports.statistics.exact import Ints
from reports.statistics.index.consistency import CrossProducts, consistency
from reports.statistics.index.drivers import MOST, Quadrant, drivers, quadrant


@dataclass(frozen=True)
class Category:
    """A category of a margin: its share of the population, and of the weights before and after."""

    name: str
    target: float
    before: float
    after: float


@dataclass(frozen=True)
class MarginMet:
    """A margin that weights were raked to."""

    column: str
    categories: tuple[Category, ...]


@dataclass(frozen=True)
class WeightsRaked:
    """How weights met the margins: the largest relative error that is left, the least and greatest
    factor in units of their mean, and what unequal weights cost in all (Kish's 1 + CV^2).
    """

    margins: tuple[MarginMet, ...]
    error: float
    least: float
    greatest: float
    kish: float


@dataclass(frozen=True)
class AdjustedCompany:
    """A ranked company with its score at the mix of all respondents beside its own; shift: the one
    minus the other.
    """

    name: str
    score: float
    adjusted: float
    shift: float
    se: float
    rank: int
    adjusted_rank: int
    cls: Class | None
    adjusted_cls: Class | None


@dataclass(frozen=True)
class Effect:
    """How much higher people of a category score the same company than those of the first."""

    category: str
    reference: str
    points: float
    se: float


@dataclass(frozen=True)
class AdjusterTested:
    """An adjuster with its effects and the test that it has none; None where there are too few
    sampled units for a test.
    """

    column: str
    effects: tuple[Effect, ...]
    f: float | None
    df1: int | None
    df2: float | None
    p: float | None


@dataclass(frozen=True)
class ScoresAdjusted:
    """Scores adjusted for what a company cannot influence; rows: respondents with everything."""

    rows: int
    adjusters: tuple[AdjusterTested, ...]
    companies: tuple[AdjustedCompany, ...]


@dataclass(frozen=True)
class CompanyChange:
    """A ranked company in the earlier ranking and now."""

    name: str
    before: float
    now: float
    difference: float
    se: float
    df: float | None
    ci_low: float
    ci_high: float
    p_adjusted: float
    direction: Direction


@dataclass(frozen=True)
class ComparedWithEarlier:
    """Change since an earlier ranking; same_index: whether items, scales and weights are those of
    then. Companies that only one of the two has are not in it.
    """

    title: Text
    sha256: str
    same_index: bool
    companies: tuple[CompanyChange, ...]


@dataclass(frozen=True)
class ItemBelonging:
    """How an item goes with the others of its part: correlation with their sum, and their alpha
    without it, None where it is not defined.
    """

    label: Text
    rows: int
    mean: float
    item_rest: float
    alpha_without: float | None


@dataclass(frozen=True)
class PartBelonging:
    """A part of the index, or all of it (without a label): Cronbach's alpha of its items."""

    label: Text | None
    alpha: float | None
    alpha_standardised: float | None
    items: tuple[ItemBelonging, ...]


@dataclass(frozen=True)
class Moved:
    """A company whose class is another under a variant."""

    name: str
    cls: Class
    other: Class


@dataclass(frozen=True)
class VariantTried:
    """The ranking under another index: without the part of this label, or with all items alike
    (None); most_places: the most places that a company moves.
    """

    without: Text | None
    moved: tuple[Moved, ...]
    most_places: int


@dataclass(frozen=True)
class Driver:
    """What an item explains of the judgement of the whole, and how it is rated."""

    label: Text
    importance: float
    performance: float
    quadrant: Quadrant


@dataclass(frozen=True)
class DriversFound:
    """Importance and performance; r2: what all items explain together, rows: respondents who
    answered everything.
    """

    overall: Text
    rows: int
    r2: float
    importance_line: float
    performance_line: float
    items: tuple[Driver, ...]


@dataclass(frozen=True)
class Beside:
    """All of it; None for what the plan does not ask for."""

    weights: WeightsRaked | None = None
    adjusted: ScoresAdjusted | None = None
    change: ComparedWithEarlier | None = None
    consistency: tuple[PartBelonging, ...] | None = None
    sensitivity: tuple[VariantTried, ...] | None = None
    drivers: DriversFound | None = None


def compute_beside(
    plan: Plan, snapshot: Snapshot, estimated: Estimated, ranked: Ints, earlier: Earlier | None
) -> Beside:
    """Compute what the plan asks for. Raises InvalidInput where the data cannot answer it."""
    products = dict(zip(products_of(plan), estimated.products, strict=True))
    pairs, whole = products.get("pairwise"), products.get("complete")
    return Beside(
        weights=_raked(plan, estimated.raking) if estimated.raking else None,
        adjusted=_adjusted(plan, snapshot, estimated, ranked) if plan.further.adjust else None,
        change=_changed(plan, estimated, ranked, earlier) if earlier else None,
        consistency=tuple(_parts(plan, pairs)) if pairs else None,
        sensitivity=_varied(plan, estimated, ranked)
        if "sensitivity" in plan.further.analyses and len(ranked) > 1
        else None,
        drivers=_driven(plan, whole) if whole else None,
    )


def _raked(plan: Plan, raking: Raking) -> WeightsRaked:
    margins, factor = raking.margins, raking.raked.factor
    filled = raking.before > 0
    mean = (raking.before * factor).sum() / raking.before.sum()
    codes = margins.categories(np.arange(margins.cells))
    met = []
    for margin, of_cell in zip(plan.weighting.margins, codes, strict=True):
        before, after = (
            np.bincount(of_cell, weight, minlength=len(margin.shares)) / weight.sum()
            for weight in (raking.before, raking.before * factor)
        )
        shares = zip(margin.shares.items(), before.tolist(), after.tolist(), strict=True)
        categories = tuple(Category(name, share, was, is_) for (name, share), was, is_ in shares)
        met.append(MarginMet(margin.column, categories))
    return WeightsRaked(
        margins=tuple(met),
        error=raking.raked.error,
        least=float(factor[filled].min() / mean),
        greatest=float(factor[filled].max() / mean),
        kish=raking.kish,
    )


def _adjusted(
    plan: Plan, snapshot: Snapshot, estimated: Estimated, ranked: Ints
) -> ScoresAdjusted | None:
    """Put the ranked companies at the mix of all their respondents, weights as they count in the
    ranking, taken as given.
    """
    if len(ranked) < 2:
        return None
    read = rows_in_memory(plan, snapshot)
    found = _fitted(plan, snapshot, estimated, ranked, read)
    raw = estimated.score.take(ranked)
    put = replace(raw, value=found.value, covariance=found.covariance)
    ranks, new_ranks = (point_ranks(e.value, decimals_of(raw.se)).tolist() for e in (raw, put))
    classes, new_classes = (
        classes_of(e, plan.inference.level, ends_of(plan)).classes for e in (raw, put)
    )
    companies = tuple(
        AdjustedCompany(
            name=estimated.names[j],
            score=float(raw.value[i]),
            adjusted=float(put.value[i]),
            shift=float(put.value[i] - raw.value[i]),
            se=float(put.se[i]),
            rank=ranks[i],
            adjusted_rank=new_ranks[i],
            cls=classes[i],
            adjusted_cls=new_classes[i],
        )
        for i, j in enumerate(ranked.tolist())
    )
    adjusters = tuple(
        _tested(found, column, snapshot.manifest.categories[f"adjust_{i}"])
        for i, column in enumerate(plan.further.adjust)
    )
    in_order = sorted(companies, key=lambda company: (company.rank, company.name))
    return ScoresAdjusted(found.rows, adjusters, tuple(in_order))


def _fitted(
    plan: Plan, snapshot: Snapshot, estimated: Estimated, ranked: Ints, read: Read
) -> Adjusted:
    code = np.full(len(estimated.names) + 1, -1)
    code[ranked] = np.arange(len(ranked))
    rows = scored(plan, read)
    weight = rows.weight
    if estimated.raking:
        weight = weight * estimated.raking.raked.factor[read.cell]
    labels = snapshot.manifest.categories
    adjusters = tuple(
        Adjuster(column, read.adjusters[:, i], len(labels[f"adjust_{i}"]))
        for i, column in enumerate(plan.further.adjust)
    )
    assert estimated.design
    assert estimated.totals
    try:
        return adjust(
            code[rows.company],
            rows.score,
            weight,
            adjusters,
            companies=len(ranked),
            stratum=rows.stratum,
            psu=rows.psu,
            strata=estimated.totals.strata,
            design=estimated.design,
        )
    except ValueError:
        message = say(
            "scores cannot be adjusted: these columns cannot be told from the companies or from one"
            " another, or no answer about a ranked company has all of them"
        )
        raise InvalidInput(Problem(f"{plan.file}: adjust", message)) from None


def _tested(found: Adjusted, column: str, labels: list[str]) -> AdjusterTested:
    se = np.sqrt(np.diag(found.coefficient_covariance))
    at = {name: i for i, name in enumerate(found.names)}
    effects = tuple(
        Effect(label, labels[0], float(found.coefficients[i]), float(se[i]))
        for code, label in enumerate(labels)
        if (i := at.get(f"{column}={code}")) is not None
    )
    try:
        test = wald(found, column)
    except ValueError:  # too few sampled units
        return AdjusterTested(column, effects, None, None, None, None)
    return AdjusterTested(column, effects, test.f, test.df1, test.df2, test.p)


def _changed(
    plan: Plan, estimated: Estimated, ranked: Ints, earlier: Earlier
) -> ComparedWithEarlier:
    both = [j for j in ranked.tolist() if estimated.names[j] in earlier.scores]
    names = [estimated.names[j] for j in both]
    then = [earlier.scores[name] for name in names]
    before = Wave(
        np.array([score.score for score in then]),
        np.array([score.se for score in then]),
        np.array([score.df for score in then]),
    )
    now = estimated.score.take(np.array(both, dtype=np.int64))
    found = change(before, Wave(now.value, now.se, now.df), level=plan.inference.level)
    companies = tuple(
        CompanyChange(
            name=name,
            before=float(before.value[i]),
            now=float(now.value[i]),
            difference=float(found.difference[i]),
            se=float(found.se[i]),
            df=float(found.df[i]) if np.isfinite(found.df[i]) else None,
            ci_low=float(found.low[i]),
            ci_high=float(found.high[i]),
            p_adjusted=float(found.p_adjusted[i]),
            direction=found.directions[i],
        )
        for i, name in enumerate(names)
    )
    same = earlier.index in ("", index_digest(plan))
    return ComparedWithEarlier(earlier.title, earlier.sha256, same, companies)


def _parts(plan: Plan, products: CrossProducts) -> list[PartBelonging]:
    """Return all of the index, and every part of it with two items at least."""
    whole = list(range(len(plan.items)))
    parts = [(label, items) for label, items in _tops(plan.outline) if 1 < len(items) < len(whole)]
    named: list[tuple[Text | None, list[int]]] = [(None, whole), *parts]
    return [_part(plan, products, label, items) for label, items in named if len(items) > 1]


def _tops(outline: tuple[Dimension, ...]) -> list[tuple[Text, list[int]]]:
    tops: list[tuple[Text, list[int]]] = []
    for line in outline:
        if line.depth == 0:
            tops.append((line.label, []))
        if line.item is not None:
            tops[-1][1].append(line.item)
    return tops


def _part(
    plan: Plan, products: CrossProducts, label: Text | None, items: list[int]
) -> PartBelonging:
    chosen = products.take(np.array(items, dtype=np.int64))
    try:
        found = consistency(chosen)
    except ValueError:  # a pair of items that fewer than two people answered both of
        return PartBelonging(label, None, None, ())
    means = np.diag(chosen.wx) / np.diag(chosen.w) + chosen.centre
    return PartBelonging(
        label,
        _or_none(found.alpha),
        _or_none(found.alpha_standardised),
        tuple(
            ItemBelonging(
                label=plan.items[item].label,
                rows=int(chosen.rows[i, i]),
                mean=float(means[i]),
                item_rest=float(found.item_rest[i]),
                alpha_without=_or_none(found.alpha_if_dropped[i]),
            )
            for i, item in enumerate(items)
        ),
    )


def _varied(plan: Plan, estimated: Estimated, ranked: Ints) -> tuple[VariantTried, ...]:
    published = estimated.score.take(ranked)
    ranks = point_ranks(published.value, decimals_of(published.se))
    classes = classes_of(published, plan.inference.level, ends_of(plan)).classes
    names = [estimated.names[j] for j in ranked.tolist()]
    tried = []
    for variant, whole in zip(variants_of(plan), estimated.variants, strict=True):
        other = whole.take(ranked)
        if not np.isfinite(other.value).all():  # a company of which nothing else was answered
            continue
        tried.append(_tried(plan, variant, other, names, ranks, classes))
    return tuple(tried)


def _tried(
    plan: Plan,
    variant: Variant,
    other: Estimate,
    names: list[str],
    ranks: Ints,
    classes: tuple[Class, ...],
) -> VariantTried:
    others = classes_of(other, plan.inference.level, ends_of(plan)).classes
    places = np.abs(point_ranks(other.value, decimals_of(other.se)) - ranks)
    moved = sorted(
        (ranks[i], name, classes[i], others[i])
        for i, name in enumerate(names)
        if classes[i] != others[i]
    )
    return VariantTried(
        without=None if variant.without is None else plan.outline[variant.without].label,
        moved=tuple(Moved(name, cls, new) for _rank, name, cls, new in moved),
        most_places=int(places.max()),
    )


def _driven(plan: Plan, products: CrossProducts) -> DriversFound:
    place = f"{plan.file}: drivers"
    columns = [item.column for item in plan.items]
    if plan.further.drivers not in columns:
        message = say("{column} is no item of the index, which has: {columns}")
        values = {"column": plan.further.drivers, "columns": ", ".join(columns)}
        raise InvalidInput(Problem(place, message, values))
    overall = columns.index(plan.further.drivers)
    rest = [i for i in range(len(columns)) if i != overall]
    if len(rest) > MOST:
        message = say("can be tried on {most} items at most")
        raise InvalidInput(Problem(place, message, {"most": MOST}))
    try:
        found = drivers(products.covariance(), overall=overall)
    except ValueError:
        message = say("cannot be found: too few people answered every item, or all judge alike")
        raise InvalidInput(Problem(place, message)) from None
    means = np.diag(products.wx) / np.diag(products.w) + products.centre
    matrix = quadrant(found.lmg, means[rest])
    return DriversFound(
        overall=plan.items[overall].label,
        rows=int(products.rows[0, 0]),
        r2=found.r2,
        importance_line=matrix.importance_line,
        performance_line=matrix.performance_line,
        items=tuple(
            Driver(plan.items[i].label, float(found.lmg[k]), float(means[i]), matrix.quadrants[k])
            for k, i in enumerate(rest)
        ),
    )


def _or_none(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None
