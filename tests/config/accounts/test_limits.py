"""Wrong passwords make whoever tries them wait, and nobody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from config.accounts.models import AuditEvent, User
from config.accounts.signing_in import limits
from config.accounts.signing_in.models import WrongAttempts
from tests.pages import html
from tests.people import person

pytestmark = pytest.mark.django_db
RIGHT = "a-long-password"
ATTACKER, HOME = "203.0.113.7", "198.51.100.20"


@pytest.fixture(autouse=True)
def _quick(settings):
    """A slow hash is none of what is asked here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ada():
    return person("ada", "analyst")


@pytest.fixture
def later(monkeypatch):
    """Let time go by."""
    start, gone = timezone.now(), [0.0]

    def go(seconds: float) -> None:
        gone[0] += seconds
        monkeypatch.setattr(timezone, "now", lambda: start + timedelta(seconds=gone[0]))

    go(0)
    return go


def browser(address=ATTACKER, **headers):
    return Client(REMOTE_ADDR=address, headers={"Accept-Language": "en", **headers})


def attempt(client, password="wrong", name="ada", **extra):
    return client.post("/login/", {"username": name, "password": password}, **extra)


def is_signed_in(client):
    return client.get("/account/").status_code == 200


def wrong(client, times, **given):
    return [attempt(client, **given).status_code for _ in range(times)]


def test_the_sixth_wrong_password_is_not_looked_at_and_the_wait_is_told(ada, later):
    attacker = browser()

    assert wrong(attacker, 5) == [422] * 5
    answer = attempt(attacker, RIGHT)

    assert answer.status_code == 429
    assert answer["Retry-After"] == "15"
    assert "Wait 15 seconds, then try again." in html(answer)
    assert 'value="ada"' in html(answer), "the form is kept"
    assert not is_signed_in(attacker), "not even the right one is looked at"


def test_the_wait_grows_to_a_quarter_of_an_hour_and_no_further(ada, later):
    attacker = browser()
    wrong(attacker, 5)
    waits = []
    for _ in range(9):
        answer = attempt(attacker)
        waits.append(int(answer["Retry-After"]))
        later(waits[-1])
        assert attempt(attacker).status_code == 422

    assert waits == [15, 30, 60, 120, 240, 480, 900, 900, 900]
    assert "Wait 15 minutes" in html(attempt(attacker))


def test_after_the_wait_the_right_password_signs_in_and_ends_the_run(ada, later):
    mine = browser()
    wrong(mine, 5)
    later(15)

    attempt(mine, RIGHT)

    assert is_signed_in(mine)
    assert wrong(browser(), 5) == [422] * 5


def test_attempts_sent_at_once_are_counted_before_any_is_looked_at(ada, rf, later):
    request = rf.post("/login/", REMOTE_ADDR=ATTACKER)
    for _ in range(5):
        limits.begin_password(request, "ada")

    with pytest.raises(limits.TooManyAttempts):
        limits.begin_password(request, "ada")


def test_a_person_elsewhere_is_not_held_up(ada):
    wrong(browser(ATTACKER), 9)
    at_home = browser(HOME)

    attempt(at_home, RIGHT)

    assert is_signed_in(at_home)


def test_a_browser_that_signed_in_before_is_not_held_up_on_the_same_line(ada, later):
    mine = browser()
    attempt(mine, RIGHT)
    mine.post("/logout/")
    attacker = browser()
    wrong(attacker, 5)
    for n in range(limits.FREE[limits.Kind.LINE]):
        attempt(attacker, name=f"name{n}")
    assert attempt(browser(), RIGHT).status_code == 429

    attempt(mine, RIGHT)

    assert is_signed_in(mine)


def test_a_known_browser_waits_for_its_own_wrong_attempts(ada):
    mine = browser()
    attempt(mine, RIGHT)
    mine.post("/logout/")

    assert wrong(mine, 11) == [422] * 10 + [429]


def test_a_known_browser_is_known_for_who_signed_in_there_only(ada):
    person("bob", "analyst")
    shared = browser()
    attempt(shared, RIGHT, name="bob")
    shared.post("/logout/")

    assert wrong(shared, 6) == [422] * 5 + [429]


def test_nobody_writes_themselves_a_known_browser(ada):
    forged = browser()
    forged.cookies["known_browser"] = f"x:{ada.pk}"

    assert wrong(forged, 6) == [422] * 5 + [429]


def test_many_names_from_one_line_wait_too(ada, later):
    free = limits.FREE[limits.Kind.LINE]
    attacker = browser()

    found = [attempt(attacker, name=f"name{n}").status_code for n in range(free + 1)]

    assert found == [422] * free + [429]
    assert attempt(browser(HOME), name="name1").status_code == 422


