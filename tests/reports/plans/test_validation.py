"""Plans: what is read, and every way to get one wrong, with file, line and key."""

from __future__ import annotations

from datetime import date

import pytest

from config.language.problems import InvalidInput
from reports.plans.validation import load, parse
from reports.statistics.disclosure.gates import DEFAULT, OPEN, Gates
from reports.statistics.index.scoring import Branch, Leaf
from tests import worlds
from tests.conftest import ROOT


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs" / "examples").glob("*.yaml")), ids=lambda p: p.stem
)
def test_every_example_is_a_plan(path):
    assert load(path).title.zh


def test_a_plan_is_read_with_its_defaults():
    plan = worlds.plan()

    assert plan.date == date(2026, 11, 23)
    assert plan.inference.seed == 20261123
    assert plan.inference.draws == 2000
    assert plan.items[0].not_applicable == ("0",)
    assert plan.tree == Branch((Leaf(0), Leaf(1)))
    assert plan.gates == Gates(n=10)
    assert len(plan.hash) == 64


def test_gates_are_the_usual_ones_unless_the_plan_sets_its_own():
    assert worlds.plan(without="gates").gates == DEFAULT
    assert worlds.plan("gates: {n: 5, half_width: null}").gates == Gates(n=5)
    assert parse(worlds.ESTIMATES.encode(), "p.yaml").gates == OPEN


def test_a_tree_is_scored_by_its_weights():
    plan = worlds.plan(TREE, text=NO_ITEMS)

    assert plan.tree == Branch((Branch((Leaf(0, 2.0), Leaf(1, 1.0)), 60.0), Leaf(2, 40.0)))
    assert [(line.depth, round(line.share, 3)) for line in plan.outline] == [
        (0, 0.6),
        (1, 0.4),
        (1, 0.2),
        (0, 0.4),
    ]


def test_names_stay_as_they_are_written():
    plan = worlds.plan(
        "company: {column: shop, aliases: {No: 360, 1.0: 'Yes'}}\ndrop: [{column: shop, in: [No, 07, '']}]"
    )

    assert plan.company.aliases == {"No": "360", "1.0": "Yes"}
    assert plan.drop[0].values == ("No", "07", "")


