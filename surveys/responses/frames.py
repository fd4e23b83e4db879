"""Answers of a survey as data frames of codes, some thousand rows at a time, and the long table of
every repeat.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from django.db.models import QuerySet

from config.language.texts import Text
from surveys.collection.answer_table import chunks, texts
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import questionnaire_of
from surveys.questionnaires.questionnaire import Question
from surveys.responses.columns import Column, columns, parts

# the number of a response within the file, and of an instance within its repeat; no receipt
NUMBER, INSTANCE = "_response", "_instance"


def columns_of(survey: Survey, *, with_text: bool) -> list[Column]:
    """Return the columns of a survey's answers."""
    companies = {c.key: Text(c.name, c.name_en or c.name) for c in survey.companies.all()}
    return columns(questionnaire_of(survey), with_text=with_text, companies=companies)


def frames(
    responses: QuerySet[Response], survey: Survey, wanted: list[Column]
) -> Iterator[pd.DataFrame]:
    """Yield one row for each response, numbered from 1; codes, not labels. One frame at least."""
    none = True
    for chunk in chunks(responses, questionnaire_of(survey), private=True):
        none = False
        yield _frame({NUMBER: list(chunk.frame.index)}, chunk.frame, wanted)
    if none:
        yield pd.DataFrame(columns=[NUMBER, *(column.name for column in wanted)], dtype=object)


def repeats(survey: Survey) -> list[Question]:
    """Return the repeats of a survey, each of which has a table of its own."""
    asked = questionnaire_of(survey).questions.values()
    return [question for question in asked if question.kind == "repeat"]


def instances(
    responses: QuerySet[Response], survey: Survey, repeat: Question, *, with_text: bool
) -> Iterator[pd.DataFrame]:
    """Yield the table of a repeat: one row for each instance, with the number of its response."""
    wanted = parts(repeat, with_text=with_text)
    names = list(dict.fromkeys(column.source for column in wanted))
    for chunk in chunks(responses, questionnaire_of(survey)):
        rows = [
            (number, at, instance)
            for number, response in zip(chunk.frame.index, chunk.responses, strict=True)
            for at, instance in enumerate(response.answers.get(repeat.name) or (), start=1)
        ]
        heads = {NUMBER: [number for number, _, _ in rows], INSTANCE: [at for _, at, _ in rows]}
        yield _frame(heads, texts((instance for _, _, instance in rows), names), wanted)


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


def _frame(heads: dict[str, list[int]], table: pd.DataFrame, wanted: list[Column]) -> pd.DataFrame:
    cells = {column.name: pd.Series(column.cells(table), dtype=object) for column in wanted}
    numbers = {name: pd.Series(values, dtype=object) for name, values in heads.items()}
    return pd.DataFrame({**numbers, **cells})
