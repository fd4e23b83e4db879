"""A file of answers through the pages: looked at, read another way, taken in as a job, what
became of each row.
"""

from __future__ import annotations

import csv
import io
import os

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tasks_db.models import DBTaskResult

from config.storage import files
from config.tabular import tables
from config.work.models import Job
from surveys.channels.files import mapping
from surveys.channels.files import services as imports
from surveys.channels.files.reading import seconds_of
from surveys.collection.models.response import ImportedFile, Response
from tests import field
from tests.pages import html
from tests.people import person

HEADER = (
    "序号,提交答卷时间,所用时间,1、修过吗？,2、有什么“问题”？,3、哪家公司？,4、速度,5、修好了吗？\n"
)
ROWS = (
    "1,2026/11/20 10:00:00,93秒,是,价格┋太晚,白蜡电器,8,没修好\n"
    "2,2026/11/20 11:00:00,1分5秒,否,没有,(跳过),(跳过),(跳过)\n"
    "3,2026/11/20 12:00:00,,是,价格,街口维修部,十一,否\n"
)


@pytest.fixture
def office(client):
    client.force_login(person("ada"))
    return client


def sent(office, text=HEADER + ROWS, name="答卷.csv"):
    """Choose a file, and return the address where it is looked at."""
    return office.post(
        "/surveys/repairs/imports/", {"answers": SimpleUploadedFile(name, text.encode())}
    ).url


def form_of(page):
    """Return what the form on the page would send."""
    return {bound.html_name: bound.value() or "" for bound in page.context["form"]}


def looked(office, at, form):
    """Look again, and return the page that the browser is led to."""
    led = office.post(at, {**form, "go": "look"})
    assert led.status_code == 302
    return office.get(led.url)


def run_jobs():
    """Do what the worker would do."""
    for waiting in DBTaskResult.objects.all():
        waiting.task.func(*waiting.args_kwargs["args"])
        waiting.delete()


@pytest.mark.django_db(transaction=True)
def test_a_file_is_looked_at_mended_and_taken_in(office):
    survey = field.survey()
    at = sent(office)
    page = office.get(at)
    shown = page.content.decode()
    assert "没修好" in shown  # a spelling that no choice has
    assert [row["flaws"] != [] for row in page.context["preview"]] == [True, False, True]
    assert Response.objects.count() == 0

    page = looked(office, at, {**form_of(page), "choice:fixed:0": "no"})
    assert [row["flaws"] != [] for row in page.context["preview"]] == [False, False, True]

    taken = office.post(at, {**form_of(page), "go": "take"})
    assert Job.objects.get().state == "waiting"
    run_jobs()
    assert Job.objects.get().state == "done"
    page = office.get(taken.url)
    assert (page.context["accepted"], page.context["rejected"]) == (2, 1)
    assert "十一" in page.content.decode()
    rows = list(
        csv.reader(office.get(f"{taken.url}results.csv").content.decode("utf-8-sig").splitlines())
    )
    assert [row[0] for row in rows[1:]] == ["2", "3", "4"]
    first, second = survey.responses.filter(status="accepted")
    assert [(r.submitted_at - r.started_at).total_seconds() for r in (first, second)] == [93, 65]
    assert first.answers["fixed"] == "no"


@pytest.mark.django_db(transaction=True)
def test_the_next_file_is_read_as_the_last_one(office):
    field.survey()
    at = sent(office)
    form = {**form_of(office.get(at)), "choice:fixed:0": "no", "go": "take"}
    office.post(at, form)
    run_jobs()
    next_file = sent(office, HEADER + ROWS.replace("1,2026", "7,2026", 1).replace("十一", "9"))
    page = office.get(next_file)
    assert page.context["is_kept"]
    assert [row["flaws"] for row in page.context["preview"]] == [[], [], []]
    office.post(next_file, {**form_of(page), "go": "take"})
    run_jobs()
    # row 3 was mended in the next file: what it says now takes the place of what was rejected
    assert sorted(Response.objects.values_list("status", "row")) == [
        ("accepted", 2),
        ("accepted", 2),
        ("accepted", 3),
        ("accepted", 4),
        ("rejected", 4),
    ]
    assert Response.objects.get(status="rejected").corrections.get().answers["speed"] == "9"
    assert ImportedFile.objects.count() == 2


