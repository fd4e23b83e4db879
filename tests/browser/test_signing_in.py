"""Signing in as a person does it: a passkey in a real browser, with a device that Chromium plays."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest

from config.accounts.models import AuditEvent
from config.accounts.second_factor import totp
from config.accounts.second_factor.models import Passkey
from config.accounts.signing_in.models import BrowserSession
from tests.browser.test_access import serious
from tests.people import person

pytestmark = pytest.mark.django_db(transaction=True)
RIGHT = "a-long-password"
# where pictures of the pages are put for who wants to look at them
PICTURES = os.environ.get("MINGCHA_PICTURES")


@pytest.fixture
def site(live_server):
    """The site under a name: browsers make no passkeys for a bare number."""
    return live_server.url.replace("127.0.0.1", "localhost")


def device(page):
    """Give a page a device that says yes to everything."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return cdp, made["authenticatorId"]


def look(page, name):
    """Hold a page to what every page is held to."""
    if PICTURES:
        width = page.viewport_size["width"]
        language = page.evaluate("document.documentElement.lang")
        page.screenshot(path=Path(PICTURES) / f"{name}-{width}-{language}.png", full_page=True)
    assert page.locator("h1").count() == 1
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def press(page, place):
    """Press what leads to another page, and wait for that page."""
    with page.expect_navigation():
        page.locator(place).first.click()


def sign_in(page, site, after="/account/second-factor/"):
    page.goto(f"{site}/login/?next={after}")
    page.fill("#id_username", "ada")
    page.fill("#id_password", RIGHT)
    press(page, "main button.do")


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("width", [360, 1200])
def test_a_passkey_is_made_used_renamed_and_removed(phone, site, width, locale):
    person("ada", "analyst")
    page = phone(width=width, locale=locale)
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    device(page)

    sign_in(page, site)
    look(page, "second-factor-off")
    press(page, "a[href$='passkeys/add/']")
    look(page, "passkey-add")
    page.fill("#id_name", "办公室电脑")
    page.locator("main button.do").click()
    page.wait_for_selector(".codes")
    look(page, "recovery-codes")
    assert page.locator(".codes li").count() == 10
    press(page, "main a[href='/account/second-factor/']")
    look(page, "second-factor-on")

    press(page, "form[action='/logout/'] button")
    sign_in(page, site)
    page.wait_for_selector("#passkey")
    look(page, "second-step")
    page.locator("#passkey button").click()
    page.wait_for_url(f"{site}/account/second-factor/")
    assert Passkey.objects.get().last_used_on is not None

    press(page, "td a")
    look(page, "passkey-name")
    page.fill("#id_name", "home")
    press(page, "main button.do")
    press(page, "form[action$='/remove/'] button")
    assert not Passkey.objects.exists()
    assert page.faults == []
    assert complaints == []
    assert list(AuditEvent.objects.order_by("number").values_list("action", flat=True)) == [
        "second_factor.add",
        "second_factor.rename",
        "second_factor.remove",
    ]


def test_a_passkey_that_another_device_holds_does_not_sign_in(phone, site):
    person("ada", "analyst")
    page = phone(locale="en")
    cdp, authenticator = device(page)
    sign_in(page, site, "/account/second-factor/passkeys/add/")
    page.fill("#id_name", "phone")
    page.locator("main button.do").click()
    page.wait_for_selector(".codes")
    code = page.locator(".codes code").first.inner_text()
    press(page, "form[action='/logout/'] button")
    cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator})
    device(page)

    sign_in(page, site)
    page.locator("#passkey button").click()
    page.get_by_text("No passkey came from the device").wait_for()
    look(page, "second-step-failed")
    page.fill("#id_code", code)
    page.get_by_role("button", name="Sign in").click()

    page.wait_for_url(f"{site}/account/second-factor/")


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("width", [360, 1200])
def test_an_app_is_set_up_from_the_page(phone, site, width, locale):
    person("ada", "analyst")
    page = phone(width=width, locale=locale)
    sign_in(page, site, "/account/second-factor/app/")
    look(page, "app")
    address = page.locator("a[href^='otpauth:']").get_attribute("href")
    secret = re.search(r"secret=(\w+)", address)[1]

    page.fill("#id_code", "000000")
    press(page, "main button.do")
    look(page, "app-wrong")
    page.fill("#id_code", totp.code_at(secret, totp.step_at(time.time())))
    press(page, "main button.do")
    page.wait_for_selector(".codes")

    page.goto(f"{site}/account/second-factor/off/")
    look(page, "off")
    page.goto(f"{site}/account/")
    look(page, "account")
    page.goto(f"{site}/account/confirm/")
    look(page, "confirm")


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("width", [360, 1200])
def test_the_wait_after_wrong_passwords_is_told(phone, site, width, locale):
    page = phone(width=width, locale=locale)
    page.goto(f"{site}/login/")
    look(page, "login")
    for _ in range(6):
        page.fill("#id_username", "ada")
        page.fill("#id_password", "wrong")
        press(page, "main button.do")

    assert re.search(r"\d", page.locator(".errors").inner_text())
    look(page, "login-wait")
    assert page.input_value("#id_username") == "ada"


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("width", [360, 1200])
def test_browsers_are_listed_for_their_owner_and_for_an_administrator(phone, site, width, locale):
    ada, chief = person("ada", "administrator"), person("bob", "analyst")
    page, other = phone(width=width, locale=locale), phone(width=width, locale=locale)
    sign_in(page, site, "/account/sessions/")
    sign_in(other, site, "/account/sessions/")
    look(other, "sessions")
    press(other, "td button")
    assert other.locator("tbody tr").count() == 1

    BrowserSession.objects.filter(user=ada).update(user=chief)
    other.goto(f"{site}/people/{chief.pk}/")
    for summary in other.locator("summary").all():
        summary.click()
    look(other, "person")
