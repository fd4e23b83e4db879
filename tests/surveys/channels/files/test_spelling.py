"""Choices as cells say them: exactly, or in one width and case where nothing else reads the same."""

from __future__ import annotations

import pytest

from config.language.texts import Text
from surveys.channels.files.spelling import Spellings, is_ticked
from surveys.questionnaires.questionnaire import Choice

SPENT = [Choice("lt", Text("<100元", "<100")), Choice("gt", Text(">100元", ">100"))]
USED = [Choice("a", Text("1-2个月", "1-2 months")), Choice("b", Text("12个月", "12 months"))]
ANSWER = [
    Choice("1", Text("是", "Yes")),
    Choice("0", Text("否", "No")),
    Choice("-1", Text("说不清", "")),
]
FAULTS = [
    Choice("dear", Text("价格高；质量差", "Dear, poor")),
    Choice("late", Text("来得晚", "Late")),
    Choice("poor", Text("质量差", "Poor")),
]


@pytest.mark.parametrize(
    ("choices", "text", "name"),
    [
        (ANSWER, "1", "1"),
        (ANSWER, "-1", "-1"),
        (ANSWER, "－1", "-1"),
        (ANSWER, "1.0", "1"),
        (ANSWER, "+1", None),
        (ANSWER, "YES", "1"),
        (SPENT, "＜100元", "lt"),
        (SPENT, "100元", None),
        (SPENT, "‹100元", None),
        (USED, "1-2个月", "a"),
        (USED, "1—2个月", "a"),
        (USED, "12个月", "b"),
        (USED, "1 2个月", None),
        (USED, "12\u200b个月", "b"),
    ],
)
def test_no_sign_is_left_out(choices, text, name):
    assert Spellings(choices, {}).find(text) == name


def test_what_two_choices_read_as_is_refused_and_exactly_one_of_them_found():
    choices = [Choice("a", Text("GREE", "")), Choice("b", Text("Gree", ""))]

    assert Spellings(choices, {}).find("gree") is None
    assert Spellings(choices, {}).find("Gree") == "b"


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("价格高；质量差", ["价格高；质量差"]),
        ("来得晚；价格高；质量差", ["来得晚", "价格高;质量差"]),
        ("来得晚,质量差", ["来得晚", "质量差"]),
        ("late poor", ["late", "poor"]),
        ("价格高；质量差┋来得晚", ["价格高；质量差", "来得晚"]),
        ("来得晚、太吵", ["来得晚", "太吵"]),
    ],
)
def test_several_answers_are_parted_where_no_label_is_cut(cell, parts):
    assert Spellings(FAULTS, {}).several(cell) == parts


@pytest.mark.parametrize(
    "cell",
    [
        "Y",
        "y",
        "X",
        "✔",
        "√",
        "1",
        "1.0",
        "有",
        "是",
        "TRUE",
        "来得晚",
        "LATE",
        "●",
        "✅",
        "Checked",
    ],
)
def test_a_tick(cell):
    assert is_ticked(FAULTS[1], cell) is True


@pytest.mark.parametrize(
    "cell", ["", "0", "0.0", "N", "false", "否", "未选中", "N/A", "□", "Unchecked"]
)
def test_no_tick(cell):
    assert is_ticked(FAULTS[1], cell) is False


@pytest.mark.parametrize("cell", ["2", "perhaps", "质量差"])
def test_neither(cell):
    assert is_ticked(FAULTS[1], cell) is None


def test_a_choice_that_is_called_none_is_ticked_by_its_own_label():
    assert is_ticked(Choice("none", Text("无", "None")), "无") is True
