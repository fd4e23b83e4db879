"""Answers of a survey as data frames of codes, some thousand rows at a time, and the long table of
every repeat.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from django.db.models import Q, QuerySet

from config.language.texts import Text
from surveys.collection.answer_table import chunks, texts
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import questionnaire_of
from surveys.companies.models import Company
from surveys.questionnaires.questionnaire import Question, with_parts
from surveys.responses import about
from surveys.responses.columns import Column, columns, parts

# the number of a response within the file, and of an instance within its repeat; no receipt
NUMBER, INSTANCE = "_response", "_instance"


def columns_of(survey: Survey, *, with_text: bool) -> list[Column]:
    """Return the columns of a survey's answers; a company that is no longer offered keeps its name
    where it was answered.
    """
    named = Q(surveys=survey) | Q(responses__survey=survey)
    listed = Company.objects.filter(named).distinct()
    companies = {c.key: Text(c.name, c.name_en or c.name) for c in listed}
    return columns(questionnaire_of(survey), with_text=with_text, companies=companies)


def frames(
    responses: QuerySet[Response], survey: Survey, wanted: list[Column]
) -> Iterator[pd.DataFrame]:
    """Yield one row for each response, numbered from 1; codes, not labels. One frame at least."""
    none, questionnaire = True, questionnaire_of(survey)
    known = responses.select_related("entered_by", "imported_from", "version")
    related = known.defer("version__xform", "version__compiled").prefetch_related("flags")
    for chunk in chunks(related, questionnaire, private=True):
        none = False
        table = chunk.frame.assign(**about.cells(chunk.responses, survey, questionnaire))
        yield _frame({NUMBER: list(chunk.frame.index)}, table, wanted)
    if none:
        yield pd.DataFrame(columns=[NUMBER, *(column.name for column in wanted)], dtype=object)


def repeats(survey: Survey) -> list[Question]:
    """Return the repeats of a survey, those within others too; each has a table of its own."""
    every = questionnaire_of(survey).questions.values()
    return [q for question in every for q in with_parts(question) if q.kind == "repeat"]


def heads_of(survey: Survey, repeat: Question) -> list[str]:
    """Return the columns that say which instance a row is: of which response, and within it of
    which instance of each repeat around.
    """
    around = questionnaire_of(survey).repeats.get(repeat.name, ())
    return [NUMBER, *(f"{INSTANCE}_of_{name}" for name in around), INSTANCE]


def instances(
    responses: QuerySet[Response], survey: Survey, repeat: Question, *, with_text: bool
) -> Iterator[pd.DataFrame]:
    """Yield the table of a repeat: one row for each instance, with the number of its response."""
    wanted = parts(repeat, with_text=with_text)
    names = list(dict.fromkeys(column.source for column in wanted))
    path = (*questionnaire_of(survey).repeats.get(repeat.name, ()), repeat.name)
    heads = heads_of(survey, repeat)
    for chunk in chunks(responses, questionnaire_of(survey)):
        rows = [
            ((number, *places), instance)
            for number, response in zip(chunk.frame.index, chunk.responses, strict=True)
            for places, instance in _instances(response.answers, path)
        ]
        numbers = {head: [places[at] for places, _ in rows] for at, head in enumerate(heads)}
        yield _frame(numbers, texts((instance for _, instance in rows), names), wanted)


def _instances(
    answers: Mapping[str, Any], path: tuple[str, ...]
) -> Iterator[tuple[tuple[int, ...], Mapping[str, Any]]]:
    """Yield every instance of the last repeat of a path, with its numbers from outside, from 1."""
    for at, instance in enumerate(answers.get(path[0]) or (), start=1):
        if len(path) == 1:
            yield (at,), instance
        else:
            for places, inner in _instances(instance, path[1:]):
                yield (at, *places), inner


def labelled(codes: pd.DataFrame, wanted: list[Column], language: str) -> pd.DataFrame:
    """Return the frame with labels in place of codes, in the words of one language (zh or en); 1
    and 0 stay in the columns of several answers.
    """
    out = codes.copy()
    for column in wanted:
        if column.values and not column.choice:
            labels = said(column.values, language)
            out[column.name] = [
                None if v is None else labels.get(str(v), v) for v in codes[column.name]
            ]
    return out


def said(values: Mapping[str, Text], language: str) -> dict[str, str]:
    """Return the label of every code; where two codes read alike, in either language, each stands
    in brackets behind its label: 其他 [other_2].
    """
    owners: dict[str, set[str]] = {}
    for code, label in values.items():
        for spelling in (code, label.zh, label.en):
            owners.setdefault(_folded(spelling), set()).add(code)
    found = {}
    for code, label in values.items():
        words = getattr(label, language) or code
        found[code] = words if len(owners[_folded(words)]) == 1 else f"{words} [{code}]"
    return found


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _frame(heads: dict[str, list[int]], table: pd.DataFrame, wanted: list[Column]) -> pd.DataFrame:
    cells = {column.name: pd.Series(column.cells(table), dtype=object) for column in wanted}
    numbers = {name: pd.Series(values, dtype=object) for name, values in heads.items()}
    return pd.DataFrame({**numbers, **cells})
