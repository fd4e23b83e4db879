"""Answers against their questionnaire."""

from __future__ import annotations

from datetime import date

import pytest

from surveys.questionnaires.answers import Evaluation, check
from surveys.questionnaires.compiling import compile_workbook
from tests.sheets import workbook

TODAY = date(2026, 11, 23)
FULL = {
    "repaired": "yes",
    "problems": ["late"],
    "company": "ash",
    "speed": "9",
    "fixed": "no",
    "hours": "30",
}


@pytest.fixture(scope="module")
def questionnaire():
    return compile_workbook(workbook(), "small.xlsx").questionnaire


def checked(questionnaire, **given):
    return check(questionnaire, {**FULL, **given}, today=TODAY, companies=["ash"])


def test_good_answers_are_kept_in_order_with_calculations(questionnaire):
    result = checked(questionnaire)

    assert result.flaws == ()
    assert list(result.answers) == [
        "repaired",
        "problems",
        "company",
        "speed",
        "fixed",
        "hours",
        "late",
    ]
    assert result.answers["hours"] == 30
    assert result.answers["late"] == 1


def test_what_is_not_relevant_is_left_out_and_not_required(questionnaire):
    result = check(questionnaire, {**FULL, "repaired": "no"}, today=TODAY)

    assert result.flaws == ()
    assert result.answers == {"repaired": "no", "problems": ["late"]}
    evaluation = Evaluation(questionnaire, {"repaired": "no"}, today=TODAY)
    assert [section.name for section in evaluation.reachable()] == ["you"]


@pytest.mark.parametrize(
    ("given", "question", "words"),
    [
        ({"speed": ""}, "speed", "please answer"),
        ({"speed": "11"}, "speed", "not among the answers"),
        ({"problems": ["none", "late"]}, "problems", "does not fit"),
        ({"problems": "late burnt"}, "problems", "not among"),
        ({"hours": "-1"}, "hours", "does not fit"),
        ({"hours": "two"}, "hours", "is not a number"),
        ({"hours": "1.5"}, "hours", "not a whole number"),
        ({"hours": "1e400"}, "hours", "is not a number"),
        ({"company": "elm"}, "company", "not among the companies"),
        ({"company": "other"}, "company", "which company"),
        ({"comment": "x" * 5001}, "comment", "longer than"),
        ({"speed": {"a": 1}}, "speed", "not a text or a number"),
        ({"problems": [["late"]]}, "problems", "not a text or a number"),
    ],
)
def test_a_flaw_is_named(questionnaire, given, question, words):
    flaws = checked(questionnaire, **given).flaws

    assert [flaw.question for flaw in flaws] == [question]
    assert words in flaws[0].text


def test_unknown_questions_and_control_characters_are_not_kept(questionnaire):
    answers = checked(questionnaire, spam="x", comment="a\x00b\u200b").answers

    assert "spam" not in answers
    assert answers["comment"] == "ab"


def test_another_company_keeps_what_was_written(questionnaire):
    answers = checked(questionnaire, company="other", company_other="街口维修部").answers

    assert answers["company"] == "other"
    assert answers["company_other"] == "街口维修部"
