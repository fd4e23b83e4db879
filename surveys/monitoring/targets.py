"""Targets of a survey as a table that people edit: read with every problem at its cell, written
for download.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from django.core.exceptions import ValidationError
from django.db import transaction

from config.accounts import audit
from config.accounts.models import User
from config.accounts.scope import EVERYWHERE, Scope
from config.language.problems import InvalidInput, Problem, say
from config.tabular.tables import TextTable
from surveys.collection import quotas
from surveys.collection.models.area import Area
from surveys.collection.models.survey import Survey
from surveys.collection.models.target import Target
from surveys.companies.services import named

COLUMNS = ("area", "stratum", "company", "collector", "wanted", "soft_cap", "hard_cap")


def as_table(survey: Survey, scope: Scope = EVERYWHERE) -> pd.DataFrame:
    """Return the targets of a survey that somebody sees as a table with the headings that `read`
    knows.
    """
    seen = survey.targets.filter(scope.within("area"))
    listed = seen.select_related("area", "company", "collector")
    rows = [
        (
            t.area.zh if t.area else "",
            t.stratum,
            t.company.name if t.company else "",
            t.collector.code if t.collector else "",
            t.wanted,
            t.soft_cap,
            t.hard_cap,
        )
        for t in listed
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


@transaction.atomic
def take_in(*, survey: Survey, table: TextTable, by: User | None = None) -> int:
    """Put the targets of a table in the place of those there are; return how many.

    Raises InvalidInput with every cell that is wrong; then nothing is changed.
    """
    columns = {str(c).strip().lower(): str(c) for c in table.frame.columns}
    if "wanted" not in columns:
        wording = say("has no column wanted; it may have {columns}")
        raise InvalidInput(Problem(table.file, wording, {"columns": ", ".join(COLUMNS)}))
    areas = {name: area for area in Area.objects.all() for name in (area.zh, area.en, area.code)}
    targets, problems = [], []
    for row, cells in table.frame.iterrows():
        given = {key: str(cells[columns[key]]).strip() if key in columns else "" for key in COLUMNS}
        target, wrong = _target(survey, given, areas)
        problems += [
            Problem(table.place(row, columns[key]), wording, {"cell": given[key]})
            for key, wording in wrong
        ]
        targets.append(target)
    if problems:
        raise InvalidInput(*problems)
    before = survey.targets.count()
    try:
        quotas.replace(survey=survey, targets=targets)
    except ValidationError as error:
        raise InvalidInput(*(Problem(table.file, message) for message in error.messages)) from None
    audit.record(
        by=by,
        action="survey.targets",
        target=survey,
        before={"targets": before},
        after={"targets": len(targets), "wanted": sum(target.wanted for target in targets)},
    )
    return len(targets)


def _target(
    survey: Survey, given: dict[str, str], areas: dict[str, Area]
) -> tuple[Target, list[tuple[str, str]]]:
    wrong: list[tuple[str, str]] = []
    area = areas.get(given["area"]) if given["area"] else None
    company = named(given["company"]) if given["company"] else None
    collector = (
        survey.collectors.filter(code=given["collector"]).first() if given["collector"] else None
    )
    for key, found, words in (
        ("area", area, say("there is no area “{cell}”")),
        ("company", company, say("there is no company “{cell}”")),
        ("collector", collector, say("this survey has no collection point with the code “{cell}”")),
    ):
        if given[key] and found is None:
            wrong.append((key, words))
    numbers = dict(_numbers(given, wrong))
    return Target(
        area=area, stratum=given["stratum"][:60], company=company, collector=collector, **numbers
    ), wrong


def _numbers(
    given: dict[str, str], wrong: list[tuple[str, str]]
) -> Iterator[tuple[str, int | None]]:
    for key in ("wanted", "soft_cap", "hard_cap"):
        cell = given[key].removesuffix(".0")
        if cell and not (cell.isascii() and cell.isdigit() and len(cell) < 9):
            wrong.append((key, say("“{cell}” is no whole number")))
            cell = ""
        yield key, int(cell) if cell else (0 if key == "wanted" else None)
