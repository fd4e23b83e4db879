"""A person sees where they are signed in, and ends it."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from config.accounts.models import AuditEvent
from config.accounts.signing_in.models import BrowserSession
from config.accounts.signing_in.user_agents import browser_and_system
from config.console import resume
from tests import field
from tests.pages import html
from tests.people import person

pytestmark = pytest.mark.django_db
RIGHT = "a-long-password"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
WECHAT = "Mozilla/5.0 (Linux; Android 9; zh-cn) AppleWebKit/537.36 Chrome/69.0 Mobile MicroMessenger/7.0.1"


@pytest.fixture(autouse=True)
def _quick(settings):
    """A slow hash is none of what is asked here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ada():
    return person("ada", "analyst")


def signed_in(name="ada", agent=FIREFOX, address="203.0.113.7"):
    client = Client(REMOTE_ADDR=address, headers={"Accept-Language": "en", "User-Agent": agent})
    client.post("/login/", {"username": name, "password": RIGHT})
    return client


def is_in(client):
    return client.get("/account/").status_code == 200


def row_of(client):
    return BrowserSession.objects.get(session_id=client.session.session_key)


@pytest.mark.parametrize(
    ("agent", "known"),
    [
        (FIREFOX, ("Firefox", "Windows")),
        (WECHAT, ("WeChat", "Android")),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1",
            ("Safari", "iPhone"),
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            ("Edge", "macOS"),
        ),
        ("", ("", "")),
        ("curl/8", ("", "")),
    ],
)
def test_a_browser_is_told_by_its_family(agent, known):
    assert browser_and_system(agent) == known


def test_ones_own_browsers_are_listed_with_this_one_marked(ada):
    person("bob", "analyst")
    mine, phone = signed_in(), signed_in(agent=WECHAT, address="198.51.100.20")
    signed_in("bob", agent="Mozilla/5.0 (X11; CrOS) Chrome/1")

    page = html(mine.get("/account/sessions/"))

    assert "Firefox · Windows" in page
    assert "WeChat · Android" in page
    assert "203.0.113.0/24" in page
    assert "198.51.100.0/24" in page
    assert "198.51.100.20" not in page, "no more than is needed to know it again"
    assert page.count("this one") == 1
    assert "ChromeOS" not in page
    assert mine.session.session_key not in page
    assert "198.51.100.20" not in str(list(BrowserSession.objects.values()))
    assert "2 browsers" in html(phone.get("/account/"))


def test_one_browser_is_ended(ada):
    mine, other, third = signed_in(), signed_in(agent=WECHAT), signed_in()

    mine.post(f"/account/sessions/{row_of(other).pk}/end/")

    assert [is_in(client) for client in (mine, other, third)] == [True, False, True]
    line = AuditEvent.objects.get()
    assert line.action == "session.end"
    assert line.after == {"browser": "WeChat · Android", "network": "203.0.113.0/24"}


def test_all_others_are_ended(ada):
    mine, other, third = signed_in(), signed_in(), signed_in()

    mine.post("/account/sessions/end/")

    assert [is_in(client) for client in (mine, other, third)] == [True, False, False]
    assert AuditEvent.objects.get().after == {"ended": 2}


def test_nobody_ends_another_persons(ada):
    person("bob", "analyst")
    mine, theirs = signed_in(), signed_in("bob")

    answer = mine.post(f"/account/sessions/{row_of(theirs).pk}/end/")
    mine.post("/account/sessions/end/")

    assert answer.status_code == 404
    assert is_in(theirs)


def test_a_session_from_before_is_noted_with_its_first_page(ada, client):
    client.force_login(ada)
    assert BrowserSession.objects.count() == 0

    client.get("/account/sessions/")

    assert BrowserSession.objects.get().user == ada


def test_first_and_last_are_kept_to_ten_minutes(ada, monkeypatch):
    mine = signed_in()
    begun = row_of(mine)
    for minutes, is_noted in ((9, False), (11, True)):
        monkeypatch.setattr(
            timezone, "now", lambda m=minutes: begun.first_at + timedelta(minutes=m)
        )
        mine.get("/account/")
        assert (row_of(mine).last_at > begun.last_at) == is_noted

    assert row_of(mine).first_at == begun.first_at


def test_a_new_password_ends_the_others_and_keeps_this_one(ada):
    mine, other = signed_in(), signed_in()
    since = row_of(mine).first_at
    new = "another-long-password"

    mine.post("/account/", {"old_password": RIGHT, "new_password1": new, "new_password2": new})

    assert is_in(mine)
    assert row_of(mine).first_at == since
    assert not Session.objects.filter(pk=other.session.session_key).exists()
    assert "1 browser" in html(mine.get("/account/"))


def test_signing_out_takes_the_browser_off_the_list(ada):
    mine = signed_in()

    mine.post("/logout/")

    assert BrowserSession.objects.count() == 0


def test_an_administrator_signs_a_person_out_everywhere(ada):
    person("chief", "administrator")
    office, mine, phone = signed_in("chief"), signed_in(), signed_in(agent=WECHAT)
    assert "WeChat · Android" in html(office.get(f"/people/{ada.pk}/"))

    office.post(f"/people/{ada.pk}/sign-out/")

    assert [is_in(client) for client in (office, mine, phone)] == [True, False, False]
    line = AuditEvent.objects.get()
    assert (line.action, line.target_name, line.after) == ("person.sign_out", "ada", {"ended": 2})


def test_only_a_superuser_signs_a_superuser_out(ada):
    type(ada).objects.filter(pk=ada.pk).update(is_superuser=True)
    person("chief", "administrator")
    office, mine = signed_in("chief"), signed_in()

    answer = office.post(f"/people/{ada.pk}/sign-out/", follow=True)

    assert "Nothing was done" in html(answer)
    assert is_in(mine)


def test_what_has_ended_is_cleared_by_the_daily_work(ada):
    mine, other = signed_in(), signed_in()
    Session.objects.filter(pk=other.session.session_key).update(
        expire_date=timezone.now() - timedelta(days=1)
    )
    assert "1 browser" in html(mine.get("/account/"))

    call_command("forget")

    assert BrowserSession.objects.get() == row_of(mine)


def test_a_form_that_nobody_sent_is_cleared_by_the_daily_work(ada, monkeypatch):
    field.survey()
    mine = signed_in()
    mine.get("/")
    del mine.cookies["sessionid"]
    mine.post("/surveys/repairs/close/", {"why": "x"})
    waiting = mine.session
    assert waiting.get_expiry_age() <= resume.KEPT_FOR, "nobody's session ends with its form"
    mine.post("/login/", {"username": "ada", "password": RIGHT})
    call_command("forget")
    assert resume.KEPT in mine.session
    now = time.time()
    monkeypatch.setattr(resume.time, "time", lambda: now + resume.KEPT_FOR + 1)

    call_command("forget")

    assert resume.KEPT not in mine.session
    assert is_in(mine), "the session itself goes on"
