"""An address that only takes a form, opened by a person or asked for by a program."""

from __future__ import annotations

import pytest

from config.console.not_allowed import page_above
from tests import field
from tests.pages import html
from tests.people import person

pytestmark = pytest.mark.django_db

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def office(client):
    client.force_login(person("ann"))
    return client


@pytest.mark.parametrize(
    ("path", "above"),
    [
        ("/surveys/repairs/open/", "/surveys/repairs/"),
        ("/campaigns/visits/record/", "/campaigns/visits/"),
        ("/collectors/abc/switch/", "/"),
        ("/s/repairs/thanks/4J7K/contact/", "/s/repairs/thanks/4J7K/"),
        ("/nothing", "/"),
        ("/", "/"),
    ],
)
def test_the_page_above_is_the_nearest_that_there_is(path, above):
    assert page_above(path) == above


def test_a_person_reads_what_happened_and_goes_on_from_there(office):
    field.survey()

    page = office.get("/surveys/repairs/open/", headers=BROWSER)

    assert page.status_code == 405
    assert page["Allow"] == "POST"
    assert "这个地址不能这样打开" in html(page)
    assert "This address cannot be opened like this" in html(page)
    assert html(page).count('href="/surveys/repairs/"') == 2
    assert office.get("/surveys/repairs/").status_code == 200
    assert 'href="/"' in html(page)


def test_a_respondent_is_not_sent_to_the_back_office(client):
    response = field.send(field.survey(asks_contact=True))

    page = client.get(f"/s/repairs/thanks/{response.receipt}/contact/", headers=BROWSER)

    assert page.status_code == 405
    assert f'href="/s/repairs/thanks/{response.receipt}/"' in html(page)
    assert 'href="/"' not in html(page)


@pytest.mark.parametrize(
    "headers", [{"Accept": "application/json"}, {**BROWSER, "HX-Request": "true"}]
)
def test_a_program_has_the_bare_answer(office, headers):
    field.survey()

    answer = office.get("/surveys/repairs/open/", headers=headers)

    assert answer.status_code == 405
    assert answer.content == b""
