"""Slips of the pen in YAML are told in plain words, with their line."""

from __future__ import annotations

import pytest

from config.language.problems import InvalidInput
from reports.plans.validation import parse
from tests import worlds


def refused(old: str, new: str) -> list[str]:
    assert old in worlds.PLAN
    with pytest.raises(InvalidInput) as error:
        parse(worlds.PLAN.replace(old, new).encode(), "plan.yaml")
    return [problem.render() for problem in error.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "date: 2026",
            "date：2026",
            "plan.yaml:2: has a full-width colon “：” after date; write “: ” with a blank",
        ),
        (
            "date: 2026",
            "date:2026",
            "plan.yaml:2: has no blank after the colon of date; write “date: ”",
        ),
        (
            "{zh-Hans: 维",
            "{zh-Hans:维",
            "plan.yaml:1: has no blank after the colon of zh-Hans; write “zh-Hans: ”",
        ),
        (
            "{zh-Hans: 维",
            "{zh-Hans：维",
            "plan.yaml:1: has a full-width colon “：” after zh-Hans; write “: ” with a blank",
        ),
        ("  - {column: sp", "\t- {column: sp", "plan.yaml:7: begins with a tab; use blanks"),
        (
            "  - {column: sp",
            "  -{column: sp",
            "plan.yaml:7: has no blank after the dash; write “- ”",
        ),
        (
            "speed, scale: [1, 5]",
            "speed, scale: [1，5]",
            (
                "plan.yaml:7: has a full-width comma “，” between brackets; write “, ”, or put the text"
                " in quotation marks"
            ),
        ),
        (
            "scale: [1, 5]",
            "scale: ［1, 5]",
            "plan.yaml:7: has a full-width bracket “［”; write the narrow one",
        ),
    ],
)
def test_a_slip_is_told_first(old, new, words):
    assert refused(old, new)[0] == words


def test_full_width_colons_everywhere_are_told_and_nothing_else():
    text = "title：甲\ndate：2026-11-23\n"

    with pytest.raises(InvalidInput) as error:
        parse(text.encode(), "plan.yaml")

    assert [problem.place for problem in error.value.problems] == ["plan.yaml:1", "plan.yaml:2"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title: [", "plan.yaml:1: is not readable YAML: a bracket is not closed"),
        ("title: {a: b\ndate: x\n", "plan.yaml:2: is not readable YAML: a bracket is not closed"),
        ('title: "a\n', "is not readable YAML: a quotation mark is not closed"),
        ("title: a: b\n", "plan.yaml:1: is not readable YAML: a colon stands where none may be"),
        ("a: 1\n  b: 2\n", "plan.yaml:2: is not readable YAML: a colon stands where none may be"),
        ("a:\n  b: 1\n c: 2\n", "plan.yaml:3: is not readable YAML: the line does not begin"),
    ],
)
def test_what_the_parser_says_is_told_in_plain_words(text, words):
    with pytest.raises(InvalidInput) as error:
        parse(text.encode(), "plan.yaml")

    (problem,) = error.value.problems
    assert words in problem.render()


@pytest.mark.parametrize(
    "text",
    [
        'title: {zh-Hans: "快，好：真的", en: "a:b"}',
        "title: {zh-Hans: 快，好, en: Fast} # 注：这里，没有问题",
        "title: {zh-Hans: 见http://example.org, en: at 12:30}",
    ],
)
def test_chinese_signs_in_texts_are_no_slips(text):
    plan = parse(worlds.plan_text(text).encode(), "plan.yaml")

    assert plan.title.zh


def test_a_full_width_comma_in_a_text_is_not_blamed_for_another_line():
    found = refused(
        "title: {zh-Hans: 维修满意度, en: Repair satisfaction}\ndate: 2026-11-23",
        "title: {zh-Hans: 快，好, en: x}\ndate: soon",
    )

    assert found == ["plan.yaml:2: date: must be a date such as 2026-11-23"]
