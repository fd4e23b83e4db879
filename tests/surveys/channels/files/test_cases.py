"""Files that once were read wrong, of public exports: every answer stays what it was, or is refused."""

from __future__ import annotations

from datetime import UTC, date

import pytest

from config.language.problems import InvalidInput
from config.language.texts import Text
from surveys.channels.files import guessing
from surveys.channels.files import services as imports
from surveys.channels.files.outline import outline_of
from surveys.collection import fieldwork
from surveys.collection.selectors import questionnaire_of
from surveys.designing import services as questionnaires

pytestmark = pytest.mark.django_db


@pytest.fixture
def take_in(beside):
    """Return a function that takes a case in as its mapping is guessed, and what became of it."""

    def take(name, form="imports/import-form.xlsx"):
        version = questionnaires.freeze(workbook=beside(f"cases/{form}").read_bytes(), file=form)
        survey = fieldwork.set_up(
            slug="cases",
            title=Text("案例", "Cases"),
            organiser=Text("协会", "Association"),
            version=version,
        )
        fieldwork.open_now(survey=survey)
        content = beside(f"cases/imports/{name}").read_bytes()
        table = imports.table_of(content, name)
        mapping = guessing.guess(outline_of(table), questionnaire_of(survey), date(2026, 11, 1))
        results = imports.take_in(survey=survey, content=content, name=name, mapping=mapping)
        return [(result.outcome, result.response) for result in results]

    return take


def answers(found):
    return [response.answers for _outcome, response in found]


def test_signed_names_stay_what_they_are(take_in):
    found = take_in("signed-names.csv")

    assert {outcome for outcome, _response in found} == {"accepted"}
    assert answers(found)[:3] == [
        {"fixed": "1", "att": "2", "sem": 3},
        {"fixed": "0", "att": "1", "sem": 0},
        {"fixed": "-1", "att": "-1", "sem": -1},
    ]


def test_ticks_of_any_exporter_are_ticks(take_in):
    found = take_in("yes-no-multi.xlsx")

    assert [given.get("problems") for given in answers(found)] == [["late"]] * 15


def test_columns_without_a_heading_belong_to_the_question_before(take_in):
    assert answers(take_in("surveymonkey.csv"))[0] == {
        "city": "ty",
        "problems": ["late", "over"],
        "score": 8,
        "fixed": "1",
    }


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("kobo-xml.xlsx", "2026-11-01T01:03:22.456000+00:00"),
        ("odk-central.csv", "2026-11-01T01:03:22.456000+00:00"),
    ],
)
def test_moments_with_an_offset_and_groups_in_headings(take_in, name, at):
    outcome, response = take_in(name)[0]

    assert outcome == "accepted"
    assert response.answers["city"] == "ty"
    assert response.answers["problems"] == ["late", "over"]
    assert response.answers["visited"] == "2026-10-03"
    assert response.submitted_at.astimezone(UTC).isoformat() == at


def test_google_forms_in_chinese(take_in):
    outcome, response = take_in("google-forms-zh.csv")[0]

    assert outcome == "accepted"
    assert response.submitted_at.astimezone(UTC).isoformat() == "2026-11-01T02:22:33+00:00"
    assert response.answers["problems"] == ["late", "over"]
    assert response.answers["visited"] == "2026-10-03"


def test_days_of_excel(take_in):
    found = take_in("date-serials.xlsx")

    assert {outcome for outcome, _response in found} == {"accepted"}
    # 46327 is 1 November 2026
    assert [given["visited"] for given in answers(found)] == ["2026-11-01"] + ["2026-10-03"] * 5
    assert {response.submitted_at.date() for _o, response in found} == {date(2026, 11, 1)}


def test_a_formula_without_a_result_is_named_with_its_cell(take_in):
    with pytest.raises(InvalidInput, match=r"formulas without a result.*C2, D2"):
        take_in("formula-cells.xlsx")


def test_our_own_export_comes_in_with_every_tick(take_in):
    found = take_in("own-export-codes.csv")

    assert "rejected" not in [outcome for outcome, _response in found]
    assert answers(found)[0] == {"sem": 3, "fixed": "-1", "att": "2"}
    assert answers(found)[8]["problems"] == ["late", "over"]
    assert answers(found)[10]["problems"] == ["none"]
    assert answers(found)[8]["visited"] == "2026-10-03"


def test_the_rows_under_the_header_of_qualtrics_are_no_answers(take_in):
    assert answers(take_in("qualtrics-text-only.csv")) == [{"comment": "fine"}]


def test_semicolons_part_cells_where_commas_stand_in_headings(take_in):
    given = answers(take_in("semicolon-commas-in-header.csv"))

    assert [g["city"] for g in given] == ["dt", "ty"]
    assert given[0]["score"] == 8
    assert given[0]["comment"] == "你好，“世界”"


def test_one_comma_two_is_choices_one_and_two(take_in):
    found = take_in("multi-by-recoded-numbers.csv", form="forms/multi-by-recoded-numbers.xlsx")

    assert answers(found) == [
        {"m": ["1", "2"]},
        {"m": ["2", "1"]},
        {"m": ["3", "12"]},
        {"m": ["2", "3"]},
        {"m": ["1", "2", "3"]},
    ]
