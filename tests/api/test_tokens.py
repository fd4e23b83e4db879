"""A token: made and shown once, used, revoked, expired; kept as a hash, told to the audit trail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from config.accounts import tokens
from config.accounts.models import ApiToken, AuditEvent
from tests.api.device import API, Device
from tests.people import nobody, person

pytestmark = pytest.mark.django_db


def signed_in(who) -> Client:
    browser = Client()
    browser.force_login(who)
    return browser


def bearer(text: str):
    return Client().get(API, headers={"Authorization": f"Bearer {text}"})


def test_a_token_opens_the_api_and_notes_the_day():
    device = Device(nobody("ann"))

    assert device.get("").status_code == 200
    assert ApiToken.objects.get().last_used_on == timezone.localdate()


def test_the_database_does_not_hold_the_token():
    device = Device(nobody("ann"))

    row = ApiToken.objects.values().get()

    assert device.text not in str(row)
    assert row["prefix"] == device.text[:11]
    assert row["digest"] == tokens.digest(device.text)


@pytest.mark.parametrize("text", ["", "mc_", "mc_" + "x" * 43, "x" * 5000, "Aé\x00"])
def test_what_is_no_token_opens_nothing(text):
    answer = bearer(text)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="mingcha"'
    assert answer["Content-Type"] == "application/problem+json"


def test_a_revoked_token_opens_nothing():
    device = Device(nobody("ann"))

    tokens.revoke(token=device.token, by=device.token.owner)

    assert device.get("").status_code == 401


def test_an_expired_token_opens_nothing():
    device = Device(nobody("ann"))
    assert device.get("").status_code == 200

    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert device.get("").status_code == 401


def test_a_token_ends_with_its_owners_account():
    owner = nobody("ann")
    device = Device(owner)

    owner.is_active = False
    owner.save()

    assert device.get("").status_code == 401


def test_making_and_revoking_stand_in_the_audit_trail_without_the_token():
    device = Device(nobody("ann"))

    tokens.revoke(token=device.token, by=device.token.owner)

    events = list(AuditEvent.objects.order_by("number"))
    assert [event.action for event in events] == ["token.make", "token.revoke"]
    assert all(device.text not in str(vars(event)) for event in events)


@pytest.mark.parametrize(
    ("name", "days"), [("", 30), (" ", 30), ("\x00", 30), ("x" * 81, 30), ("tablet", 31)]
)
def test_a_token_without_a_name_or_end_is_not_made(name, days):
    with pytest.raises(ValidationError):
        tokens.make(owner=nobody("ann"), name=name, days=days)

    assert not ApiToken.objects.exists()


def test_nobody_has_more_tokens_than_can_be_watched():
    owner = nobody("ann")
    for number in range(tokens.MOST):
        tokens.make(owner=owner, name=f"tablet {number}", days=30)

    with pytest.raises(ValidationError):
        tokens.make(owner=owner, name="one more", days=30)


def test_the_page_shows_a_token_once():
    browser = signed_in(nobody("ann"))

    made = browser.post("/tokens/", {"name": "tablet", "days": "90"})

    assert made.status_code == 201
    assert "no-store" in made["Cache-Control"]
    text = made.content.decode().split('<code id="token">')[1].split("<")[0]
    assert bearer(text).status_code == 200
    assert text not in browser.get("/tokens/").content.decode()


def test_the_page_says_what_is_wrong_and_keeps_what_was_typed():
    answer = signed_in(nobody("ann")).post("/tokens/", {"name": "tablet", "days": "9" * 5000})

    assert answer.status_code == 422
    assert 'value="tablet"' in answer.content.decode()


def test_one_revokes_ones_own_on_the_page():
    device = Device(nobody("ann"))

    answer = signed_in(device.token.owner).post(f"/tokens/{device.token.pk}/revoke/")

    assert answer.status_code == 302
    assert device.get("").status_code == 401


def test_nobody_revokes_or_sees_another_persons():
    device = Device(nobody("ann"))
    browser = signed_in(person("ben", "supervisor"))

    assert browser.post(f"/tokens/{device.token.pk}/revoke/").status_code == 404
    assert device.token.prefix not in browser.get("/tokens/").content.decode()
    with pytest.raises(tokens.NotPossible):
        tokens.revoke(token=device.token, by=person("cid", "analyst"))


def test_whoever_manages_people_sees_and_revokes_everybodys():
    device = Device(nobody("ann"))
    browser = signed_in(person("ben", "administrator"))

    assert device.token.prefix in browser.get("/tokens/").content.decode()
    assert browser.post(f"/tokens/{device.token.pk}/revoke/").status_code == 302
    assert device.get("").status_code == 401


def test_a_browser_needs_the_csrf_token_where_a_device_does_not():
    interviewer = person("ann", "interviewer")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(interviewer)

    refused = browser.post(f"{API}surveys/none/responses/", {}, "application/json")

    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"
    assert Device(interviewer).post("surveys/none/responses/", {}).status_code == 404
