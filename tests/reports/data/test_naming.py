"""One name for a company: which spellings are joined and told, which only are proposed."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from config.language.problems import InvalidInput
from config.tabular.tables import parse
from reports.data.snapshots.snapshot import freeze
from reports.data.sources.naming import companies, joined, proposed
from reports.data.sources.read import table
from reports.plans.plan import CompanyColumn
from reports.plans.validation import parse as plan_of
from reports.ranking import data
from reports.ranking.result import compute
from tests import worlds


def names(*spellings: str, **aliases: str) -> list[str]:
    content = "shop,a\n" + "".join(f'"{spelling}",1\n' for spelling in spellings)
    found = companies(parse(content.encode(), "r.csv"), CompanyColumn("shop", aliases))
    return found.tolist()


@pytest.mark.parametrize(
    ("most", "other"),
    [
        ("海尔（太原）", "海尔(太原)"),
        ("海尔（太原）", "海尔 （太原）"),
        ("海尔（太原）", "海尔( 太原 )"),
        ("GREE", "Gree"),
        ("GREE", "gree"),
        ("GREE", "ＧＲＥＥ"),
        ("GREE", "GR\u200bEE"),
        ("GREE", "\ufeffGREE"),
        ("A–B", "a-b"),
    ],
)
def test_what_nobody_means_as_two_is_one(most, other):
    assert names(other, most, most) == [most] * 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A", "A+"),
        ("格力", "格力电器"),
        ("GREE", "G-REE"),
        ("海尔（太原）", "海尔（大同）"),
        ("海尔太原", "海尔（太原）"),
        ("NA", "Na"),
    ],
)
def test_what_may_be_two_stays_two(one, other):
    assert names(one, other, other) == [one, other, other]


def test_the_most_frequent_spelling_is_the_name_and_none_shows_what_is_invisible():
    assert names("Gree", "GREE", "GREE", "gree")[0] == "GREE"
    assert names("Gr\u200bee", "Gr\u200bee", "Gree") == ["Gree"] * 3


def test_an_alias_counts_in_every_width_and_case():
    assert names("ＢＯＺＨＯＵ", "bozhou", "柏舟", BOZHOU="柏舟") == ["柏舟"] * 3


def test_the_plan_may_tell_apart_what_would_be_joined():
    assert names("GREE", "Gree", GREE="格力", Gree="Gree") == ["格力", "Gree"]
    with pytest.raises(InvalidInput, match="row 3, column shop: “gree” may be each of 格力, 格里"):
        names("GREE", "gree", GREE="格力", Gree="格里")


def test_what_was_joined_is_told_without_what_the_plan_says_itself():
    file = parse("shop,a\nGREE,1\nGREE,1\nＧＲＥＥ,1\nGr\u200bee,1\n格力,1\n".encode(), "r.csv")
    column = CompanyColumn("shop", {"格力": "GREE"})

    assert joined(file, column, companies(file, column)) == {"GREE": ["Gr\u200bee", "ＧＲＥＥ"]}


def test_names_that_are_alike_are_proposed_the_rarer_as_an_alias():
    found = proposed(
        {"格力": 200, "格力电器": 3, "云杉": 9, "晴岚（太原）": 5, "晴岚（大同）": 5}, {}
    )

    assert [(p.spelling, p.name, p.why) for p in found] == [("格力电器", "格力", "same")]
    assert proposed({"格力": 200, "格力电器": 3}, {"格力": "格力", "格力电器": "格力电器"}) == []


def spelled(name: str, n: int) -> list[dict[str, str]]:
    return [{**row, "shop": name} for row in worlds.ratings({"x": (4, n)}, seed=n)]


def test_the_ranking_says_what_was_joined_and_nothing_of_withheld_companies(tmp_path):
    rows = spelled("GREE", 40) + spelled("ＧＲＥＥ", 30) + spelled("Birch", 30) + spelled("elm", 2)

    ranking = worlds.ranking(tmp_path, rows=[*rows, *spelled("ELM", 1)])

    found = json.loads(data.as_json(ranking))
    assert found["joined"] == {"GREE": ["ＧＲＥＥ"]}
    assert sorted(c["name"] for c in found["companies"]) == ["Birch", "GREE"]
    assert "ＧＲＥＥ → GREE" in [n["en"] for n in found["notes"] if n["code"] == "joined"][0]


def test_four_spellings_of_one_company_have_one_rank(beside):
    plan = plan_of(beside("cases/ratings/dups.yaml").read_bytes(), "dups.yaml")

    read = table(plan, beside("cases/ratings/dups.csv"))

    forms = pd.Series(read.frame["company"].unique()).str.normalize("NFKC").str.casefold()
    assert forms.is_unique
    ranked = compute(plan, freeze(plan, read))
    assert len({c.name for c in ranked.companies}) == len(ranked.companies)
    assert ranked.manifest.joined
