"""The inspector's page as a volunteer meets it: in a basement, in WeChat, with a browser that dies.

Nothing that was recorded is lost and nothing arrives twice, whatever fails and when.
"""

from __future__ import annotations

import gzip
import os
import random
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import sync_playwright

from inspections.devices import services as devices
from inspections.phone import views
from inspections.visits.models import Evidence, Visit
from tests.browser.conftest import ARGUMENTS
from tests.browser.test_fill import areas  # noqa: F401
from tests.inspections.phone.world import Phone, picture, sent_to, world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("areas")]
SHOTS = os.environ.get("MINGCHA_PHONE_SHOTS")


@pytest.fixture(autouse=True)
def _unlimited(settings):
    settings.API_RATES = {"token": None, "network": None}


@pytest.fixture
def profile(program, monkeypatch, socket_enabled, tmp_path):
    """Return a function that starts a browser whose storage outlives it."""
    chromium = program("chromium")
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    opened = []
    with sync_playwright() as playwright:

        def start(**options):
            context = playwright.chromium.launch_persistent_context(
                str(tmp_path / "profile"),
                executable_path=chromium,
                args=ARGUMENTS,
                viewport={"width": 360, "height": 760},
                locale="zh-CN",
                geolocation={"latitude": 37.87, "longitude": 112.55, "accuracy": 15},
                permissions=["geolocation"],
                **options,
            )
            opened.append(context)
            return context

        yield start
        for context in opened:
            context.close()


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page="full" in name)


def tap(page, name, value):
    page.locator(f"#q-{name} label", has=page.locator(f'input[value="{value}"]')).click()


def opened(context, live_server, token):
    """Open the page by its code, as a phone does, and wait for what is to be visited."""
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(f"{live_server.url}/i/#{token}")
    page.wait_for_selector(".card")
    return page


def begin(page):
    page.click(".card .step")
    page.wait_for_selector("form.visit")


def answer(page):
    """Answer everything that has to be answered."""
    tap(page, "repaired", "yes")
    tap(page, "company", "not_sure")
    tap(page, "speed", "8")
    tap(page, "fixed", "no")


def photograph(page, tmp_path, colour="red", name="a.jpg", size=(1200, 900)):
    """Take a photo by the button, as the camera gives it back."""
    path = tmp_path / name
    path.write_bytes(picture(size, colour))
    with page.expect_file_chooser() as chooser:
        page.locator(".proof .ways button").first.click()
    chooser.value.set_files(path)
    page.wait_for_function("n => document.querySelectorAll('.proof .file').length >= n", arg=1)
    return path.read_bytes()


def finish(page):
    page.click("#finish.ready")
    page.wait_for_selector(".cards")


def installed(page):
    """Wait until the page would open without network."""
    page.wait_for_function(
        """async () => {
          const names = await caches.keys();
          return navigator.serviceWorker.controller && names.some((name) => name.startsWith('shell-'));
        }"""
    )


def is_safe(page):
    page.wait_for_selector(".card.safe[data-state=safe]", timeout=60_000)


def test_a_visit_with_a_photo_arrives(profile, live_server, tmp_path):
    campaign, assignment, phone = world()
    sent_to(campaign, phone.owner, 1)
    page = opened(profile(), live_server, phone.token)
    shot(page, "list")
    assert phone.token not in page.url

    begin(page)
    shot(page, "visit")
    assert page.text_content("#finish").startswith("还")
    page.click("#finish")  # leads to what is missing
    assert page.locator("#q-repaired > .error").text_content()
    answer(page)
    content = photograph(page, tmp_path)
    shot(page, "visit-full")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    finish(page)
    is_safe(page)
    shot(page, "safe")

    visit = Visit.objects.get()
    evidence = visit.evidence.get()
    assert visit.uid == assignment.uid
    assert visit.response.answers["speed"] == "8"
    assert evidence.received_at
    assert (evidence.size, evidence.source) == (len(content), "camera")
    assert (evidence.latitude, evidence.longitude, evidence.datum) == (37.87, 112.55, "WGS-84")
    assert evidence.captured_at
    assert abs(visit.skew) < 60
    assert page.evaluate(
        "async (uid) => (await Store.filesOf(uid)).map((file) => file.blob)", str(visit.uid)
    ) == [None], "dropped when its hash was confirmed"
    assert page.faults == []
