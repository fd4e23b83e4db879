"""Every list of the back office pages, filters, sorts and searches alike, whatever it is asked."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.accounts import audit_views, people_views, token_views
from config.work import views as work_views
from inspections.assigning import views as assigning
from inspections.campaigns import site_views as sites
from inspections.campaigns import views as campaigns
from inspections.devices import views as phones
from inspections.visits import views as visits
from reports.production import views as reports
from reports.releases import views as releases
from surveys.channels import views as channels
from surveys.channels.files import views as files
from surveys.channels.telephone import views as calls
from surveys.designing import views as designing
from surveys.directory import views as directory
from surveys.monitoring import overview
from tests import many
from tests.pages import html
from tests.people import person

# address, name in the context, table, prefix, what finds row 7 and no other, what stands in it
LISTS = [
    ("/surveys/", "surveys", overview.SURVEYS, "", "satisfaction 007", "第007号满意度调查"),
    ("/questionnaires/", "uploads", designing.UPLOADS, "uploads-", "BOOK-007", "book-007.xlsx"),
    ("/questionnaires/", "versions", designing.VERSIONS, "", "Book-007", "book-007"),
    ("/companies/", "companies", directory.COMPANIES, "", "di007haojiadian", "第007号家电"),
    ("/companies/", "merged", directory.MERGED, "merged-", "lao007", "老007号家电"),
    (
        "/surveys/repairs/collectors/",
        "collectors",
        channels.COLLECTORS,
        "",
        "di007haojiadian",
        "第007号链接",
    ),
    (
        "/surveys/repairs/collectors/",
        "batches",
        channels.BATCHES,
        "batches-",
        "batch-007",
        "batch-007",
    ),
    ("/surveys/repairs/calls/", "promised", calls.PROMISED, "", "batch-007", "batch-007"),
    ("/surveys/repairs/imports/", "files", files.FILES, "", "answers-007", "answers-007.csv"),
    ("/sites/", "sites", sites.SITES, "", "第007号场所", "第007号场所"),
    ("/sites/", "merged", sites.MERGED, "merged-", "旧007号", "旧007号场所"),
    ("/campaigns/visits/sites/", "places", campaigns.PLACES, "", "第007号", "第007号场所"),
    (
        "/campaigns/visits/assignments/",
        "assignments",
        assigning.ASSIGNMENTS,
        "",
        "第007号",
        "第007号场所",
    ),
    ("/inspectors/", "inspectors", assigning.INSPECTORS, "", "person-007", "person-007"),
    ("/campaigns/", "campaigns", visits.CAMPAIGNS, "", "第007号", "第007号体察"),
    ("/campaigns/visits/", "visits", visits.VISITS, "", "第007号", "第007号场所"),
    ("/phones/", "phones", phones.TABLE, "", "phone 007", "phone 007"),
    ("/reports/", "reports", reports.REPORTS, "", "第007号", "第007号排名"),
    ("/releases/", "releases", releases.RELEASES, "", "第007号", "第007号发布"),
    ("/jobs/", "jobs", work_views.JOBS, "", "第007号排名", "第007号排名"),
    ("/tokens/", "tokens", token_views.OWN, "", "device 007", "device 007"),
    ("/tokens/", "others", token_views.OTHERS, "others-", "person-007", "person-007"),
    ("/people/", "people", people_views.PEOPLE, "", "person-007", "person-007"),
    ("/audit/", "lines", audit_views.TRAIL, "", "reason 007", "reason 007"),
]
each_list = pytest.mark.parametrize(
    ("address", "name", "table", "prefix", "text", "shown"),
    LISTS,
    ids=[f"{row[0]} {row[1]}" for row in LISTS],
)
# NUL is refused by PostgreSQL, %FF is no UTF-8, and so many digits are no number for Python
NONSENSE = [
    "%00",
    "%FF%FE",
    "-1",
    "0",
    "x" * 5000,
    "9" * 5000,
    "%27%20OR%201=1--",
    "2026-02-31",
    "0000-00-00",
    "%E0%A5%A7",
    "--number",
    "pk",
]


@pytest.fixture
def made(client, db):
    ann = person("ann")
    client.force_login(ann)
    return many.world(ann)


@each_list
def test_a_list_is_asked_for_by_page_order_and_text(
    client, made, address, name, table, prefix, text, shown
):
    many.add(made, 0, 60)

    first = client.get(address).context[name]
    second = client.get(address, {f"{prefix}page": "2"}).context[name]
    found = client.get(address, {f"{prefix}q": text})

    assert len(first.rows) == 50
    assert len(second.rows) == min(50, len(first.found) - 50)
    assert not {str(row) for row in first.rows} & {str(row) for row in second.rows}
    assert f"{prefix}page=2" in first.following
    assert len(found.context[name].rows) == 1
    # not the field that says what was looked for
    assert shown in html(found).partition(f'id="{prefix}list"')[2]
    for column in table.columns:
        for sort in (column.name, f"-{column.name}") if column.order else ():
            page = client.get(address, {f"{prefix}sort": sort})
            direction = "descending" if sort.startswith("-") else "ascending"
            head = next(h for h in page.context[name].heads if h.direction)
            assert (head.direction, page.status_code) == (direction, 200)
            assert f'aria-sort="{direction}"' in html(page)


@each_list
def test_nonsense_shows_the_first_page_and_is_never_an_error(
    client, made, address, name, table, prefix, text, shown
):
    many.add(made, 0, 1)
    asked = client.get(address).context[name]
    before = [str(row) for row in asked.rows]

    for nonsense in NONSENSE:
        for parameter in ("page", "sort"):
            page = client.get(f"{address}?{prefix}{parameter}={nonsense}")
            assert page.status_code == 200
            assert [str(row) for row in page.context[name].rows] == before
        for field in asked.fields:
            page = client.get(f"{address}?{field.name}={nonsense}")
            assert page.status_code == 200
            assert field.kind == "search" or not page.context[name].is_filtered


@each_list
def test_a_filter_is_taken_and_shown(client, made, address, name, table, prefix, text, shown):
    many.add(made, 0, 2)
    asked = client.get(address).context[name]

    for field in asked.fields:
        values = [value for value, _label in field.choices]
        for value in values or {"date": ["2026-01-02"], "search": ["no such text"]}[field.kind]:
            page = client.get(address, {field.name: value})
            assert page.status_code == 200
            assert page.context[name].given == {field.name: value}
            assert 'class="filter"' in html(page)


@each_list
def test_thirty_rows_take_as_many_queries_as_three(
    client, made, address, name, table, prefix, text, shown
):
    def queries() -> int:
        client.get(address)  # what a process reads once
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(address)
        return len(asked)

    many.add(made, 0, 3)
    of_three = queries()
    many.add(made, 3, 30)

    assert queries() == of_three


def test_what_one_list_of_a_page_is_asked_is_kept_when_the_other_is(client, made):
    many.add(made, 0, 2)

    page = client.get("/questionnaires/", {"q": "book-001", "uploads-q": "book-000"})

    assert [str(row) for row in page.context["versions"].rows] == ["book-001@1"]
    assert [str(row) for row in page.context["uploads"].rows] == ["book-000.xlsx"]
    assert ("uploads-q", "book-000") in page.context["versions"].hidden
    assert page.context["versions"].cleared == "/questionnaires/?uploads-q=book-000"


def test_visits_are_filtered_by_findings_kind_and_day(client, made):
    many.add(made, 0, 5)

    def shown(**asked) -> list[str]:
        rows = client.get("/campaigns/visits/", {"sort": "site", **asked}).context["visits"].rows
        return [row.site.name for row in rows]

    assert shown(findings="some") == ["第001号场所", "第003号场所"]
    assert shown(findings="none") == ["第000号场所", "第002号场所", "第004号场所"]
    assert shown(to="2020-01-01") == []
    assert len(shown(**{"from": "2020-01-01"})) == 5


def test_a_list_ends_where_a_posting_ends(client, made):
    many.add(made, 0, 2)
    client.force_login(person("bo", "supervisor", areas=["140200"]))

    page = client.get("/campaigns/visits/")

    assert list(page.context["visits"].rows) == []


def test_an_empty_list_says_the_next_step_to_who_may_take_it(client, db):
    client.force_login(person("ann", "supervisor"))
    assert 'href="/campaigns/new/"' in html(client.get("/campaigns/"))
    client.force_login(person("bo", "analyst"))
    assert 'href="/campaigns/new/"' not in html(client.get("/campaigns/"))


def test_the_trail_is_exported_as_it_is_filtered(client, made):
    many.add(made, 0, 3)

    sent = client.post("/audit/export/?q=reason+001%00&sort=-number&by=%00")

    rows = b"".join(sent.streaming_content).decode().splitlines()
    assert len(rows) == 2
    assert "reason 001" in rows[1]
