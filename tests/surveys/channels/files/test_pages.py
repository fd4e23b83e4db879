"""A file of answers through the pages: looked at, read another way, taken in as a job, what
became of each row.
"""

from __future__ import annotations

import csv
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tasks_db.models import DBTaskResult

from config.storage import files
from config.work.models import Job
from surveys.channels.files.reading import seconds_of
from surveys.collection.models.response import ImportedFile, Response
from tests import field
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
    form = {f"aside:{key}": column or "" for key, _label, column in page.context["aside"]}
    for line in page.context["questions"]:
        form[f"column:{line.name}"] = line.column
        form[f"cell:{line.name}"] = [cell for cell, _n, _name in line.spellings]
        form[f"choice:{line.name}"] = [name for _cell, _n, name in line.spellings]
    return {**form, "mode": page.context["form"]["mode"].value()}


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

    form = form_of(page)
    form["choice:fixed"] = ["no"]
    page = office.post(at, form)
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
    form = {**form_of(office.get(at)), "choice:fixed": ["no"], "go": "take"}
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
    assert form["cell:problems"] == ["迟到"]
    assert form["cell:company"] == ["街口维修部"]
    page = office.post(at, {**form, "choice:problems": ["late"], "choice:fixed": ["no"]})
    assert "价格、太晚" in page.content.decode()
    assert page.context["preview"][0]["flaws"] == []


@pytest.mark.django_db
def test_a_column_read_by_nothing_is_said_and_one_of_another_file_is_not_taken(office):
    field.survey()
    at = sent(office, HEADER.replace("4、速度", "快慢") + ROWS)
    page = office.get(at)
    assert page.context["unused"] == ["快慢"]
    page = office.post(at, {**form_of(page), "column:speed": "快慢", "aside:psu": "nowhere"})
    assert page.context["unused"] == []
    assert {key: column for key, _label, column in page.context["aside"]}["psu"] is None


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
