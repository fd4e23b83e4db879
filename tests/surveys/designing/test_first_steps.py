"""The way of a newcomer through the pages: a shipped questionnaire, companies, a survey; and the
guide that says how a workbook is written.
"""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from django.core.management import call_command

from surveys.collection.models.survey import Survey
from surveys.companies import services as companies
from surveys.companies.models import Company
from surveys.designing import guide
from surveys.designing import services as questionnaires
from surveys.designing.models import Upload
from surveys.forms.models import QuestionnaireVersion
from surveys.questionnaires.compiling import compile_workbook
from surveys.questionnaires.scoring import score
from surveys.workbooks import make
from tests.conftest import ROOT
from tests.pages import html
from tests.people import person
from tests.sheets import SURVEY, replaced, workbook

SURVEY_GIVEN = {
    "slug": "repairs",
    "title_zh": "维修",
    "title_en": "Repairs",
    "organiser_zh": "协会",
    "organiser_en": "Association",
    "sample": "nonprobability",
}


@pytest.fixture
def office(client, db):
    client.force_login(person("ada"))
    client.cookies["django_language"] = "en"
    return client


def test_starters_stay_as_they_are_where_they_were_edited(tmp_path, capsys):
    edited = tmp_path / "mediation.xlsx"
    edited.write_bytes(b"a week of work")

    call_command("questionnaire", "starters", str(tmp_path))

    assert edited.read_bytes() == b"a week of work"
    said = capsys.readouterr().out
    assert f"{edited} is there already and stays as it is; --force writes it anew" in said
    assert len(list(tmp_path.glob("*.xlsx"))) == len(make.FORMS)


def test_starters_are_written_anew_where_that_is_asked_for(tmp_path):
    edited = tmp_path / "mediation.xlsx"
    edited.write_bytes(b"a week of work")

    call_command("questionnaire", "starters", str(tmp_path), "--force")

    assert openpyxl.load_workbook(edited).sheetnames[0] == "survey"


@pytest.mark.parametrize("form", make.FORMS, ids=lambda form: form.file)
def test_a_shipped_questionnaire_is_downloaded_from_the_page(office, form):
    assert f"/questionnaires/starters/{form.file}.xlsx" in html(office.get("/questionnaires/"))

    sent = office.get(f"/questionnaires/starters/{form.file}.xlsx")

    assert f'filename="{form.file}.xlsx"' in sent["Content-Disposition"]
    assert compile_workbook(sent.content, f"{form.file}.xlsx").questionnaire.questions


def test_a_newcomer_starts_from_a_shipped_questionnaire(office):
    page = html(office.post("/questionnaires/starters/mediation/", follow=True))

    assert "Try it" in page
    assert Upload.objects.get().name == "mediation.xlsx"


def test_starting_again_takes_nothing_from_what_was_edited(office):
    office.post("/questionnaires/starters/mediation/")
    Upload.objects.update(workbook="0" * 64)

    page = html(office.post("/questionnaires/starters/mediation/"))

    assert Upload.objects.get().workbook == "0" * 64
    assert "stays as it is" in html(office.get("/questionnaires/")) + page


@pytest.mark.parametrize("method", ["get", "post"])
def test_there_is_no_other_starter(office, method):
    address = "/questionnaires/starters/none" + (".xlsx" if method == "get" else "/")

    assert getattr(office, method)(address).status_code == 404


def test_the_workbook_of_a_version_comes_back_as_it_was_frozen(office):
    content = workbook()
    version = questionnaires.freeze(workbook=content, file="small.xlsx")

    sent = office.get(f"/questionnaires/{version.pk}/workbook/")

    assert sent.content == content
    assert 'filename="small-1.xlsx"' in sent["Content-Disposition"]


def test_the_workbook_of_an_upload_with_mistakes_comes_back(office):
    content = workbook(replaced(SURVEY, "${repaired} = 'yes'", "${x} = 'yes'"))
    made = questionnaires.upload(workbook=content, file="small.xlsx", files={}, by=person("ben"))

    assert f"/questionnaires/uploads/{made.pk}/workbook/" in html(
        office.get(f"/questionnaires/uploads/{made.pk}/")
    )
    assert office.get(f"/questionnaires/uploads/{made.pk}/workbook/").content == content


@pytest.fixture
def version(db) -> QuestionnaireVersion:
    return questionnaires.freeze(workbook=workbook(), file="small.xlsx")


def test_companies_come_first(office, version):
    before = html(office.get(f"/questionnaires/{version.pk}/"))
    companies.register(key="oak", name="橡树电器", name_en="Oak")
    after = html(office.get(f"/questionnaires/{version.pk}/"))

    assert "Companies come first" in before
    assert "Companies come first" not in after