def test_an_account_of_ones_own_does_not_end_the_run_of_a_line(ada, later):
    person("eve", "analyst")
    free = limits.FREE[limits.Kind.LINE]
    for n in range(free - 1):
        attempt(browser(), name=f"name{n}")
    attempt(browser(), RIGHT, name="eve")

    assert attempt(browser(), name="another").status_code == 422
    assert attempt(browser(), name="yet-another").status_code == 429


def test_addresses_of_one_ipv6_line_are_one(ada):
    addresses = [f"2001:db8:1:2::{n}" for n in range(6)]

    found = [attempt(browser(address)).status_code for address in addresses]

    assert found == [422] * 5 + [429]
    assert attempt(browser("2001:db8:1:3::1")).status_code == 422


def test_a_header_that_anybody_can_write_changes_nothing(ada):
    found = [
        attempt(browser(**{"X-Forwarded-For": f"198.51.100.{n}"})).status_code for n in range(6)
    ]

    assert found == [422] * 5 + [429]


def test_behind_a_proxy_of_ours_the_address_it_saw_counts(ada, settings):
    settings.PROXIES = 1
    spoofed = [f"10.0.0.{n}, {ATTACKER}" for n in range(6)]

    found = [
        attempt(browser("127.0.0.1", **{"X-Forwarded-For": hops})).status_code for hops in spoofed
    ]
    other = browser("127.0.0.1", **{"X-Forwarded-For": HOME})
    attempt(other, RIGHT)

    assert found == [422] * 5 + [429]
    assert is_signed_in(other)


@pytest.mark.parametrize("gone", ["nobody", "left", "unset"])
def test_accounts_that_cannot_sign_in_read_like_those_that_can(ada, gone):
    User.objects.create_user("left", password=RIGHT, is_active=False)
    User.objects.create_user("unset")

    def told(name):
        asked = [attempt(browser(), name=name) for _ in range(6)]
        tokens = r'name="csrfmiddlewaretoken" value="\w+"'
        return [
            (a.status_code, re.sub(tokens, "", html(a)).replace(f'"{name}"', "")) for a in asked
        ]

    assert told(gone) == told("ada")


def test_a_run_is_a_line_of_the_audit_trail_once_a_day(ada, later):
    attacker = browser()
    for _ in range(12):
        attempt(attacker)
        later(900)
    for n in range(6):
        attempt(browser(f"192.0.2.{n}"))

    line = AuditEvent.objects.get()
    assert (line.action, line.by, line.target_name) == ("sign_in.wrong_passwords", None, "ada")
    assert line.after == {"wrong": 5, "network": "203.0.113.0/24"}


def test_a_name_that_is_no_accounts_is_not_written_down():
    """It may be a password that was typed into the wrong field."""
    wrong(browser(), 6, name="my-secret-password")

    kept = str(list(AuditEvent.objects.values())) + str(list(WrongAttempts.objects.values()))
    assert AuditEvent.objects.get().action == "sign_in.wrong_passwords"
    assert "my-secret-password" not in kept
    assert ATTACKER not in kept


def test_old_runs_are_forgotten_by_the_daily_work(ada, later):
    wrong(browser(), 6)
    later(23 * 3600)
    call_command("forget")
    assert WrongAttempts.objects.count() == 2

    later(2 * 3600)
    call_command("forget")
    assert WrongAttempts.objects.count() == 0


def test_a_run_that_is_a_day_old_counts_no_more(ada, later):
    wrong(browser(), 5)
    later(25 * 3600)

    assert wrong(browser(), 6) == [422] * 5 + [429]


@pytest.mark.parametrize("given", [{}, {"username": "ada"}, {"username": "a\0b", "password": "x"}])
def test_what_is_not_filled_in_is_told_and_not_counted(given):
    assert browser().post("/login/", given).status_code == (422 if given else 200)
    assert WrongAttempts.objects.count() == 0


@pytest.mark.parametrize("asked", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_signing_in_leads_to_no_other_site(ada, asked):
    given = {"username": "ada", "password": RIGHT, "next": asked}

    assert browser().post("/login/", given)["Location"] == "/"


def test_the_plain_admin_has_no_sign_in_of_its_own(ada):
    asked = browser().get("/admin/surveys/survey/")
    assert asked["Location"] == "/login/?next=/admin/surveys/survey/"
    assert browser().get("/admin/login/")["Location"] == "/login/?next=/admin/"

    given = {"username": "ada", "password": RIGHT}
    mine = browser()
    mine.post("/admin/login/", given)
    assert not is_signed_in(mine)
    attempt(mine, RIGHT)
    assert mine.get("/admin/login/").status_code == 403
