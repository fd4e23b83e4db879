"""The one entrance: one response however often sent, nothing flawed accepted, nothing lost."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from surveys.collection import fieldwork
from surveys.collection import services as collection
from surveys.collection.models.area import Area
from surveys.collection.models.response import Response
from surveys.collection.selectors import company_ids, questionnaire_of
from surveys.questionnaires.answers import Evaluation
from tests import field

pytestmark = pytest.mark.django_db


def test_an_answer_sheet_is_accepted_with_its_columns():
    response = field.send(field.survey())

    assert response.status == "accepted"
    assert response.company.key == "ash"
    assert len(response.receipt) == 12


def test_the_same_sheet_sent_twice_is_one_response():
    survey, uid = field.survey(), uuid4()

    first, second = (field.send(survey, uid=uid) for _time in range(2))

    assert first.pk == second.pk
    assert survey.responses.count() == 1


def test_the_database_itself_refuses_a_second_response():
    response = field.send(field.survey())
    response.pk, response.receipt = None, "ANOTHER"

    with pytest.raises(IntegrityError), transaction.atomic():
        response.save(force_insert=True)


def test_a_flawed_sheet_is_refused_where_somebody_can_mend_it():
    survey = field.survey()

    with pytest.raises(collection.Refused) as error:
        field.send(survey, speed="")

    assert [flaw.question for flaw in error.value.flaws] == ["speed"]
    assert survey.responses.count() == 0


def test_a_flawed_sheet_is_kept_as_rejected_where_nobody_can():
    response = field.send(field.survey(), mode="paper", flawed="keep", speed="12")

    assert response.status == "rejected"
    assert response.answers["speed"] == "12", "what was written is kept as it was"
    assert response.flaws[0]["question"] == "speed"
    assert response.company is None, "a rejected sheet counts for nobody"


def test_a_company_that_was_written_is_found_by_its_alias():
    response = field.send(field.survey(), company="other", company_other="baila ")

    assert response.company.key == "ash"


def test_a_page_takes_answers_only_while_it_is_open():
    survey = field.survey(is_open=False)

    with pytest.raises(collection.NotOpen):
        field.send(survey)


def test_what_was_begun_in_time_may_be_sent_within_the_hour():
    survey = field.survey()
    survey.opens_at = timezone.now() - timedelta(days=1)
    survey.save()
    fieldwork.close_now(survey=survey)
    begun = collection.Payload(
        uuid4(), field.FULL, timezone.now(), started_at=timezone.now() - timedelta(minutes=5)
    )
    late = collection.Payload(
        uuid4(), field.FULL, timezone.now(), started_at=timezone.now() + timedelta(minutes=5)
    )
    source = collection.Source(Response.Mode.ONLINE, "refuse")

    assert collection.accept(survey=survey, payload=begun, source=source).status == "accepted"
    with pytest.raises(collection.NotOpen):
        collection.accept(survey=survey, payload=late, source=source)


def test_a_closing_can_be_taken_back_and_an_opening_is_done_once():
    survey = field.survey()
    fieldwork.close_now(survey=survey)
    fieldwork.reopen(survey=survey, reason="too early")

    assert survey.state() == "open"
    with pytest.raises(fieldwork.NotPossible):
        fieldwork.open_now(survey=survey)


def test_shanxi_has_eleven_cities_and_117_counties():
    assert Area.objects.filter(level="city").count() == 11
    assert Area.objects.filter(level="county").count() == 117
    assert Area.objects.get(code="140428").en == "Zhangzi"


def looked_at(survey, payload, **changed):
    now = timezone.localtime(payload.submitted_at).replace(tzinfo=None)
    return Evaluation(
        questionnaire_of(survey),
        {**payload.answers, **changed},
        today=now.date(),
        now=now,
        companies=company_ids(survey),
        seed=payload.uid.hex,
    )


def test_answers_that_were_looked_at_are_not_looked_at_again(monkeypatch):
    survey = field.survey()
    payload = collection.Payload(uuid4(), field.FULL, timezone.now())
    evaluation = looked_at(survey, payload)
    monkeypatch.setattr(collection, "check", None)

    made = collection.accept(
        survey=survey,
        payload=payload,
        source=collection.Source(Response.Mode.ONLINE, "refuse"),
        evaluation=evaluation,
    )

    assert made.answers["speed"] == "9"


def test_an_evaluation_of_other_answers_is_not_trusted():
    survey = field.survey()
    payload = collection.Payload(uuid4(), {**field.FULL, "speed": "12"}, timezone.now())
    fine = looked_at(survey, payload, speed="9")
    assert not fine.checked().flaws

    with pytest.raises(collection.Refused):
        collection.accept(
            survey=survey,
            payload=payload,
            source=collection.Source(Response.Mode.ONLINE, "refuse"),
            evaluation=fine,
        )

    assert survey.responses.count() == 0
