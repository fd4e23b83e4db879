"""Real files that nobody here made; they lie beside the checkout, never in it."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from reports.data.snapshots.snapshot import freeze
from reports.data.sources.read import table
from reports.plans.validation import load
from reports.ranking.result import compute
from tests import reference
from tests.conftest import ROOT

EXAMPLES = ROOT / "docs" / "examples"


def rank(plan_file, data):
    plan = load(plan_file)
    return compute(plan, freeze(plan, table(plan, data)))


def test_lounge_ratings_equal_a_plain_loop(beside):
    data = beside("cases/lounge_reviews.csv")
    plan = load(EXAMPLES / "lounge.yaml")
    expected = reference.scores(
        reference.read(data), "airline_name", [i.column for i in plan.items], 1, 5
    )

    found = rank(EXAMPLES / "lounge.yaml", data)

    assert len(found.ranked) == 22
    assert found.manifest.withheld == 75
    assert [len(found.of_class(c)) for c in ("above", "average", "below")] == [3, 14, 5]
    for company in found.companies:
        values = expected[company.name]
        assert company.n == len(values) >= 30
        assert company.score == pytest.approx(reference.mean(values), rel=1e-12)
        assert company.se == pytest.approx(reference.standard_error(values), rel=1e-9)
    assert sum(len(v) >= 30 for v in expected.values()) == 22


@pytest.mark.parametrize(
    ("scale", "words"),
    [
        ("[1, 5]", "outside the scale 1–5; 67 of 2259 answers"),
        ("[1, 10]", "2192 of 2259 answers lie in 1–5, the other 67 in 6–10"),
    ],
)
def test_the_overall_rating_mixes_two_instruments(beside, tmp_path, scale, words):
    data = beside("cases/lounge_reviews.csv")
    lines = (EXAMPLES / "lounge.yaml").read_text().splitlines()
    kept = [line for line in lines if "scale:" not in line]
    kept.insert(
        kept.index(next(line for line in kept if line.startswith("items:"))) + 1,
        f"  - {{column: overall_rating, scale: {scale}}}",
    )
    plan = tmp_path / "plan.yaml"
    plan.write_text("\n".join(kept))

    with pytest.raises(CommandError, match=words) as failed:
        call_command("ranking", str(plan), source=data, out=tmp_path / "out")

    assert failed.value.returncode == 2
    assert not (tmp_path / "out").exists()


def test_the_first_five_of_pisa_mathematics_have_the_documented_members(beside, tmp_path):
    data = beside("oracles/ranks/pisa2018.csv")

    call_command("ranking", str(EXAMPLES / "pisa.yaml"), source=data, out=tmp_path / "out")

    content = json.loads((tmp_path / "out" / "ranking.json").read_text())
    assert content["top"]["tau"] == 5
    assert sorted(content["top"]["members"]) == reference.PISA_FIRST_FIVE
    assert content["withheld"] == 0
    assert {c["n"] for c in content["companies"]} == {None}


@pytest.mark.parametrize(
    ("name", "design", "case"),
    [
        ("apistrat", "strata: stype\nweight: pw\npopulation: fpc", "apistrat_fpc"),
        ("apistrat", "strata: stype\nweight: pw", "apistrat_nofpc"),
        ("apiclus1", "psu: dnum\nweight: pw\npopulation: fpc", "apiclus1_fpc"),
        ("apiclus1", "psu: dnum\nweight: pw", "apiclus1_nofpc"),
    ],
)
def test_a_plan_gives_the_figures_of_r_survey(beside, tmp_path, name, design, case):
    """Up to what R leaves out: of 15 districts a kind of school touches u, and its variance has
    u / (u - 1) where R has 15 / 14.
    """
    data = beside(f"oracles/survey/{name}.csv")
    expected = json.loads(beside("oracles/survey/expected.json").read_text())[case]["svyby_stype"]
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "title: {zh-Hans: 甲, en: A}\ndate: 2026-11-23\nsample: probability\ncompany: {column: stype}\n"
        "source: {kind: ratings, file: x}\nitems: [{column: api00, scale: [200, 1000]}]\ngates: {n: 1}\n"
        + design
    )

    found = rank(plan, data)

    for company in found.companies:
        units = {row["dnum"] for row in reference.read(data) if row["stype"] == company.name}
        u = len(units)
        inside = 1.0 if "strata" in design else (u / (u - 1) * 14 / 15) ** 0.5
        at = expected["names"].index(f"{company.name}:api00")
        assert company.score * 8 + 200 == pytest.approx(expected["est"][at], rel=1e-9)
        assert company.se * 8 == pytest.approx(expected["se"][at] * inside, rel=1e-9)


def test_reference_and_pandas_read_the_same_rows(beside):
    data = beside("cases/lounge_reviews.csv")

    assert len(reference.read(data)) == len(pd.read_csv(data)) == 2264
