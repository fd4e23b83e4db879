"""What nobody behind the sign-in gets to see or to keep: a receipt, with which answers can be taken
back, and pages for the next one at the same machine.
"""

from __future__ import annotations

import pytest
from django.urls import reverse

from config.accounts.models import User
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.services import spaced
from tests import field
from tests.office import build, names

pytestmark = pytest.mark.django_db


def content(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_no_page_and_no_file_of_the_back_office_shows_a_receipt_or_is_kept(client):
    chief = User.objects.create_superuser("chief", password="a-long-password")
    parts = build(chief)
    survey = Survey.objects.get(slug=parts["survey"][0])
    field.send(survey, flawed="keep", speed="much too fast")  # a list of rejected ones is shown
    client.force_login(chief)
    receipts = list(Response.objects.values_list("receipt", flat=True))
    assert len(receipts) > 3
    secrets = [text.encode() for plain in receipts for text in (plain, spaced(plain))]

    shown, kept, asked = [], [], 0
    for name in names():
        answer = client.get(reverse(name, args=parts.get(name, [])))
        if answer.status_code != 200:
            continue
        asked += 1
        text = content(answer)
        shown += [name for secret in secrets if secret in text]
        control = answer.headers.get("Cache-Control", "")
        kept += [] if "private" in control or "no-store" in control else [name]
        client.force_login(chief)

    assert asked > 60
    assert (shown, kept) == ([], [])