def test_a_survey_without_the_companies_it_asks_for_says_so(office, version):
    office.post(f"/questionnaires/{version.pk}/survey/", SURVEY_GIVEN)

    assert "the survey offers none" in html(office.get("/surveys/repairs/"))


def test_kinds_of_company_are_chosen_for_a_survey(office, version):
    for key, kind in (("oak", "brand"), ("fir", "brand"), ("elm", "street"), ("yew", "platform")):
        companies.register(key=key, name=f"{key}电器", name_en=key)
        Company.objects.filter(key=key).update(kind=kind)
    page = html(office.get(f"/questionnaires/{version.pk}/"))
    yew = Company.objects.get(key="yew").pk

    office.post(
        f"/questionnaires/{version.pk}/survey/",
        {**SURVEY_GIVEN, "kinds": ["brand"], "companies": [yew]},
    )

    assert "brand&#x27;s own service (2)" in page
    assert "authorised shop" not in page
    assert set(Survey.objects.get().companies.values_list("key", flat=True)) == {
        "oak",
        "fir",
        "yew",
    }


def test_a_new_survey_that_is_refused_keeps_what_was_typed(office, version):
    companies.register(key="oak", name="橡树电器", name_en="Oak")
    typed = {**SURVEY_GIVEN, "slug": "no slug!", "purpose_zh": "为了改进", "kinds": []}

    answer = office.post(f"/questionnaires/{version.pk}/survey/", typed)
    page = html(answer)

    assert answer.status_code == 422
    for text in ("no slug!", "维修", "Repairs", "协会", "Association", "为了改进"):
        assert f'value="{text}"' in page
    ticked = re.findall(r'<input type="checkbox" name="kinds"[^>]*checked', page)
    assert ticked == []
    assert Survey.objects.count() == 0


@pytest.mark.parametrize(
    ("state", "next_step"),
    [
        ("draft", "then open the survey"),
        ("open", "watch how far fieldwork is"),
        ("closed", "Clean the answers"),
    ],
)
def test_a_survey_says_what_comes_next(office, version, state, next_step):
    companies.register(key="oak", name="橡树电器", name_en="Oak")
    office.post(f"/questionnaires/{version.pk}/survey/", {**SURVEY_GIVEN, "kinds": ["brand"]})
    for step in {"draft": (), "open": ("open",), "closed": ("open", "close")}[state]:
        office.post(f"/surveys/repairs/{step}/")

    said = re.search(r'<p class="next">(.*?)</p>', html(office.get("/surveys/repairs/")))[1]
    assert next_step in said


def test_a_company_is_added_by_hand_with_its_kind(office):
    given = {"key": "oak", "name": "橡树电器", "name_en": "Oak", "kind": "street"}

    office.post("/company/", given)
    again = office.post("/company/", given)

    assert Company.objects.get().kind == "street"
    assert again.status_code == 422
    assert "This key is taken." in html(again)
    assert 'value="橡树电器"' in html(again)


# --- the guide --------------------------------------------------------------------------------


def tables(name: str) -> dict[str, list[list[str]]]:
    """Return the tables of a guide's worked example by the sheets that they stand for."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    found = {}
    for sheet, lines in re.findall(r"### (\w+)\n\n((?:\|.*\n)+)", text):
        rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines.splitlines()]
        found[sheet] = [rows[0], *rows[2:]]
    return found


def as_workbook(sheets: dict[str, list[list[str]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([cell or None for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("name", guide.FILES.values())
def test_the_worked_example_of_the_guide_compiles_and_scores_as_it_says(name):
    sheets = tables(name)
    assert list(sheets) == ["survey", "choices", "settings", "indicators"]

    compiled = compile_workbook(as_workbook(sheets), "small_repair.xlsx")

    assert compiled.warnings == ()
    questionnaire = compiled.questionnaire
    assert questionnaire.company_question
    quick, result = questionnaire.leaves()
    assert score(quick.rule, "4") == 75
    assert score(result.rule, "partly") == 50
    assert score(quick.rule, "na") is None
    assert [branch.weight for branch in questionnaire.indicators] == [60, 40]


def test_the_guides_show_one_example():
    assert tables("questionnaire.md") == tables("questionnaire.zh-CN.md")


@pytest.mark.parametrize(
    ("language", "title"), [("en", "A questionnaire of your own"), ("zh-hans", "编写自己的问卷")]
)
def test_the_guide_is_a_page(office, language, title):
    office.cookies["django_language"] = language

    page = html(office.get("/questionnaires/guide/"))

    assert f"<h1>{title}</h1>" in page
    assert "<td>select_one points</td>" in page
    assert "<code>${repaired} = &#x27;yes&#x27;</code>" in page
    assert not re.search(r"(?m)^(#|\||- )", page)
    assert "/questionnaires/guide/" in html(office.get("/questionnaires/"))
