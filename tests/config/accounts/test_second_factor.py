"""The second factor: an app, recovery codes, who must have one, who takes it away."""

from __future__ import annotations

import re
import time

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from config.accounts import people
from config.accounts.models import AuditEvent, User
from config.accounts.second_factor import services, totp
from config.accounts.second_factor.choice import chosen
from config.accounts.second_factor.models import AuthenticatorApp, Passkey, RecoveryCode
from config.accounts.signing_in import confirming, views
from tests import field
from tests.pages import html
from tests.people import person

pytestmark = pytest.mark.django_db
RIGHT = "a-long-password"
PAGE = "/account/second-factor/"


@pytest.fixture(autouse=True)
def _quick(settings):
    """A slow hash is none of what is asked here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test moves; it begins with a step of the app."""
    moment = [float(2_000_000_010)]
    monkeypatch.setattr(services, "_now", lambda: moment[0])
    return moment


@pytest.fixture
def ada():
    return person("ada", "analyst")


@pytest.fixture
def secret(ada, clock):
    """Ada has an app; this is what it knows. Its next code is the first to sign in with."""
    made = totp.new_secret()
    services.set_app(person=ada, secret=made, code=code_of(made, clock))
    clock[0] += 30
    return made


def code_of(secret, clock):
    return totp.code_at(secret, totp.step_at(clock[0]))


def browser(address="203.0.113.7"):
    return Client(REMOTE_ADDR=address, headers={"Accept-Language": "en"})


def sign_in(client, name="ada", **given):
    return client.post("/login/", {"username": name, "password": RIGHT, **given})


def second(client, code):
    return client.post("/login/second/", {"code": code})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def signed_in(name="ada"):
    client = browser()
    sign_in(client, name)
    return client


def codes_on(answer):
    return re.findall(r"<code>(\w{5}-\w{5})</code>", html(answer))


def actions():
    return list(AuditEvent.objects.order_by("number").values_list("action", flat=True))


def test_an_app_is_set_up_with_its_first_code_and_recovery_codes_are_shown_once(ada, clock):
    mine = signed_in()
    page = html(mine.get(f"{PAGE}app/"))
    secret = re.search(r"secret=(\w+)", page)[1]
    assert "<svg" in page

    wrong = mine.post(f"{PAGE}app/", {"code": "000000"})
    done = mine.post(f"{PAGE}app/", {"code": code_of(secret, clock)})

    assert wrong.status_code == 422
    assert f"secret={secret}" in html(wrong), "the same code can still be scanned"
    assert done.status_code == 201
    assert len(set(codes_on(done))) == 10
    assert "no-store" in done["Cache-Control"]
    assert services.is_on(ada)
    assert actions() == ["second_factor.add"]
    assert secret not in str(AuthenticatorApp.objects.values()), "sealed"
    assert secret not in str(dict(mine.session))
    assert codes_on(done)[0].replace("-", "") not in str(list(RecoveryCode.objects.values()))


def test_the_right_password_alone_opens_nothing(secret):
    mine = browser()

    away = sign_in(mine, next="/reports/")

    assert away["Location"] == "/login/second/"
    assert not is_signed_in(mine)
    assert mine.get("/account/")["Location"] == "/login/?next=/account/"
    assert "ada" in html(mine.get("/login/second/"))


def test_the_apps_code_signs_in_and_leads_to_what_was_asked_for(secret, clock):
    mine = browser()
    sign_in(mine, next="/surveys/")

    done = second(mine, code_of(secret, clock))

    assert done["Location"] == "/surveys/"
    assert mine.get("/surveys/").status_code == 200


def test_a_code_is_used_once(secret, clock):
    first, another = browser(), browser("198.51.100.1")
    sign_in(first)
    sign_in(another)
    code = code_of(secret, clock)
    second(first, code)

    again = second(another, code)

    assert again.status_code == 422
    assert not is_signed_in(another)


def test_the_code_that_set_the_app_up_does_not_sign_in(ada, clock):
    secret = totp.new_secret()
    services.set_app(person=ada, secret=secret, code=code_of(secret, clock))
    mine = browser()
    sign_in(mine)

    second(mine, code_of(secret, clock))

    assert not is_signed_in(mine)


@pytest.mark.parametrize("typed", ["{0} {1}", " {0}{1} ", "{0}-{1}"])
def test_blanks_and_dashes_in_a_code_do_not_matter(secret, clock, typed):
    mine = browser()
    sign_in(mine)
    code = code_of(secret, clock)

    second(mine, typed.format(code[:3], code[3:]))

    assert is_signed_in(mine)


