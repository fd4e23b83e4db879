"""A sheet keyed by the keyboard alone: whole codes move on, a wrong one stays and says so."""

from __future__ import annotations

import pytest

from surveys.channels.paper import services as paper
from surveys.channels.paper.models import Keying
from tests import field
from tests.people import person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("areas")]


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
