"""A back office in which every page has something to show, and every address that it takes forms
at, with what a form there says.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver
from PIL import Image

from config.accounts import tokens
from config.accounts.models import User
from config.accounts.second_factor.models import Passkey
from config.language.texts import Text
from config.storage import files
from config.tabular.uploads import SentFile
from inspections.campaigns.models import Assignment, Draw
from inspections.devices import services as devices
from inspections.visits import services as visits
from reports.production import services as reports
from reports.releases.models import Release
from surveys.channels.files import services as imports
from surveys.channels.files.guessing import guess
from surveys.channels.files.outline import outline_of
from surveys.channels.links import services as collectors
from surveys.channels.paper import services as paper
from surveys.channels.telephone import services as calls
from surveys.collection.models.invitation import Invitation
from surveys.collection.selectors import questionnaire_of
from surveys.companies import services as companies
from surveys.designing import services as designing
from surveys.directory import lists as company_lists
from surveys.quality import services as cleaning
from tests import field as worlds
from tests.people import person
from tests.sheets import SETTINGS, SURVEY, replaced, workbook

SENT = "编号,速度\n1,9\n"
NEXT = replaced(SETTINGS, "|small|1", "|small|2")


@dataclass(frozen=True)
class Form:
    """What is sent to an address: fields, of which "?" stands for what is tried, and a file."""

    fields: dict[str, Any] = field(default_factory=dict)
    file: str = ""


FORMS = {
    "person-invite": Form({"username": "?", "name": "?", "roles": ["?"], "areas": ["?"]}),
    "person": Form({"name": "?", "roles": ["?"], "areas": ["?"], "seen": "?"}),
    "person-link": Form({"pk": "?"}),
    "person-leave": Form({"reason": "?", "what": "?"}),
    "job-again": Form({"pk": "?"}),
    "person-reset": Form({"reason": "?"}),
    "person-sign-out": Form({"pk": "?"}),
    "confirm": Form({"password": "?", "answer": "?", "next": "?"}),
    "sessions-end-others": Form({"pk": "?"}),
    "session-end": Form({"pk": "?"}),
    "second-factor-app": Form({"code": "?"}),
    "second-factor-app-remove": Form({"pk": "?"}),
    "second-factor-off": Form({"password": "?"}),
    "passkey-add": Form({"name": "?", "answer": "?"}),
    "passkey": Form({"name": "?"}),
    "passkey-remove": Form({"pk": "?"}),
    "recovery-codes": Form({"pk": "?"}),
    "account": Form({"old_password": "?", "new_password1": "?", "new_password2": "?"}),
    "tokens": Form({"name": "?", "days": "?"}),
    "token-revoke": Form({"pk": "?"}),
    "audit-export": Form({"after": "?"}),
    "resume": Form({"what": "?"}),
    "upload-new": Form({"note": "?"}, file="files"),
    "starter-begin": Form({"any": "?"}),
    "try": Form({"state": "?", "go": "?", "speed": "?"}),
    "upload-again": Form({"go": "?"}),
    "upload-freeze": Form({"pk": "?"}),
    "survey-new": Form({"slug": "?", "kinds": ["?"], "companies": ["?"], "sample": "?"}),
    "survey-move": Form({"seen": "?"}),
    "survey-step": Form({"what": "?"}),
    "survey-settings": Form({"title_zh": "?", "title_en": "?", "closes_at": "?", "sample": "?"}),
    "company-list": Form({"go": "?"}),
    "companies": Form({"companies": "?"}, file="companies"),
    "company-add": Form({"key": "?", "name": "?", "kind": "?"}),
    "company": Form({"name": "?", "kind": "?", "credit_code": "?", "brands": "?"}),
    "company-offer": Form({"surveys": ["?", "repairs"]}),
    "company-merge": Form({"what": "?", "into": "?", "reason": "?"}),
    "collector-add": Form({"kind": "company", "name_zh": "甲", "sealed_to": "?"}),
    "collector-switch": Form({"to": "?"}),
    "paper": Form({"count": "?", "language": "?", "psu": "?"}),
    "invite": Form({"batch": "?"}, file="people"),
    "remind": Form({"batch": "?"}, file="people"),
    "targets": Form({"targets": "?"}, file="targets"),
    "call-next": Form({"batch": "?", "number": "?"}),
    "call": Form({"outcome": "?", "call_again_at": "?", "note": "?"}),
    "call-interview": Form({"pk": "?"}),
    "call-take-back": Form({"pk": "?"}),
    "imports": Form({"answers": "?"}, file="answers"),
    "import-look": Form({"date": "?", "mode": "?", "column:speed": "?", "go": "take"}),
    "import-take-back": Form({"reason": "?"}),
    "cleaning-run": Form({"any": "?"}),
    "cleaning-finish": Form({"any": "?"}),
    "cleaning-decide": Form({"what": "?", "reason": "?"}),
    "keying": Form({"serial": paper.serial(1), "seconds": "?", "speed": "?"}),
    "settle": Form({"speed": "?"}),
    "campaign-new": Form({"version": "?", "sites": ["?"], "selection": "?", "slug": "?"}),
    "campaign-close": Form({"reason": "?"}),
    "phones": Form({"owner": "?", "name": "?"}),
    "phone-revoke": Form({"pk": "?"}),
    "visit-record": Form({"site": "?", "visited_at": "?", "uid": "?", "speed": "?"}),
    "visit-step": Form({"reason": "?"}),
    "finding-step": Form({"reason": "?"}),
    "visit-mend": Form({"what": "deadline", "d-mend_by": "?", "d-reason": "?"}),
    "visit-outcome": Form({"outcome": "?", "reason": "?"}),
    "evidence-pack": Form({}),
    "evidence-blur": Form({"area": ["?", "100,100,300,300"]}),
    "evidence-give-up": Form({"reason": "?"}),
    "evidence-certify": Form({"number": "?"}, file="file"),
    "sites": Form({"sites": "?"}, file="sites"),
    "site-new": Form({"name": "?", "kind": "?", "area": "?", "latitude": "?", "datum": "?"}),
    "site": Form({"name": "?", "kind": "?", "area": "?", "operator": "?", "longitude": "?"}),
    "site-merge": Form({"what": "?", "into": "?", "reason": "?"}),
    "campaign-settings": Form({"kind": "?", "most_visits": "?", "second_share": "?"}),
    "campaign-sites": Form({"sites": ["?"], "is_calibration": "?"}),
    "campaign-site": Form({"because": "?", "note": "?"}),
    "campaign-truth": Form({"speed": "?", "problems": "?", "fixed": "?"}),
    "campaign-draw": Form(
        {"source": "?", "source_on": "?", "method": "?", "size": "?", "seed": "?", "cities": ["?"]},
        file="frame",
    ),
    "campaign-controls": Form({"size": "?"}),
    "campaign-version": Form({"version": "?"}),
    "campaign-assignments": Form({"people": ["?"], "due_on": "?", "seed": "?"}),
    "assignment-new": Form({"site": "?", "purpose": "?", "lead": "?", "reason": "?"}),
    "assignment": Form({"lead": "?", "partner": "?", "due_on": "?", "reason": "?"}),
    "assignment-cancel": Form({"reason": "?"}),
    "inspector": Form({"home": "?", "quiz_score": "?", "quiz_on": "?"}),
    "conflict-declare": Form({"site": "?", "company": "?", "text": "?"}),
    "report-new": Form({"kind": "?", "face": "?", "plan": "?"}, file="file"),
    "release-new": Form({"slug": "?", "title_zh": "?", "summary_en": "?"}),
    "release-change": Form({"title_zh": "?", "summary_en": "?", "seen": "?"}),
    "release-correct": Form({"report": "?", "because_zh": "?"}),
    "release-step": Form({"reason": "?", "means": "?", "due_on": "?"}),
    "release-override": Form({"reason": "?"}),
    "release-agree": Form({"pk": "?"}),
    "release-reply": Form({"text": "?", "replied_on": "?", "seen": "?"}),
}


def build(chief: User) -> dict[str, list[Any]]:
    """Fill the database; return for every address with parts the parts of one that is there."""
    ada, ben = person("ada", "interviewer"), person("ben", "interviewer")
    survey = worlds.survey()
    sent = [worlds.send(survey, speed=str(n)) for n in (3, 5, 9)]
    oak = companies.register(key="oak", name="橡树电器", name_en="Oak")
    companies.register(key="oak2", name="橡树电器店", name_en="Oak shop")
    pine = companies.register(key="pine", name="松树电器", name_en="Pine")
    companies.merge(company=pine, into=oak, reason="one register entry", by=chief)
    place = collectors.open_way(survey=survey, kind="place", name=Text("甲", "A"), psu="m1")
    case = Invitation.objects.create(survey=survey, batch="june", number=1, token_sha256="x")
    called = calls.record(invitation=case, outcome="3.1", by=chief)
    serials = paper.number_forms(survey=survey, count=2)
    for clerk, speed in ((ada, "2"), (ben, "6")):
        answers = {**worlds.FULL, "speed": speed}
        paper.key(survey=survey, number=serials[1], answers=answers, seconds=9.0, by=clerk)
    cleaning.check(survey=survey, by=chief)
    uploaded = designing.upload(workbook=workbook(), file="small.xlsx", files={}, by=chief)
    changed = replaced(SURVEY, "速度|Speed", "上门速度|Speed")
    newer = designing.freeze(workbook=workbook(changed, settings=NEXT), file="small.xlsx")
    digest = files.store_temporary(SENT.encode())
    table = imports.table_of(SENT.encode(), "answers.csv")
    mapping = guess(outline_of(table), questionnaire_of(survey), worlds.noon(20).date())
    imported = imports.start(
        survey=survey, digest=digest, name="answers.csv", mapping=mapping, by=chief
    )
    large = company_lists.take_in_later(file=SentFile("list.csv", b"key,name\n"), by=chief)
    campaign = worlds.campaign()
    visit = visits.record(
        campaign=campaign,
        site=campaign.sites.all()[0],
        uid=uuid4(),
        answers={**worlds.FULL, "company": "not_sure"},
        visited_at=worlds.noon(20),
        inspectors=[chief],
    )
    again = visits.record(
        campaign=campaign,
        site=visit.site,
        uid=uuid4(),
        answers={**worlds.FULL, "company": "not_sure"},
        visited_at=worlds.noon(21),
        inspectors=[ada],  # who was there does not say what became of it
        revisit_of=visit,
    )
    again.status = again.Status.ACCEPTED
    again.save()
    found, _is_new = visit.findings.get_or_create(indicator="repair", topic="repair", critical=True)
    photograph = visits.add_evidence(visit=visit, content=picture(), name="a.jpg", by=chief)
    phone, _code = devices.enrol(owner=chief, name="phone", by=chief)
    mia = person("mia", "inspector")
    gold = campaign.places.all()[1]
    gold.is_calibration = True
    gold.save()
    task = Assignment.objects.create(campaign=campaign, site=campaign.sites.all()[2], lead=mia)
    drawn = Draw.objects.create(
        campaign=campaign,
        method="simple",
        source="register",
        source_on=worlds.noon(1).date(),
        seed=1,
        size=1,
        frame=[{"site": gold.site_id, "name": "a", "stratum": "", "size": "1"}],
        drawn=[],
        sha256="0" * 64,
    )
    report = reports.start(kind="topline", survey=survey, by=chief)
    called_so = {"report": report, "title_zh": "维修", "title_en": "Repairs"}
    release = Release.objects.create(slug="repairs", **called_so)
    asking = Release.objects.create(slug="repairs-2", state="asked", **called_so)
    public = Release.objects.create(
        slug="repairs-3", state="published", public_from=worlds.noon(1), **called_so
    )
    reply = asking.replies.create(company="ash", asked_on=worlds.noon(1).date())
    passed = asking.overrides.create(gate="cleaning", said="not cleaned", reason="a", by=ada)
    token, _text = tokens.make(owner=chief, name="telephone", days=30)
    passkey = Passkey.objects.create(
        user=chief, name="office", host="testserver", credential_id="x", credential=b"x"
    )
    of_survey = [survey.slug]
    return {
        "person": [ada.pk],
        "person-link": [ada.pk],
        "person-leave": [ada.pk],
        "person-reset": [ada.pk],
        "person-sign-out": [ada.pk],
        "session-end": [1],
        "passkey": [passkey.pk],
        "passkey-remove": [passkey.pk],
        "token-revoke": [token.pk],
        "audit-event": [1],
        "starter": ["mediation"],
        "starter-begin": ["mediation"],
        "upload": [uploaded.pk],
        "upload-workbook": [uploaded.pk],
        "try": [uploaded.pk],
        "upload-freeze": [uploaded.pk],
        "upload-again": [uploaded.pk],
        "company-list": [large.pk],
        "version": [newer.pk],
        "version-workbook": [newer.pk],
        "survey-new": [newer.pk],
        "survey-move": [newer.pk, survey.slug],
        "company": ["oak"],
        "company-offer": ["oak"],
        "company-merge": ["oak"],
        "survey-step": [survey.slug, "close"],
        "response": [survey.slug, sent[0].uid],
        "call": [survey.slug, case.pk],
        "call-interview": [survey.slug, case.pk],
        "call-take-back": [survey.slug, called.pk],
        "import": [survey.slug, imported.pk],
        "import-progress": [survey.slug, imported.pk],
        "import-results": [survey.slug, imported.pk],
        "import-take-back": [survey.slug, imported.pk],
        "import-look": [survey.slug, digest],
        "cleaning-decide": [survey.slug, sent[0].pk],
        "settle": [survey.slug, survey.paper_forms.get(serial=serials[1]).pk],
        "collector-switch": [place.code],
        "collector-code": [place.code],
        "campaign": [campaign.survey.slug],
        "visit-record": [campaign.survey.slug],
        "campaign-close": [campaign.survey.slug],
        "phone-revoke": [phone.pk],
        **dict.fromkeys(
            (
                "campaign-settings",
                "campaign-sites",
                "campaign-draw",
                "campaign-controls",
                "campaign-version",
                "campaign-accuracy",
                "campaign-assignments",
                "campaign-routes",
                "assignment-new",
                "frame-file",
            ),
            [campaign.survey.slug],
        ),
        "campaign-site": [campaign.survey.slug, gold.pk],
        "campaign-truth": [campaign.survey.slug, gold.pk],
        "draw-file": [campaign.survey.slug, drawn.pk],
        "assignment": [campaign.survey.slug, task.uid],
        "assignment-cancel": [campaign.survey.slug, task.uid],
        "inspector": [mia.pk],
        "conflict-declare": [mia.pk],
        "site": [visit.site_id],
        "site-merge": [visit.site_id],
        "visit": [visit.pk],
        "visit-step": [visit.pk, "return"],
        "finding-step": [found.pk, "dismiss"],
        "photograph": [photograph.pk],
        "evidence-blur": [photograph.pk],
        "evidence-certify": [photograph.pk],
        "evidence-give-up": [photograph.pk],
        "visit-mend": [visit.pk],
        "visit-outcome": [again.pk],
        "dossier": [visit.pk],
        "dossier-pdf": [visit.pk, "en"],
        "evidence-pack": [visit.pk],
        "campaign-revisits": [campaign.survey.slug],
        "campaign-board": [campaign.survey.slug],
        "campaign-claims": [campaign.survey.slug],
        "report-new": of_survey,
        "job-again": [report.job.pk],
        "report": [report.pk],
        "report-progress": [report.pk],
        "report-file": [report.pk, "none.csv"],
        "release-new": [report.pk],
        "release": [asking.pk],
        "release-change": [release.pk],
        "release-correct": [public.pk],
        "release-step": [asking.pk, "back"],
        "release-override": [asking.pk, "replies"],
        "release-agree": [passed.pk],
        "release-reply": [reply.pk],
        "release-latest": [public.slug],
        "release-version": [public.slug, "1.0.0"],
        "release-file": [public.slug, "1.0.0", "log.json"],
        "answers": [survey.slug, "csv"],
        "response-picture": [survey.slug, 0],
        **dict.fromkeys(
            (
                "survey",
                "collectors",
                "collector-add",
                "posters",
                "paper",
                "invite",
                "remind",
                "fieldwork",
                "fieldwork-figures",
                "survey-settings",
                "targets",
                "targets-file",
                "response-find",
                "calls",
                "call-next",
                "imports",
                "cleaning",
                "cleaning-run",
                "cleaning-finish",
                "keying",
            ),
            of_survey,
        ),
    }


def picture() -> bytes:
    """Return a photograph."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return out.getvalue()


def filled_in(form: Form, tried: str) -> dict[str, Any]:
    """Return a form with what is tried in every place that is open."""
    given: dict[str, Any] = {
        name: [one.replace("?", tried) for one in value]
        if isinstance(value, list)
        else value.replace("?", tried)
        for name, value in form.fields.items()
    }
    if form.file:
        given[form.file] = SimpleUploadedFile("x.csv", tried.encode())
    return given


def names() -> list[str]:
    """Return the names of the addresses behind the sign-in, but those of the plain admin and the
    API.
    """
    found = list(_named(get_resolver().url_patterns))
    return [name for name, is_public in found if not is_public]


def _named(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin" and not str(pattern.pattern).startswith("api/"):
                yield from _named(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern.name, not getattr(pattern.callback, "login_required", True)