def test_a_recovery_code_signs_in_once_and_how_many_are_left_is_written_down(ada, clock):
    secret = totp.new_secret()
    codes = services.set_app(person=ada, secret=secret, code=code_of(secret, clock))
    first, another = browser(), browser("198.51.100.1")
    sign_in(first)
    sign_in(another)

    second(first, codes[3].upper())
    second(another, codes[3])

    assert is_signed_in(first)
    assert not is_signed_in(another)
    line = AuditEvent.objects.get(action="second_factor.recovery_code")
    assert line.after == {"left": 9}


def test_another_persons_recovery_code_opens_nothing(secret, clock):
    bob = person("bob", "analyst")
    other = totp.new_secret()
    codes = services.set_app(person=bob, secret=other, code=code_of(other, clock))
    mine = browser()
    sign_in(mine)

    second(mine, codes[0])

    assert not is_signed_in(mine)


def test_new_codes_end_the_earlier_ones(ada, clock):
    secret = totp.new_secret()
    old = services.set_app(person=ada, secret=secret, code=code_of(secret, clock))

    new = services.new_codes(person=ada)

    assert not services.use_code(person=ada, code=old[0])
    assert services.use_code(person=ada, code=new[0])


def test_wrong_codes_make_who_tries_them_wait(secret, clock):
    attacker = browser()
    sign_in(attacker)

    found = [second(attacker, "000000") for _ in range(6)]

    assert [answer.status_code for answer in found] == [422] * 5 + [429]
    assert found[-1]["Retry-After"] == "15"
    assert second(attacker, code_of(secret, clock)).status_code == 429
    line = AuditEvent.objects.get(action="sign_in.wrong_codes")
    assert line.target_name == "ada"


def test_six_digits_are_not_guessed_from_many_lines(secret, clock):
    found = []
    for n in range(21):
        attacker = browser(f"203.0.113.{n}")
        sign_in(attacker)
        found.append(second(attacker, "000000").status_code)

    assert found == [422] * 20 + [429]


def test_the_persons_own_browser_does_not_wait_for_them(secret, clock):
    mine = browser()
    sign_in(mine)
    second(mine, code_of(secret, clock))
    mine.post("/logout/")
    for n in range(21):
        attacker = browser(f"203.0.113.{n}")
        sign_in(attacker)
        second(attacker, "000000")
    clock[0] += 30

    sign_in(mine)
    second(mine, code_of(secret, clock))

    assert is_signed_in(mine)


def test_the_second_step_waits_ten_minutes_and_for_this_password(secret, clock, ada, monkeypatch):
    late, changed = browser(), browser()
    sign_in(late)
    sign_in(changed)
    ada.set_password("another-long-password")
    ada.save()
    assert second(changed, code_of(secret, clock)).status_code == 410
    ada.set_password(RIGHT)
    ada.save()
    sign_in(late)
    now = time.time()
    monkeypatch.setattr(views.time, "time", lambda: now + 601)

    answer = second(late, code_of(secret, clock))

    assert answer.status_code == 410
    assert "Please sign in again" in html(answer)
    assert not is_signed_in(late)


def test_there_is_no_second_step_without_a_first():
    assert browser().get("/login/second/").status_code == 410
    assert second(browser(), "123456").status_code == 410


def test_what_was_sent_after_the_sessions_end_survives_the_second_step(secret, clock):
    field.survey()
    mine = browser()
    sign_in(mine)
    second(mine, code_of(secret, clock))
    mine.get("/")
    del mine.cookies["sessionid"]
    clock[0] += 30

    away = mine.post("/surveys/repairs/close/", {"why": "done"})
    assert away["Location"] == "/login/?next=/resume/"
    sign_in(mine, next="/resume/")
    second(mine, code_of(secret, clock))

    assert "done" in html(mine.get("/resume/"))
    assert mine.session.get_expiry_age() > 24 * 3600


