"""A long table, one row for every answer, becomes one with a row for every respondent and company,
and a column for every item.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from config.language.problems import InvalidInput, Problem, say
from config.tabular.tables import TextTable
from reports.plans.plan import Long, Plan


def widened(plan: Plan, long: Long, table: TextTable) -> TextTable:
    """Return the wide table; a row has the number of the respondent's first row in the file.

    Raises InvalidInput for a row without respondent or item, an item answered twice, and a column
    of the plan that says two things of one respondent.
    """
    _require(plan, long, table)
    frame = table.frame.apply(lambda cells: cells.str.strip())
    keys = list(dict.fromkeys((long.respondent, plan.company.column)))
    there = [key for key in keys if key in frame]
    problems = [*_empty(table, frame, long), *_twice(table, frame, long, there)]
    kept = [column for column in frame if column not in (long.item, long.answer)]
    problems += _clashes(plan, long, frame, kept)
    groups = frame.groupby(there, sort=False)
    used = {column for column, _place in plan.columns}
    for column in kept:
        if column in used and column not in there:
            problems += _differing(table, frame, column, groups[column].transform("first"))
    if problems:
        raise InvalidInput(*problems)
    number = groups.ngroup()
    first = ~number.duplicated()
    wide = frame.loc[first, kept]
    answers = pd.DataFrame(
        {"at": number.to_numpy(), "item": frame[long.item], "answer": frame[long.answer]}
    ).pivot(index="at", columns="item", values="answer")
    asked = answers.loc[number[first].to_numpy()].fillna("").set_axis(wide.index)
    return replace(table, frame=pd.concat([wide, asked.astype("str")], axis="columns"))


def _require(plan: Plan, long: Long, table: TextTable) -> None:
    message = say("column {column} is missing in {file}, which has: {there}")
    there = ", ".join(table.frame.columns)
    problems = [
        Problem(
            f"{plan.file}: source.long.{key}",
            message,
            {"column": column, "file": table.file, "there": there},
        )
        for key, column in long.columns.items()
        if column not in table.frame
    ]
    if problems:
        raise InvalidInput(*problems)


def _empty(table: TextTable, frame: pd.DataFrame, long: Long) -> Iterator[Problem]:
    for column in (long.respondent, long.item):
        empty = frame.index[frame[column] == ""]
        if len(empty):
            message = say("is empty ({count} such rows)")
            yield Problem(table.place(empty[0], column), message, {"count": len(empty)})


def _twice(table: TextTable, frame: pd.DataFrame, long: Long, keys: list[str]) -> Iterator[Problem]:
    again = frame[frame.duplicated([*keys, long.item])]
    if len(again):
        message = say(
            "{respondent} answers {item} a second time ({count} such rows); an answer counts once"
        )
        row = again.iloc[0]
        values = {"respondent": row[long.respondent], "item": row[long.item], "count": len(again)}
        yield Problem(table.place(again.index[0], long.item), message, values)


def _clashes(plan: Plan, long: Long, frame: pd.DataFrame, kept: list[str]) -> Iterator[Problem]:
    for name in sorted(set(kept) & set(frame[long.item])):
        message = say("{name} is an item and a column as well; rename the column")
        yield Problem(f"{plan.file}: source.long.item", message, {"name": name})


def _differing(
    table: TextTable, frame: pd.DataFrame, column: str, first: pd.Series[str]
) -> Iterator[Problem]:
    other = frame.index[frame[column] != first]
    if len(other):
        message = say("says two things of one respondent: “{one}” and “{two}” ({count} such rows)")
        values = {"one": first[other[0]], "two": frame[column][other[0]], "count": len(other)}
        yield Problem(table.place(other[0], column), message, values)
