"""A survey and a campaign in the database, small, with the questionnaire of tests.sheets."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.utils import timezone

from config.language.texts import Text
from inspections.campaigns import services as campaigns
from inspections.campaigns.sites import Site
from surveys.collection import fieldwork
from surveys.collection import services as collection
from surveys.collection.models.response import Response
from surveys.companies import services as companies
from surveys.designing import services as questionnaires
from tests.sheets import workbook

FULL = {"repaired": "yes", "problems": ["late"], "company": "ash", "speed": "9", "fixed": "no"}
ORGANISER = Text("示例协会", "Example association")


def survey(slug="repairs", *, is_open=True, **changed):
    """Return a survey with two companies."""
    version = questionnaires.freeze(workbook=workbook(), file="small.xlsx")
    offered = [companies.register(key="ash", name="白蜡电器", name_en="Ash", aliases=["BAILA"])]
    offered.append(companies.register(key="elm", name="榆树电器", name_en="Elm"))
    made = fieldwork.set_up(
        slug=slug,
        title=Text("维修", "Repairs"),
        organiser=ORGANISER,
        version=version,
        companies=offered,
        **changed,
    )
    if is_open:
        fieldwork.open_now(survey=made)
    return made


def send(
    made, *, uid=None, mode="online", flawed="refuse", collector=None, invitation=None, **changed
) -> Response:
    """Send one response, by a collector or an invitation where one is given."""
    payload = collection.Payload(uid or uuid4(), {**FULL, **changed}, submitted_at=timezone.now())
    source = collection.Source(
        Response.Mode(mode), flawed, collector=collector, invitation=invitation
    )
    return collection.accept(survey=made, payload=payload, source=source)


def campaign():
    """Return a campaign with three sites, its checklist the same small questionnaire."""
    version = questionnaires.freeze(workbook=workbook(), file="small.xlsx")
    sites = [
        Site.objects.create(name=f"{n}号停车场", kind="car_park", area_id="140105")
        for n in range(3)
    ]
    made = campaigns.set_up(
        slug="visits",
        title=Text("体察", "Visits"),
        organiser=ORGANISER,
        version=version,
        sites=sites,
    )
    fieldwork.open_now(survey=made.survey)
    return made


def noon(day: int):
    """Return noon of a day in November 2026."""
    return timezone.make_aware(datetime(2026, 11, day, 12))  # noqa: DTZ001
