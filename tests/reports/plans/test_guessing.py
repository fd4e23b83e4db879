"""What columns of files from elsewhere seem to be. The contents are invented, the shapes are not."""

from __future__ import annotations

import random

import pytest

from reports.plans.guessing import (
    BY_NAME,
    CONSTANT,
    NOT_ALL,
    SAME_LEVEL,
    UNNAMED,
    YES_NO,
    infer,
)
from reports.plans.plan import Long

N = 400
rng = random.Random(3)


def drawn(*values: object, n: int = N) -> list[str]:
    return [str(rng.choice(values)) for _i in range(n)]


def lecturers():
    """Ratings of lecturers by students: four columns of names, none of them called a company."""
    people = [(f"Lecturer {i}", f"College {i % 9}", f"Department {i % 14}") for i in range(60)]
    rows = [rng.choice(people) for _i in range(N)]
    return {
        "professor_name": [row[0] for row in rows],
        "school_name": [row[1] for row in rows],
        "department_name": [row[2] for row in rows],
        "state_name": drawn("PA", "NY", "OH"),
        "post_date": drawn("03/25/2009", "11/02/2011", "05/08/2012"),
        "student_star": drawn(*(i / 2 for i in range(2, 11))),
        "student_difficult": drawn(*(i / 2 for i in range(2, 11))),
        "num_student": drawn(*range(3, 70)),
        "for_credits": drawn("Yes", "No", ""),
        "comments": [f"words of student {i} about this and that" for i in range(N)],
    }


def hotels():
    """Reviews of hotels: two columns are called like one, of which one is an address."""
    houses = [(f"Hotel {i}", f"{i} Main Street", f"{7 + i % 3}.{i % 10}") for i in range(50)]
    rows = [rng.choice(houses) for _i in range(N)]
    return {
        "Hotel_Address": [row[1] for row in rows],
        "Additional_Number_of_Scoring": drawn(*range(1, 300)),
        "Review_Date": drawn("8/3/2017", "7/31/2017"),
        "Average_Score": [row[2] for row in rows],
        "Hotel_Name": [row[0] for row in rows],
        "Reviewer_Nationality": drawn(" Russia ", " Ireland ", " Australia "),
        "Reviewer_Score": drawn(2.9, 7.5, 7.1, 3.8, 6.7, 9.6, 10, 8.3),
        "lat": drawn(52.3605759, 51.5, 48.2),
    }


def weighted():
    """An opinion survey on 0–10 with its sampling design."""
    return {
        "idno": [str(i) for i in range(N)],
        "provider": drawn("Ash", "Birch", "Cedar"),
        "overall": drawn(*range(11), 99),
        "helpful": drawn(*range(2, 11)),
        "gender": drawn(1, 2),
        "agegroup": drawn(1, 2, 3, 4),
        "stratum": drawn("north", "south"),
        "psu": drawn(*range(101, 121)),
        "pweight": drawn(0.8, 1.2, 2.5),
    }


def test_the_company_of_lecturers_is_not_guessed_but_listed():
    guess = infer(lecturers())

    assert guess.company is None
    assert [c.column for c in guess.candidates] == [
        "professor_name",
        "school_name",
        "department_name",
    ]
    assert [item.column for item in guess.items] == ["student_star", "student_difficult"]
    assert {item.scale for item in guess.items} == {(1, 5)}


def test_the_company_of_hotels_is_their_name_and_not_their_address():
    guess = infer(hotels())

    assert guess.company == "Hotel_Name"
    assert [(item.column, item.scale) for item in guess.items] == [("Reviewer_Score", (1, 10))]
    assert ("Average_Score", CONSTANT) in {(item.column, item.doubt) for item in guess.doubtful}


def test_weights_strata_and_places_are_found_and_0_to_10_is_one_scale():
    guess = infer(weighted())

    assert (guess.company, guess.weights, guess.strata, guess.psu) == (
        "provider",
        ("pweight",),
        "stratum",
        "psu",
    )
    assert [(item.column, item.scale, item.not_applicable) for item in guess.items] == [
        ("overall", (0, 10), ("99",)),
        ("helpful", (0, 10), ()),
    ]
    assert not guess.lonely