NO_ITEMS = "\n".join(
    line for line in worlds.PLAN.splitlines() if "items" not in line and "  - " not in line
)
TREE = """\
tree:
  - label: {zh-Hans: 上门, en: Visit}
    weight: 60
    children:
      - {column: speed, scale: [1, 5], weight: 2}
      - {column: skill, scale: [1, 5]}
  - {column: price, scale: [1, 5], weight: 40}
"""


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", "plan.yaml", "is empty"),
        ("title: [", "plan.yaml:1", "not readable YAML"),
        ("- a", "plan.yaml", "must be a mapping"),
        (worlds.plan_text("colour: red"), "plan.yaml:11: colour", "not a key that is known"),
        (worlds.plan_text("date: &d 2026-01-01"), "plan.yaml", "anchors"),
        (worlds.plan_text(without="sample"), "plan.yaml:1: sample", "is missing"),
        (
            worlds.plan_text("sample: quota"),
            "sample",
            "must be one of: probability, nonprobability",
        ),
        (worlds.plan_text("date: yesterday"), "date", "must be a date"),
        (worlds.plan_text("title: {en: A}"), "title.zh-Hans", "is missing"),
        (worlds.plan_text("title: 满意度"), "title", "must be a mapping"),
        (worlds.plan_text("title: {zh-Hans: 黑榜, en: A}"), "title", "黑榜"),
        (
            worlds.plan_text("title: {zh-Hans: 甲, en: Margin  of Error}"),
            "title",
            "margin of error",
        ),
        (worlds.plan_text("publisher: {zh-Hans: 黑 名单, en: A}"), "publisher", "黑名单"),
        (worlds.plan_text("gates: {n: 0}"), "gates.n", "from 1 to"),
        (worlds.plan_text("gates: {n: 2.5}"), "gates.n", "whole number"),
        (worlds.plan_text("gates: {width: 5}"), "gates.width", "not a key"),
        (worlds.plan_text("inference: {level: 95}"), "inference.level", "from 0.8 to 0.999"),
        (
            worlds.plan_text("inference: {family: joint}"),
            "inference.family",
            "simultaneous, marginal",
        ),
        (worlds.plan_text("print: {pages: some}"), "print.pages", "none, extremes, all"),
        (worlds.plan_text("print: {list_withheld: maybe}"), "print.list_withheld", "true or false"),
        (worlds.plan_text("coverage: 50"), "coverage", "from 0 to 1"),
        (worlds.plan_text("coverage: .nan"), "plan.yaml:11: coverage", "from 0 to 1"),
        (worlds.plan_text("population: size"), "population", "needs strata or psu"),
        (
            worlds.plan_text("disclosure: {colour: {zh-Hans: 甲, en: A}}"),
            "disclosure.colour",
            "not a key",
        ),
        (worlds.plan_text("source: {kind: ratings}"), "source.file", "is missing"),
        (worlds.plan_text("source: {kind: poll, file: x}"), "source.kind", "must be one of"),
        (
            worlds.plan_text("company: {column: shop, aliases: {A: B, B: C}}"),
            "company.aliases.A",
            "itself an alias",
        ),
        (worlds.plan_text("drop: [{column: shop}]"), "drop[0].in", "is missing"),
        (worlds.plan_text("drop: [{column: shop, in: [[a]]}]"), "drop[0].in[0]", "text of a cell"),
        (
            worlds.plan_text("drop: [{column: shop, in: [~]}]"),
            "drop[0].in[0]",
            "two quotation marks",
        ),
        (worlds.plan_text("tree: []"), "tree", "stands beside items"),
        (worlds.plan_text("questionnaire: appliance@1"), "items", "stands beside questionnaire"),
        (
            worlds.plan_text(TREE + "questionnaire: appliance@1", text=NO_ITEMS),
            "tree",
            "stands beside questionnaire",
        ),
        (worlds.plan_text("source: {kind: survey, survey: a}"), "items", "for file sources"),
        (worlds.plan_text("estimates: {value: v, se: s}"), "estimates", "source.kind estimates"),
        (NO_ITEMS, "plan.yaml", "no scale is declared"),
        (worlds.plan_text("items: []", text=NO_ITEMS), "items", "has no items"),
        (
            worlds.plan_text("items: [{column: speed}]", text=NO_ITEMS),
            "items[0].scale",
            "is missing",
        ),
        (
            worlds.plan_text("items: [{column: s, scale: [1, 1]}]", text=NO_ITEMS),
            "items[0].scale",
            "worst and the best",
        ),
        (
            worlds.plan_text("items: [{column: s, scale: 5}]", text=NO_ITEMS),
            "items[0].scale",
            "must be a list",
        ),
        (worlds.ESTIMATES + "strata: a\n", "strata", "is for ratings"),
        (worlds.ESTIMATES + "gates: {n: 3}\n", "gates.n", "estimates.n"),
        (worlds.ESTIMATES + "gates: {n_eff: 3}\n", "gates.n_eff", "no effective sample size"),
        (worlds.ESTIMATES + "date: 2026-01-03\n", "p.yaml:7: date", "is given twice"),
    ],
    ids=lambda value: value[:40] if "\n" not in value else "",
)
def test_a_wrong_plan_is_refused_at_its_place(text, place, words):
    with pytest.raises(InvalidInput) as refused:
        parse(text.encode(), "p.yaml" if text.startswith(worlds.ESTIMATES) else "plan.yaml")

    assert any(place in p.place and words in p.render() for p in refused.value.problems), str(
        refused.value
    )


def test_all_problems_are_found_at_once():
    with pytest.raises(InvalidInput) as refused:
        worlds.plan("coverage: 7\ngates: {n: x}\ncolour: red")

    assert len(refused.value.problems) == 3


def test_what_is_not_utf8_is_said_so():
    with pytest.raises(InvalidInput, match="UTF-8"):
        parse(worlds.PLAN.encode("gb18030"), "plan.yaml")


def test_words_of_a_probability_sample_are_allowed_there():
    text = worlds.plan_text("sample: probability\ntitle: {zh-Hans: 甲, en: Response rate}")

    assert parse(text.encode(), "plan.yaml").title.en == "Response rate"


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ("lonely_psu: {collapse: {a: b}}", "lonely_psu: needs strata"),
        ("lonely_psu: ignore", "lonely_psu: must be one of"),
        ("expect: {answers: 100}", "expect: needs companies"),
        ("expect: {companies: 3, answers: [100, 200]}", "expect.companies: stands beside a list"),
        ("expect: {answers: [100]}", "expect.answers: needs at least two"),
        ("expect: {companies: 3}", "expect.answers: is missing"),
        (
            "expect: {companies: 3, answers: 100, between: -1}",
            "expect.between: must be a number from",
        ),
    ],
)
def test_expectations_and_lonely_rules_that_cannot_be_used(extra, words):
    with pytest.raises(InvalidInput, match=words):
        worlds.plan(extra)


def test_expectations_are_read_with_their_defaults():
    alike = worlds.plan("expect: {companies: 3, answers: 100}").expect
    listed = worlds.plan("expect: {answers: [50, 80], units: 6}").expect

    assert (alike.answers, alike.between, alike.within, alike.deff, alike.units) == (
        (100,) * 3,
        3.0,
        20.0,
        1.0,
        None,
    )
    assert (listed.answers, listed.units) == ((50, 80), 6)
