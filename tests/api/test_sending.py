"""Interviews that a device sends: kept once, told apart from others, refused with every flaw."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from surveys.collection import fieldwork, rights
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from tests import field
from tests.api.device import Device
from tests.people import person

pytestmark = pytest.mark.django_db
ADDRESS = "surveys/repairs/responses/"


@pytest.fixture
def interviewer() -> Device:
    return Device(person("ann", "interviewer"))


def interview(**changed):
    """Return what a device sends."""
    return {"uid": str(uuid4()), "answers": {**field.FULL, **changed}}


def test_an_interview_is_kept_under_its_uid_by_whoever_sent_it(interviewer):
    field.survey()
    sent = interview()

    answer = interviewer.post(ADDRESS, sent)

    kept = Response.objects.get()
    assert answer.status_code == 201
    assert answer.json()["uid"] == sent["uid"] == str(kept.uid)
    assert (kept.mode, kept.entered_by, kept.status) == (
        "interview",
        interviewer.token.owner,
        "accepted",
    )
    assert kept.receipt not in answer.content.decode()
    assert "answers" not in answer.json()


def test_the_same_again_is_the_same(interviewer):
    field.survey()
    sent = interview(hours="7")

    first, second = interviewer.post(ADDRESS, sent), interviewer.post(ADDRESS, sent)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Response.objects.count() == 1


def test_the_same_in_other_writing_is_the_same(interviewer):
    field.survey()
    sent = interview(hours="7")
    interviewer.post(ADDRESS, sent)

    again = interviewer.post(
        ADDRESS, {**sent, "answers": {**sent["answers"], "hours": 7.0, "speed": 9, "more": ""}}
    )

    assert again.status_code == 200


@pytest.mark.parametrize("changed", [{"speed": "1"}, {"speed": "99"}, {"company": "elm"}])
def test_other_answers_under_a_known_uid_are_a_conflict(interviewer, changed):
    field.survey()
    sent = interview()
    interviewer.post(ADDRESS, sent)

    answer = interviewer.post(ADDRESS, {**sent, "answers": {**sent["answers"], **changed}})

    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:mingcha:problem:conflict"
    assert Response.objects.get().answers["speed"] == "9"


def test_what_was_withdrawn_is_not_taken_in_again(interviewer):
    field.survey()
    sent = interview()
    interviewer.post(ADDRESS, sent)
    rights.withdraw(response=Response.objects.get())

    answer = interviewer.post(ADDRESS, sent)

    assert (answer.status_code, answer.json()["status"]) == (200, "withdrawn")
    assert Response.objects.get().answers == {}


def test_every_flaw_is_told_by_question_in_both_languages(interviewer):
    field.survey()

    answer = interviewer.post(ADDRESS, interview(speed="99", hours="-1", fixed=None))

    assert answer.status_code == 422
    errors = {error["where"]: error for error in answer.json()["errors"]}
    assert set(errors) == {"speed", "hours", "fixed"}
    assert (errors["hours"]["zh-Hans"], errors["hours"]["en"]) == ("不能小于 0", "Not below 0")
    assert errors["speed"]["zh-Hans"] != errors["speed"]["en"]
    assert not Response.objects.exists()


def test_a_survey_that_was_not_open_takes_nothing(interviewer):
    survey = field.survey(is_open=False)
    assert interviewer.post(ADDRESS, interview()).status_code == 409

    fieldwork.open_now(survey=survey)

    assert interviewer.post(ADDRESS, interview()).status_code == 201


def test_what_was_filled_in_while_it_was_open_may_come_later(interviewer):
    field.survey()
    now = timezone.now()
    Survey.objects.update(opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1))
    during, after = now - timedelta(days=2), now - timedelta(hours=1)

    assert (
        interviewer.post(ADDRESS, interview() | {"submitted_at": during.isoformat()}).status_code
        == 201
    )
    assert (
        interviewer.post(ADDRESS, interview() | {"submitted_at": after.isoformat()}).status_code
        == 409
    )


def test_an_interview_of_tomorrow_is_refused(interviewer):
    field.survey()
    tomorrow = timezone.now() + timedelta(days=1)

    answer = interviewer.post(ADDRESS, interview() | {"submitted_at": tomorrow.isoformat()})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["where"] == "submitted_at"


def test_the_way_in_gives_its_stratum_and_site(interviewer):
    survey = field.survey()
    survey.collectors.create(
        code="street", kind="tablet", name_zh="街头", stratum="city", psu="square"
    )
    survey.collectors.create(code="link", kind="link", name_zh="链接")

    kept = interviewer.post(ADDRESS, interview() | {"collector": "street"})

    assert kept.status_code == 201
    assert Response.objects.values_list("stratum", "psu", "collector__code").get() == (
        "city",
        "square",
        "street",
    )
    assert interviewer.post(ADDRESS, interview() | {"collector": "link"}).status_code == 400
    assert interviewer.post(ADDRESS, interview() | {"collector": "none"}).status_code == 400


def test_who_may_only_read_sends_nothing():
    field.survey()

    answer = Device(person("ann", "analyst")).post(ADDRESS, interview())

    assert answer.status_code == 403
    assert not Response.objects.exists()


def test_who_may_only_enter_reads_nothing(interviewer):
    field.survey()
    sent = interview()
    interviewer.post(ADDRESS, sent)

    assert interviewer.get(ADDRESS).status_code == 403
    assert interviewer.get(f"{ADDRESS}{sent['uid']}/").status_code == 403


def test_a_closed_campaign_takes_nothing_more_whenever_it_was_filled_in(interviewer):
    campaign = field.campaign()
    meanwhile = timezone.now()
    fieldwork.close_now(survey=campaign.survey)

    answer = interviewer.post(
        "surveys/visits/responses/", {**interview(), "submitted_at": meanwhile.isoformat()}
    )

    assert answer.status_code == 409
    assert answer.json()["type"].endswith("not-open")
    assert Response.objects.count() == 0
