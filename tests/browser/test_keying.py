"""A sheet keyed by the keyboard alone: whole codes move on, a wrong one stays and says so."""

from __future__ import annotations

import pytest

from surveys.channels.paper import services as paper
from surveys.channels.paper.models import Keying
from surveys.companies.models import Company
from tests import field
from tests.people import person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("areas")]


@pytest.fixture
def page(phone, live_server, client):
    """Return the page on which ada keys the first form of a survey, and the survey."""
    survey = field.survey()
    paper.number_forms(survey=survey, count=1)
    client.force_login(person("ada"))
    opened = phone(width=1200)
    opened.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    opened.goto(f"{live_server.url}/surveys/repairs/keying/")
    return opened


def at(page):
    return page.evaluate("document.activeElement.name")


def test_enter_after_a_whole_code_passes_over_no_question(page):
    page.keyboard.type(paper.serial(1))
    page.keyboard.press("Enter")

    page.keyboard.type("1")  # moves on by itself
    page.keyboard.press("Enter")  # and belongs to that code
    assert at(page) == "problems"
    assert "再按一次" in page.locator("#say").text_content()
    page.keyboard.press("Enter")  # now it is left blank

    assert at(page) == "company"
    assert page.faults == []


def test_a_company_is_found_by_its_name_while_it_is_typed(page):
    page.locator("[name=company]").focus()
    assert not page.locator(".company-codes li").first.is_visible()

    code = str(Company.objects.get(key="elm").pk)
    page.keyboard.type("yu")  # 榆树电器

    assert [
        row.strip() for row in page.locator(".company-codes li:visible").all_text_contents()
    ] == [f"{code} 榆树电器"]
    page.keyboard.press("Enter")
    assert at(page) == "company", "no code yet"
    page.locator("[name=company]").fill(code)
    page.keyboard.press("Enter")
    assert at(page) == "speed", "who wrote another one is passed over"
    page.locator("[name=company]").fill("００")
    page.keyboard.press("Enter")
    assert at(page) == "company_other"


def test_without_script_enter_sends_no_form_half_keyed(phone, live_server, client):
    survey = field.survey()
    paper.number_forms(survey=survey, count=1)
    client.force_login(person("ada"))
    opened = phone(width=360, javascript=False)
    opened.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    opened.goto(f"{live_server.url}/surveys/repairs/keying/")
    opened.locator("[name=serial]").fill(paper.serial(1))

    opened.keyboard.press("Enter")
    assert opened.locator("[name=serial]").input_value() == paper.serial(1)
    assert not Keying.objects.exists()
    opened.locator("[name=speed]").fill("9")
    opened.locator("#keying button.do").click()

    assert Keying.objects.get().answers == {"speed": "9"}


def test_a_sheet_is_keyed_without_touching_the_mouse(phone, live_server, client):
    survey = field.survey()
    paper.number_forms(survey=survey, count=1)
    client.force_login(person("ada"))
    page = phone(width=1200)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/surveys/repairs/keying/")

    page.keyboard.type(paper.serial(1))
    page.keyboard.press("Enter")
    page.keyboard.type("7")  # no such code: it stays
    assert page.locator("#say").text_content().split() == ["1", "修过吗？:", "没有这个代码"]
    page.keyboard.press("Backspace")
    page.keyboard.type("1")  # moves on by itself
    page.keyboard.type("1 2")
    page.keyboard.press("Enter")
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    page.keyboard.type("2")
    page.keyboard.type("5")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".message")

    kept = Keying.objects.get()
    wanted = {
        "repaired": "yes",
        "problems": ["price", "late"],
        "company": "not_sure",
        "speed": "10",
        "fixed": "no",
    }
    assert kept.answers == {**wanted, "hours": "5"}
    assert 0 < kept.seconds < 60
    assert page.faults == []
