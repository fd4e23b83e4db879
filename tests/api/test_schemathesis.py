"""The OpenAPI document is true: whatever it allows, and much that it does not, is asked of the
site; nothing is a fault, and nothing comes back that the document does not have.

Every operation is asked as an analyst, who may nearly everything, and as a stranger. The examples
are drawn from a fixed seed and bounded in number; no test depends on how fast they run.
"""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.work.models import Job
from config.wsgi import application
from inspections.campaigns.models import Assignment
from inspections.visits import services as visits
from reports.production.models import Report
from tests import field
from tests.api.device import API, Device
from tests.people import person

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 20


def world() -> list[tuple[str, dict[str, object]]]:
    """Make one of everything; return what the addresses name it by."""
    survey = field.survey()
    response = field.send(survey)
    campaign = field.campaign()
    site = campaign.sites.all()[0]
    maker = person("maker", "analyst")
    sent = Assignment.objects.create(campaign=campaign, site=site, lead=maker)
    visit = visits.record(
        campaign=campaign,
        site=campaign.sites.all()[1],
        uid=field.uuid4(),
        answers=field.FULL | {"company": "not_sure"},
        visited_at=field.noon(20),
        inspectors=[],
    )
    job = Job.objects.create(title="ranking", started_by=maker)
    report = Report.objects.create(kind="ranking", survey=survey, job=job)
    report.folder.mkdir(parents=True)
    (report.folder / "ranking.json").write_text("{}")
    return [
        ("/surveys/", {"slug": survey.slug, "uid": str(response.uid)}),
        ("/questionnaires/", {"id": survey.version_id}),
        ("/companies/", {"key": "ash"}),
        ("/campaigns/", {"slug": "visits"}),
        ("/sites/", {"id": site.pk}),
        ("/assignments/", {"uid": str(sent.uid)}),
        ("/visits/", {"id": visit.pk}),
        ("/findings/", {"id": visit.findings.get().pk}),
        ("/reports/", {"id": report.pk, "name": "ranking.json"}),
    ]


@pytest.mark.parametrize("who", ["analyst", "interviewer", "stranger"])
def test_the_document_is_true(who):
    known = world()
    reader = Device(person("reader", "analyst"))
    headers = {"Accept-Encoding": "identity"}  # what reads the answers here unpacks nothing
    if who != "stranger":
        headers |= Device(person(who, who)).headers
    schema = schemathesis.openapi.from_wsgi(f"{API}schema/", application, headers=reader.headers)
    operations = [found.ok() for found in schema.get_all_operations()]

    statuses: list[int] = []
    for operation in operations:
        names = next((names for part, names in known if part in operation.path), {})
        statuses += asked(operation, names, headers)

    assert len(statuses) > 5 * len(operations)
    assert set(statuses) >= ({401} if who == "stranger" else {200, 400, 403, 404})
    if who == "interviewer":
        assert {409, 422} & set(statuses)


def asked(operation, names: dict[str, object], headers: dict[str, str]) -> list[int]:
    """Ask for one operation in many ways, every other time of what is there, so that not everything
    ends in a 404; return the statuses.
    """
    statuses: list[int] = []

    @seed(2026)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(case=operation.as_strategy())
    def ask(case):
        if len(statuses) % 2:
            drawn = case.path_parameters or {}
            case.path_parameters = {name: names.get(name, v) for name, v in drawn.items()}
        answer = case.call_and_validate(headers=headers, checks=CHECKS)
        statuses.append(answer.status_code)

    ask()
    return statuses
