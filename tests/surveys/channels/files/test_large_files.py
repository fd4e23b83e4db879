"""A large file of answers: read by the worker, looked at from what it left, never by the page."""

from __future__ import annotations

import pandas as pd
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from config.tabular import tables
from config.tabular.writers import workbook, worksheet
from config.work import jobs
from config.work.models import FileReading, Job
from surveys.channels.files import services as imports
from surveys.channels.files.outline import from_json, outline_of
from tests import field
from tests.pages import html
from tests.people import person
from tests.surveys.channels.files.test_pages import HEADER, ROWS, form_of, looked, run_jobs

pytestmark = pytest.mark.django_db(transaction=True)
AT = "/surveys/repairs/imports/"


@pytest.fixture
def office(client, monkeypatch):
    """Sign in; whatever is longer than some rows is large here."""
    monkeypatch.setattr(tables, "LARGE", 200)
    client.force_login(person("ada"))
    client.cookies["django_language"] = "en"
    field.survey()
    return client


def sent(office, text=HEADER + ROWS):
    return office.post(AT, {"answers": SimpleUploadedFile("答卷.csv", text.encode())}).url


def read():
    imports.read_for_a_look.func(FileReading.objects.get().pk, "en")


def test_a_large_file_is_read_by_the_worker_alone(office, monkeypatch):
    def no_page_may(*_args, **_options):
        raise AssertionError

    monkeypatch.setattr(imports, "table_of", no_page_may)
    at = sent(office)
    page = office.get(at)
    assert "it is read in the background" in html(page)
    assert 'hx-trigger="every 1s"' in html(page)
    assert Job.objects.get().state == "waiting"

    monkeypatch.undo()
    monkeypatch.setattr(tables, "LARGE", 200)
    read()
    monkeypatch.setattr(imports, "table_of", no_page_may)

    assert office.get(at, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    page = office.get(at)
    assert [row["flaws"] != [] for row in page.context["preview"]] == [True, False, True]
    page = looked(office, at, {**form_of(page), "choice:fixed:0": "no"})
    assert [row["flaws"] != [] for row in page.context["preview"]] == [False, False, True]
    assert office.post(at, {**form_of(page), "go": "take"}).status_code == 302


def test_the_worker_takes_in_what_was_looked_at(office):
    at = sent(office)
    run_jobs()
    taken = office.post(at, {**form_of(office.get(at)), "choice:fixed:0": "no", "go": "take"})
    assert "Accepted" in html(office.get(taken.url))

    run_jobs()

    assert office.get(taken.url).context["accepted"] == 2


def test_stopped_in_the_middle_it_fails_with_a_button(office):
    at = sent(office)
    Job.objects.update(state="running")
    jobs.sweep("a worker")
    page = office.get(at)
    assert "Read it again" in html(page)
    assert "the program was stopped" in html(page)

    office.post(at, {"go": "again"})

    assert Job.objects.get().state == "waiting"
    read()
    assert "Take in 3 rows" in html(office.get(at))


def test_what_is_wrong_with_it_is_said_by_row(office):
    at = sent(office, HEADER + ROWS + "4,2026\n")

    read()

    assert "row 5: has 2 cells, the header has 8" in html(office.get(at))


def test_one_that_nobody_began_to_read_has_a_button(office):
    at = sent(office)
    Job.objects.all().delete()

    assert "Read it" in html(office.get(at))
    office.post(at, {"go": "again"})

    assert Job.objects.get().state == "waiting"


def test_an_outline_is_kept_as_it_is():
    table = imports.table_of((HEADER.strip() + ",\n" + ROWS.replace("\n", ",\n")).encode(), "a.csv")

    outline = outline_of(table)

    assert from_json(outline.as_json()) == outline
    assert outline.rows == 3
    assert outline.cells["4、速度"] == {"8": 1, "(跳过)": 1, "十一": 1}
    assert "" not in outline.columns  # a column without heading can answer nothing


def test_a_workbook_is_as_large_as_it_unpacks():
    rows = pd.DataFrame({"a": ["the same words"] * 40_000})
    content = workbook([worksheet("a", rows)])

    assert len(content) < tables.LARGE
    assert tables.is_large(content)
    assert not tables.is_large(b"a\n" * 1000)
