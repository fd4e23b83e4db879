"""From a file to the one table: aliases, scales, what is left out and why, and what stops."""

from __future__ import annotations

import pytest

from config.language.problems import InvalidInput
from reports.data.sources.read import table
from reports.plans.validation import parse
from tests import worlds
from tests.config.tabular.old_excel import xls


def read(tmp_path, lines: str, extra: str = "", **more):
    path = tmp_path / "ratings.csv"
    path.write_text(lines, encoding="utf-8")
    return table(worlds.plan(extra, **more), path).frame


def test_rows_are_left_out_by_the_first_reason_that_applies(tmp_path):
    lines = "shop,speed,skill,kind\nAsh,5,4,b\n,5,4,b\nAsh,,0,b\nAsh,5,NA,b\n,9,4,test\n"

    found = read(tmp_path, lines, "drop: [{column: kind, in: [test]}]\ncoverage: 0.6")

    assert found["out"].fillna("in").tolist() == [
        "in",
        "no_company",
        "no_answer",
        "coverage",
        "dropped:0",
    ]
    assert found["row"].tolist() == [2, 3, 4, 5, 6]


def test_spellings_become_one_company(tmp_path):
    lines = "shop,speed,skill\n HAIER  X,5,4\nHaier X,5,4\nＡsh,5,4\n"

    found = read(tmp_path, lines, "company: {column: shop, aliases: {HAIER X: Haier X}}")

    assert found["company"].tolist() == ["Haier X", "Haier X", "Ａsh"]


def test_a_number_is_the_same_number_however_it_is_written(tmp_path):
    found = read(tmp_path, "shop,speed,skill\nAsh,0.0,5.0\nAsh, 5 ,00\n")

    assert found["item_0"].fillna(-1).tolist() == [-1, 5]
    assert found["item_1"].fillna(-1).tolist() == [5, -1]


SCALE_10 = "items: [{column: speed, scale: [1, 10]}]"
WITHOUT_ITEMS = "\n".join(
    line for line in worlds.PLAN.splitlines() if "items" not in line and "  - " not in line
)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            "shop,speed\nAsh,5\n",
            r"plan\.yaml:8: items\[1\]\.column: column skill is missing in ratings\.csv, which has: shop, speed",
        ),
        (
            "shop,speed,skill\nAsh,5,4\nAsh,6,4\n",
            "row 3, column speed: 6 is outside the scale 1–5; 1 of 2 answers",
        ),
        ("shop,speed,skill\nAsh,5,4\nAsh,good,4\n", "row 3, column speed: “good” is not a number"),
        ("shop,speed,skill\nAsh,inf,4\n", "“inf” is not a number"),
    ],
)
def test_cells_that_cannot_be_scores_stop(tmp_path, lines, words):
    with pytest.raises(InvalidInput, match=words):
        read(tmp_path, lines)


def mixed(low: int, high: int) -> str:
    return "shop,speed\n" + "".join(f"Ash,{1 + i % 5}\n" for i in range(low)) + "Ash,9\n" * high


def test_two_instruments_in_one_column_stop_with_both_ranges(tmp_path):
    with pytest.raises(
        InvalidInput, match="90 of 100 answers lie in 1–5, the other 10 in 9–9.*single_instrument"
    ):
        read(tmp_path, mixed(90, 10), SCALE_10, text=WITHOUT_ITEMS)


@pytest.mark.parametrize(
    ("low", "high", "extra"),
    [
        (89, 11, SCALE_10),
        (100, 0, SCALE_10),
        (90, 10, "items: [{column: speed, scale: [1, 10], single_instrument: true}]"),
        (90, 10, "items: [{column: speed, scale: [1, 5]}]\ndrop: [{column: speed, in: [9]}]"),
    ],
)
def test_one_instrument_passes(tmp_path, low, high, extra):
    found = read(tmp_path, mixed(low, high), extra, text=WITHOUT_ITEMS)

    assert len(found) == low + high


def test_yes_and_no_are_one_instrument(tmp_path):
    lines = "shop,speed\n" + "Ash,0\n" * 95 + "Ash,1\n" * 5

    found = read(tmp_path, lines, "items: [{column: speed, scale: [0, 1]}]", text=WITHOUT_ITEMS)

    assert found["item_0"].sum() == 5


@pytest.mark.parametrize(
    ("cells", "extra", "words"),
    [
        ("-1,n,a,9", "weight: w", "negative"),
        (",n,a,9", "weight: w", "no weight"),
        ("x,n,a,9", "weight: w", "not a number"),
        ("1,,a,9", "strata: h", "column h: has no value"),
        ("1,n,,9", "psu: u", "column u: has no value"),
        ("1,n,a,", "strata: h\npopulation: N", "number of units"),
    ],
)
def test_a_sampling_design_with_holes_stops(tmp_path, cells, extra, words):
    lines = f"shop,speed,skill,w,h,u,N\nAsh,5,4,1,n,a,9\nAsh,5,4,{cells}\n"

    with pytest.raises(InvalidInput, match=words):
        read(tmp_path, lines, extra)


def test_weight_zero_is_a_reason_to_be_left_out(tmp_path):
    found = read(tmp_path, "shop,speed,skill,w\nAsh,5,4,0\nAsh,5,4,2\n", "weight: w")

    assert found["out"].fillna("in").tolist() == ["no_weight", "in"]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("c,v,s\nA,1,1\nA,2,1\n", "row 3: A has a second row"),
        ("c,v,s\nA,1,0\n", "row 2, column s: a standard error must be above 0"),
        ("c,v,s\nA,,1\n", "row 2, column v: is empty"),
        ("c,v\nA,1\n", "column s"),
    ],
)
def test_a_table_of_estimates_with_holes_stops(tmp_path, lines, words):
    path = tmp_path / "e.csv"
    path.write_text(lines)

    with pytest.raises(InvalidInput, match=words):
        table(parse(worlds.ESTIMATES.encode(), "p.yaml"), path)


