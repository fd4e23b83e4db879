"""The page as a person with a phone meets it: tapped through at 360 px, with and without
JavaScript.
"""

from __future__ import annotations

import time

import pytest

from surveys.collection.models.draft import Draft
from tests import field

pytestmark = pytest.mark.django_db(transaction=True)


def tap(page, name, value):
    page.locator(f"#q-{name} label", has=page.locator(f'input[value="{value}"]')).click()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_person_fills_in_the_survey(phone, live_server, javascript, areas):
    survey = field.survey()
    page = phone(javascript=javascript)

    page.goto(f"{live_server.url}/s/repairs/")
    page.click("button.next")  # the notice
    page.click("button.next")
    assert page.locator(".errors li").count() == 2
    tap(page, "repaired", "yes")
    tap(page, "problems", "late")
    page.click("button.next")
    tap(page, "company", "ash")
    tap(page, "speed", "8")
    page.click('button[value="en"]')
    assert page.locator("#q-speed input[value='8']").is_checked()
    tap(page, "fixed", "yes")
    page.fill("[name=comment]", "很好")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.click("button.next")

    assert "Your answers have arrived" in page.text_content("h1")
    response = survey.responses.get()
    assert response.answers["speed"] == "8"
    assert response.answers["comment"] == "很好"
    assert page.faults == []


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_back_and_reload_show_what_was_answered_and_send_nothing_again(
    phone, live_server, javascript, areas
):
    survey = field.survey()
    page = phone(javascript=javascript)
    page.goto(f"{live_server.url}/s/repairs/")
    page.click("button.next")  # the notice
    page.click("button.next")  # a fault, which has an address too
    tap(page, "repaired", "yes")
    tap(page, "problems", "late")
    page.click("button.next")
    assert page.locator("#q-company").count() == 1

    page.go_back()
    page.go_back()

    assert page.locator("#q-repaired input[value='yes']").is_checked()
    page.reload()
    assert page.locator("#q-repaired input[value='yes']").is_checked()
    page.click("button.next")
    tap(page, "company", "ash")
    tap(page, "speed", "8")
    tap(page, "fixed", "yes")
    page.click("button.next")
    assert survey.responses.count() == 1


def test_reloading_keeps_what_was_typed_and_not_sent(phone, live_server, areas):
    field.survey()
    page = phone(javascript=True)
    page.goto(f"{live_server.url}/s/repairs/")
    page.click("button.next")
    tap(page, "repaired", "yes")
    tap(page, "problems", "late")

    page.reload()
    page.wait_for_selector("#q-repaired input[value='yes']:checked")

    assert page.locator("#q-problems input[value='late']").is_checked()


def test_without_network_nothing_is_lost_and_it_is_sent_when_there_is_one(
    phone, live_server, areas
):
    field.survey()
    page = phone(javascript=True)
    page.goto(f"{live_server.url}/s/repairs/")
    page.click("button.next")
    tap(page, "repaired", "yes")
    tap(page, "problems", "late")

    page.context.set_offline(True)
    page.click("button.next")

    assert page.locator("#offline").is_visible()
    assert page.locator("#q-repaired input[value='yes']").is_checked()
    page.context.set_offline(False)
    page.wait_for_selector("#q-company")


def test_with_javascript_none_stands_alone_and_a_conflict_is_said_while_typing(
    phone, live_server, areas
):
    field.survey()
    page = phone()

    page.goto(f"{live_server.url}/s/repairs/?lang=en")
    page.click("button.next")
    tap(page, "problems", "none")
    tap(page, "problems", "late")
    assert not page.locator("#q-problems input[value=none]").is_checked()
    tap(page, "repaired", "yes")
    page.click("button.next")
    page.fill("[name=hours]", "-3")
    assert page.text_content("#e-hours") == "Not below 0"
    page.fill("[name=hours]", "3")
    assert page.text_content("#e-hours") == ""


def test_what_was_tapped_is_kept_when_the_page_goes_out_of_sight(phone, live_server, areas):
    """A call comes in the middle of a section: the same address shows what was answered, nothing
    was sent.
    """
    survey = field.survey()
    page = phone()
    page.goto(f"{live_server.url}/s/repairs/")
    page.click("button.next")
    sheet = page.url
    tap(page, "repaired", "yes")

    page.goto(f"{live_server.url}/withdraw/")
    wait_until(lambda: Draft.objects.filter(survey=survey).exists())
    page.goto(sheet)

    assert page.locator("#q-repaired input[value='yes']").is_checked()
    assert Draft.objects.get().answers["repaired"] == "yes"
    assert survey.responses.count() == 0


def wait_until(holds, seconds=60.0):
    """Wait for what the server does on its own time."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
