"""A plan and its file become the one table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from config.language.problems import InvalidInput, Problem, Problems, say
from config.tabular.tables import TextTable, read
from reports.data.sources import columns, naming, weights
from reports.data.sources.long import widened
from reports.data.sources.table import (
    COVERAGE,
    DROPPED,
    NO_ANSWER,
    NO_COMPANY,
    NO_RESPONSE,
    NO_WEIGHT,
    OTHER_KIND,
    Table,
    adjuster_column,
    item_column,
    margin_column,
)
from reports.plans.plan import EMPTY, KIND, EstimateColumns, Plan
from reports.plans.validation import WEIGHT
from reports.statistics.exact import Floats, Ints
from reports.statistics.index.scoring import linear, respondent_scores


def table(plan: Plan, path: Path) -> Table:
    """Read `path` as the plan says. Raises InvalidInput, with the file, row and column, for what
    cannot be used.
    """
    text = read(path, sheet=plan.source.sheet)
    return as_table(plan, text, hashlib.sha256(path.read_bytes()).hexdigest())


def as_table(plan: Plan, text: TextTable, sha256: str) -> Table:
    """Read a table of texts as the plan says. Raises InvalidInput with what is wrong in every
    column.
    """
    if plan.source.long:
        text = widened(plan, plan.source.long, text)
    problems = Problems()
    with problems.gathered():
        columns.require(plan, text)
    with problems.gathered():
        _demand_weights(plan, text)
    rows = [plan.company.column, *(drop.column for drop in plan.drop)]
    if not {*rows, *((KIND,) if plan.company.kinds else ())} <= set(text.frame.columns):
        # which rows count is not known, so nothing more can be said of the other columns
        problems.stop()
    frame = pd.DataFrame({"row": text.frame.index.to_numpy()})
    frame["company"] = "?"  # where names cannot be told, the other columns still are looked at
    with problems.gathered():
        frame["company"] = naming.companies(text, plan.company).to_numpy()
    frame["out"] = _left_out(plan, text, frame["company"])
    categories: dict[str, list[str]] = {}
    if plan.estimates:
        problems.stop()
        _add_estimates(frame, text, plan.estimates)
    else:
        categories = _add_ratings(frame, text, plan, problems)
    inside = frame["out"].isna().to_numpy()
    joined = naming.joined(
        replace(text, frame=text.frame[inside]), plan.company, frame["company"][inside]
    )
    return Table(frame, text.file, sha256, joined=joined, categories=categories)


def _demand_weights(plan: Plan, text: TextTable) -> None:
    """Stop where rows were drawn with unequal chances and the plan does not say what becomes of
    it.
    """
    design = plan.design
    if plan.estimates or design.weight or design.unweighted or WEIGHT not in text.frame:
        return
    cells = text.frame[WEIGHT].str.strip()
    given = pd.to_numeric(cells[~cells.isin(EMPTY)], errors="coerce")
    if given.nunique(dropna=False) > 1:
        message = say(
            "{file} has unequal weights in the column {column} and the plan does not name them;"
            " say weight: design, or weight: {{none: {{zh-Hans: …, en: …}}}} with the reason"
        )
        values = {"file": text.file, "column": WEIGHT}
        raise InvalidInput(Problem(f"{plan.file}: weight", message, values))


def _left_out(plan: Plan, text: TextTable, company: pd.Series[str]) -> pd.Series[str]:
    """Return the first reason that applies: the plan's rules in their order, then a missing
    company, then its kind.
    """
    out = pd.Series(None, index=company.index, dtype="str")
    for i, drop in enumerate(plan.drop):
        out[columns.dropped(text, drop).to_numpy() & out.isna()] = f"{DROPPED}:{i}"
    out[(company.isin(EMPTY)) & out.isna()] = NO_COMPANY
    if plan.company.kinds:
        out[~text.frame[KIND].isin(plan.company.kinds).to_numpy() & out.isna()] = OTHER_KIND
    return out


def _add_ratings(
    frame: pd.DataFrame, text: TextTable, plan: Plan, problems: Problems
) -> dict[str, list[str]]:
    """Add design, adjusters and items; return the labels of the adjusters' codes."""
    sampled = ~frame["out"].fillna("").str.startswith(DROPPED)
    _add_design(frame, text, plan, sampled, problems)
    rated = frame["out"].isna()
    categories = _add_adjusters(frame, text, plan, rated, problems)
    rated.index = text.frame.index
    scores = []
    for i, item in enumerate(plan.items):
        if item.column not in text.frame:
            continue
        with problems.gathered():
            values = columns.answers(text, item, rated)
            frame[item_column(i)] = values
            scores.append(linear(values, worst=item.scale[0], best=item.scale[1]))
    problems.stop()
    assert plan.tree is not None  # validation: ratings have items or a tree
    stacked = np.column_stack(scores)
    inside = frame["out"].isna()
    silent = pd.Series(np.isnan(stacked).all(axis=1))
    short = pd.Series(
        np.isnan(respondent_scores(stacked, plan.tree, coverage=plan.coverage or 0.0))
    )
    frame.loc[inside & silent, "out"] = NO_ANSWER
    frame.loc[inside & ~silent & short, "out"] = COVERAGE
    return categories


def _add_adjusters(
    frame: pd.DataFrame,
    text: TextTable,
    plan: Plan,
    rated: pd.Series[bool],
    problems: Problems,
) -> dict[str, list[str]]:
    labels = {}
    for i, column in enumerate(plan.further.adjust):
        if column in text.frame:
            with problems.gathered():
                name = adjuster_column(i)
                frame[name], labels[name] = weights.adjuster_codes(text, column, rated)
    return labels


