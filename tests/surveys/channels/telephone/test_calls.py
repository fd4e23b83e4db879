"""Telephone calls: who is called next, what a call says about a case, the interview, by hand."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest
from django.utils import timezone

from config.tabular.tables import TextTable
from surveys.channels.invitations import services as invitations
from surveys.channels.telephone import services as calls
from surveys.channels.telephone.models import Call
from surveys.collection.models.invitation import Disposition, Invitation
from surveys.collection.models.response import Response
from surveys.monitoring import figures
from tests import field
from tests.people import person
from tests.surveys.respondent.test_page import LAST, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey():
    """Return an open survey with three invited people."""
    made = field.survey(sample="probability")
    frame = pd.DataFrame({"name": ["a", "b", "c"], "stratum": ["north", "north", "south"]})
    invitations.invite(
        survey=made, batch="june", table=TextTable("people.csv", frame), address=lambda token: token
    )
    return made


@pytest.fixture
def ada():
    return person("ada")


@pytest.fixture
def bob():
    return person("bob")


def number(invitation):
    return invitation and invitation.number


def rested(case):
    """Let the calls of a case lie five hours back."""
    Call.objects.filter(invitation=case).update(made_at=timezone.now() - timedelta(hours=5))


def test_two_interviewers_get_two_numbers_and_each_keeps_its_own(survey, ada, bob):
    assert [number(calls.take_next(survey=survey, by=by)) for by in (ada, bob, ada, bob)] == [
        1,
        2,
        1,
        2,
    ]


def test_a_number_that_nobody_called_comes_back(survey, ada, bob):
    calls.take_next(survey=survey, by=ada)
    survey.invitations.update(held_until=timezone.now() - timedelta(seconds=1))
    assert number(calls.take_next(survey=survey, by=bob)) == 1


def test_a_call_without_answer_rests_and_a_promised_one_comes_first(survey, ada):
    one, two, _three = survey.invitations.all()
    calls.record(invitation=one, outcome="3.1", by=ada)
    assert number(calls.take_next(survey=survey, by=ada)) == 2
    soon = timezone.now() + timedelta(hours=1)
    calls.record(invitation=two, outcome="2.2", by=ada, call_again_at=soon)
    assert number(calls.take_next(survey=survey, by=ada)) == 3
    calls.record(invitation=survey.invitations.get(number=3), outcome="3.1", by=ada)
    assert calls.take_next(survey=survey, by=ada) is None
    Call.objects.update(call_again_at=None)
    Call.objects.filter(invitation=two).update(call_again_at=timezone.now() - timedelta(minutes=1))
    rested(one)
    assert number(calls.take_next(survey=survey, by=ada)) == 2


def test_six_attempts_are_enough(survey, ada):
    survey.invitations.exclude(number=1).delete()
    case = survey.invitations.get()
    for _attempt in range(calls.MOST_CALLS):
        assert number(calls.take_next(survey=survey, by=ada)) == 1
        calls.record(invitation=case, outcome="3.1", by=ada)
        rested(case)
    assert calls.take_next(survey=survey, by=ada) is None


@pytest.mark.parametrize(
    ("outcomes", "stands"),
    [
        (["3.1"], "3.1"),
        (["3.1", "2.2"], "2.2"),
        (["2.2", "3.1"], "2.2"),
        (["2.2", "2.1", "3.1"], "2.1"),
        (["2.1", "4.7"], "4.7"),
    ],
)
def test_what_a_case_stands_at(survey, ada, outcomes, stands):
    case = survey.invitations.get(number=1)
    for outcome in outcomes:
        calls.record(invitation=case, outcome=outcome, by=ada)
    case.refresh_from_db()
    assert case.disposition == stands


def test_an_outcome_taken_back_leaves_what_stood_before(survey, ada, bob):
    case = survey.invitations.get(number=1)
    calls.record(invitation=case, outcome="2.2", by=ada)
    slip = calls.record(invitation=case, outcome="2.1", by=ada)
    with pytest.raises(calls.NotPossible):
        calls.take_back(call=slip, by=bob)
    calls.take_back(call=slip, by=ada)
    case.refresh_from_db()
    assert (case.disposition, case.calls.count()) == ("2.2", 1)
    assert number(calls.take_next(survey=survey, by=ada)) == 1


@pytest.mark.parametrize("outcome", ["1.1", "4.8", "9"])
def test_answers_are_never_claimed_by_hand(survey, ada, outcome):
    with pytest.raises(calls.NotPossible):
        calls.record(invitation=survey.invitations.get(number=1), outcome=outcome, by=ada)


def test_who_refused_is_promised_no_call(survey, ada):
    soon = timezone.now() + timedelta(hours=1)
    with pytest.raises(calls.NotPossible):
        calls.record(
            invitation=survey.invitations.get(number=1), outcome="2.1", by=ada, call_again_at=soon
        )


def test_the_interview_closes_the_case_and_keeps_its_stratum(survey, ada, client):
    client.force_login(ada)
    case = survey.invitations.get(number=3)
    begin = f"/surveys/{survey.slug}/calls/{case.pk}/interview/"
    sheet = client.post(begin).url
    page = post(client, client.get(sheet), repaired="yes", problems=["late"])
    assert client.post(begin).url == sheet  # a line that broke leads back to the same sheet
    thanks = post(client, page, **LAST)
    response = Response.objects.get(survey=survey)
    case.refresh_from_db()
    assert (response.mode, response.stratum, response.entered_by) == ("telephone", "south", ada)
    assert (case.disposition, case.used_on) == (Disposition.COMPLETE, timezone.localdate())
    assert figures.dispositions(survey).complete == 1
    with pytest.raises(calls.NotPossible):
        calls.record(invitation=case, outcome="2.1", by=ada)
    assert f"/surveys/{survey.slug}/calls/" in client.get(thanks.url).content.decode()


def test_the_pages_by_a_keyboard_and_a_slip(survey, ada, client):
    client.force_login(ada)
    page = client.post(
        f"/surveys/{survey.slug}/calls/next/", follow=True, headers={"accept-language": "en"}
    )
    assert b"No. 1 of june" in page.content
    address = page.redirect_chain[-1][0]
    slip = client.post(address, {"outcome": "2.1", "call_again_at": "2099-01-01T10:00"})
    assert slip.status_code == 422
    assert not Call.objects.exists()
    kept = client.post(
        address,
        {"outcome": "2.2", "call_again_at": "2099-01-01T10:00", "note": "evening"},
        follow=True,
    )
    assert b"2099-01-01 10:00" in kept.content
    back = client.post(f"/surveys/{survey.slug}/calls/{Call.objects.get().pk}/take-back/")
    assert back.url == address
    assert not Call.objects.exists()
    assert client.post(f"/surveys/{survey.slug}/calls/next/", {"number": "77"}).status_code == 422
    assert client.post(f"/surveys/{survey.slug}/calls/next/", {"number": "2"}).status_code == 302
    assert Invitation.objects.get(number=2).held_by == ada

    client.force_login(person("bob"))
    taken = client.post(
        f"/surveys/{survey.slug}/calls/next/", {"number": "2"}, headers={"accept-language": "en"}
    )
    assert taken.status_code == 422
    assert b"Somebody else has this number" in taken.content
