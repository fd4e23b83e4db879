"""Whoever cannot see or tap: axe finds nothing serious, the keyboard is enough, large text
breaks nothing.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from surveys.collection.models.invitation import Invitation
from tests import field
from tests.people import person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("areas")]

WECHAT = "Mozilla/5.0 (Linux; Android 9; zh-cn) AppleWebKit/537.36 Chrome/69.0 Mobile MicroMessenger/7.0.1 NetType/3G"
PAGES = (
    "",
    "fieldwork/",
    "targets/",
    "collectors/",
    "calls/",
    "calls/1/",
    "imports/",
    "cleaning/",
    "responses/RESPONSE/",
)
ADDRESSES = [
    *(f"/surveys/repairs/{page}" for page in PAGES),
    "/companies/",
    "/companies/ash/",
    "/people/",
    "/people/invite/",
    "/account/",
]


def serious(page):
    return [
        (found["id"], node["html"][:120])
        for found in Axe().run(page).response["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_axe_finds_nothing_serious_on_the_way_of_a_respondent(phone, live_server, language):
    field.survey(asks_contact=True)
    page = phone()
    page.goto(f"{live_server.url}/s/repairs/?lang={language}")
    assert serious(page) == []
    page.click("button.next")
    assert serious(page) == []
    page.click("footer button.next")
    assert page.locator(".errors").count() == 1
    assert serious(page) == []
    page.check("#q-repaired input[value=no]", force=True)
    page.check("#q-problems input[value=late]", force=True)
    page.click("footer button.next")
    assert page.locator("output").count() == 1
    assert serious(page) == []
    page.goto(f"{live_server.url}/withdraw/?lang={language}")
    assert serious(page) == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing_serious_in_the_back_office(phone, live_server, client, address):
    survey = field.survey()
    response = field.send(survey)
    Invitation.objects.create(pk=1, survey=survey, batch="june", number=1, token_sha256="x")
    client.force_login(person("ada"))
    page = phone()
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

    page.goto(f"{live_server.url}{address.replace('RESPONSE', str(response.uid))}")

    assert page.locator("h1").count() == 1
    assert serious(page) == []


@pytest.mark.parametrize("width", [360, 1200])
def test_axe_finds_nothing_serious_on_the_way_of_an_invited_person(
    phone, live_server, client, width
):
    field.survey()
    client.force_login(person("chief", "administrator"))
    page = phone(width=width, locale="en")
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([{**cookie, "url": live_server.url}])

    def look():
        assert serious(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.goto(f"{live_server.url}/people/invite/")
    look()
    page.fill("#id_username", "ada")
    page.fill("#id_name", "Ada")
    page.check("#id_everywhere")
    page.get_by_label("Analyst").check()
    page.get_by_role("button", name="Make the link").click()
    look()
    address = page.locator("input.address").input_value()
    page.get_by_role("link", name="To the person").click()
    page.get_by_text("Leaves the association").click()
    look()
    page.context.clear_cookies()
    page.goto(address)
    look()
    page.fill("#id_password", "a-quite-long-password")
    page.fill("#id_again", "a-quite-long-password")
    page.get_by_role("button", name="Set the password").click()
    look()

    assert page.url == f"{live_server.url}/login/"


def test_the_keyboard_is_enough(phone, live_server):
    survey = field.survey()
    page = phone()
    page.goto(f"{live_server.url}/s/repairs/?lang=en")
    page.locator("footer button.next").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#q-repaired")
    page.locator("#q-repaired input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("footer button.next").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("output")

    assert survey.responses.get().answers == {"repaired": "no", "problems": ["price"]}


def test_twice_as_large_text_still_fits_a_small_phone(phone, live_server):
    field.survey()
    page = phone()
    page.goto(f"{live_server.url}/s/repairs/?lang=en")
    page.click("button.next")
    page.evaluate("document.documentElement.style.fontSize = '34px'")

    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_wechat_without_service_worker_and_database_fills_it_in(phone, live_server):
    survey = field.survey()
    page = phone(user_agent=WECHAT, service_workers="block")
    page.add_init_script(
        "delete window.indexedDB; Object.defineProperty(window, 'localStorage', {get()"
        " { throw 0 }})"
    )
    page.goto(f"{live_server.url}/s/repairs/")
    page.click("button.next")
    page.context.clear_cookies()
    page.check("#q-repaired input[value=no]", force=True)
    page.check("#q-problems input[value=late]", force=True)
    page.click("footer button.next")

    page.wait_for_selector("output")
    assert survey.responses.count() == 1
