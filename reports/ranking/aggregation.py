"""The two passes over a snapshot's partitions: what codes there are, then the totals of the score,
of every item and of the index as it might have been, and what items have in common.

Nothing here holds more than one partition; what the passes return adds up in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from config.language.problems import InvalidInput, Problem, say
from reports.data.snapshots.parts import Part
from reports.data.sources.table import adjuster_column, item_column, margin_column
from reports.plans.plan import Plan
from reports.ranking.map_reduce import map_reduce
from reports.ranking.variants import variants_of
from reports.statistics.estimates.raked import reduce_for_raking
from reports.statistics.exact import Bools, Floats, Grid, Ints
from reports.statistics.index.consistency import CrossProducts, Missing, cross_products
from reports.statistics.index.scoring import (
    BEST,
    MIDDLE,
    Branch,
    linear,
    respondent_scores,
)
from reports.statistics.sampling.raking import Margins
from reports.statistics.sampling.totals import Rows, Totals, reduce


def encoding_of(plan: Plan, parts: Sequence[Part]) -> Encoding:
    """Make the first pass. Raises InvalidInput where a stratum has two populations."""
    return map_reduce(partial(scan, plan), parts).encoding(plan)


def sums_of(plan: Plan, encoding: Encoding, parts: Sequence[Part]) -> Sums:
    """Make the second pass."""
    return map_reduce(partial(accumulate, plan, encoding), parts)


def margins_of(plan: Plan, total: float = 1.0) -> Margins:
    """Return the plan's margins for a population of `total`; without any there is one cell."""
    shares = [np.array(list(margin.shares.values())) for margin in plan.weighting.margins]
    return Margins(tuple(total * share for share in shares or [np.ones(1)]))


def read_all(plan: Plan, encoding: Encoding, parts: Sequence[Part]) -> Read:
    """Return all sampled rows in memory."""
    read = [encoding.read(plan, part) for part in parts]
    whole = {
        name: np.concatenate([getattr(one, name) for one in read])
        for name in ("company", "weight", "stratum", "answers", "cell", "adjusters")
    }
    units = [one.psu for one in read if one.psu is not None]
    return Read(**whole, psu=np.concatenate(units) if units else None)


def scored(plan: Plan, read: Read) -> Rows:
    """Return rows with their scores."""
    scores = _scores(_points(read.answers, plan), plan, plan.tree)
    return Rows(read.company, scores, read.weight, read.stratum, read.psu)


@dataclass(frozen=True)
class PartitionSummary:
    """What the first pass finds: rows, the largest weight of all and by company, and the strata and
    units there are.

    units: (U, 2) stratum and PSU label of every unit, -1 where the plan has no such column;
    population: stratum label to its least and largest population.
    """

    rows: int
    heaviest: float
    largest: dict[str, float]
    units: Ints
    population: dict[int, tuple[float, float]]

    def __add__(self, other: PartitionSummary) -> PartitionSummary:
        largest = {
            k: max(self.largest.get(k, 0), other.largest.get(k, 0))
            for k in self.largest | other.largest
        }
        ends = self.population | other.population
        for label in self.population.keys() & other.population.keys():
            (low, high), (least, most) = self.population[label], other.population[label]
            ends[label] = min(low, least), max(high, most)
        units = np.unique(np.concatenate([self.units, other.units]), axis=0)
        heaviest = max(self.heaviest, other.heaviest)
        return PartitionSummary(self.rows + other.rows, heaviest, largest, units, ends)

    def encoding(self, plan: Plan) -> Encoding:
        """Return the codes of all partitions. Raises InvalidInput where a stratum has two
        populations.
        """
        strata = np.unique(self.units[:, 0])
        population = None
        if plan.design.population:
            ends = np.array([self.population[label] for label in strata.tolist()])
            if (ends[:, 0] < ends[:, 1]).any():
                message = say(
                    "population differs inside a stratum; it is the number of units in the whole"
                    " stratum"
                )
                raise InvalidInput(Problem(f"{plan.file}: population", message))
            population = ends[:, 1]
        names = tuple(sorted(self.largest))
        # a company's mean, its variance and its covariances do not see a factor that all its
        # weights have, but the grid of exact sums would swallow a company of tiny weights: the
        # largest of each is put into [1, 2), exactly
        largest = [*(self.largest[name] for name in names), self.heaviest]
        if is_pooled(plan):
            # respondents of different companies stand in one sum, so they keep their proportions
            largest = [self.heaviest] * len(largest)
        shift = np.array([1 - np.frexp(most)[1] for most in largest], dtype=np.int64)
        return Encoding(self.rows, names, shift, self.units, strata, population)


