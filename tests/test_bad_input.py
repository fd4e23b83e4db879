"""What no form means to send is answered in words, with a 4xx or the page again, never an error."""

from __future__ import annotations

import pytest

from config.accounts.models import User
from surveys.channels.paper import services as paper
from tests import field

pytestmark = pytest.mark.django_db

NONSENSE = ["²", "abc", "9" * 5000, "2023-13-45T10:00", "-1", "1_2", "", " "]
FORMS = {
    "/surveys/repairs/collectors/add/": {
        "kind": "company",
        "name_zh": "甲",
        "sealed_to": "?",
    },
    "/surveys/repairs/collectors/paper.pdf": {"count": "?"},
    "/surveys/repairs/keying/": {"serial": paper.serial(1), "seconds": "?"},
    "/surveys/repairs/calls/next/": {"number": "?"},
    "/surveys/repairs/cleaning/run/": {"any": "?"},
    "/campaigns/visits/record/": {"site": "?", "visited_at": "?", "uid": "?"},
    "/campaigns/new/": {"version": "?", "sites": "?"},
    "/people/invite/": {"username": "?", "areas": "?"},
    "/reports/new/repairs/": {"kind": "?", "plan": "?"},
}


@pytest.fixture
def office(client):
    client.force_login(User.objects.create_superuser("chief"))
    return client


@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda text: repr(text[:12]))
@pytest.mark.parametrize("address", FORMS)
def test_a_form_with_nonsense_is_no_error(office, address, nonsense):
    paper.number_forms(survey=field.survey(), count=1)
    field.campaign()
    given = {name: value.replace("?", nonsense) for name, value in FORMS[address].items()}

    assert office.post(address, given).status_code < 500


@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda text: repr(text[:12]))
def test_a_survey_is_not_made_with_nonsense(office, nonsense):
    made = field.survey()
    given = {"slug": nonsense, "companies": [nonsense], "sample": nonsense}

    answer = office.post(f"/questionnaires/{made.version_id}/survey/", given)

    assert answer.status_code < 500


def test_a_site_and_a_time_that_cannot_be_are_asked_for_again(office):
    made = field.campaign()
    site = made.sites.first()

    for wrong in ({"site": "abc"}, {"visited_at": "2023-13-45T10:00"}):
        given = {"site": site.pk, "visited_at": "2026-11-20T10:00", **wrong}
        assert office.post("/campaigns/visits/record/", given).status_code == 422
