"""The two passes over a snapshot's partitions: what codes there are, then the totals of the score
and of every item.

Nothing here holds more than one partition; what the passes return adds up in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import pandas as pd
import pyarrow as pa

from config.language.problems import InvalidInput, Problem, say
from reports.data.snapshots.parts import Part
from reports.data.sources.table import item_column
from reports.plans.plan import Plan
from reports.ranking.map_reduce import map_reduce
from reports.statistics.exact import Bools, Floats, Grid, Ints
from reports.statistics.index.scoring import BEST, MIDDLE, linear, respondent_scores
from reports.statistics.sampling.totals import Rows, Totals, reduce


def encoding_of(plan: Plan, parts: Sequence[Part]) -> Encoding:
    """Make the first pass. Raises InvalidInput where a stratum has two populations."""
    return map_reduce(partial(scan, plan), parts).encoding(plan)


def totals_of(plan: Plan, encoding: Encoding, parts: Sequence[Part]) -> tuple[Totals, ...]:
    """Make the second pass: totals of the score, then of every item."""
    return map_reduce(partial(accumulate, plan, encoding), parts).totals


def rows_of(plan: Plan, encoding: Encoding, parts: Sequence[Part]) -> Rows:
    """Return all sampled rows with their scores in memory."""
    read = [encoding.read(plan, part) for part in parts]
    company, weight, stratum, answers = (
        np.concatenate([getattr(one, name) for one in read])
        for name in ("company", "weight", "stratum", "answers")
    )
    psu = (
        np.concatenate([one.psu for one in read if one.psu is not None])
        if plan.design.psu
        else None
    )
    return Rows(company, _scores(answers, plan), weight, stratum, psu)


@dataclass(frozen=True)
class PartitionSummary:
    """What the first pass finds: rows, the largest weight by company, and the strata and units
    there are.

    units: (U, 2) stratum and PSU label of every unit, -1 where the plan has no such column;
    population: stratum label to its least and largest population.
    """

    rows: int
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
        return PartitionSummary(self.rows + other.rows, largest, units, ends)

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
        shift = np.array([1 - np.frexp(self.largest[name])[1] for name in names], dtype=np.int64)
        return Encoding(self.rows, names, shift, self.units, strata, population)


@dataclass(frozen=True)
class Read:
    """The sampled rows of one partition: `Rows` with answers on their own scales, (n, items), in
    place of a score.
    """

    company: Ints
    weight: Floats
    stratum: Ints
    psu: Ints | None
    answers: Floats


@dataclass(frozen=True)
class Encoding:
    """How labels are coded in every partition alike; shift: (G,) power of two that scales a
    company's weights.
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
        table = part.read(["company", "weight", *_design_columns(plan), *items])
        stratum, psu, sampled = _labels(plan, table)
        company = _company(table, self.names)
        weight = np.ldexp(_numbers(table, "weight"), np.append(self.shift, 0)[company])
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
    return PartitionSummary(int(sampled.sum()), present, units, population)


@dataclass(frozen=True)
class Sums:
    """Totals of the score, and of every item."""

    totals: tuple[Totals, ...]

    def __add__(self, other: Sums) -> Sums:
        return Sums(tuple(a + b for a, b in zip(self.totals, other.totals, strict=True)))


def accumulate(plan: Plan, encoding: Encoding, part: Part) -> Sums:
    """The second pass over a partition."""
    read = encoding.read(plan, part)
    points = _points(read.answers, plan)
    rows = Rows(read.company, _scores(read.answers, plan), read.weight, read.stratum, read.psu)
    sizes = {"companies": len(encoding.names), "strata": len(encoding.strata)}
    each = (rows, *(replace(rows, score=points[:, i]) for i in range(points.shape[1])))
    return Sums(tuple(reduce(one, grid=encoding.grid, **sizes) for one in each))


def _points(answers: Floats, plan: Plan) -> Floats:
    """Return answers on their own scales as points 0-100, (n, items)."""
    return np.column_stack(
        [
            linear(answers[:, i], worst=item.scale[0], best=item.scale[1])
            for i, item in enumerate(plan.items)
        ]
    )


def _scores(answers: Floats, plan: Plan) -> Floats:
    assert plan.tree is not None  # validation: ratings have items or a tree
    return respondent_scores(_points(answers, plan), plan.tree, coverage=plan.coverage or 0.0)


def _design_columns(plan: Plan) -> list[str]:
    named = {
        "stratum": plan.design.strata,
        "psu": plan.design.psu,
        "population": plan.design.population,
    }
    return [name for name, column in named.items() if column]


def _labels(plan: Plan, table: pa.Table) -> tuple[Ints, Ints, Bools]:
    """Return stratum and PSU labels, (n,), 0 where the plan has none, and which rows have them: a
    row that was dropped may lack its stratum or PSU, and then it cannot be counted as sampled.
    """
    zeros = np.zeros(len(table), dtype=np.int64)
    stratum = table["stratum"].to_numpy().astype(np.int64) if plan.design.strata else zeros
    psu = table["psu"].to_numpy().astype(np.int64) if plan.design.psu else zeros
    return stratum, psu, (stratum >= 0) & (psu >= 0)


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
