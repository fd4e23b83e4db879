"""A survey or a campaign of the platform as a table of texts: what a file of the same answers would
hold.

Columns are the questions, several answers joined by spaces, and beside them, with an underscore in
front, what the platform knows of a response. Rejected sheets are not in it. Rows are in the
order of arrival.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

import pandas as pd
from django.utils import timezone

from config.language.languages import in_both
from config.language.problems import InvalidInput, Problem, say
from config.tabular.tables import TextTable
from inspections.campaigns.sites import Site
from inspections.visits.models import Visit
from reports.data.sources.read import as_table
from reports.data.sources.table import Table
from reports.plans.index import scored, with_index
from reports.plans.plan import KIND, Plan, Unit
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import questionnaire_of
from surveys.questionnaires.questionnaire import (
    UPLOADS,
    Indicator,
    Questionnaire,
    indicators_to_json,
)
from surveys.questionnaires.scoring import score

META = ("_company", KIND, "_area", "_city", "_mode", "_language", "_day", "_stratum", "_psu")
# what the sheet of a campaign tells beside that
SITE = ("_site_type", "_vendor", "_brand")
# sheets held as objects at a time
CHUNK = 5000


@dataclass(frozen=True)
class Answers:
    """Every accepted response of a survey as texts, with the questionnaire that was
    answered.
    """

    survey: Survey
    questionnaire: Questionnaire
    table: TextTable

    @property
    def sha256(self) -> str:
        """SHA-256 of the table written as CSV: what is compared when somebody doubts that it is
        the same data.
        """
        return hashlib.sha256(
            self.table.frame.to_csv(index=False, lineterminator="\n").encode()
        ).hexdigest()


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
        raise InvalidInput(Problem(plan.file, message, {"version": version}))
    whole = with_index(plan, read.questionnaire.indicators)
    made = as_table(whole, read.table, read.sha256)
    return whole, replace(made, index=indicators_to_json(read.questionnaire.indicators))


def answers(survey: Survey, *, unit: Unit | None = None) -> Answers:
    """Return the responses of a survey; with a unit, those of a campaign's first visits, the
    unit as company.

    Raises InvalidInput where there is none.
    """
    questionnaire = questionnaire_of(survey)
    leaves = list(questionnaire.leaves())
    columns = [
        *META,
        *(SITE if unit else ()),
        *_asked(questionnaire),
        *(scored(leaf.name) for leaf in leaves),
    ]
    sheets = (
        {
            **dict.fromkeys(META, ""),
            **_answered(questionnaire, response),
            **_scored(leaves, response),
            **known,
        }
        for response, known in (_visited(survey, unit) if unit else _responses(survey))
    )
    # a sheet takes some 5 kB as a dictionary, far less in the columns of a frame
    parts = []
    while chunk := list(islice(sheets, CHUNK)):
        parts.append(pd.DataFrame(chunk, columns=pd.Index(columns), dtype="str").fillna(""))
    if not parts:
        raise InvalidInput(Problem(survey.slug, say("has no answers yet")))
    frame = pd.concat(parts, ignore_index=True)
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="row")
    return Answers(survey, questionnaire, TextTable(survey.slug, frame))


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


# what may say who or where somebody is, and what is no single answer; a snapshot is for anyone
PRIVATE = ("text", "geopoint", *UPLOADS, "rank", "repeat")


def _asked(questionnaire: Questionnaire) -> list[str]:
    questions = questionnaire.questions.items()
    return [name for name, question in questions if question.kind not in ("note", *PRIVATE)]


def _answered(questionnaire: Questionnaire, response: Response) -> dict[str, str]:
    """Return the answers as texts, without those that stay in the database."""
    texts = {}
    for name, question in questionnaire.questions.items():
        answer = response.answers.get(name)
        if answer is not None and question.kind not in PRIVATE:
            texts[name] = " ".join(answer) if isinstance(answer, list) else str(answer)
    return texts


def _scored(leaves: list[Indicator], response: Response) -> dict[str, str]:
    """Return the answers of the index: on a linear scale as given, else as points."""
    texts = {}
    for leaf in leaves:
        assert leaf.rule is not None
        assert leaf.question is not None
        answer = response.answers.get(leaf.question)
        points = score(leaf.rule, answer)
        if points is not None:
            texts[scored(leaf.name)] = str(answer) if leaf.rule.scale else f"{points:g}"
    return texts


def _responses(survey: Survey) -> Iterator[tuple[Response, dict[str, str]]]:
    accepted = survey.responses.filter(status=Response.Status.ACCEPTED)
    for response in (
        accepted.select_related("company__merged_into", "area", "area__parent")
        .order_by("pk")
        .iterator(CHUNK)
    ):
        yield response, _known(response)


def _known(response: Response) -> dict[str, str]:
    area, company = response.area, response.company
    if company:  # answers about one that was merged count for the other one
        company = company.merged_into or company
    city = area if area is None or area.level == "city" else area.parent
    return {
        "_company": company.name if company else "",
        KIND: company.kind if company else "",
        "_area": area.code if area else "",
        "_city": city.code if city else "",
        "_mode": response.mode,
        "_language": response.language,
        "_day": timezone.localdate(response.submitted_at).isoformat(),
        "_stratum": response.stratum,
        "_psu": response.psu,
    }


def _visited(survey: Survey, unit: Unit) -> Iterator[tuple[Response, dict[str, str]]]:
    """Yield the first visits: sites that were visited again because of their findings would
    count twice.
    """
    first = Visit.objects.filter(campaign__survey=survey, revisit_of=None).order_by("pk")
    for visit in first.select_related(
        "response", "site__area", "site__vendor", "site__brand"
    ).iterator(CHUNK):
        units = _units(visit)
        yield (
            visit.response,
            {
                **_known(visit.response),
                "_area": visit.site.area_id,
                "_city": visit.site.area.parent_id or "",
                **{f"_{name}": text for name, text in units.items()},
                "_company": units[unit],
            },
        )


def _units(visit: Visit) -> dict[str, str]:
    site = visit.site
    return {
        "site_type": kind_label(site.kind),
        "vendor": site.vendor.name if site.vendor else "",
        "brand": site.brand.name if site.brand else "",
    }


def kind_label(kind: str) -> str:
    """Return a type of site in both languages, as a company's name is one."""
    return " ".join(in_both(lambda: str(Site.Kind(kind).label)).values())
