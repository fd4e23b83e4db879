"""Builds the data of the demonstration: companies, survey, campaign, every answer through the
one entrance.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from config.accounts.models import User
from config.language.texts import Text
from inspections.campaigns import services as campaigns
from inspections.campaigns.models import Campaign
from inspections.campaigns.sites import Site, Vendor
from inspections.visits import services as visits
from reports.demo.answers import ONLINE, PAPER, PAPER_FLAWED, sheets
from reports.demo.cast import CHAINS, COMPANIES, INSPECTORS, ORGANISER, VENDORS
from reports.demo.venues import REVISIT_FIRST, Venue, venues
from surveys.collection import fieldwork
from surveys.collection import services as collection
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.companies import services as companies
from surveys.companies.models import Brand, Company
from surveys.designing import services as questionnaires
from surveys.forms.models import QuestionnaireVersion
from surveys.workbooks import make

SEED = 2023
SURVEY, CAMPAIGN, OPEN = "appliance-2023", "qr-payment-2023", "try"
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


@transaction.atomic
def campaign(
    version: QuestionnaireVersion, progress: Progress = lambda done, all_: None
) -> Campaign:
    """Rebuild the QR-payment inspection of 2023: 205 first visits, then the revisits."""
    people = [
        User.objects.create_user(f"inspector{i + 1:02}", first_name=f"{i + 1:02}")
        for i in range(INSPECTORS)
    ]
    inspector = Group.objects.get(name="inspector")
    for person in people:
        person.groups.add(inspector)
    vendors = {name: Vendor.objects.create(name=name) for name in VENDORS}
    owner = companies.register(key="chains", name="示例连锁餐饮", name_en="Example chains")
    brands = {name: Brand.objects.create(company=owner, name=name) for name in CHAINS}
    made = campaigns.set_up(
        slug=CAMPAIGN,
        title=Text("2023 年扫码收费场所消费体察", "QR-payment inspection 2023"),
        organiser=ORGANISER,
        version=version,
        demonstration=True,
    )
    fieldwork.open_now(survey=made.survey, at=_aware(datetime(2023, 10, 20)))  # noqa: DTZ001
    planned = list(venues(SEED, INSPECTORS))
    for i, venue in enumerate(planned):
        site = _site(venue, vendors, brands)
        made.sites.add(site)
        pair = [people[j] for j in venue.inspectors]
        first = visits.record(
            campaign=made,
            site=site,
            uid=uuid5(NAMESPACE_URL, f"mingcha:demo:visit:{i}"),
            answers=venue.answers,
            visited_at=_aware(venue.visited_at),
            inspectors=pair,
            by=pair[0],
        )
        if first.findings.exists():
            visits.add_evidence(visit=first, content=_photograph(i), name=f"{i:03}.jpg", by=pair[0])
        if venue.again is not None:
            others = [people[(j + 7) % INSPECTORS] for j in venue.inspectors]
            visits.record(
                campaign=made,
                site=site,
                uid=uuid5(NAMESPACE_URL, f"mingcha:demo:revisit:{i}"),
                answers=venue.again,
                visited_at=_aware(REVISIT_FIRST),
                inspectors=others,
                revisit_of=first,
                by=others[0],
            )
        progress(i + 1, len(planned))
    fieldwork.close_now(survey=made.survey, at=_aware(datetime(2023, 11, 15)))  # noqa: DTZ001
    return made


def _site(venue: Venue, vendors: dict[str, Vendor], brands: dict[str, Brand]) -> Site:
    return Site.objects.create(
        name=venue.name,
        kind=venue.kind,
        area_id=venue.area,
        vendor=vendors[venue.vendor],
        brand=brands.get(venue.chain),
    )


def _photograph(i: int) -> bytes:
    """Return a drawn picture that says what it is: no photograph of a real place stands in a
    demonstration.
    """
    picture = Image.new("RGB", (640, 480), (244, 245, 247))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((20, 20, 620, 460), outline=(23, 34, 59), width=3)
    draw.text((50, 220), f"demonstration data - invented photograph {i:03}", fill=(23, 34, 59))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


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