def test_changes_ask_for_the_password_of_who_signed_in_a_while_ago(ada, monkeypatch):
    mine = signed_in()
    now = time.time()
    monkeypatch.setattr(confirming.time, "time", lambda: now + 601)

    asked = mine.get(f"{PAGE}app/")
    assert asked["Location"] == f"/account/confirm/?next={PAGE}app/"
    assert mine.post(f"{PAGE}codes/")["Location"] == f"/account/confirm/?next={PAGE}"
    wrong = mine.post(asked["Location"], {"password": "wrong"})
    right = mine.post(asked["Location"], {"password": RIGHT, "next": f"{PAGE}app/"})

    assert wrong.status_code == 422
    assert right["Location"] == f"{PAGE}app/"
    assert mine.get(f"{PAGE}app/").status_code == 200


@pytest.mark.parametrize(
    ("address", "given"),
    [
        ("/account/confirm/", {"password": "wrong"}),
        ("/account/second-factor/off/", {"password": "wrong"}),
        ("/account/", {"old_password": "wrong", "new_password1": "x", "new_password2": "x"}),
    ],
)
def test_the_password_is_guessed_nowhere(ada, address, given):
    """Whoever finds a signed-in browser has as many tries as at the door of a known browser."""
    mine = signed_in()

    found = [mine.post(address, given) for _ in range(11)]

    assert [answer.status_code for answer in found] == [422] * 10 + [429]
    assert "Wait 15 seconds" in html(found[-1])


def test_it_is_turned_off_with_the_password_and_nothing_is_left(ada, clock):
    secret = totp.new_secret()
    services.set_app(person=ada, secret=secret, code=code_of(secret, clock))
    clock[0] += 30
    mine = browser()
    sign_in(mine)
    second(mine, code_of(secret, clock))

    assert mine.post(f"{PAGE}off/", {"password": "wrong"}).status_code == 422
    assert services.is_on(ada)
    mine.post(f"{PAGE}off/", {"password": RIGHT})

    assert not services.is_on(ada)
    assert RecoveryCode.objects.count() == 0
    assert actions()[-1] == "second_factor.off"
    assert is_signed_in(signed_in())


def test_with_the_last_factor_the_recovery_codes_go(ada, secret):
    Passkey.objects.create(user=ada, name="phone", host="localhost", credential_id="x")
    mine = browser()
    mine.force_login(ada)
    session = mine.session
    session[confirming.CONFIRMED] = time.time()
    session.save()

    mine.post(f"{PAGE}app/remove/")
    assert RecoveryCode.objects.count() == 10
    mine.post(f"{PAGE}passkeys/{ada.passkeys.get().pk}/remove/")

    assert RecoveryCode.objects.count() == 0
    assert not services.is_on(ada)


