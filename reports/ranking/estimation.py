"""From a frozen data set to estimates: the rows of a snapshot become the score of every company,
and of every item.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from config.language.problems import InvalidInput, Problem, say
from reports.data.snapshots.parts import parts
from reports.data.snapshots.snapshot import Snapshot
from reports.data.sources.table import item_column
from reports.plans.plan import Plan
from reports.ranking.aggregation import (
    Read,
    encoding_of,
    margins_of,
    read_all,
    scored,
    sums_of,
)
from reports.statistics.disclosure.gates import enough
from reports.statistics.estimates.means import (
    Estimate,
    given,
    means,
    with_floor,
    with_small_samples,
)
from reports.statistics.estimates.raked import by_raking_cell, raked_means, weighed
from reports.statistics.exact import Floats
from reports.statistics.index.consistency import CrossProducts
from reports.statistics.index.scoring import BEST, WORST
from reports.statistics.sampling.design import Design, LonelyStratum
from reports.statistics.sampling.raking import (
    EmptyCategory,
    Margins,
    NoTarget,
    Raked,
    RakingError,
    rake,
)
from reports.statistics.sampling.totals import Rows, Totals


@dataclass(frozen=True)
class ItemScore:
    """One item of one company: number of answers, mean 0-100 and its own interval."""

    item: int
    n: int
    score: float
    ci_low: float
    ci_high: float


ItemColumn = list[ItemScore | None]


@dataclass(frozen=True)
class Raking:
    """How weights were raked: sums of weights by cell before, (C,), and the factors they took;
    kish: what unequal weights cost in all, 1 + CV^2.
    """

    margins: Margins
    before: Floats
    raked: Raked
    kish: float


@dataclass(frozen=True)
class Estimated:
    """Companies by name, their scores with covariance in that order, and per item the score of each
    company.

    design, totals: what the scores were estimated from, under the weights that count; None for
    estimates that came ready. variants: scores under every variant of the index; products: of
    items; raking: how the weights met their margins.
    """

    names: list[str]
    score: Estimate
    items: list[ItemColumn]
    design: Design | None = None
    totals: Totals | None = None
    variants: tuple[Estimate, ...] = ()
    products: tuple[CrossProducts, ...] = ()
    raking: Raking | None = None


def estimate_companies(plan: Plan, snapshot: Snapshot) -> Estimated:
    """Estimate every company of a snapshot. Raises InvalidInput where the plan's design does not
    fit the data.
    """
    return _from_table(plan, snapshot.frame) if plan.estimates else _from_ratings(plan, snapshot)


def company_scores(totals: Totals, design: Design) -> Estimate:
    """Estimate company scores 0-100 from their totals, none of them with certainty."""
    return _mended(means(totals, design), totals, design)


def _mended(estimate: Estimate, totals: Totals, design: Design) -> Estimate:
    return with_floor(with_small_samples(estimate, totals, design), low=WORST, high=BEST)


def scored_rows(plan: Plan, snapshot: Snapshot) -> Rows:
    """Return all sampled rows with their scores in memory, coded as the totals of
    `estimate_companies`.
    """
    return scored(plan, rows_in_memory(plan, snapshot))


def rows_in_memory(plan: Plan, snapshot: Snapshot) -> Read:
    """Return all sampled rows in memory."""
    pieces = parts(snapshot.content)
    return read_all(plan, encoding_of(plan, pieces), pieces)


def example(plan: Plan, snapshot: Snapshot) -> tuple[float | None, ...]:
    """Return the answers of one respondent, on the scales of the items: the first who left a part
    of them out, or the first of all. Nothing for a table of estimates.
    """
    if plan.estimates:
        return ()
    items = [item_column(i) for i in range(len(plan.items))]
    rows = parts(snapshot.content)[0].read(["out", *items]).to_pandas()
    answers = rows.loc[rows["out"].isna(), items]
    answered = answers.notna().sum(axis=1)
    partly = answers[(answered < len(items)) & (answered > len(items) / 2)]
    chosen = partly if len(partly) else answers
    return tuple(None if np.isnan(x) else float(x) for x in chosen.iloc[0]) if len(chosen) else ()


def _from_table(plan: Plan, frame: pd.DataFrame) -> Estimated:
    rows = frame[frame["out"].isna()].sort_values("company")
    n = np.asarray(rows["n"], dtype=float) if plan.estimates and plan.estimates.n else None
    value, se = (np.asarray(rows[key], dtype=float) for key in ("value", "se"))
    return Estimated(rows["company"].tolist(), given(value, se, n), [])


def _from_ratings(plan: Plan, snapshot: Snapshot) -> Estimated:
    pieces = parts(snapshot.content)
    encoding = encoding_of(plan, pieces)
    sums = sums_of(plan, encoding, pieces)
    design = Design(encoding.population, plan.design.lonely_psu)
    raking = _raking(plan, sums.totals[0]) if plan.weighting.margins else None
    estimates = [_estimate(plan, totals, design, raking) for totals in sums.totals]
    score, items, variants = (
        estimates[0],
        estimates[1 : len(plan.items) + 1],
        estimates[len(plan.items) + 1 :],
    )
    return Estimated(
        names=list(encoding.names),
        score=score,
        items=[_item(i, estimate, plan) for i, estimate in enumerate(items)],
        design=design,
        totals=weighed(sums.totals[0], raking.margins, raking.raked) if raking else sums.totals[0],
        variants=tuple(variants),
        products=sums.products,
        raking=raking,
    )


def _raking(plan: Plan, totals: Totals) -> Raking:
    """Rake the weights of everybody in the sample. Raises InvalidInput at the margin that cannot be
    met.
    """
    margins = margins_of(plan)
    before = by_raking_cell(totals, margins)
    margins = margins_of(plan, float(before.sum()))
    try:
        raked = rake(before, margins, bounds=plan.weighting.bounds or (0.0, np.inf))
    except RakingError as error:
        raise InvalidInput(_unmet(plan, error)) from None
    factor = raked.factor[totals.company % margins.cells]
    weight, square = totals.moment("w") * factor, totals.moment("w2") * factor**2
    kish = totals.moment("n").sum() * square.sum() / weight.sum() ** 2
    return Raking(margins, before, raked, float(kish))


def _unmet(plan: Plan, error: RakingError) -> Problem:
    margin = plan.weighting.margins[error.margin]
    words = {
        EmptyCategory: say("nobody in the sample is of the category {category}; merge categories"),
        NoTarget: say("gives {category} a share of 0, but {category} is in the sample"),
    }.get(
        type(error),
        say("is not met at {category} by any weights; widen the bounds, or merge categories"),
    )
    category = list(margin.shares)[error.category]
    place = f"{plan.file}: weights.margins.{margin.column}"
    return Problem(place, words, {"category": category})


def _estimate(plan: Plan, totals: Totals, design: Design, raking: Raking | None) -> Estimate:
    try:
        if raking is None:
            return company_scores(totals, design)
        found = raked_means(totals, raking.margins, design, raked=raking.raked)
        return _mended(found, weighed(totals, raking.margins, raking.raked), design)
    except LonelyStratum as error:
        message = say(
            "{count} strata have a single sampled unit, so their variance cannot be seen; use"
            " coarser strata, leave"
            " strata out, or name a rule with lonely_psu"
        )
        raise InvalidInput(
            Problem(f"{plan.file}: lonely_psu", message, {"count": len(error.strata)})
        ) from None
    except ValueError as error:
        raise InvalidInput(
            Problem(
                f"{plan.file}: population",
                say("the sampling design does not fit: {why}"),
                {"why": error},
            )
        ) from None


def _item(index: int, estimate: Estimate, plan: Plan) -> ItemColumn:
    """Return one item of every company; None where fewer answered it than the plan asks of a
    company.
    """
    half = estimate.half_width(plan.inference.level)
    answered = enough(estimate.n.astype(np.int64), plan.gates)
    return [
        ItemScore(index, int(n), float(m), max(float(m - h), WORST), min(float(m + h), BEST))
        if shown
        else None
        for shown, n, m, h in zip(answered, estimate.n, estimate.value, half, strict=True)
    ]
