"""Every list is searched, filtered, sorted and paged alike, and nonsense in an address is no error."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from config.accounts.models import User
from config.tabular.listing import PAGE, Column, Filter, Listing
from config.work.models import Job
from surveys.collection.models.survey import Survey
from tests import field

pytestmark = pytest.mark.django_db

COLUMNS = (
    Column("title", "Name", order=("title",)),
    Column("at", "When", order=("created_at",), descends=True),
    Column("state", "State"),
)
STATES = Filter("state", "State", lambda f, state: f.filter(state=state), [("done", "done")])
SINCE = Filter("from", "From", lambda f, day: f.filter(created_at__date__gte=day))
LISTS = [
    "/people/",
    "/audit/",
    "/surveys/",
    "/surveys/repairs/cleaning/",
    "/campaigns/",
    "/campaigns/visits/",
    "/reports/",
]
NONSENSE = [
    "page=²",
    "page=-1",
    "page=99999999999999999999",
    "sort=%00",
    "sort=pk",
    "sort=-",
    "q=%00",
    "state=%00",
    "kind=1'",
    "from=2023-13-45",
    "role=x&action=x&by=%00",
]


def listing(query=""):
    request = RequestFactory().get(f"/?{query}")
    found = Job.objects.order_by("pk")
    return Listing(request, found, COLUMNS, search=("title",), filters=(STATES, SINCE))


@pytest.fixture
def jobs():
    for i in range(PAGE + 5):
        Job.objects.create(title=f"{i:03d}", state="done" if i % 2 else "failed")


def titles(query):
    return [job.title for job in listing(query).page]


def test_a_list_shows_a_page_in_its_usual_order(jobs):
    assert titles("") == [f"{i:03d}" for i in range(PAGE)]
    assert titles("page=2") == [f"{i:03d}" for i in range(PAGE, PAGE + 5)]
    assert titles("page=9") == titles("page=2")


def test_it_is_searched_filtered_and_sorted(jobs):
    assert titles("q=01") == ["001", *(f"{i:03d}" for i in range(10, 20))]
    assert titles("q=01&state=done&sort=-title") == ["019", "017", "015", "013", "011", "001"]
    assert titles("from=2999-01-01") == []


def test_a_head_sorts_and_a_second_click_turns_the_order(jobs):
    first, second, third = listing("state=done&page=1").heads
    assert parse_qs(first.address) == {"state": ["done"], "sort": ["title"]}
    assert parse_qs(second.address)["sort"] == ["-at"]
    assert third.address == ""

    first = listing("sort=title").heads[0]
    assert (first.direction, parse_qs(first.address)) == ("ascending", {"sort": ["-title"]})
    first = listing("sort=-title").heads[0]
    assert (first.direction, parse_qs(first.address)) == ("descending", {"sort": ["title"]})


def test_an_address_keeps_what_was_understood_and_nothing_else(jobs):
    said = listing("q=0&state=done&state2=x&from=x&sort=title&page=2&csrf=1")

    assert parse_qs(said.kept) == {"q": ["0"], "state": ["done"], "sort": ["title"]}


@pytest.mark.parametrize("query", NONSENSE)
def test_nonsense_in_an_address_filters_and_sorts_nothing(jobs, query):
    assert listing(query).page.paginator.count == PAGE + 5


@pytest.fixture
def office(client):
    field.survey()
    field.campaign()
    client.force_login(User.objects.create_superuser("chief"))
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize("query", NONSENSE)
@pytest.mark.parametrize("address", LISTS)
def test_no_list_breaks_on_nonsense(office, address, query):
    assert office.get(f"{address}?{query}").status_code == 200


@pytest.mark.parametrize("address", ["/people/", "/audit/", "/surveys/", "/campaigns/"])
def test_every_head_of_a_list_can_be_followed(office, address):
    page = office.get(address).content.decode()

    heads = re.findall(r'class="sort" href="([^"]*)"', page)
    assert heads
    for head in heads:
        again = office.get(address + head.replace("&amp;", "&")).content.decode()
        assert again.count('aria-sort="') == 1


def test_a_search_that_finds_nothing_says_so_and_leads_back(office):
    page = office.get("/surveys/?q=nothing-of-this-name").content.decode()

    assert "Nothing fits." in page
    assert '<a href="?">Show all</a>' in page


def test_a_longer_list_asks_the_database_no_more(office):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            office.get("/surveys/")
        return len(asked)

    one = queries()
    version = Survey.objects.first().version
    for i in range(12):
        Survey.objects.create(
            slug=f"more-{i}", title_zh="维修", organiser_zh="示例协会", version=version
        )

    assert queries() == one