def test_nobody_touches_another_persons_passkey(ada):
    bob = person("bob", "analyst")
    theirs = Passkey.objects.create(user=bob, name="phone", host="localhost", credential_id="x")
    mine = signed_in()

    assert mine.post(f"{PAGE}passkeys/{theirs.pk}/", {"name": "mine"}).status_code == 404
    assert mine.post(f"{PAGE}passkeys/{theirs.pk}/remove/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.name == "phone"


@pytest.mark.parametrize(
    "answer", ["", "x", "[]", "{}", "null", '{"id": "a"}', '{"response": 1}', "[" * 9_000, "\0"]
)
def test_what_is_no_passkey_is_told_in_words(ada, answer):
    mine = signed_in()
    mine.get(f"{PAGE}passkeys/add/")

    added = mine.post(f"{PAGE}passkeys/add/", {"name": "phone", "answer": answer})

    assert added.status_code == 422
    assert "Please try once more" in html(added)
    assert not Passkey.objects.exists()


@pytest.mark.parametrize("answer", ["", "x", "{}", '{"response": {"signature": "é"}}'])
def test_what_is_no_passkey_signs_nobody_in(ada, secret, answer):
    mine = browser()
    sign_in(mine)

    shown = mine.post("/login/second/", {"answer": answer})

    assert shown.status_code == 422
    assert "was not accepted" in html(shown)
    assert not is_signed_in(mine)


def test_a_passkey_whose_counter_does_not_grow_is_refused(ada):
    made = Passkey.objects.create(
        user=ada, name="key", host="localhost", credential_id="x", counter=7
    )

    assert not services.note_use(passkey=made, counter=7)
    assert services.note_use(passkey=made, counter=8)


def test_a_shared_passkey_does_not_count(ada):
    made = Passkey.objects.create(user=ada, name="phone", host="localhost", credential_id="x")

    assert services.note_use(passkey=made, counter=0)
    assert services.note_use(passkey=made, counter=0)


def test_an_administrator_resets_another_persons_with_a_reason(ada, secret, clock):
    chief = person("chief", "administrator")
    theirs = browser()
    sign_in(theirs)
    second(theirs, code_of(secret, clock))
    office = signed_in("chief")
    assert "Lost phone or key" in html(office.get(f"/people/{ada.pk}/"))

    office.post(f"/people/{ada.pk}/second-factor/", {"reason": " "})
    assert services.is_on(ada)
    office.post(f"/people/{ada.pk}/second-factor/", {"reason": "phone stolen"})

    assert not services.is_on(ada)
    assert theirs.get("/account/").status_code == 302, "signed out everywhere"
    line = AuditEvent.objects.get(action="second_factor.reset")
    assert (line.by, line.target_name, line.reason) == (chief, "ada", "phone stolen")


def test_only_a_superuser_resets_a_superusers_and_nobody_their_own(clock):
    first, other = (User.objects.create_superuser(name, password=RIGHT) for name in ("a", "b"))
    secret = totp.new_secret()
    services.set_app(person=first, secret=secret, code=code_of(secret, clock))
    for by in (person("chief", "administrator"), first):
        with pytest.raises(people.NotAllowed):
            services.reset(person=first, reason="lost", by=by)

    services.reset(person=first, reason="lost", by=other)

    assert not services.is_on(first)


def test_a_role_that_demands_it_leads_to_setting_it_up(settings, clock):
    settings.SECOND_FACTOR_ROLES = frozenset({"publisher"})
    person("pia", "publisher")
    mine = signed_in("pia")

    for page in ("/", "/surveys/", "/tokens/"):
        assert mine.get(page)["Location"] == PAGE
    part = mine.get("/surveys/", headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == PAGE
    assert mine.get("/api/v1/surveys/").status_code == 403
    assert "Your role needs a second factor" in html(mine.get(PAGE))
    secret = re.search(r"secret=(\w+)", html(mine.get(f"{PAGE}app/")))[1]
    mine.post(f"{PAGE}app/", {"code": code_of(secret, clock)})

    assert mine.get("/surveys/").status_code == 200
    assert mine.get("/api/v1/surveys/").status_code == 200


def test_who_needs_it_does_not_turn_it_off(settings, clock):
    settings.SECOND_FACTOR_ROLES = frozenset({"administrator"})
    root = User.objects.create_superuser("root", password=RIGHT)
    secret = totp.new_secret()
    services.set_app(person=root, secret=secret, code=code_of(secret, clock))
    clock[0] += 30
    mine = browser()
    sign_in(mine, "root")
    second(mine, code_of(secret, clock))

    mine.post(f"{PAGE}off/", {"password": RIGHT})
    mine.post(f"{PAGE}app/remove/")

    assert services.is_on(root)
    assert "Your role demands a second factor" in html(mine.get(PAGE))
    assert "Turn it off" not in html(mine.get(PAGE))


def test_other_roles_are_not_asked(settings, ada):
    settings.SECOND_FACTOR_ROLES = frozenset({"publisher"})

    assert signed_in().get("/surveys/").status_code == 200


def test_the_roles_are_chosen_by_name():
    assert chosen("") == frozenset()
    assert chosen(" publisher, legal ,") == {"publisher", "legal"}
    with pytest.raises(ImproperlyConfigured, match="no role editor"):
        chosen("publisher,editor")


def test_an_invited_person_sets_a_password_and_then_the_second_factor(settings, clock):
    settings.SECOND_FACTOR_ROLES = frozenset({"legal"})
    chief = person("chief", "analyst")
    _pia, token = people.invite(username="pia", name="Pia", roles=["legal"], areas=[], by=chief)
    mine = browser()
    mine.post(f"/welcome/{token}/", {"password": RIGHT, "again": RIGHT})

    sign_in(mine, "pia")

    assert mine.get("/companies/")["Location"] == PAGE
    secret = re.search(r"secret=(\w+)", html(mine.get(f"{PAGE}app/")))[1]
    assert mine.post(f"{PAGE}app/", {"code": code_of(secret, clock)}).status_code == 201
    assert mine.get("/companies/").status_code == 200


def test_a_new_password_by_a_link_does_not_pass_the_second_step(ada, secret):
    token = people.new_link(person=ada, by=person("chief", "administrator"))
    mine = browser()
    mine.post(f"/welcome/{token}/", {"password": RIGHT, "again": RIGHT})

    assert sign_in(mine)["Location"] == "/login/second/"
    assert not is_signed_in(mine)
