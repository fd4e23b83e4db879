"""What it means to take one's answers back. Each test is a paragraph; together they are the rules.

Three people told a survey how fast their repair was, from 1 (slow) to 10 (fast), all about the
company Ash:

    Ann  9        Ben  7        Cai  2

Ann also left her telephone number. Now she takes her answers back, with nothing but the receipt
that she was given.
"""

from __future__ import annotations

import io

import pandas as pd
import pytest
from django.db import IntegrityError, transaction

from reports.data.snapshots.snapshot import freeze
from reports.data.sources import platform
from reports.plans.validation import parse
from surveys.collection import rights
from surveys.collection.models.contact import Contact
from surveys.collection.models.response import Response
from surveys.collection.services import spaced
from surveys.monitoring import figures
from tests import field

pytestmark = pytest.mark.django_db

PLAN = """\
title: {zh-Hans: 维修, en: Repairs}
date: 2026-11-24
sample: nonprobability
source: {kind: survey, survey: repairs}
questionnaire: NAME
gates: {n: 2}
"""


@pytest.fixture
def survey():
    return field.survey()


@pytest.fixture
def ann(survey):
    response = field.send(survey, speed="9", comment="my name is Ann")
    for speed in ("7", "2"):
        field.send(survey, speed=speed)
    Response.objects.filter(pk=response.pk).update(network="a" * 32, browser="b" * 32)
    rights.leave_contact(
        response=response, name="Ann", telephone="138 0000 0000", consent="You may call me."
    )
    return response


def speeds(survey) -> list[int]:
    """Return the answers that count, as whoever computes with them is given them."""
    return [int(speed) for speed in platform.answers(survey).table.frame["speed"]]


def snapshot(survey) -> bytes:
    plan = parse(PLAN.replace("NAME", str(survey.version)).encode(), "plan.yaml")
    return freeze(*platform.table(plan)).content


def test_the_receipt_is_all_that_is_asked_for(ann):
    """No account, no name, no reason. As people write it: in groups of four, in small letters."""
    assert rights.find(spaced(ann.receipt)) == ann
    assert rights.find(spaced(ann.receipt).lower()) == ann


def test_what_is_gone(ann):
    """Everything she said and everything about her: answers, company, place, the traces of her
    network and browser, her telephone number.
    """
    rights.withdraw(response=ann)

    left = Response.objects.get(pk=ann.pk)
    assert (left.answers, left.flaws, left.seconds) == ({}, [], {})
    assert (left.company, left.area) == (None, None)
    assert (left.network, left.browser) == ("", "")
    assert Contact.objects.count() == 0


def test_what_stays(ann):
    """That somebody answered, when, and that it was taken back: without it the counts of fieldwork
    would not add up. The receipt stays hers.
    """
    rights.withdraw(response=ann)

    left = rights.find(ann.receipt)
    assert left.pk == ann.pk
    assert left.submitted_at == ann.submitted_at
    assert left.withdrawn_at > ann.submitted_at
    assert figures.by_status(left.survey.responses.all()) == {"accepted": 2, "withdrawn": 1}


def test_the_figures_no_longer_have_her(survey, ann):
    """Before: (9 + 7 + 2) / 3 = 6. After: (7 + 2) / 2 = 4.5."""
    before = speeds(survey)
    rights.withdraw(response=ann)
    after = speeds(survey)

    assert (before, sum(before) / 3) == ([9, 7, 2], 6)
    assert (after, sum(after) / 2) == ([7, 2], 4.5)


def test_what_was_frozen_keeps_what_it_has_and_the_next_has_not(survey, ann):
    """A snapshot that results were published from is not changed, or nobody could check them any
    more. It never held her name, her words or her number. The next one is made without her.
    """
    published = snapshot(survey)
    rights.withdraw(response=ann)

    again = snapshot(survey)

    assert [len(pd.read_parquet(io.BytesIO(content))) for content in (published, again)] == [3, 2]
    assert "Ann" not in pd.read_parquet(io.BytesIO(published)).to_csv()


def test_the_database_itself_holds_to_it(ann):
    """No program can call a response withdrawn and keep what it says."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.filter(pk=ann.pk).update(status="withdrawn")


def test_twice_is_once(ann):
    rights.withdraw(response=ann)
    first = Response.objects.get(pk=ann.pk).withdrawn_at
    rights.withdraw(response=ann)

    assert Response.objects.get(pk=ann.pk).withdrawn_at == first


def test_the_others_are_not_touched(survey, ann):
    rights.withdraw(response=ann)

    others = survey.responses.filter(status="accepted")
    assert [response.answers["speed"] for response in others] == ["7", "2"]


def test_who_only_takes_the_number_back_keeps_the_answers(survey, ann):
    """9, 7 and 2 still count; nobody can call Ann."""
    assert rights.delete_contact(response=ann) is True

    assert Contact.objects.count() == 0
    assert speeds(survey) == [9, 7, 2]
