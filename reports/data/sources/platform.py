"""A survey or a campaign of the platform as a table of texts: what a file of the same answers would
hold.

Columns are those of surveys.collection.answer_table, for a campaign with what is known of the site.
Only accepted responses are in it, in the order of arrival.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from config.language.problems import InvalidInput, Problem, say
from config.tabular.tables import TextTable
from inspections.visits.answer_table import VISIT, first_visits, with_visits
from reports.data.sources.read import as_table
from reports.data.sources.table import NEVER_ASKED, NO_COMPANY, Table
from reports.plans.index import with_index
from reports.plans.plan import Plan, Unit
from surveys.collection.answer_table import chunks
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import questionnaire_of
from surveys.questionnaires.questionnaire import (
    Questionnaire,
    indicators_to_json,
    to_json,
)


@dataclass(frozen=True)
class Answers:
    """Every accepted response of a survey as texts, with the questionnaire that was answered, and
    SHA-256 of the table written as CSV: what is compared when somebody doubts that it is the same
    data.
    """

    survey: Survey
    questionnaire: Questionnaire
    table: TextTable
    sha256: str


def table(plan: Plan) -> tuple[Plan, Table]:
    """Read the source of a plan from the database; the plan comes back with the questionnaire's
    index.

    Raises InvalidInput where the survey or its questionnaire is not the one that the plan names, or
    has no index.
    """
    survey = _survey(plan)
    version = str(survey.version)
    if plan.questionnaire != version:
        message = say("the questionnaire of {slug} is {version}, the plan names {other}")
        values = {"slug": plan.source.slug, "version": version, "other": plan.questionnaire}
        raise InvalidInput(Problem(f"{plan.file}: questionnaire", message, values))
    read = answers(survey, unit=plan.source.unit)
    if not read.questionnaire.indicators:
        message = say(
            "the questionnaire {version} has no index (sheet indicators), so nothing can be ranked"
            " by it"
        )
        raise InvalidInput(Problem(f"{plan.file}: questionnaire", message, {"version": version}))
    whole = with_index(plan, read.questionnaire.indicators)
    made = as_table(whole, read.table, read.sha256)
    _part_never_asked(made.frame, read)
    named = survey.companies.exclude(name_en="").order_by("name")
    return whole, replace(
        made,
        index=indicators_to_json(read.questionnaire.indicators),
        english=dict(named.values_list("name", "name_en")),
        questionnaire=to_json(read.questionnaire),
    )


def _part_never_asked(frame: pd.DataFrame, read: Answers) -> None:
    """Part those who were never asked which company it was from those who named none. Somebody who
    must answer a question and has not was led past it.
    """
    asked = read.questionnaire.company_question
    if asked is None or not asked.relevant or asked.required is None:
        return
    silent = (read.table.frame[asked.name] == "").to_numpy()
    frame.loc[silent & (frame["out"] == NO_COMPANY).to_numpy(), "out"] = NEVER_ASKED


def answers(survey: Survey, *, unit: Unit | None = None) -> Answers:
    """Return the responses of a survey; with a unit, those of a campaign's first visits, the
    unit as company.

    Raises InvalidInput where there is none.
    """
    digest = hashlib.sha256()
    parts: list[pd.DataFrame] = []
    for frame in frames(survey, campaign=unit is not None):
        part = frame.assign(_company=frame[f"_{unit}"]).drop(columns=list(VISIT)) if unit else frame
        digest.update(as_hashed(part, first=not parts))
        parts.append(part)
    if not parts:
        raise InvalidInput(Problem(survey.slug, say("has no answers yet")))
    whole = TextTable(survey.slug, pd.concat(parts))
    return Answers(survey, questionnaire_of(survey), whole, digest.hexdigest())


def frames(survey: Survey, *, campaign: bool) -> Iterator[pd.DataFrame]:
    """Yield the table of a survey, or of a campaign's first visits with what is known of the site,
    some thousand rows at a time.
    """
    counting = survey.responses.filter(status=Response.Status.ACCEPTED)
    responses = first_visits(survey) if campaign else counting
    for chunk in chunks(responses, questionnaire_of(survey)):
        yield with_visits(chunk) if campaign else chunk.frame


def as_hashed(frame: pd.DataFrame, *, first: bool) -> bytes:
    """Return rows of a table as the CSV that its SHA-256 is of; the first with the header."""
    return frame.to_csv(index=False, header=first, lineterminator="\n").encode()


def _survey(plan: Plan) -> Survey:
    surveys = Survey.objects.select_related("version").filter(slug=plan.source.slug)
    if plan.source.kind == "campaign":
        surveys = surveys.filter(campaign__isnull=False)
    survey = surveys.first()
    if survey is None:
        message = say("the platform has no {kind} {slug}")
        values = {"kind": plan.source.kind, "slug": plan.source.slug}
        raise InvalidInput(Problem(f"{plan.file}: source", message, values))
    return survey
