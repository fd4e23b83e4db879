"""Answers of a survey as a data frame of codes, and the long table of every repeat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from django.db.models import QuerySet
from django.utils import timezone

from config.language.texts import Text
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import questionnaire_of
from surveys.responses.columns import Column, columns, parts

BATCH = 5_000


def columns_of(survey: Survey, *, with_text: bool) -> list[Column]:
    """Return the columns of a survey's answers."""
    companies = {c.key: Text(c.name, c.name_en or c.name) for c in survey.companies.all()}
    return columns(questionnaire_of(survey), with_text=with_text, companies=companies)


def frame(responses: QuerySet[Response], wanted: list[Column]) -> pd.DataFrame:
    """Return one row for each response, numbered from 1 in a column `sheet`; codes, not labels.

    No receipt is in it: with a receipt answers can be taken back.
    """
    rows = (
        [number, *(column.of(instance) for column in wanted)]
        for number, instance in _rows(responses)
    )
    return pd.DataFrame(rows, columns=["sheet", *(column.name for column in wanted)], dtype=object)


def repeats(
    responses: QuerySet[Response], survey: Survey, *, with_text: bool
) -> dict[str, pd.DataFrame]:
    """Return the table of every repeat: one row for each of its sheets, with the number of the
    response.
    """
    found = {}
    questionnaire = questionnaire_of(survey)
    everywhere = [*questionnaire.questions.values(), *(q for _r, q in questionnaire.parts.values())]
    for repeat in everywhere:
        if repeat.kind == "repeat":
            wanted = parts(repeat, with_text=with_text)
            path = (*questionnaire.repeats.get(repeat.name, ()), repeat.name)
            rows = [
                [number, *places, *(column.of(part) for column in wanted)]
                for number, instance in _rows(responses)
                for places, part in _instances(instance, path)
            ]
            outside = [f"part_of_{name}" for name in path[:-1]]
            heads = ["sheet", *outside, "part", *(column.name for column in wanted)]
            found[repeat.name] = pd.DataFrame(rows, columns=heads, dtype=object)
    return found


def _instances(
    answers: Mapping[str, Any], path: tuple[str, ...]
) -> Iterator[tuple[tuple[int, ...], Mapping[str, Any]]]:
    """Yield every instance of the last repeat of a path, with its numbers from outside, from 1."""
    for at, part in enumerate(answers.get(path[0]) or (), start=1):
        if len(path) == 1:
            yield (at,), part
        else:
            for places, inner in _instances(part, path[1:]):
                yield (at, *places), inner


def labelled(codes: pd.DataFrame, wanted: list[Column], language: str) -> pd.DataFrame:
    """Return the frame with labels in place of codes, in the words of one language (zh or en)."""
    out = codes.copy()
    for column in wanted:
        if column.values:
            labels = {code: getattr(label, language) for code, label in column.values.items()}
            out[column.name] = [
                None if v is None else labels.get(str(v), v) for v in codes[column.name]
            ]
    return out


def _rows(responses: QuerySet[Response]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    listed = responses.select_related("company", "collector").order_by("pk")
    for number, response in enumerate(listed.iterator(chunk_size=BATCH), start=1):
        own = {
            "sheet_day": timezone.localdate(response.submitted_at).isoformat(),
            "sheet_mode": response.mode,
            "sheet_area": response.area_id,
            "sheet_company": response.company.key if response.company else None,
            "sheet_stratum": response.stratum,
            "sheet_psu": response.psu,
            "sheet_collector": response.collector.code if response.collector else None,
            "sheet_language": response.language,
        }
        yield number, {**own, **response.answers}