@pytest.mark.django_db
def test_of_several_answers_in_a_cell_the_unknown_one_is_told_apart(office):
    field.survey()
    at = sent(office, HEADER + ROWS.replace("价格┋太晚", "价格┋迟到"))
    form = form_of(office.get(at))
    assert form["cell:problems:0"] == "迟到"
    page = office.get(at)
    assert ("街口维修部", 1) in next(
        line.as_written
        for line in page.context["form"].lines
        if line.column.name == "column:company"
    )
    page = looked(office, at, {**form, "choice:problems:0": "late", "choice:fixed:0": "no"})
    assert "价格、太晚" in page.content.decode()
    assert page.context["preview"][0]["flaws"] == []


@pytest.mark.django_db
def test_a_column_read_by_nothing_is_said_and_one_of_another_file_is_not_taken(office):
    field.survey()
    at = sent(office, HEADER.replace("4、速度", "快慢") + ROWS)
    page = office.get(at)
    assert page.context["unused"] == ["快慢"]
    chosen = {**form_of(page), "column:speed": "快慢"}
    assert looked(office, at, chosen).context["unused"] == []
    wrong = office.post(at, {**chosen, "aside:psu": "nowhere", "go": "take"})
    assert wrong.status_code == 422
    assert list(wrong.context["form"].errors) == ["aside:psu"]
    assert form_of(wrong)["column:speed"] == "快慢"
    assert ImportedFile.objects.count() == 0


@pytest.mark.django_db
def test_what_a_mapping_says_and_the_page_does_not_show_stays(office):
    survey = field.survey()
    text = "no,day,problems,speed\n1,20.11.2026,价格/太晚,8\n"
    kept = mapping.parse(
        b"mode: online\nid: no\ntime: day\ntime_format: '%d.%m.%Y'\nquestions:\n"
        b"  problems: {column: problems, separator: /}\n",
        "m.yaml",
        survey.version.questionnaire,
    )
    imports.take_in(survey=survey, content=text.encode(), name="a.csv", mapping=kept)
    at = sent(office, text.replace("8", "9"))

    made = office.post(at, {**form_of(office.get(at)), "column:speed": "speed", "go": "take"})

    assert made.status_code == 302
    read = mapping.from_json(ImportedFile.objects.latest("pk").mapping, "b.csv")
    assert read.time_format == "%d.%m.%Y"
    assert [(c.question, c.separator) for c in read.questions] == [
        ("problems", "/"),
        ("speed", None),
    ]


