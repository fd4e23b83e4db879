"""Forms of the back office with everything wrong: what is wrong is said at its field, axe finds
nothing serious, and nothing is wider than the screen.
"""

from __future__ import annotations

import pytest
from django.urls import reverse

from config.accounts.models import User
from tests import office
from tests.browser.test_access import serious

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("areas")]

# the page, and the form on it by the address that it is sent to
FORMS = [
    ("collectors", "collector-add"),
    ("collectors", "paper"),
    ("collectors", "invite"),
    ("targets", "targets"),
    ("calls", "call-next"),
    ("call", "call"),
    ("keying", "keying"),
    ("settle", "settle"),
    ("imports", "imports"),
    ("questionnaires", "upload-new"),
    ("version", "survey-new"),
    ("companies", "companies"),
    ("company", "company"),
    ("company", "company-merge"),
    ("visit-record", "visit-record"),
    ("campaign-new", "campaign-new"),
    ("report-new", "report-new"),
    ("tokens", "tokens"),
    ("person-invite", "person-invite"),
    ("person", "person-leave"),
]
EMPTY = """
address => {
  let sent;
  for (const form of document.querySelectorAll("main form[method=post]"))
    if (!sent && form.querySelector(".field, fieldset, .keyed") && new URL(form.action).pathname === address) {
      form.noValidate = true;
      for (const field of form.querySelectorAll(
        "input[type=text], input[type=number], input[type=datetime-local], textarea"
      )) field.value = "";
      for (const field of form.querySelectorAll("select")) field.value = "";
      for (const field of form.querySelectorAll("input:checked")) field.checked = false;
      if (form.elements.number) form.elements.number.value = "77";
      sent = form;
    }
  sent.querySelector("button.do, button.plain").click();
}
"""


@pytest.fixture
def desk(phone, live_server, client):
    """Return a function that opens a page of the office at a width, in a language."""
    chief = User.objects.create_superuser("chief", password="a-long-password")
    parts = office.build(chief)
    client.force_login(chief)

    def opened(name: str, width: int, locale: str):
        page = phone(width=width, locale=locale)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
        page.context.add_cookies([{**cookie, "url": live_server.url}])
        page.goto(live_server.url + reverse(name, args=parts.get(name, [])))
        return page

    opened.parts = parts
    return opened


@pytest.mark.parametrize(("width", "locale"), [(360, "zh-CN"), (1200, "en")])
def test_a_form_that_is_sent_empty_says_what_is_wrong(desk, width, locale):
    for name, sent_to in FORMS:
        page = desk(name, width, locale)
        address = reverse(sent_to, args=desk.parts.get(sent_to, []))

        with page.expect_navigation():
            page.evaluate(EMPTY, address)

        assert page.locator(".errors.summary[role=alert]").count() == 1, sent_to
        wrong = page.locator("main [aria-describedby$=_error]").first
        text = page.locator(f"[id='{wrong.get_attribute('aria-describedby').split()[-1]}']")
        assert text.inner_text().strip(), sent_to
        assert wrong.is_visible(), sent_to
        assert serious(page) == [], sent_to
        assert page.evaluate("document.documentElement.scrollWidth") <= width, sent_to
        page.context.close()


def test_a_button_that_is_clicked_twice_sends_the_form_once(desk):
    page = desk("collectors", 1200, "en")
    page.get_by_text("Add one").click()
    form = page.locator("form", has=page.locator("#collector-kind"))
    form.locator("#collector-name_zh").fill("乙")
    sent = []
    page.route(
        "**/collectors/add/", lambda route: sent.append(route)
    )  # held, as by a server that takes its time

    form.get_by_role("button").evaluate(
        "button => [0, 100].forEach(wait => setTimeout(() => button.click(), wait))"
    )
    page.wait_for_timeout(400)

    assert len(sent) == 1
