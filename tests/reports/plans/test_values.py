"""Words and ways of writing that stand for numbers in a rated column."""

from __future__ import annotations

import pytest

from config.language.problems import InvalidInput
from reports.plans.values import Values
from tests import worlds


@pytest.mark.parametrize(
    ("cell", "way", "number"),
    [
        ("5分", "points", "5"),
        ("4.5 分", "points", "4.5"),
        ("４星", "points", "4"),
        ("3 stars", "points", "3"),
        ("★★★★☆", "stars", "4"),
        ("☆☆☆", "stars", "0"),
        ("⭐️⭐️", "stars", "2"),
        ("85%", "percent", "85"),
        ("８５．５％", "percent", "85.5"),
        ("4,5", "comma", "4.5"),
        ("４", "comma", "4"),
        ("4/5", "/5", "4"),
        ("4.5／5", "/5", "4.5"),
        ("4 / 5", "/5", "4"),
        ("9 out of 10", "/10", "9"),
    ],
)
def test_a_way_of_writing_is_read(cell, way, number):
    assert Values(way=way).number(cell) == number


@pytest.mark.parametrize(
    ("cell", "way"),
    [
        ("1,234", "comma"),
        ("8/10", "/5"),
        ("4/5", "points"),
        ("85", "percent"),
        ("85%", "points"),
        ("★★ good", "stars"),
        ("5²", None),
    ],
)
def test_what_is_written_otherwise_stays(cell, way):
    assert Values(way=way).number(cell) == cell


def test_words_are_found_in_every_width_and_case():
    item = worlds.plan("values: {非常满意: 5, Very satisfied: 5, 一般: 3}").items[0]

    assert [item.values.number(cell) for cell in ("ＶＥＲＹ satisfied", "一般 ", "4", "满意")] == [
        "5",
        "3",
        "4",
        "满意",
    ]


def test_values_of_an_item_take_the_place_of_those_of_the_plan():
    items = "items: [{column: a, scale: [1, 5], values: {ok: 4}}, {column: b, scale: [1, 5]}]"
    text = "\n".join(
        line for line in worlds.PLAN.splitlines() if not line.startswith(("items", "  -"))
    )

    plan = worlds.plan(f"{items}\nvalues: {{ok: 3}}", text=text)

    assert [item.values.number("ok") for item in plan.items] == ["4", "3"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ("{ok: good}", r"values\.ok: must be a number"),
        ("commas", "must be one of: points, stars, percent, comma, /5"),
        ("{OK: 3, ok: 4}", r"values\.ok: is the same word"),
    ],
)
def test_values_that_say_nothing_are_refused(values, words):
    with pytest.raises(InvalidInput, match=words):
        worlds.plan(f"values: {values}")
