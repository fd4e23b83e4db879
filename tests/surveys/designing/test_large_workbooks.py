"""A large workbook is compiled by the worker; the pages show what it left."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from config.tabular import tables
from config.work.models import FileReading, Job
from surveys.designing import services as questionnaires
from surveys.designing.models import Upload
from surveys.forms.models import QuestionnaireVersion
from tests.pages import html
from tests.people import person
from tests.sheets import SURVEY, replaced, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, monkeypatch):
    """Sign in; every workbook is large here."""
    monkeypatch.setattr(tables, "LARGE", 200)
    client.force_login(person("ada"))
    client.cookies["django_language"] = "en"
    return client


def sent(office, content):
    upload = SimpleUploadedFile("small.xlsx", content)
    return office.post("/questionnaires/upload/", {"files": [upload]}).url


def compile_it():
    questionnaires.compile_upload.func(FileReading.objects.get().pk, "en")


def test_no_page_compiles_it(office, monkeypatch):
    at = sent(office, workbook())
    assert "it is read in the background" in html(office.get(at))
    compile_it()

    def no_page_may(*_args, **_options):
        raise AssertionError

    monkeypatch.setattr(questionnaires, "compile_workbook", no_page_may)
    page = office.get(at)
    assert (
        page.context["questionnaire"]
        == questionnaires.compiled_of(Upload.objects.get()).questionnaire
    )
    assert office.get(f"{at}try/").status_code == 200
    office.post(f"{at}freeze/")

    version = QuestionnaireVersion.objects.get()
    assert version.questionnaire == page.context["questionnaire"]
    monkeypatch.undo()
    assert questionnaires.freeze(workbook=workbook(), file="small.xlsx") == version


def test_what_is_wrong_with_it_is_said_by_cell(office):
    at = sent(office, workbook(replaced(SURVEY, "integer|hours", "intger|hours")))
    compile_it()

    with pytest.raises(questionnaires.InvalidInput) as small:
        questionnaires.compile_workbook(
            workbook(replaced(SURVEY, "integer|hours", "intger|hours")), "small.xlsx"
        )
    shown = office.get(at).context["problems"]
    assert [words for _warning, words in shown] == [p.render() for p in small.value.problems]


def test_before_it_is_compiled_nothing_is_tried_or_frozen(office):
    at = sent(office, workbook())

    assert office.get(f"{at}try/").url == at
    assert office.post(f"{at}freeze/").url == at
    assert QuestionnaireVersion.objects.count() == 0


def test_stopped_in_the_middle_it_is_begun_again(office):
    at = sent(office, workbook())
    Job.objects.update(state="failed", message="the program was stopped; start it again")
    assert "Read it again" in html(office.get(at))

    assert office.post(f"{at}again/").url == at

    compile_it()
    assert office.get(at).context["questionnaire"].name == "small"


def test_another_workbook_of_that_name_is_compiled_anew(office):
    at = sent(office, workbook())
    compile_it()

    sent(office, workbook(replaced(SURVEY, "速度|Speed", "上门速度|Speed")))

    assert "it is read in the background" in html(office.get(at))