def test_a_stratum_of_one_place_is_told():
    columns = weighted()
    columns["stratum"][0], columns["psu"][0] = "island", "999"

    assert infer(columns).lonely


@pytest.mark.parametrize(
    ("column", "cells", "doubt"),
    [
        ("recommended", ("0", "1"), YES_NO),
        ("gender", ("1", "2"), BY_NAME),
        ("month", tuple(map(str, range(1, 13))), BY_NAME),
        ("row_no", ("1", "2", "3"), BY_NAME),
        ("distance", ("1.25", "3.7", "4.1"), UNNAMED),
        ("service", ("满意", "比较满意", "不满意"), SAME_LEVEL),
        ("skill", ("1", "2", "3", "4", "5", "1", "2", "3", "see notes"), NOT_ALL),
    ],
)
def test_what_may_be_no_rating_is_only_told(column, cells, doubt):
    guess = infer(
        {"shop": drawn("Ash", "Birch"), "speed": drawn(1, 2, 3, 4, 5), column: drawn(*cells)}
    )

    assert [item.column for item in guess.items] == ["speed"]
    assert [(item.column, item.doubt) for item in guess.doubtful] == [(column, doubt)]


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("date", ("2026-03-01", "2026-03-02")),
        ("日期", ("2026年3月1日", "2026年3月2日")),
        ("when", ("20260301", "20260302")),
        ("year", ("2024", "2025")),
        ("amount", ("120", "340", "560")),
    ],
)
def test_days_years_and_amounts_are_neither_rated_nor_companies(column, cells):
    guess = infer(
        {"x": drawn("Ash", "Birch"), "speed": drawn(1, 2, 3, 4, 5), column: drawn(*cells)}
    )

    assert guess.company == "x"
    assert [c.column for c in guess.candidates] == ["x"]
    assert not guess.doubtful


def test_where_nothing_but_yes_and_no_is_asked_that_is_rated():
    guess = infer({"shop": drawn("Ash", "Birch"), "punctual": drawn(0, 1), "clean": drawn(0, 1)})

    assert [(item.column, item.scale) for item in guess.items] == [
        ("punctual", (0, 1)),
        ("clean", (0, 1)),
    ]


def test_companies_that_are_numbers_are_no_rating():
    guess = infer({"company": drawn(1, 2, 3, 4), "speed": drawn(1, 2, 3, 4, 5)})

    assert guess.company == "company"
    assert [item.column for item in guess.items] == ["speed"]


def test_company_beside_brand_is_not_sure():
    guess = infer({"brand": drawn("a", "b"), "company": drawn("A", "B"), "s": drawn(1, 2, 5)})

    assert guess.company is None
    assert [c.column for c in guess.candidates] == ["brand", "company"]


@pytest.mark.parametrize(
    ("cells", "scale", "values"),
    [
        (("Very satisfied", "Satisfied", "Neutral"), (1, 5), "words"),
        (("很满意", "一般", "不太满意"), (1, 5), "words"),
        (("poor", "good", "excellent"), (1, 5), "words"),
        (("5分", "4分", "1分"), (1, 5), "points"),
        (("★★★★★", "★★☆☆☆"), (1, 5), "stars"),
        (("85%", "9.5%"), (0, 100), "percent"),
        (("4,5", "3,0", "2"), (1, 5), "comma"),
        (("4/5", "4.5 / 5", "2/5"), (1, 5), "/5"),
        (("4/10", "7/10"), (1, 10), "/10"),
        (("40/100", "75/100"), (0, 100), "/100"),
        (("-2", "0", "2"), (-2, 2), None),
        (("1", "5", "-9"), (1, 5), None),
        (("1", "5", "#N/A"), (1, 5), None),
        (("0", "5", "10", "77", "88"), (0, 10), None),
        (("5 非常满意", "4 满意", "1 非常不满意"), (1, 5), "words"),
        (("5非常满意", "3一般"), (1, 5), "words"),
        (("10 - Excellent", "7 - Good", "1 - Poor"), (1, 10), "words"),
    ],
)
def test_a_scale_is_seen_however_it_is_written(cells, scale, values):
    (item,) = infer({"shop": drawn("Ash", "Birch"), "q": drawn(*cells)}).items

    assert item.scale == scale
    assert values == ("words" if isinstance(item.values, dict) else item.values)