def _add_design(
    frame: pd.DataFrame,
    text: TextTable,
    plan: Plan,
    sampled: pd.Series[bool],
    problems: Problems,
) -> None:
    """Add stratum, psu, population and weight. Rows dropped by the plan keep theirs where they have
    one.

    Codes stand for labels from here on: a stratum or PSU may be a person, or the company itself.
    """
    design = plan.design
    asked = sampled.set_axis(text.frame.index)
    there = set(text.frame.columns)
    weight = np.ones(len(frame))
    if design.weight in there:
        with problems.gathered():
            weight = _weights(text, design.weight, asked)
    rule = plan.weighting.nonresponse
    if rule and {rule.classes, rule.column} <= there:
        silent = sampled & ~weights.answered(text, rule)
        frame.loc[silent & (frame["out"].isna() | (frame["out"] == NO_COMPANY)), "out"] = (
            NO_RESPONSE
        )
        with problems.gathered():
            weight = weights.after_nonresponse(plan, text, weight, sampled.to_numpy(), rule)
    frame.loc[frame["out"].isna() & (weight == 0), "out"] = NO_WEIGHT
    if plan.weighting.trim:
        with problems.gathered():
            weight = weights.cut(weight, sampled.to_numpy(), plan.weighting.trim)
    frame["weight"] = np.where(
        sampled & (weight > 0), weight, 1.0
    )  # of rows that are out it is never used
    for name in ("stratum", "psu"):
        column = design.strata if name == "stratum" else design.psu
        if column in there:
            with problems.gathered():
                frame[name] = _coded(
                    text, column, asked, design.collapse if name == "stratum" else {}
                )
    if design.population in there:
        with problems.gathered():
            population = columns.numbers(text, design.population, asked)
            _demand(
                text,
                design.population,
                asked & ~(population >= 1),
                say("a population must be a number of units ({count} such rows)"),
            )
            frame["population"] = _merged_population(text, plan, population)
    standing = asked & (weight > 0)
    for i, margin in enumerate(plan.weighting.margins):
        if margin.column in there:
            with problems.gathered():
                frame[margin_column(i)] = weights.margin_codes(plan, text, margin, standing)


def _weights(text: TextTable, column: str, asked: pd.Series[bool]) -> Floats:
    weight = columns.numbers(text, column, asked)
    _demand(
        text,
        column,
        asked & (weight != 0) & ((weight < 1e-9) | (weight > 1e9)),
        say("a weight must be 0 or lie from 1e-9 to 1e9, never negative ({count} such rows)"),
    )
    _demand(text, column, asked & np.isnan(weight), say("has no weight ({count} such rows)"))
    return weight


def _coded(text: TextTable, column: str, asked: pd.Series[bool], merged: Mapping[str, str]) -> Ints:
    """Return the labels of strata or PSUs as codes, in the order of first appearance."""
    cells = text.frame[column].str.strip()
    message = say(
        "has no value, but the plan samples by this column ({count} such rows); drop them"
        " or leave the key out"
    )
    _demand(text, column, asked & cells.isin(EMPTY), message)
    cells = cells.replace(merged)
    codes, _ = pd.factorize(cells.where(~cells.isin(EMPTY)))
    return codes.astype(np.int64)


def _merged_population(text: TextTable, plan: Plan, population: Floats) -> Floats:
    """Return the populations of merged strata: the sum over the strata that were merged."""
    design = plan.design
    if not design.collapse or not design.strata:
        return population
    labels = text.frame[design.strata].str.strip()
    sizes = pd.Series(population, index=text.frame.index).groupby(labels).max()
    merged = sizes.groupby(sizes.index.map(lambda label: design.collapse.get(label, label))).sum()
    into = labels.replace(design.collapse)
    # a stratum that is merged has one size; any other keeps what its rows say, so that a
    # contradiction is still seen
    return np.where(
        into.isin(design.collapse.values()), into.map(merged).to_numpy(dtype=float), population
    )


def _demand(text: TextTable, column: str, wrong: pd.Series[bool], words: str) -> None:
    if wrong.any():
        row = wrong.idxmax()
        raise InvalidInput(Problem(text.place(row, column), words, {"count": int(wrong.sum())}))


def _add_estimates(frame: pd.DataFrame, text: TextTable, names: EstimateColumns) -> None:
    inside = frame["out"].isna()
    asked = inside.set_axis(text.frame.index)
    doubled = asked & frame["company"].where(inside).duplicated(keep="first").to_numpy()
    if doubled.any():
        row = doubled.idxmax()
        company = frame.loc[(frame["row"] == row), "company"].iloc[0]
        message = say("{company} has a second row; a table of estimates has one row per company")
        raise InvalidInput(Problem(text.at_row(row), message, {"company": company}))
    for key, column in (("value", names.value), ("se", names.se), ("n", names.n)):
        if column:
            frame[key] = columns.numbers(text, column, asked)
            _demand(
                text,
                column,
                asked & np.isnan(frame[key].to_numpy()),
                say("is empty ({count} such rows)"),
            )
    for key, column in (("value", names.value), ("se", names.se)):
        far = asked & (np.abs(np.nan_to_num(frame[key].to_numpy())) > 1e12)
        _demand(
            text, column, far, say("is larger than 1e12 ({count} such rows); use a larger unit")
        )
    if names.n:
        n = frame["n"].to_numpy()
        _demand(
            text,
            names.n,
            asked & ((n < 0) | (n != np.rint(n)) | (n > 1e9)),
            say("is no count ({count} such rows)"),
        )
    wrong = asked & ~(frame["se"].to_numpy() > 1e-9)
    _demand(
        text,
        names.se,
        wrong,
        say("a standard error must be above 0, at least 1e-9 ({count} such rows)"),
    )
