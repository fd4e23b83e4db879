"""Lists as they are looked at: on a phone and on a desk, in both languages, by keyboard alone."""

from __future__ import annotations

import pytest

from tests import many
from tests.browser.test_access import serious
from tests.people import person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("areas")]

ADDRESSES = [
    "/",
    "/surveys/",
    "/questionnaires/",
    "/companies/",
    "/surveys/repairs/collectors/",
    "/surveys/repairs/calls/",
    "/surveys/repairs/imports/",
    "/campaigns/",
    "/campaigns/visits/",
    "/reports/",
    "/tokens/",
    "/people/",
    "/audit/",
]


@pytest.fixture
def signed_in(phone, live_server, client):
    """Return a function that opens a page of somebody who may see every list, each with rows."""
    ann = person("ann")
    client.force_login(ann)
    many.add(many.world(ann), 0, 55)

    def open_page(**options):
        page = phone(**options)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
        page.context.add_cookies([{**cookie, "url": live_server.url}])
        return page

    return open_page


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("width", [360, 1200])
def test_lists_are_readable_and_nothing_serious_is_found(signed_in, live_server, width, locale):
    page = signed_in(width=width, locale=locale)

    for address in ADDRESSES:
        page.goto(f"{live_server.url}{address}")
        assert page.locator(".list tbody tr").count() > 0, address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert serious(page) == [], address


def test_a_list_is_searched_sorted_and_paged_by_keyboard(signed_in, live_server):
    page = signed_in(width=1200, locale="en")
    page.goto(f"{live_server.url}/companies/")
    page.get_by_role("link", name="Key").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=key**")
    page.get_by_role("link", name="Next page").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**page=2**")
    page.locator("#filter-q").focus()
    page.keyboard.type("di007hao")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=di007hao**")

    assert page.locator("#list tbody tr").count() == 1
    assert page.locator("#list th[aria-sort=ascending]").inner_text().startswith("Key")
    page.get_by_role("link", name="Clear").first.click()
    assert page.locator("#list tbody tr").count() == 50