def test_a_row_for_every_answer_is_a_long_table():
    rows = [(person, item) for person in range(60) for item in ("速度", "态度", "价格")]
    guess = infer(
        {
            "企业": [("晴岚", "云杉")[person % 2] for person, _item in rows],
            "答卷编号": [str(person) for person, _item in rows],
            "指标": [item for _person, item in rows],
            "得分": drawn(1, 2, 3, 4, 5, n=len(rows)),
            "城市": [("太原", "大同")[person % 2] for person, _item in rows],
        }
    )

    assert guess.long == Long("答卷编号", "指标", "得分")
    assert guess.company == "企业"
    assert [(item.column, item.scale) for item in guess.items] == [
        ("速度", (1, 5)),
        ("态度", (1, 5)),
        ("价格", (1, 5)),
    ]


def test_columns_without_anything_in_them_say_nothing():
    guess = infer({"shop": drawn("Ash", "Birch"), "(B)": [""] * N, "speed": drawn(1, 3, 5)})

    assert (guess.company, [item.column for item in guess.items]) == ("shop", ["speed"])


@pytest.mark.parametrize(
    "cells", [("2年", "3年", "5年"), ("5 km", "3 km"), ("18-24", "25-30"), ("1号店", "2号店")]
)
def test_amounts_ages_and_branches_are_no_levels_with_their_number(cells):
    guess = infer({"shop": drawn("Ash", "Birch"), "speed": drawn(1, 3, 5), "x": drawn(*cells)})

    assert [item.column for item in (*guess.items, *guess.doubtful)] == ["speed"]


def test_addresses_titles_and_names_of_people_are_no_companies():
    """Reviews of hotels as a catalogue gives them out: the company is called `name` alone."""
    guess = infer(
        {
            "keys": [f"us/ca/{i % 50}" for i in range(N)],
            "name": [f"Hotel {i % 50}" for i in range(N)],
            "reviews.rating": drawn(1, 2, 3, 4, 5),
            "reviews.sourceURLs": drawn("https://a.example/1", "https://a.example/2"),
            "homepage": drawn("https://a.example/1", "www.b.example"),
            "reviews.title": drawn("Amazing", "Never again"),
            "reviews.username": drawn("Paula", "Mike"),
        }
    )

    assert (guess.company, [c.column for c in guess.candidates]) == ("name", ["name"])


def test_of_several_weights_none_is_taken():
    columns = {**weighted(), "dweight": drawn(0.5, 2), "pspwght": drawn(0.5, 2)}

    guess = infer(columns)

    assert guess.weights == ("pweight", "dweight", "pspwght")
    assert [item.column for item in guess.items] == ["overall", "helpful"]


def test_a_long_table_may_ask_what_is_not_rated():
    rows = [(person, item) for person in range(60) for item in ("speed", "skill", "again")]
    guess = infer(
        {
            "brand": [("Ash", "Elm")[person % 2] for person, _item in rows],
            "id": [str(person) for person, _item in rows],
            "question": [item for _person, item in rows],
            "answer": [
                rng.choice(("often", "never")) if item == "again" else str(rng.randint(1, 5))
                for _person, item in rows
            ],
        }
    )

    assert guess.long == Long("id", "question", "answer")
    assert guess.company == "brand"
    assert [item.column for item in guess.items] == ["speed", "skill"]
