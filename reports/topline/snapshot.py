"""The answers of a survey frozen for its topline: the questions it shows, mode, city, company and
the sampling design as codes.

What people wrote, where they are, counties and days are not in it, nor the name of a company that
is named by too few.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
from django.db.models import Count

from config.language.problems import InvalidInput, Problem, say
from reports.data.snapshots.answers import (
    About,
    AnswersSnapshot,
    Manifest,
    codes,
    gathered,
    with_column,
)
from reports.data.snapshots.answers import freeze as freeze_table
from reports.data.sources import platform
from surveys.collection.answer_table import PRIVATE
from surveys.collection.models.area import Area
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import questionnaire_of
from surveys.questionnaires.questionnaire import NOT_SURE, OTHER, Question, Questionnaire

# fewer customers than this: the company has no name and no figures (design 4, notes: disclosure
# control)
LEAST_OF_A_COMPANY = 30
# the answer of those whose company is named by fewer
FEW = "few"
# each answer is one of a kind: nothing to count
LEFT_OUT = (*PRIVATE, "rank", "time", "datetime")
DESIGN = ("_stratum", "_psu", "_weight")


def freeze(survey: Survey) -> AnswersSnapshot:
    """Freeze the accepted responses of a survey. Raises InvalidInput where there is none."""
    reading = _Reading(survey)
    table = gathered(reading.frames())
    if not reading.days:
        raise InvalidInput(Problem(survey.slug, say("has no answers yet")))
    table = _coded(table)
    table = _without_small_companies(table, reading.questions)
    valid = Counter(table.column("_mode").cast(pa.string()).to_pylist())
    others = _others(survey)
    manifest = Manifest(
        kind="topline",
        about=About.of(survey),
        source_sha256=reading.digest.hexdigest(),
        rows_read=table.num_rows + sum(others.values()),
        rows_in=table.num_rows,
        rows_out=dict(_by_reason(others)),
        first_day=min(reading.days),
        last_day=max(reading.days),
        more={
            "returns": list(_returns(valid, others)),
            "cities": dict(_cities(table)),
            "companies": dict(_english_names(survey, table)),
        },
    )
    return freeze_table(table, manifest)


def counted(questionnaire: Questionnaire) -> list[Question]:
    """Return the questions whose answers a topline counts."""
    asked = questionnaire.questions.values()
    return [question for question in asked if question.is_asked and question.kind not in LEFT_OUT]


class _Reading:
    """One pass over the table of a survey: its SHA-256 and days as they go by."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.questions = counted(questionnaire_of(survey))
        self.digest = hashlib.sha256()
        self.days: set[str] = set()

    def frames(self) -> Iterator[pd.DataFrame]:
        wanted = ["_mode", "_city", "_company", *DESIGN, *(q.name for q in self.questions)]
        for frame in platform.frames(self.survey, campaign=False):
            self.digest.update(platform.as_hashed(frame, first=not self.days))
            self.days |= set(frame["_day"])
            yield frame[wanted]


def _coded(table: pa.Table) -> pa.Table:
    """Return the table with codes for strata and places: a place may be a person. Places of one
    name in two strata are two. Weights become numbers.
    """
    stratum = codes(table.column("_stratum"))
    place = codes(table.column("_psu"))
    psu, _pairs = pd.factorize(stratum * (place.max() + 1) + place)
    weight = table.column("_weight").cast(pa.string()).cast(pa.float64()).to_numpy()
    table = with_column(with_column(table, "_stratum", stratum), "_psu", psu.astype(np.int64))
    return with_column(table, "_weight", np.asarray(weight, np.float64))


def _without_small_companies(table: pa.Table, questions: list[Question]) -> pa.Table:
    """Return the table with whose customers answered in the place of the company that was picked,
    companies with too few of them under one name.
    """
    company = table.column("_company").cast(pa.string()).to_pandas()
    counts = company.value_counts()
    enough = company.isin(counts[counts >= LEAST_OF_A_COMPANY].index)
    for question in questions:
        if question.kind == "company":
            picked = table.column(question.name).cast(pa.string()).to_pandas()
            named = company.where(company != "", picked)
            counts = named.value_counts()
            few = set(counts[counts < LEAST_OF_A_COMPANY].index) - {"", NOT_SURE, OTHER}
            table = with_column(table, question.name, named.where(~named.isin(few), FEW))
    return with_column(table, "_company", company.where(enough, ""))


def _others(survey: Survey) -> dict[tuple[str, str], int]:
    """Return how many responses of each mode do not count, by their status; those of a file that
    was taken back were none.
    """
    status = Response.Status
    out = survey.responses.standing().exclude(status__in=(status.ACCEPTED, status.TAKEN_BACK))
    numbers = out.order_by().values_list("mode", "status").annotate(n=Count("pk"))
    return {(mode, status): n for mode, status, n in numbers}


def _by_reason(others: dict[tuple[str, str], int]) -> Iterator[tuple[str, int]]:
    for status in sorted({status for _mode, status in others}):
        yield status, sum(n for (_mode, of), n in others.items() if of == status)


def _returns(
    valid: Counter[str], others: dict[tuple[str, str], int]
) -> Iterator[dict[str, object]]:
    for mode in Response.Mode.values:
        returned = valid[mode] + sum(n for (of, _status), n in others.items() if of == mode)
        if returned:
            yield {"mode": mode, "returned": returned, "valid": valid[mode]}


def _cities(table: pa.Table) -> Iterator[tuple[str, dict[str, str]]]:
    there = set(table.column("_city").cast(pa.string()).unique().to_pylist())
    for area in Area.objects.filter(code__in=there).order_by("code"):
        yield area.code, {"zh": area.zh, "en": area.en}


def _english_names(survey: Survey, table: pa.Table) -> Iterator[tuple[str, str]]:
    there = set(table.column("_company").cast(pa.string()).unique().to_pylist())
    for name, english in sorted(survey.companies.values_list("name", "name_en")):
        if name in there and english:
            yield name, english
