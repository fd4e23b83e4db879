"""Workbooks: what compiles, and every way to get one wrong, with sheet, row and column."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from config.language.problems import InvalidInput
from surveys.questionnaires.compiling import compile_workbook
from surveys.questionnaires.questionnaire import from_json, to_json
from surveys.workbooks import make
from tests.sheets import CHOICES, INDICATORS, SURVEY, replaced, workbook


def problems(**sheets) -> list[str]:
    with pytest.raises(InvalidInput) as error:
        compile_workbook(workbook(**sheets), "small.xlsx")
    return [problem.render() for problem in error.value.problems]


def cut_short(part: str) -> bytes:
    """Return a workbook of which one part ends in its middle."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as whole, zipfile.ZipFile(content, "w") as cut:
        for name in whole.namelist():
            worth = whole.read(name)
            cut.writestr(name, worth[: len(worth) // 2] if name == part else worth)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"type,name,label",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(200),
        workbook()[:900],
        cut_short("xl/workbook.xml"),
        cut_short("xl/worksheets/sheet1.xml"),
        cut_short("[Content_Types].xml"),
    ],
    ids=["empty", "text", "old", "end", "workbook", "sheet", "types"],
)
def test_a_damaged_file_is_no_workbook(content):
    with pytest.raises(InvalidInput, match="is not an Excel workbook"):
        compile_workbook(content, "small.xlsx")


def test_a_workbook_is_compiled():
    questionnaire = compile_workbook(workbook(), "small.xlsx").questionnaire

    assert [section.name for section in questionnaire.sections] == ["you", "visit"]
    assert questionnaire.title.zh == "小问卷"
    assert questionnaire.title.en == "A small questionnaire"
    assert questionnaire.questions["company"].kind == "company"
    assert questionnaire.questions["speed"].relevant, "the condition of the group is inherited"
    assert [leaf.name for leaf in questionnaire.leaves()] == ["quick", "repair"]


def test_curly_quotes_stay_as_they_are():
    questionnaire = compile_workbook(workbook(), "small.xlsx").questionnaire

    assert questionnaire.questions["problems"].label.zh == "有什么“问题”？"


def test_a_compiled_questionnaire_survives_json():
    questionnaire = compile_workbook(workbook(), "small.xlsx").questionnaire

    assert from_json(json.loads(json.dumps(to_json(questionnaire)))) == questionnaire


@pytest.mark.parametrize("form", make.FORMS, ids=lambda form: form.file)
def test_the_shipped_workbooks_compile_without_a_warning(form, tmp_path):
    make.write_all(tmp_path)
    compiled = compile_workbook((tmp_path / f"{form.file}.xlsx").read_bytes(), form.file)

    assert compiled.warnings == ()
    assert compiled.questionnaire.indicators


def test_the_core_has_twelve_questions(tmp_path):
    make.write_all(tmp_path)
    core = compile_workbook((tmp_path / "appliance-core.xlsx").read_bytes(), "core").questionnaire

    assert sum(question.is_asked for question in core.questions.values()) == 12


SURVEY_FAULTS = [
    (
        "${repaired} = 'yes'",
        "selected(${repaired}, 'yes'",
        "survey, row 6, column F (relevant)",
        "never closed",
    ),
    ("${repaired} = 'yes'", "${repaired} ＝ 'yes'", "row 6, column F (relevant)", "type = instead"),
    (
        "${repaired} = 'yes'",
        "${repaired} ＞ 'yes'",
        "row 6, column F (relevant)",
        "full-width sign",
    ),
    ("${repaired} = 'yes'", "lookup('a') = 1", "row 6, column F (relevant)", "no function lookup"),
    (
        "${repaired} = 'yes'",
        "${mended} = 'yes'",
        "row 6, column F (relevant)",
        "no question mended",
    ),
    ("${repaired} = 'yes'", "${speed} = '3'", "row 6, column F (relevant)", "goes in a circle"),
    (
        "if(${hours} > 24, 1, 0)",
        "${late} + 1",
        "row 12, column K (calculation)",
        "goes in a circle: late → late",
    ),
    (
        "if(${hours} > 24, 1, 0)",
        "if(${hours} > 24)",
        "row 12, column K (calculation)",
        "it takes 3",
    ),
    ("速度|Speed", "速度|", "row 8, column D (label::en)", "the English is missing"),
    ("integer|hours", "osm|hours", "row 10, column A (type)", "osm is not supported"),
    ("integer|hours", "integer|the hours", "row 10, column B (name)", "is no name"),
    ("integer|hours", "integer|2hours", "row 10, column B (name)", "is no name"),
    ("integer|hours", "integer|speed", "row 10, column B (name)", "used twice"),
    (
        "select_one ten|speed",
        "select_one nine|speed",
        "row 8, column A (type)",
        "nine is not in the sheet",
    ),
]


@pytest.mark.parametrize(("old", "new", "place", "words"), SURVEY_FAULTS)
def test_a_fault_in_the_survey_sheet_is_named_at_its_cell(old, new, place, words):
    found = problems(survey=replaced(SURVEY, old, new))

    assert any(place in line and words in line for line in found), found


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        (
            "响应|Response|40",
            "响应|Response|50",
            "row 4, column E (weight)",
            "add up to 110, not to 100",
        ),
        ("linear 1 10", "linear 1", "row 3, column H (score)", "cannot be read"),
        ("yes=100 no=0", "yes=100", "row 4, column H (score)", "the choice no has no score"),
        ("yes=100 no=0", "yes=100 no=0 maybe=5", "row 4, column H (score)", "no choice maybe"),
        ("quick|response", "quick|respons", "row 3, column B (parent)", "no indicator respons"),
        ("100|speed|", "100|fast|", "row 3, column F (question)", "no question fast"),
    ],
)
def test_a_fault_in_the_index_is_named_at_its_cell(old, new, place, words):
    found = problems(indicators=replaced(INDICATORS, old, new))

    assert any(place in line and words in line for line in found), found


def with_fault(words: str) -> list[str]:
    """Return the index with columns for the fault of an indicator, filled at the last one."""
    head, *rows, last = INDICATORS
    return [f"{head}|fault::zh|fault::en", *rows, f"{last}|{words}"]


def test_the_fault_of_an_indicator_is_kept_and_read_back():
    book = workbook(indicators=with_fault("没修好|Not fixed"))

    compiled = compile_workbook(book, "small.xlsx").questionnaire

    for form in (compiled, from_json(json.loads(json.dumps(to_json(compiled))))):
        assert [leaf.fault.en for leaf in form.leaves()] == ["", "Not fixed"]


def test_a_fault_in_one_language_alone_is_a_problem():
    (found,) = problems(indicators=with_fault("没修好|"))

    assert "row 4, column L (fault::en)" in found
    assert "the English is missing" in found


def test_every_problem_is_found_at_once():
    found = problems(
        survey=replaced(SURVEY, "速度|Speed", "速度|"),
        choices=[*CHOICES, "yes_no|yes|是|Yes"],
        indicators=replaced(INDICATORS, "linear 1 10", "linear"),
    )

    assert len(found) == 3


def test_what_is_no_workbook_is_refused():
    with pytest.raises(InvalidInput, match="not an Excel workbook"):
        compile_workbook(b"PK\x03\x04 not really", "a.xlsx")
    assert any("no sheet named survey" in line for line in problems(survey=None))