def book_of(**sheets):
    """Return a workbook; rows by the name of their worksheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.django_db(transaction=True)
def test_a_file_with_days_before_months_is_read_so_and_shown(office):
    field.survey()
    rows = ROWS.replace("2026/11/20 10", "3/11/2026 10").replace("2026/11/20 11", "13/11/2026 11")
    at = sent(office, HEADER + rows)
    page = office.get(at)
    days = [row["at"].strftime("%m-%d") for row in page.context["preview"]]
    assert days == ["11-03", "11-13", "11-20"]
    form = form_of(page)
    assert form["days_first"] is True

    page = looked(office, at, {**form, "days_first": ""})

    assert [row["at"].strftime("%m-%d") for row in page.context["preview"]][0] == "03-11"


@pytest.mark.django_db
def test_rows_without_a_number_are_known_by_what_they_say(office):
    survey = field.survey()
    text = "mode: online\nid: no\ndate: 2026-11-20\nquestions:\n  repaired: {column: r}\n"
    text += "  problems: {column: p}\n"
    read = mapping.parse(text.encode(), "m.yaml", survey.version.questionnaire)

    def outcomes(rows):
        content = ("no,r,p,x\n" + rows).encode()
        found = imports.take_in(survey=survey, content=content, name="a.csv", mapping=read)
        return [result.outcome for result in found]

    assert outcomes("1,否,没有,a\n,否,没有,b\n,否,价格,c\n") == ["accepted"] * 3
    assert outcomes(",否,太晚,d\n,否,没有,b\n1,否,没有,a\n") == ["accepted", "known", "known"]
    # nor is what was rejected, read in the same way, another one
    assert outcomes("7,什么,没有,e\n") == ["rejected"]
    assert outcomes("8,否,没有,f\n7,什么,没有,e\n") == ["accepted", "known"]


BOOK = {
    "说明": [["请勿修改"]],
    "答卷": [line.split(",") for line in (HEADER + ROWS).splitlines()],
    "Sheet3": [],
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_large", [False, True])
def test_of_several_worksheets_one_is_chosen(office, monkeypatch, is_large):
    survey = field.survey()
    monkeypatch.setattr(tables, "LARGE", 0 if is_large else tables.LARGE)
    upload = SimpleUploadedFile("a.xlsx", book_of(**BOOK))
    at = office.post("/surveys/repairs/imports/", {"answers": upload}).url
    asked = office.get(at)
    assert [name for name, _label in asked.context["form"].fields["sheet"].choices] == list(BOOK)

    chosen = office.post(at, {"sheet": "答卷"}).url
    run_jobs()
    page = office.get(chosen)
    assert [row["flaws"] != [] for row in page.context["preview"]] == [True, False, True]
    office.post(chosen, {**form_of(page), "go": "take"})
    run_jobs()

    assert survey.responses.filter(status="accepted").count() == 1
    assert "%E7%AD%94%E5%8D%B7" in html(office.get(f"/surveys/repairs/imports/{file_pk()}/"))


def file_pk():
    return ImportedFile.objects.get().pk


@pytest.mark.django_db
@pytest.mark.parametrize("sheet", ["Sheet3", "nowhere"])
def test_a_worksheet_that_cannot_be_read_is_said(office, sheet):
    field.survey()
    upload = SimpleUploadedFile("a.xlsx", book_of(**BOOK))
    at = office.post("/surveys/repairs/imports/", {"answers": upload}).url

    page = office.post(at, {"sheet": sheet})

    assert page.status_code == 422
    assert page.context["form"].errors["sheet"]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "a,a\n1,2\n", "a,b\n1\n"])
def test_a_file_that_cannot_be_read_is_said(office, text):
    field.survey()
    page = office.post(
        "/surveys/repairs/imports/", {"answers": SimpleUploadedFile("x.csv", text.encode())}
    )
    assert page.status_code == 422
    assert "x.csv" in page.content.decode()


@pytest.mark.django_db
def test_a_file_that_was_only_looked_at_goes_after_a_day(office, settings):
    field.survey()
    at = sent(office)
    assert files.clear_temporary() == 0
    for path in (settings.VAR / "files" / "aside").glob("*"):
        os.utime(path, (0, 0))
    assert files.clear_temporary() == 1
    assert office.get(at).status_code == 404


@pytest.mark.django_db
def test_an_unknown_file_is_not_found(office):
    field.survey()
    assert office.get(f"/surveys/repairs/imports/{'0' * 64}/?name=a.csv").status_code == 404


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("93秒", 93),
        ("93", 93),
        ("1分33秒", 93),
        ("1小时2分", 3720),
        ("00:01:33", 93),
        ("1:33", 93),
        ("", None),
        ("x", None),
    ],
)
def test_the_time_a_sheet_took(cell, seconds):
    assert seconds_of(cell) == seconds
