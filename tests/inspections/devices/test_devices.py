"""Phones: given a code once, shut out at once; their page, and the page that closes a campaign."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode

import pytest
import segno
from django.core.exceptions import ValidationError
from django.utils import timezone

from config.accounts.models import AuditEvent
from inspections.devices import services as devices
from inspections.devices.models import Device
from tests.inspections.phone.world import Phone, sent_to, world
from tests.people import nobody, person

pytestmark = pytest.mark.django_db


def test_a_token_is_shown_once_and_kept_as_its_hash():
    ann = person("ann", "inspector")

    device, token = devices.enrol(owner=ann, name="红米\x00 9", by=person("chief"))

    assert device.name == "红米 9"
    assert token.startswith("md_")
    assert token not in str(Device.objects.values().get())
    assert devices.recognised(token) == device
    assert AuditEvent.objects.get(action="device.make").by_name == "chief"


def test_a_phone_is_for_who_records_visits():
    with pytest.raises(ValidationError):
        devices.enrol(owner=nobody("ben"), name="telephone", by=person("chief"))


@pytest.mark.parametrize("text", ["", "md_", "md_" + "a" * 43, "mc_" + "a" * 43, "md_" + "é" * 43])
def test_what_is_no_token_opens_nothing(text):
    devices.enrol(owner=person("ann", "inspector"), name="telephone", by=person("chief"))

    assert devices.recognised(text) is None


def test_a_phone_ends_with_its_owner():
    ann = person("ann", "inspector")
    _device, token = devices.enrol(owner=ann, name="telephone", by=ann)

    ann.groups.clear()
    assert devices.recognised(token) is None
    ann.is_active = False
    ann.save()
    assert devices.recognised(token) is None


def test_shutting_out_twice_is_told_once():
    ann = person("ann", "inspector")
    device, _token = devices.enrol(owner=ann, name="telephone", by=ann)

    devices.revoke(device=device, by=ann)
    devices.revoke(device=device, by=ann)

    assert AuditEvent.objects.filter(action="device.revoke").count() == 1


# ---- the page


@pytest.fixture
def chief(client):
    made = person("chief", "supervisor")
    client.force_login(made)
    client.cookies["django_language"] = "en"
    return made


def test_the_code_is_shown_once(client, chief, settings):
    settings.PUBLIC_ADDRESS = "https://survey.example.cn"
    ann = person("ann", "inspector")

    page = client.post("/phones/", {"owner": ann.pk, "name": "Redmi"})
    again = client.get("/phones/")

    assert page.status_code == 201
    text = page.content.decode()
    token = text.partition("https://survey.example.cn/i/#")[2][:46]
    assert devices.recognised(token) == Device.objects.get()
    assert "<svg" in text
    assert "leads nowhere" not in text
    assert token not in again.content.decode()
    assert "<svg" not in again.content.decode()


def test_a_second_code_sets_odk_collect_up(client, chief, settings, monkeypatch):
    settings.PUBLIC_ADDRESS = "https://survey.example.cn"
    written = []
    draw = segno.make
    monkeypatch.setattr(
        segno, "make", lambda text, **how: written.append(text) or draw(text, **how)
    )

    page = client.post("/phones/", {"owner": person("ann", "inspector").pk, "name": "Redmi"})

    assert 'id="collect"' in page.content.decode()
    settings_of_collect = json.loads(zlib.decompress(b64decode(written[1])))
    assert settings_of_collect.keys() == {"general", "admin", "project"}
    address = settings_of_collect["general"]["server_url"]
    token = address.removeprefix("https://survey.example.cn/openrosa/")
    assert devices.recognised(token) == Device.objects.get()
    assert client.head(f"/openrosa/{token}/submission").status_code == 204


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "leads nowhere but on this machine"),
        ("http://192.168.1.9:8000", "is not https"),
        ("https://survey.example.cn", ""),
    ],
)
def test_an_address_that_phones_cannot_use_is_said_to_be_one(
    client, chief, settings, address, said
):
    settings.PUBLIC_ADDRESS, settings.ALLOWED_HOSTS = address, ["localhost"]
    ann = person("ann", "inspector")

    page = client.post("/phones/", {"owner": ann.pk, "name": "a"}, SERVER_NAME="localhost")

    warned = [words for words in ("leads nowhere", "not https") if words in page.content.decode()]
    assert len(warned) == bool(said)
    assert said in page.content.decode()


def test_the_list_says_what_each_phone_holds_and_narrows_to_a_campaign(client, chief):
    campaign, _assignment, phone = world()
    other = Phone(person("ben", "inspector"), name="elsewhere")
    devices.seen(phone.device, app_version="abc123", unsent=2)

    every = client.get("/phones/").content.decode()
    here = client.get("/phones/", {"campaign": campaign.survey.slug}).context["phones"].rows
    unsent = client.get("/phones/", {"state": "unsent"}).context["phones"].rows

    assert "abc123" in every
    assert other.device.name in every
    assert list(here) == list(unsent) == [phone.device]


def test_a_phone_is_shut_out_on_the_page(client, chief):
    phone = Phone(person("ann", "inspector"))

    client.post(f"/phones/{phone.device.pk}/revoke/")

    assert devices.recognised(phone.token) is None
    assert Device.objects.get().revoked_by == chief


# ---- closing


def test_closing_a_campaign_lists_the_phones_with_visits_first(client, chief):
    campaign, _assignment, phone = world()
    ben = Phone(person("ben", "inspector"), name="holds more")
    quiet = Phone(person("cat", "inspector"), name="holds nothing")
    elsewhere = Phone(person("dan", "inspector"), name="elsewhere")
    sent_to(campaign, ben.owner, 1, partner=quiet.owner)
    for one, unsent in ((phone, 1), (ben, 3), (quiet, 0), (elsewhere, 9)):
        devices.seen(one.device, unsent=unsent)

    page = client.get("/campaigns/visits/close/")

    assert [row.name for row in page.context["unsent"].rows] == ["holds more", "红米 9"]
    assert campaign.survey.state() == "open"
    assert 'href="/campaigns/visits/close/"' in client.get("/campaigns/visits/").content.decode()
    client.post("/campaigns/visits/close/", {"reason": "six days are over"})
    campaign.survey.refresh_from_db()
    assert campaign.survey.closes_at <= timezone.now()
    assert AuditEvent.objects.get(action="survey.close").reason == "six days are over"


def test_a_closed_campaign_is_not_closed_again(client, chief):
    world()
    client.post("/campaigns/visits/close/")

    page = client.post("/campaigns/visits/close/", follow=True)

    assert "Nothing was done" in page.content.decode()


def test_the_page_on_the_phone_its_worker_and_manifest_are_for_everybody(client):
    page, worker = client.get("/i/"), client.get("/i/sw.js")
    manifest = client.get("/i/app.webmanifest").json()

    assert page.status_code == worker.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert worker["Content-Type"].startswith("text/javascript")
    for address in ("/i/", "/static/inspections/app.js", "/static/surveys/evaluate.js"):
        assert f'"{address}"' in worker.content.decode()
    assert manifest["scope"] == manifest["start_url"] == "/i/"
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
