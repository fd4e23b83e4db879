"""What no form means to send is answered in words, with a 4xx or the page again, never an error:
at every address of the back office that takes a form.
"""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.urls import reverse

from config.accounts.models import User
from tests.office import FORMS, build, filled_in, names
from tests.pages import html

pytestmark = pytest.mark.django_db

NONSENSE = [
    "²",
    "abc",
    "9" * 5000,
    "9" * 30,
    "2023-13-45T10:00",
    "0001-01-01T00:00",
    "-1",
    "1_2",
    "",
    " ",
    "a\0b",
]
NO_CHOICE = ["²", "abc", "9" * 5000, "9" * 30, "2023-13-45"]
# a field that nobody can fill in so, at its address
SLIPS = [
    ("collector-add", "sealed_to", {"kind": "company", "name_zh": "甲"}),
    ("paper", "count", {"language": "en"}),
    ("survey-new", "companies", {}),
    ("company-merge", "into", {"what": "merge", "reason": "the same"}),
    ("company-offer", "surveys", {}),
    ("call-next", "number", {}),
    ("call", "call_again_at", {"outcome": "3.1"}),
    ("call", "outcome", {}),
    ("visit-record", "site", {"visited_at": "2026-11-20T10:00"}),
    ("visit-record", "visited_at", {}),
    ("site-new", "kind", {"name": "a", "area": "140105"}),
    ("site-new", "area", {"name": "a", "kind": "shop"}),
    ("site-merge", "into", {"what": "merge", "reason": "the same"}),
    ("campaign-settings", "second_share", {"kind": "observation", "claim_threshold": "20"}),
    ("campaign-sites", "sites", {}),
    ("campaign-site", "because", {}),
    ("campaign-draw", "size", {"source": "a", "source_on": "2026-11-01", "method": "simple"}),
    ("campaign-draw", "cities", {"source": "a", "source_on": "2026-11-01", "method": "simple"}),
    ("campaign-assignments", "people", {}),
    ("assignment-new", "site", {"purpose": "first", "reason": "ill"}),
    ("assignment", "lead", {"reason": "ill"}),
    ("assignment", "due_on", {"reason": "ill"}),
    ("inspector", "home", {}),
    ("conflict-declare", "company", {"text": "family"}),
    ("campaign-new", "sites", {}),
    ("campaign-new", "version", {}),
    ("import-look", "date", {"mode": "import", "go": "take"}),
    ("tokens", "days", {"name": "telephone"}),
    ("person-invite", "areas", {"username": "eva", "name": "Eva"}),
]


def named(text: str) -> str:
    """Return what a case is called."""
    return f"{text[:12]!r} of {len(text)}"


@pytest.fixture
def chief(client):
    made = User.objects.create_superuser("chief", password="a-long-password")
    client.force_login(made)
    return made


def test_every_address_that_takes_a_form_has_a_row(client, chief):
    parts = build(chief)
    takes = set()
    for name in names():
        answer = sent(client, reverse(name, args=parts.get(name, [])), {})
        if answer.status_code != 405:
            takes.add(name)
        client.force_login(chief)

    assert takes == set(FORMS)


@pytest.mark.parametrize("tried", NONSENSE, ids=named)
def test_a_form_with_nonsense_is_no_error_anywhere(client, chief, tried):
    parts = build(chief)

    for name, form in FORMS.items():
        answer = sent(client, reverse(name, args=parts.get(name, [])), filled_in(form, tried))
        client.force_login(chief)
        assert answer.status_code < 500, name


@pytest.mark.parametrize("tried", NO_CHOICE, ids=named)
def test_the_field_with_nonsense_says_so(client, chief, tried):
    parts = build(chief)

    for name, at, given in SLIPS:
        answer = client.post(reverse(name, args=parts.get(name, [])), {**given, at: tried})
        assert answer.status_code == 422, (name, at)
        assert re.search(f'<[^>]*aria-describedby="[^"]*{at}_error', html(answer)), (name, at)
        assert re.search(f'id="[a-z_]*-?{at}_error"', html(answer)), (name, at)


def sent(client, address, given):
    """Send a form, undo what it did, and return the answer."""
    with transaction.atomic():
        answer = client.post(address, given)
        transaction.set_rollback(True)
    return answer


def test_a_measured_time_that_is_none_is_refused(client, chief):
    build(chief)
    given = {"serial": "00001-6", "seconds": "abc"}

    assert client.post("/surveys/repairs/keying/", given).status_code == 422
