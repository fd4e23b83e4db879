"""What may be changed of a survey, when, and what stays with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from config.accounts.models import AuditEvent
from surveys.collection import fieldwork
from surveys.collection.changing import CHANGEABLE, change, frozen
from surveys.collection.models.survey import Survey
from tests import field
from tests.pages import html
from tests.people import person

pytestmark = pytest.mark.django_db
AT = "/surveys/repairs/settings/"
PROMISED = {"organiser_zh", "organiser_en", "purpose_zh", "purpose_en"}


@pytest.fixture
def office(client):
    client.force_login(person("ada", "supervisor"))
    client.cookies["django_language"] = "en"
    return client


def form_of(page):
    """Return what the form on the page would send."""
    fields = page.context["form"]
    return {f.name: f.value() or "" for f in fields if not f.field.disabled and f.value()}


def test_what_is_frozen_when():
    survey = field.survey(is_open=False)
    assert frozen(survey) == {}

    fieldwork.open_now(survey=survey)
    assert frozen(survey).keys() == {"opens_at", "sample"}
    field.send(survey)
    assert frozen(survey).keys() == {"opens_at", "sample"} | PROMISED
    fieldwork.close_now(survey=survey)
    more = {"closes_at", "asks_contact"}
    assert frozen(survey).keys() == {"opens_at", "sample"} | PROMISED | more
    survey.cleaned_at = timezone.now()
    always = {"enquiries_zh", "enquiries_en", "months_kept"}
    assert frozen(survey).keys() == set(CHANGEABLE) - always


def test_what_is_changed_is_kept_and_told_in_the_trail(office):
    survey = field.survey()
    form = form_of(office.get(AT))

    answer = office.post(AT, {**form, "title_zh": "维修二", "enquiries_zh": "0351-1234567"})

    assert answer.status_code == 302
    kept = Survey.objects.get()
    assert (kept.title_zh, kept.enquiries_zh) == ("维修二", "0351-1234567")
    assert kept.opens_at == survey.opens_at
    line = AuditEvent.objects.get(action="survey.change")
    assert line.before == {"title_zh": "维修", "enquiries_zh": ""}
    assert line.after == {"title_zh": "维修二", "enquiries_zh": "0351-1234567"}


def test_sent_as_it_was_nothing_is_changed(office):
    field.survey()

    office.post(AT, form_of(office.get(AT)))

    assert not AuditEvent.objects.filter(action="survey.change").exists()


def test_a_closing_lies_ahead_and_after_the_opening(office):
    field.survey()
    form = form_of(office.get(AT))
    soon = timezone.localtime() + timedelta(days=3)

    past = office.post(AT, {**form, "closes_at": "2020-01-01T10:00"})
    assert past.status_code == 422
    assert "This has passed" in html(past)
    assert office.post(AT, {**form, "closes_at": f"{soon:%Y-%m-%dT%H:%M}"}).status_code == 302

    assert Survey.objects.get().closes_at == soon.replace(second=0, microsecond=0)


def test_a_survey_that_is_planned_opens_before_it_closes():
    survey, ada = field.survey(is_open=False), person("ada")
    day = timezone.now() + timedelta(days=1)

    with pytest.raises(ValidationError, match="Say when it opens"):
        change(survey=survey, given={"closes_at": day}, by=ada)
    given = {"opens_at": day, "closes_at": day - timedelta(hours=1)}
    with pytest.raises(ValidationError, match="closes after it opens"):
        change(survey=survey, given=given, by=ada)
    change(survey=survey, given={"opens_at": day, "closes_at": day + timedelta(days=9)}, by=ada)

    assert Survey.objects.get().state(day) == "open"


def test_what_people_were_told_stays(office):
    survey = field.survey()
    field.send(survey)
    page = office.get(AT)
    assert "Frozen: people have answered, and were told this." in html(page)

    office.post(AT, {**form_of(page), "purpose_zh": "另一目的"})

    assert Survey.objects.get().purpose_zh == ""
    with pytest.raises(ValidationError, match="Frozen: people have answered"):
        change(survey=survey, given={"purpose_zh": "另一目的"}, by=person("bo"))


def test_contact_details_are_kept_no_longer_than_was_said():
    survey, ada = field.survey(), person("ada")
    change(survey=survey, given={"months_kept": 30}, by=ada)
    field.send(survey)

    with pytest.raises(ValidationError, match="only become shorter"):
        change(survey=survey, given={"months_kept": 31}, by=ada)
    change(survey=survey, given={"months_kept": 12}, by=ada)

    assert Survey.objects.get().months_kept == 12


def test_who_may_not_change_it_sees_it(client):
    field.survey()
    client.force_login(person("bo", "auditor"))
    client.cookies["django_language"] = "en"

    page = client.get(AT)

    assert all(f.field.disabled for f in page.context["form"])
    assert "Keep the changes" not in html(page)
    assert client.post(AT, {}).status_code == 403
