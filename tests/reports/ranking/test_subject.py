"""Tables of estimates about other things than companies, in other units, where less may be more."""

from __future__ import annotations

import json
import re

import pytest
from django.template.loader import render_to_string

from config.language.languages import speaking
from config.language.problems import InvalidInput
from config.language.texts import Text
from reports.data.snapshots.snapshot import freeze
from reports.data.sources.read import table
from reports.plans.validation import parse
from reports.publishing.subject import plural_of, spoken_of
from reports.ranking.data import as_json
from reports.ranking.presenters.report import report
from reports.ranking.result import compute
from tests import worlds

VALUES = {"The Good Company": 31.0, "乙企业": 12.0, "C": 29.5, "D": 47.0}


def ranked(tmp_path, extra="", sign=1):
    plan = parse((worlds.ESTIMATES + extra).encode(), "p.yaml")
    rows = "".join(f"{name},{sign * value},1.2\n" for name, value in VALUES.items())
    (tmp_path / "e.csv").write_text("c,v,s\n" + rows, encoding="utf-8")
    return compute(plan, freeze(plan, table(plan, tmp_path / "e.csv")))


def test_lower_is_better_turns_places_around_and_nothing_else(tmp_path):
    low = ranked(tmp_path, "better: low\n")
    negative = ranked(tmp_path, sign=-1)

    assert [c.name for c in low.companies] == ["乙企业", "C", "The Good Company", "D"]
    for a, b in zip(low.companies, negative.companies, strict=True):
        assert (a.name, a.rank, a.rank_low, a.rank_high) == (
            b.name,
            b.rank,
            b.rank_low,
            b.rank_high,
        )
        assert a.score == -b.score
    # above and below say where the value lies
    assert [c.cls for c in low.companies] == ["below", "average", "average", "above"]
    assert low.top == negative.top
    assert "lower_is_better" in [note.code for note in low.notes]


def page(ranking, language):
    with speaking(language):
        return render_to_string("reports/ranking/ranking.html", report(ranking, language))


def test_a_report_about_countries_speaks_of_countries(tmp_path):
    told = ranked(
        tmp_path, "subject: {zh-Hans: 国家, en: country}\nunit: {zh-Hans: 分钟, en: minutes}\n"
    )

    english, chinese = page(told, "en"), page(told, "zh-Hans")

    without_names = english.replace("The Good Company", "").replace("乙企业", "")
    assert not re.search(r"\bcompan(y|ies)\b", re.sub("<[^>]+>", " ", without_names), re.IGNORECASE)
    assert "The Good Company" in english
    assert "4 countries" in english
    assert "<small>minutes</small>" in english
    words = re.sub("<[^>]+>", " ", chinese)
    assert "企业" not in words.replace("乙企业", "")
    assert "乙企业" in words
    assert "4 个国家" in words
    assert "企业" not in json.dumps(json.loads(as_json(told))["notes"], ensure_ascii=False)


def test_without_a_subject_it_is_about_companies(tmp_path):
    assert "4 companies" in page(ranked(tmp_path), "en")


@pytest.mark.parametrize(
    ("one", "several"),
    [("country", "countries"), ("school", "schools"), ("bus", "buses"), ("day", "days")],
)
def test_plurals(one, several):
    assert plural_of(one) == several


def test_an_irregular_plural_is_said():
    subject = Text("人", "person/people")

    assert spoken_of("Companies: one company", subject) == "People: one person"


@pytest.mark.parametrize("key", ["unit: {zh-Hans: 分, en: points}", "better: low"])
def test_scales_of_ratings_say_it_themselves(key):
    with pytest.raises(InvalidInput, match="is for source.kind estimates"):
        worlds.plan(key)