@dataclass(frozen=True)
class Read:
    """The sampled rows of one partition: `Rows` with answers on their own scales, (n, items), in
    place of a score; cell: (n,) of the margins; adjusters: (n, Q) codes, -1 where unknown.
    """

    company: Ints
    weight: Floats
    stratum: Ints
    psu: Ints | None
    answers: Floats
    cell: Ints
    adjusters: Ints


@dataclass(frozen=True)
class Encoding:
    """How labels are coded in every partition alike; shift: (G + 1,) power of two that scales a
    company's weights, the last of rows without a company.
    """

    rows: int
    names: tuple[str, ...]
    shift: Ints
    units: Ints
    strata: Ints
    population: Floats | None

    @cached_property
    def grid(self) -> Grid:
        """The grid of all sums: scores 0-100 about their middle, weights below 2."""
        return Grid(rows=self.rows, weight=2.0, score=BEST - MIDDLE, centre=MIDDLE)

    def read(self, plan: Plan, part: Part) -> Read:
        """Read one partition."""
        items = [item_column(i) for i in range(len(plan.items))]
        adjusters = [adjuster_column(i) for i in range(len(plan.further.adjust))]
        table = part.read(["company", "weight", *_design_columns(plan), *items, *adjusters])
        stratum, psu, sampled = _labels(plan, table)
        company = _company(table, self.names)
        weight = np.ldexp(_numbers(table, "weight"), self.shift[company])
        answers = np.column_stack([_numbers(table, item) for item in items])
        units = None
        if plan.design.psu:
            units = _find(self.units, np.column_stack([stratum, psu])[sampled])
        return Read(
            company[sampled],
            weight[sampled],
            np.searchsorted(self.strata, stratum[sampled]).astype(np.int64),
            units,
            answers[sampled],
            margins_of(plan).cell_of(_categories(plan, table, sampled)),
            _stacked([_known(table, name)[sampled] for name in adjusters], int(sampled.sum())),
        )


def scan(plan: Plan, part: Part) -> PartitionSummary:
    """The first pass over a partition."""
    table = part.read(["company", "weight", *_design_columns(plan)])
    stratum, psu, sampled = _labels(plan, table)
    names = table["company"].combine_chunks().dictionary.to_pylist()
    largest = np.zeros(len(names) + 1)
    np.maximum.at(largest, _codes(table), _numbers(table, "weight"))
    present = {name: float(most) for name, most in zip(names, largest, strict=False) if most > 0}
    units = np.unique(np.column_stack([stratum, psu])[sampled], axis=0)
    population = {}
    if plan.design.population:
        sizes = pd.DataFrame(
            {"h": stratum[sampled], "size": _numbers(table, "population")[sampled]}
        )
        ends = sizes.groupby("h")["size"].agg(["min", "max"])
        population = {int(h): (float(low), float(high)) for h, (low, high) in ends.iterrows()}  # type: ignore[call-overload]
    heaviest = float(_numbers(table, "weight")[sampled].max(initial=1e-9))
    return PartitionSummary(int(sampled.sum()), heaviest, present, units, population)


@dataclass(frozen=True)
class Sums:
    """Totals of the score, then of every item, then of every variant of the index, by company, or
    by company and cell of the margins; products: of items, where a plan asks for them.
    """

    totals: tuple[Totals, ...]
    products: tuple[CrossProducts, ...]

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            tuple(a + b for a, b in zip(self.totals, other.totals, strict=True)),
            tuple(a + b for a, b in zip(self.products, other.products, strict=True)),
        )


def accumulate(plan: Plan, encoding: Encoding, part: Part) -> Sums:
    """The second pass over a partition."""
    read = encoding.read(plan, part)
    points = _points(read.answers, plan)
    rows = Rows(read.company, points[:, 0], read.weight, read.stratum, read.psu)
    trees = (plan.tree, *(variant.tree for variant in variants_of(plan)))
    score, *variants = (_scores(points, plan, tree) for tree in trees)
    sizes: dict[str, Any] = {
        "companies": len(encoding.names),
        "strata": len(encoding.strata),
        "grid": encoding.grid,
    }
    each = (replace(rows, score=y) for y in (score, *points.T, *variants))
    if plan.weighting.margins:
        margins = margins_of(plan)
        totals = [reduce_for_raking(one, read.cell, margins, **sizes) for one in each]
    else:
        totals = [reduce(one, **sizes) for one in each]
    counted = (read.company >= 0) & ~np.isnan(score)
    products = (
        cross_products(points[counted], read.weight[counted], missing=missing)
        for missing in products_of(plan)
    )
    return Sums(tuple(totals), tuple(products))


