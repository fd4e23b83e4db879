"""What the templates are handed, for every kind of plan, without setting a page."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from config.language.languages import speaking
from config.language.texts import LANGUAGES
from reports.plans.plan import DISCLOSURE
from reports.ranking import wording
from reports.ranking.presenters.report import report
from reports.ranking.result import Note
from reports.statistics.disclosure.gates import Reason
from tests import worlds

NOTES = [
    Note("nonprobability"),
    Note("demonstration"),
    Note("floored", ("Ash", "Birch")),
    Note("few_degrees", ("11",)),
    Note("lonely_adjust"),
    Note("lonely_average"),
    Note("lonely_certainty"),
    Note("lonely_collapse", ("a → b",)),
    Note("edge", ("1",)),
    Note("edge", ("12",)),
    Note("not_tried"),
    Note("no_comparison"),
]


def shown(folder, extra: str, language="en", **more) -> dict:
    ranking = worlds.ranking(folder, of=worlds.plan(extra), **more)
    with speaking(language):
        return report(ranking, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("note", NOTES, ids=lambda n: " ".join((n.code, *n.values)))
def test_every_note_has_words(note, language):
    with speaking(language):
        text = wording.note(note)

    assert bool(re.search(r"[\u4e00-\u9fff]", text)) is (language == "zh-Hans")
    assert all(value in text for value in note.values)


def test_a_note_without_words_is_an_error():
    with pytest.raises(ValueError, match="without words"):
        wording.note(Note("new"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_and_every_disclosure_item_has_words(language):
    with speaking(language):
        assert wording.reasons(get_args(Reason))
        assert [str(wording.DISCLOSURE[name]) for name in DISCLOSURE]


def test_the_design_and_the_gates_are_named(tmp_path):
    rows = [{**row, "w": "1.5", "size": "900"} for row in worlds.ratings()]
    extra = "psu: site\nstrata: district\nweight: w\npopulation: size\ncoverage: 0.5\ngates: {n: 10, half_width: 40}"

    method = dict(shown(tmp_path, extra, rows=rows)["method"])

    assert method["Sampling design"].startswith(
        "strata: district; primary sampling units: site; weights: w"
    )
    assert "10 degrees of freedom" in method["Sampling design"]
    assert method["Coverage"].endswith("50 % of the item weight.")
    assert method["Gates"] == (
        "Fewer than 10 answers: not published; an item of a company likewise; 95 % interval that a company of its size has with"
        " the spread of answers inside all companies, wider than ±40: score without rank and class;"
        " set open by the plan: effective sample size."
    )


def test_marginal_ranges_are_said_to_be_marginal(tmp_path):
    found = shown(tmp_path, "inference: {draws: 2000, family: marginal, level: 0.9}")

    assert "picked beforehand holds with 90 % confidence" in dict(found["method"])["Rank ranges"]
    assert found["joint"] is False


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        ("gates: {n: 55}", "Fewer than two companies"),
        ("", "Only Ash may be first."),
        ("inference: {draws: 2000, tau: 2}", "3 companies may be among the first 2."),
    ],
)
def test_the_headline_says_what_can_be_said(tmp_path, extra, sentence):
    assert any(sentence in said for said in shown(tmp_path, extra)["headline"])


def test_rows_left_out_are_named_by_reason_and_never_by_value(tmp_path):
    found = shown(tmp_path, "drop: [{column: shop, in: [Doum]}]")

    assert found["rows_out"] == [
        ("left out by the plan (column shop)", "50"),
        ("of companies with too few answers", "4"),
    ]
    assert "Doum" not in str({**found, "bands": None})


def test_a_heavy_rule_stands_where_everything_above_is_better(tmp_path):
    bands = shown(tmp_path, "")["bands"]

    assert [[(row.name, row.line) for row in band.rows] for band in bands] == [
        [("Ash", True)],
        [("Birch", False), ("Cedar", True)],
        [("Doum", False)],
    ]


def test_pages_are_made_for_those_the_plan_asks_for(tmp_path):
    asked = {
        pages: shown(tmp_path, f"print: {{pages: {pages}}}")["pages"]
        for pages in ("none", "extremes", "all")
    }

    assert [len(p) for p in asked.values()] == [0, 2, 4]
    assert [page["row"].name for page in asked["extremes"]] == ["Ash", "Doum"]


def test_a_company_that_stands_alone_is_still_printed(tmp_path):
    bands = shown(tmp_path, "gates: {n: 55}")["bands"]

    assert [row.name for band in bands for row in band.rows] == ["Ash"]


def test_the_method_works_one_respondent_out_dimensions_first(tmp_path):
    tree = """\
tree:
  - {label: {zh-Hans: 上门, en: Visit}, weight: 3, children: [{column: speed, scale: [1, 5], label: {zh-Hans: 快, en: Speed}}, {column: skill, scale: [1, 5], label: {zh-Hans: 技, en: Skill}}]}
  - {column: price, scale: [0, 10], label: {zh-Hans: 价, en: Price}}
"""
    text = worlds.PLAN[: worlds.PLAN.index("items:")] + tree
    rows = [{"shop": "Ash", "speed": "4", "skill": "", "price": "5"}] * 20
    rows += [{"shop": "Birch", "speed": "2", "skill": "3", "price": "4"}] * 20

    ranking = worlds.ranking(tmp_path, rows=rows, of=worlds.plan("gates: {n: 10}", text=text))
    with speaking("en"):
        said = report(ranking, "en")["method"]

    assert dict(said)["An example"] == (
        "One respondent: Speed 4 → 75; Skill not answered; Visit = (1 × 75) / 1 = 75; Price 5 → 50;"
        " score = (3 × 75 + 1 × 50) / 4 = 68.75. That is a score of 68.75."
    )
    assert dict(said)["Score"].count("Dimensions come first") == 1


def test_only_formulas_that_were_used_are_printed(tmp_path):
    terms = [term for term, _text in shown(tmp_path, "gates: {n: 10}")["formulas"]]

    assert "Stand-in" not in terms
    assert "Width for the gate" not in terms
    assert terms[-2:] == ["Rank", "Reliability of a company"]


def test_a_report_begins_with_three_to_five_findings(tmp_path):
    found = shown(tmp_path, "")

    assert 3 <= len(found["findings"]) <= 5
    assert any("Above the average of the others: Ash." in said for said in found["findings"])
    assert "Scores of the ranked companies by class" in found["overview"]


def test_few_companies_need_no_index_many_have_one_in_words(tmp_path):
    many = {f"Shop {i:02}": (2 + i / 12, 20) for i in range(24)}

    few = shown(tmp_path, "")["index"]
    index = shown(tmp_path, "gates: {n: 10}", rows=worlds.ratings(many))["index"]

    assert few == []
    assert [entry["name"] for entry in index] == list(many)
    assert {(entry["symbol"], entry["label"]) for entry in index} >= {("▼", "below the average")}


def test_items_of_all_companies_stand_on_one_axis(tmp_path):
    pages = shown(tmp_path, "print: {pages: all}")["pages"]

    assert len({page["item_axis"] for page in pages}) == 1
