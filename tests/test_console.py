"""The back office: who is not signed in sees nothing, a visit is recorded with its photograph, a
report is made.
"""

from __future__ import annotations

import io
import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import Image

from config.work.models import Job
from reports.production.models import Report
from surveys.collection.models.survey import Survey
from tests import field
from tests.conftest import ROOT
from tests.pages import html
from tests.people import person

ADDRESSES = [
    "/",
    "/surveys/",
    "/surveys/repairs/",
    "/campaigns/",
    "/reports/",
    "/reports/new/repairs/",
]


@pytest.fixture
def signed_in(client, db):
    client.force_login(person("ann"))
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_are_for_those_who_signed_in(client, address):
    field.survey()

    assert client.get(address).status_code == 302
    client.force_login(person("ann"))
    assert client.get(address).status_code == 200


def test_a_survey_is_opened_closed_and_reopened(signed_in):
    survey = field.survey(is_open=False)

    for step, state in (("open", "open"), ("close", "closed"), ("reopen", "open")):
        signed_in.post(f"/surveys/repairs/{step}/", {"reason": "晚到的纸质问卷"})
        assert Survey.objects.get(pk=survey.pk).state() == state


def test_a_closing_is_not_taken_back_without_a_reason(signed_in):
    survey = field.survey()
    signed_in.post("/surveys/repairs/close/")

    signed_in.post("/surveys/repairs/reopen/", {"reason": " "})

    assert Survey.objects.get(pk=survey.pk).state() == "closed"


def test_a_visit_is_recorded_with_a_photograph(signed_in):
    campaign = field.campaign()
    picture = io.BytesIO()
    Image.new("RGB", (40, 30)).save(picture, "PNG")
    form = {
        "uid": str(uuid4()),
        "site": campaign.sites.first().pk,
        "visited_at": "2026-11-20T12:00",
        **{
            "repaired": "yes",
            "problems": "late",
            "company": "not_sure",
            "speed": "2",
            "fixed": "no",
        },
        "photographs": SimpleUploadedFile("a.png", picture.getvalue()),
    }

    answer = signed_in.post("/campaigns/visits/record/", form, follow=True)

    visit = campaign.visits.get()
    assert answer.status_code == 200
    assert visit.findings.count() == visit.evidence.count() == 1
    assert signed_in.get(f"/photographs/{visit.evidence.get().pk}/")["Content-Type"] == "image/jpeg"


def test_a_flawed_visit_comes_back_with_what_was_typed(signed_in):
    campaign = field.campaign()
    form = {
        "uid": str(uuid4()),
        "site": campaign.sites.first().pk,
        "visited_at": "2026-11-20T12:00",
        "repaired": "yes",
    }

    answer = signed_in.post("/campaigns/visits/record/", form)

    assert answer.status_code == 422
    assert re.search(r'value="yes" checked', html(answer))
    assert campaign.visits.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_report_is_made_by_the_worker_and_downloaded(client):
    from importlib import import_module

    from django.apps import apps

    import_module("surveys.migrations.0002_areas").load(apps, None)
    client.force_login(person("ann"))
    survey = field.survey()
    for i in range(20):
        field.send(survey, speed=str(i % 10 + 1))

    page = client.post("/reports/new/repairs/", {"kind": "topline"})
    report = Report.objects.get()
    assert client.get(page["Location"]).status_code == 200
    call_command("db_worker", batch=True, interval=0, startup_delay=False)

    assert Job.objects.get().state == "done", Job.objects.get().message
    assert "topline.xlsx" in html(client.get(page["Location"]))
    file = client.get(f"/reports/{report.pk}/topline.xlsx")
    assert b"".join(file.streaming_content).startswith(b"PK")
    assert client.get(f"/reports/{report.pk}/..%2F..%2Fsecret-key").status_code == 404


def test_a_plan_with_faults_starts_nothing(signed_in):
    field.survey()

    answer = signed_in.post("/reports/new/repairs/", {"kind": "ranking", "plan": "title: a"})

    assert answer.status_code == 422
    assert Report.objects.count() == Job.objects.count() == 0


def test_a_job_that_was_left_behind_is_called_failed(db):
    from config.work import jobs

    Job.objects.create(title="a", state="running")

    jobs.sweep("a worker")

    assert Job.objects.get().state == "failed"


def test_what_moves_in_its_frame_can_be_reached_by_keyboard():
    """A table wider than a phone moves in its frame; without a tab stop no key moves it (WCAG
    2.1.1).
    """
    frames = [
        (path.name, frame)
        for path in ROOT.glob("*/templates/**/*.html")
        for frame in re.findall(r'<div[^>]*class="wide[^>]*>', path.read_text(encoding="utf-8"))
    ]

    assert frames
    assert [found for found in frames if "tabindex" not in found[1]] == []