def test_nan_in_a_plan_is_not_every_text(tmp_path):
    lines = "shop,speed,skill\nAsh,5,4\nNaN,5,4\nBirch,5,4\n"

    found = read(tmp_path, lines, "drop: [{column: shop, in: [NaN]}]")

    assert found["out"].fillna("in").tolist() == ["in", "dropped:0", "in"]


UNEQUAL = "shop,speed,skill,_weight\nAsh,5,4,1\nAsh,5,4,2.5\n"


def test_unequal_weights_of_the_platform_cannot_be_forgotten(tmp_path):
    with pytest.raises(InvalidInput, match="plan.yaml: weight: .*unequal weights.*_weight"):
        read(tmp_path, UNEQUAL, "")


def test_equal_weights_of_the_platform_need_no_word(tmp_path):
    found = read(tmp_path, UNEQUAL.replace("2.5", "1"), "")

    assert found["weight"].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("rule", "weights"),
    [
        ("weight: design", [1, 2.5]),
        ("weight: _weight", [1, 2.5]),
        ("weight: {none: {zh-Hans: 抽样框重复, en: The frame had doubles}}", [1, 1]),
    ],
)
def test_the_plan_says_what_becomes_of_unequal_weights(tmp_path, rule, weights):
    assert read(tmp_path, UNEQUAL, rule)["weight"].tolist() == weights


def test_no_weights_need_a_reason(tmp_path):
    with pytest.raises(InvalidInput, match="needs a reason"):
        read(tmp_path, UNEQUAL, "weight: none")


def test_weights_by_design_that_the_file_lacks_stop(tmp_path):
    with pytest.raises(InvalidInput, match="column _weight is missing"):
        read(tmp_path, "shop,speed,skill\nAsh,5,4\n", "weight: design")


RATED = [["shop", "speed", "skill"], ["晴岚", 5, 4], ["云杉", 3, 4]]
TEXT = "shop,speed,skill\n晴岚,5,4\n云杉,3,4\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("r.xls", xls({"a": RATED})),
        ("r.txt", TEXT.replace(",", "\t").encode("utf-16")),
        ("r.csv", TEXT.encode("gb18030")),
        ("r.csv", TEXT.replace(",", ";").encode()),
        ("r.csv", ("满意度,,\n\n" + TEXT).encode()),
    ],
)
def test_ratings_are_read_as_every_table_is(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)

    found = table(worlds.plan(), path).frame

    assert found[["company", "item_0"]].to_numpy().tolist() == [["晴岚", 5.0], ["云杉", 3.0]]


def test_words_and_ways_of_writing_are_answers(tmp_path):
    extra = "values: {非常满意: 5, 一般: 3}\nitems:\n  - {column: speed, scale: [1, 5]}\n  - {column: skill, scale: [0, 5], values: stars}"

    found = read(
        tmp_path,
        "shop,speed,skill\nAsh,非常满意,★★\nAsh, 一般,☆\nAsh,５,NA\n",
        extra,
        text=WITHOUT_ITEMS,
    )

    assert found["item_0"].tolist() == [5, 3, 5]
    assert found["item_1"].fillna(-1).tolist() == [2, 0, -1]


def test_every_bad_column_is_named_in_one_run(tmp_path):
    lines = "shop,speed,skill,w,h\nAsh,9,good,1,n\nAsh,5,4,-1,\n"

    with pytest.raises(InvalidInput) as refused:
        read(tmp_path, lines, "weight: w\nstrata: h\npsu: u")

    assert [str(problem.place) for problem in refused.value.problems] == [
        "plan.yaml:13: psu",
        "ratings.csv: row 3, column w",
        "ratings.csv: row 3, column h",
        "ratings.csv: row 2, column speed",
        "ratings.csv: row 2, column skill",
    ]


LONG = "source: {kind: ratings, file: ratings.csv, long: {respondent: id, item: q, answer: score}}"
ANSWERS = (
    "id,shop,q,score,city\n1,Ash,speed,5,ty\n1,Ash,skill,4,ty\n2,Ash,speed,3,dt\n"
    "1,Birch,speed,2,ty\n1,Birch,price,1,ty\n2,Ash,skill,,dt\n"
)


def test_a_long_table_is_read_by_respondent_and_company(tmp_path):
    found = read(tmp_path, ANSWERS, f"{LONG}\npsu: city")

    assert found["row"].tolist() == [2, 4, 5]
    assert found["company"].tolist() == ["Ash", "Ash", "Birch"]
    assert found["item_0"].tolist() == [5, 3, 2]
    assert found["item_1"].fillna(-1).tolist() == [4, -1, -1]
    assert found["psu"].tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("1,Ash,skill,4", "1,Ash,speed,4", "row 3, column q: 1 answers speed a second time"),
        ("1,Ash,skill", ",Ash,skill", "row 3, column id: is empty"),
        ("1,Ash,skill,4,ty", "1,Ash,skill,4,dt", "row 3, column city: .*“ty” and “dt”"),
        ("id,", "nr,", r"source\.long\.respondent: column id is missing"),
        ("1,Ash,skill,4", "1,Ash,city,4", "city is an item and a column"),
        (",skill,", ",skills,", "column skill is missing"),
    ],
)
def test_a_long_table_with_holes_stops(tmp_path, old, new, words):
    with pytest.raises(InvalidInput, match=words):
        read(tmp_path, ANSWERS.replace(old, new), f"{LONG}\npsu: city")