def products_of(plan: Plan) -> list[Missing]:
    """Return which products of items a plan asks for: of all pairs for consistency, of whole rows
    for drivers.
    """
    pairs: list[Missing] = ["pairwise"] if "consistency" in plan.further.analyses else []
    return [*pairs, *(["complete"] if plan.further.drivers else [])]  # type: ignore[list-item]


def is_pooled(plan: Plan) -> bool:
    """Say whether sums go over respondents of several companies."""
    return bool(plan.weighting.margins or plan.further.adjust or products_of(plan))


def _points(answers: Floats, plan: Plan) -> Floats:
    """Return answers on their own scales as points 0-100, (n, items)."""
    return np.column_stack(
        [
            linear(answers[:, i], worst=item.scale[0], best=item.scale[1])
            for i, item in enumerate(plan.items)
        ]
    )


def _scores(points: Floats, plan: Plan, tree: Branch | None) -> Floats:
    assert tree is not None  # validation: ratings have items or a tree
    return respondent_scores(points, tree, coverage=plan.coverage or 0.0)


def _design_columns(plan: Plan) -> list[str]:
    named = {
        "stratum": plan.design.strata,
        "psu": plan.design.psu,
        "population": plan.design.population,
    }
    margins = (margin_column(i) for i in range(len(plan.weighting.margins)))
    return [*(name for name, column in named.items() if column), *margins]


def _labels(plan: Plan, table: pa.Table) -> tuple[Ints, Ints, Bools]:
    """Return stratum and PSU labels, (n,), 0 where the plan has none, and which rows have them: a
    row that was dropped may lack its stratum or PSU, and then it cannot be counted as sampled, nor
    can one be raked that stands for nobody.
    """
    zeros = np.zeros(len(table), dtype=np.int64)
    stratum = table["stratum"].to_numpy().astype(np.int64) if plan.design.strata else zeros
    psu = table["psu"].to_numpy().astype(np.int64) if plan.design.psu else zeros
    sampled = (stratum >= 0) & (psu >= 0)
    for codes in _categories(plan, table, sampled | True):
        sampled &= codes >= 0
    return stratum, psu, sampled


def _categories(plan: Plan, table: pa.Table, rows: Bools) -> list[Ints]:
    """Return the category of some rows in every margin, 0 in the one that a plan without margins
    has.
    """
    names = [margin_column(i) for i in range(len(plan.weighting.margins))]
    if not names:
        return [np.zeros(int(rows.sum()), dtype=np.int64)]
    return [_known(table, name)[rows] for name in names]


def _known(table: pa.Table, column: str) -> Ints:
    """Return codes, -1 where there is none."""
    found: Ints = table[column].fill_null(-1).to_numpy().astype(np.int64)
    return found


def _stacked(columns: list[Ints], rows: int) -> Ints:
    return np.column_stack(columns) if columns else np.zeros((rows, 0), dtype=np.int64)


def _numbers(table: pa.Table, column: str) -> Floats:
    found: Floats = table[column].to_numpy().astype(np.float64)
    return found


def _codes(table: pa.Table) -> Ints:
    """Return the place of each row's company in the partition's own dictionary, -1 for none."""
    found: Ints = (
        table["company"].combine_chunks().indices.fill_null(-1).to_numpy().astype(np.int64)
    )
    return found


def _company(table: pa.Table, names: tuple[str, ...]) -> Ints:
    code = {name: i for i, name in enumerate(names)}
    own = [code.get(name, -1) for name in table["company"].combine_chunks().dictionary.to_pylist()]
    return np.array([*own, -1], dtype=np.int64)[_codes(table)]


def _find(units: Ints, rows: Ints) -> Ints:
    """Return the place of each (stratum, PSU) of `rows` among the sorted `units`: a label in two
    strata is two.
    """
    wide = int(max(units[:, 1].max(initial=0), 0)) + 1
    return np.searchsorted(units[:, 0] * wide + units[:, 1], rows[:, 0] * wide + rows[:, 1]).astype(
        np.int64
    )
