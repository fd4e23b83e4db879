"""The pages of the API: a token made and copied, the document read and an operation tried, with
nothing from another host and no script inside a page.
"""

from __future__ import annotations

import pytest

from config.accounts.models import ApiToken
from tests import field
from tests.browser.test_access import serious
from tests.people import person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("areas")]


@pytest.fixture
def desk(phone, live_server, settings):
    """Return a wide page on which somebody is signed in, with what it complains about and asks
    for.
    """
    settings.API_RATES = {"token": None, "network": None}
    person("ann", "analyst")
    page = phone(width=1100, locale="en-US")
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(f"{live_server.url}/login/?next=/tokens/")
    page.fill("#id_username", "ann")
    page.fill("#id_password", "a-long-password")
    page.click("button.do")
    return page


def test_a_token_is_made_shown_once_and_revoked(desk, live_server):
    desk.fill("#id_name", "tablet")
    desk.click("button.do")
    assert desk.locator("#token").inner_text().startswith("mc_")
    assert serious(desk) == []

    desk.goto(f"{live_server.url}/tokens/")
    assert desk.locator("#token").count() == 0
    desk.get_by_role("button", name="Revoke").click()

    assert ApiToken.objects.get().revoked_at
    assert desk.get_by_role("button", name="Revoke").count() == 0


def test_the_document_is_read_and_tried_within_the_own_house(desk, live_server):
    field.survey()

    desk.get_by_role("link", name="What the API offers").click()
    desk.locator("#operations-surveys-surveys button").first.click()
    desk.get_by_role("button", name="Try it out").click()
    desk.get_by_role("button", name="Execute").click()
    desk.locator(".live-responses-table").wait_for()

    assert '"slug": "repairs"' in desk.locator(".live-responses-table").inner_text()
    assert all(url.startswith((live_server.url, "data:")) for url in desk.asked)
    assert [text for text in desk.said if "Content Security" in text] == []
    assert desk.faults == []
