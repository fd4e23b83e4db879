"""What a visit found beside what was known."""

from __future__ import annotations

from inspections.campaigns.truth import compare
from surveys.questionnaires.compiling import compile_workbook
from tests.sheets import workbook

TRUTH = {"repaired": "yes", "problems": ["late", "rude"], "speed": "3", "hours": "2.0"}


def test_answers_are_compared_as_what_they_are():
    questions = compile_workbook(workbook(), "small.xlsx").questionnaire.questions.values()

    compared = compare(
        questions,
        TRUTH,
        {"repaired": "no", "problems": ["rude", "late"], "hours": 2, "fixed": "no"},
    )

    assert [(one.question.name, one.is_right) for one in compared] == [
        ("repaired", False),
        ("problems", True),
        ("speed", False),
        ("hours", True),
    ]
    assert [(one.truth, one.answer) for one in compared][2:] == [("3", ""), ("2.0", "2")]


def test_nothing_known_is_nothing_compared():
    questions = compile_workbook(workbook(), "small.xlsx").questionnaire.questions.values()

    assert compare(questions, {}, {"repaired": "yes"}) == []
