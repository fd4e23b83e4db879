"""docs/api.md: what it shows can be asked for, and the interview it sends is kept."""

from __future__ import annotations

import json
import re

import pytest
from django.utils import timezone

from config.work.models import Job
from inspections.visits import services as visits
from reports.production.models import Report
from tests import field
from tests.api.device import Device
from tests.conftest import ROOT
from tests.people import person

pytestmark = pytest.mark.django_db
TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^get '?([^ '#\n]+)", TEXT, re.MULTILINE)


def test_everything_shown_can_be_asked_for():
    somebody = person("all")
    survey, campaign = field.survey(), field.campaign()
    visit = visits.record(
        campaign=campaign,
        site=campaign.sites.first(),
        uid=field.uuid4(),
        answers=field.FULL | {"company": "not_sure"},
        visited_at=timezone.now(),
        inspectors=[somebody],
        by=somebody,
    )
    job = Job.objects.create(title="ranking", state="done", started_by=somebody)
    report = Report.objects.create(kind="ranking", survey=survey, job=job)
    report.folder.mkdir(parents=True)
    for name in ("ranking.json", "ranking.pdf"):
        (report.folder / name).write_text("{}")
    names = {
        "responses/5f0c…": f"responses/{field.send(survey).uid}",
        "questionnaires/1/": f"questionnaires/{survey.version_id}/",
        "visits/1/": f"visits/{visit.pk}/",
        "findings/1/": f"findings/{visit.findings.get().pk}/",
        "reports/1/": f"reports/{report.pk}/",
        "jobs/1/": f"jobs/{job.pk}/",
    }
    device = Device(somebody)

    assert len(SHOWN) == 28
    for address in SHOWN:
        for shown, real in names.items():
            address = address.replace(shown, real)
        assert device.get(address).status_code == 200, address


def test_the_interview_that_is_shown_is_kept():
    survey = field.survey()
    survey.collectors.create(code="street", kind="tablet", name_zh="街头")
    content = json.loads(re.search(r"-d '(\{.*?\})'", TEXT, re.DOTALL)[1])
    content["submitted_at"] = timezone.now().isoformat()

    answer = Device(person("ann", "interviewer")).post("surveys/repairs/responses/", content)

    assert answer.status_code == 201, answer.content
