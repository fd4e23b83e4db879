"""One response in the back office: found by its receipt, shown in words, its picture without
its place.
"""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from PIL import Image

from config.accounts.models import Posting, User
from config.storage import files
from surveys.collection import drafts, fieldwork
from surveys.collection import rights as respondents
from surveys.collection import services as collection
from surveys.collection.models.area import Area
from surveys.collection.models.draft import Draft
from surveys.designing import services as questionnaires
from tests import field
from tests.people import person
from tests.sheets import RICH_FILES, rich

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    client.force_login(person("ada"))
    return client


def photograph():
    """Return a small JPEG that says where it was taken."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (40, 30), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


def rich_sheet():
    """Return a sheet with a picture, a repeat and words of its own."""
    version = questionnaires.freeze(workbook=rich(), file="rich.xlsx", files=RICH_FILES)
    survey = fieldwork.set_up(
        slug="rich", title=field.ORGANISER, organiser=field.ORGANISER, version=version
    )
    fieldwork.open_now(survey=survey)
    given = {
        "city": "ty",
        "photo": files.keep(photograph()),
        "last": "写的话",
        "repairs": [{"cost": "3", "why": "x"}],
    }
    payload = collection.Payload(uuid4(), given, timezone.now())
    return collection.accept(
        survey=survey, payload=payload, source=collection.Source("online", "refuse")
    )


def test_a_sheet_is_found_as_its_receipt_is_read_out(office):
    response = field.send(field.survey())
    answer_text = collection.spaced(response.receipt).lower()
    page = office.get(
        "/surveys/repairs/responses/", {"receipt": answer_text}, follow=True
    ).content.decode()
    assert "白蜡电器" in page
    assert "太晚" in page
    assert office.get("/surveys/repairs/responses/", {"receipt": "0000"}).url == "/surveys/repairs/"


def test_its_picture_is_shown_without_what_was_hidden_in_it(office):
    response = rich_sheet()
    page = office.get(f"/surveys/rich/responses/{response.uid}/")
    shown = page.content.decode()
    assert "写的话" in shown
    assert ">3<" in shown
    attached = page.context["pictures"][0]
    sent = office.get(f"/surveys/rich/pictures/{attached.pk}.jpg")
    assert sent["Content-Type"] == "image/jpeg"
    assert b"taken at home" not in sent.content
    assert "private" in sent["Cache-Control"]


def test_what_was_taken_back_is_not_shown(office):
    response = rich_sheet()
    respondents.withdraw(response=response)
    page = office.get(f"/surveys/rich/responses/{response.uid}/").content.decode()
    assert "写的话" not in page


def test_a_city_sees_its_own_sheets_only_and_strangers_none(office, client):
    response = field.send(field.survey())
    user = User.objects.get(username="ada")
    Posting.objects.create(user=user, area=Area.objects.get(code="140200"))
    assert office.get(f"/surveys/repairs/responses/{response.uid}/").status_code == 404
    client.logout()
    assert client.get(f"/surveys/repairs/responses/{response.uid}/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_picture_goes_with_the_answers_unless_another_record_holds_it():
    response = rich_sheet()
    picture = response.attachments.get().sha256
    twin = Draft.objects.create(
        uid=uuid4(),
        survey=response.survey,
        section="a",
        answers={"photo": picture},
        started_at=timezone.now(),
    )
    respondents.withdraw(response=response)
    assert files.read(picture)

    Draft.objects.filter(pk=twin.pk).update(touched_at=timezone.now() - timedelta(days=31))
    assert drafts.forget_old() == 1
    with pytest.raises(FileNotFoundError):
        files.read(picture)
