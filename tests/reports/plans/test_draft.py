"""The first plan for somebody's own file."""

from __future__ import annotations

from reports.plans.draft import infer, write
from reports.plans.validation import parse
from reports.statistics.disclosure.gates import DEFAULT


def columns():
    return {
        "id": [str(i) for i in range(40)],
        "brand": ["Ash", "Birch", "Cedar", ""] * 10,
        "speed": ["1", "5", "0", "3.0"] * 10,
        "nps": ["0", "7", "10", "NA"] * 10,
        "recommend": ["0", "1", "1", ""] * 10,
        "weight": ["1", "2", "1", "3"] * 10,
        "comment": [f"words {i}" for i in range(40)],
    }


def test_columns_are_guessed():
    guess = infer(columns())

    assert guess.company == "brand"
    assert guess.items == (
        ("speed", (1, 5), True),
        ("nps", (0, 10), False),
        ("recommend", (0, 1), False),
    )
    assert guess.weight == "weight"


def test_a_draft_is_a_plan():
    plan = parse(write('my "own".csv', infer(columns()), "2026-11-23").encode(), "plan.yaml")

    assert plan.source.file == 'my "own".csv'
    assert plan.items[0].not_applicable == ("0",)
    assert plan.gates == DEFAULT
    assert plan.design.weight == "weight"


def test_a_file_without_ratings_still_gets_a_draft():
    plan = parse(write("a.csv", infer({"x": ["a", "b"]}), "2026-11-23").encode(), "plan.yaml")

    assert plan.company.column == "FILL IN"
