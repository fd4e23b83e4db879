"""The first plan for somebody's own file, as YAML."""

from __future__ import annotations

import pytest

from config.language.problems import InvalidInput
from reports.plans.draft import write
from reports.plans.guessing import infer
from reports.plans.validation import parse
from reports.plans.values import Values
from reports.statistics.disclosure.gates import DEFAULT

DAY = "2026-11-23"


def columns():
    return {
        "id": [str(i) for i in range(40)],
        "brand": ["Ash", "Birch", "Cedar", "Doum", ""] * 8,
        "speed": ["1", "5", "0", "3.0"] * 10,
        "nps": ["1", "7", "10", "NA"] * 10,
        "recommend": ["0", "1", "1", ""] * 10,
        "weight": ["1", "2", "1", "3"] * 10,
        "comment": [f"words {i}" for i in range(40)],
    }


def test_a_draft_is_a_plan():
    plan = parse(write('my "own".csv', infer(columns()), DAY).encode(), "plan.yaml")

    assert plan.source.file == 'my "own".csv'
    assert [item.column for item in plan.items] == ["speed", "nps"]
    assert plan.items[0].not_applicable == ("0",)
    assert plan.gates == DEFAULT
    assert plan.design.weight == "weight"


def test_what_may_be_rated_is_a_comment_that_can_be_taken_in():
    text = write("a.csv", infer(columns()), DAY)

    (line,) = (line for line in text.splitlines() if "recommend" in line)
    assert line.startswith("  # - {column:")
    plan = parse(text.replace("  # - {", "  - {").encode(), "plan.yaml")
    assert plan.items[-1].column == "recommend"


def test_words_ways_of_writing_and_cells_without_answer_are_kept_in_the_plan():
    guess = infer(
        {
            "企业": ["晴岚", "云杉"] * 20,
            "态度": ["非常满意", "不满意", "不清楚", "满意"] * 10,
            "速度": ["5分", "4分", "3分", "99"] * 10,
            "价格": ["85%", "90%", "70%", "100%"] * 10,
        }
    )

    plan = parse(write("a.csv", guess, DAY).encode(), "plan.yaml")

    assert plan.items[0].values == Values({"不满意": 2, "满意": 4, "非常满意": 5})
    assert plan.items[0].not_applicable == ("不清楚",)
    assert plan.items[1].values == Values(way="points")
    assert plan.items[1].not_applicable == ("99",)
    assert (plan.items[2].scale, plan.items[2].values) == ((0, 100), Values(way="percent"))


def test_a_file_without_ratings_gets_a_draft_that_says_what_is_left():
    text = write("a.csv", infer({"x": ["a", "b"]}), DAY)

    with pytest.raises(InvalidInput) as refused:
        parse(text.encode(), "plan.yaml")

    assert [problem.render().split(": ", 1)[1] for problem in refused.value.problems] == [
        "company.column: is still to be filled in",
        "items[0].column: is still to be filled in",
    ]


def test_the_company_is_left_open_with_what_it_may_be():
    guess = infer(
        {
            "professor_name": [f"P{i % 20}" for i in range(200)],
            "school_name": [f"S{i % 5}" for i in range(200)],
            "rating": [str(1 + i % 5) for i in range(200)],
        }
    )

    text = write("a.csv", guess, DAY, sheet="Sheet 2")

    assert 'company: {column: "FILL IN"}' in text
    assert '#   "professor_name": 20 different, 10 rows each on average; P0, P1, P2' in text
    assert '#   "school_name": 5 different, 40 rows each on average; S0, S1, S2' in text
    assert parse(text.replace("FILL IN", "school_name").encode(), "p").source.sheet == "Sheet 2"


def test_the_comments_speak_the_language_that_is_asked_for():
    words = {"FILL IN": "待填写", "check": "待核对"}

    text = write("a.csv", infer({"x": ["a", "b"]}), DAY, translate=lambda t: words.get(t, "注"))

    assert "FILL IN" not in text
    assert 'company: {column: "待填写"} # 注' in text
    assert not [line for line in text.splitlines() if "check" in line]
