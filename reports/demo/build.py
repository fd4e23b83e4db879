"""Builds the survey of the demonstration: companies, every answer through the one entrance."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils import timezone

from config.accounts.models import User
from config.language.texts import Text
from reports.demo.answers import ONLINE, PAPER, PAPER_FLAWED, sheets
from reports.demo.cast import COMPANIES, ORGANISER
from surveys.collection import fieldwork
from surveys.collection import services as collection
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.companies import services as companies
from surveys.companies.models import Company
from surveys.designing import services as questionnaires
from surveys.forms.models import QuestionnaireVersion
from surveys.workbooks import make

SEED = 2023
SURVEY, OPEN = "appliance-2023", "try"
Progress = Callable[[int, int], None]


def versions() -> dict[str, QuestionnaireVersion]:
    """Freeze the shipped workbooks and return their versions by name."""
    frozen = [
        questionnaires.freeze(workbook=make.content_of(form), file=f"{form.file}.xlsx")
        for form in make.FORMS
    ]
    return {version.name: version for version in frozen}


def register_companies() -> list[Company]:
    """Register the invented companies."""
    return [
        companies.register(
            key=actor.key, name=actor.name, name_en=actor.name_en, aliases=actor.aliases
        )
        for actor in COMPANIES
    ]


@transaction.atomic
def survey(version: QuestionnaireVersion, progress: Progress = lambda done, all_: None) -> Survey:
    """Rebuild the appliance service survey of 2023: 2,100 sheets on paper, 2,100 online."""
    made = fieldwork.set_up(
        slug=SURVEY,
        title=Text("2023 年家电服务满意度调查", "Appliance service survey 2023"),
        organiser=ORGANISER,
        version=version,
        companies=Company.objects.filter(key__in=[actor.key for actor in COMPANIES]),
        demonstration=True,
    )
    fieldwork.open_now(survey=made, at=_aware(datetime(2023, 2, 6)))  # noqa: DTZ001
    all_ = PAPER + PAPER_FLAWED + ONLINE
    for i, sheet in enumerate(sheets(SEED)):
        uid = uuid5(NAMESPACE_URL, f"mingcha:demo:{i}")
        moment = _aware(sheet.submitted_at)
        source = collection.Source(
            mode=Response.Mode(sheet.mode),
            # paper was keyed in, nobody can ask again; the other half came through the page
            flawed="keep" if sheet.psu else "refuse",
            stratum=sheet.mode,
            psu=sheet.psu or f"online:{i}",
        )
        collection.accept(
            survey=made,
            payload=collection.Payload(uid, sheet.answers, submitted_at=moment, started_at=moment),
            source=source,
        )
        progress(i + 1, all_)
    fieldwork.close_now(survey=made, at=_aware(datetime(2023, 3, 1)))  # noqa: DTZ001
    return made


def survey_to_try(version: QuestionnaireVersion) -> Survey:
    """Open a survey with the same questions, so that the page can be tried."""
    made = fieldwork.set_up(
        slug=OPEN,
        title=Text("家电服务满意度调查(试填)", "Appliance service survey (try it)"),
        organiser=ORGANISER,
        version=version,
        companies=Company.objects.filter(key__in=[actor.key for actor in COMPANIES]),
        demonstration=True,
    )
    fieldwork.open_now(survey=made)
    return made


def login() -> tuple[str, str]:
    """Make the person who may sign in, with a password that is shown once."""
    password = secrets.token_urlsafe(9)
    User.objects.create_superuser("demo", password=password, first_name="演示")
    return "demo", password


def _aware(moment: datetime) -> datetime:
    return timezone.make_aware(moment)
