"""A stranger works every printed number out again from the folder and the printed method alone."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from reports.data.snapshots.snapshot import freeze
from reports.data.sources.read import table
from reports.plans.validation import load
from reports.ranking.data import as_json
from reports.ranking.result import compute
from tests import worlds
from tests.conftest import ROOT
from tests.recomputation import recompute

EXAMPLES = ROOT / "docs" / "examples"
EXACT = 1e-9
FIGURES = ["score", "se", "df", "ci_low", "ci_high", "n_eff", "deff"]
COMPARED = [*("difference", "difference_se", "difference_df", "p", "p_adjusted", "reliability")]
CLUSTERED = """\
title: {zh-Hans: 甲, en: A}
date: 2026-01-02
sample: probability
source: {kind: ratings, file: ratings.csv}
company: {column: shop}
tree:
  - {label: {zh-Hans: 上门, en: Visit}, weight: 2, children: [{column: speed, scale: [1, 5], weight: 3}, {column: skill, scale: [5, 1], single_instrument: true}]}
  - {column: price, scale: [0, 10], weight: 1}
strata: district
psu: site
weight: w
population: size
coverage: 0.5
gates: {n: 10, n_eff: 15}
inference: {draws: 2000}
"""


def published(plan: Path, source: Path, folder: Path) -> tuple[dict, dict]:
    """Publish ranking.json and snapshot.parquet, and return what they say and what a stranger
    finds.
    """
    read = load(plan)
    snapshot = freeze(read, table(read, source))
    folder.mkdir(exist_ok=True)
    (folder / "snapshot.parquet").write_bytes(snapshot.content)
    (folder / "ranking.json").write_bytes(as_json(compute(read, snapshot)))
    return json.loads((folder / "ranking.json").read_text()), recompute(folder)


def demand_equal(told: dict, found: dict) -> None:
    """Demand every number alike; whatever a company has in one it has in the other."""
    shown = {c["name"]: c for c in told["companies"] if c["status"] != "withheld"}
    assert shown.keys() == found["companies"].keys()
    assert told["average"] == pytest.approx(found["average"], rel=EXACT)
    for name, company in shown.items():
        mine = found["companies"][name]
        assert company["status"] == mine["status"], name
        for field in FIGURES + (COMPARED if company["rank"] else []):
            if company[field] is not None:
                assert company[field] == pytest.approx(mine[field], rel=EXACT, abs=EXACT), (
                    name,
                    field,
                )
        for field in ("rank", "rank_low", "rank_high", "class"):
            assert company[field] == mine.get(field), (name, field)
        assert {item["item"] for item in company["items"]} == mine["items"].keys(), name
        for item in company["items"]:
            for field, value in mine["items"][item["item"]].items():
                assert item[field] == pytest.approx(value, rel=EXACT, abs=EXACT), (
                    name,
                    item,
                    field,
                )
    assert set(told["top"]["members"]) == found["top"]
    assert told["reliability"] == pytest.approx(found["reliability"], rel=EXACT)


def world(*, shops: int = 7, sites: int = 30, seed: int = 3) -> list[dict[str, str]]:
    """Return weighted rows of a stratified, clustered sample; one shop only ever gets full marks."""
    rng = random.Random(seed)
    rows = []
    for shop in range(shops):
        best = shop == 2
        for _i in range(60 + 20 * shop):
            site = rng.randrange(sites)
            mean = 3 + 0.2 * shop + 0.1 * (site % 5)
            one, two = (min(5, max(1, round(rng.gauss(mean, 1)))) for _item in "ab")
            rows.append(
                {
                    "shop": f"Shop {shop}",
                    "speed": "5" if best else rng.choice([str(one)] * 9 + [""]),
                    "skill": "1" if best else str(6 - two),
                    "price": "10" if best else str(min(10, max(0, round(rng.gauss(2 * mean, 2))))),
                    "district": f"d{site % 3}",
                    "site": f"s{site}",
                    "w": f"{rng.uniform(0.4, 3):.3f}",
                    "size": str(700 + 10 * (site % 3)),
                }
            )
    rows.append({**rows[0], "shop": "", "site": "s99", "district": "d0", "size": "700"})
    return rows


def clustered(tmp_path: Path, text: str = CLUSTERED, **of) -> tuple[dict, dict]:
    plan = worlds.write(tmp_path, rows=world(**of), text=text)
    return published(plan, tmp_path / "ratings.csv", tmp_path / "out")


def test_a_stratified_clustered_weighted_sample(tmp_path):
    told, found = clustered(tmp_path)

    assert told["design"] == {
        **{"strata": "district", "psu": "site", "weight": "w", "population": "size"},
        "lonely_psu": "fail",
    }
    assert {c["name"] for c in told["companies"] if c["floored"]} == {"Shop 2"}
    assert {c["class"] for c in told["companies"]} == {"above", "average", "below"}
    demand_equal(told, found)


def test_ranges_that_are_drawn(tmp_path):
    told, found = clustered(tmp_path, sites=600, shops=5)

    assert told["draws"] == 2000
    demand_equal(told, found)


def test_two_companies(tmp_path):
    demand_equal(*clustered(tmp_path, shops=2))


def test_ranges_of_one_company_picked_beforehand(tmp_path):
    text = CLUSTERED.replace("draws: 2000", "draws: 2000, family: marginal, level: 0.9")

    demand_equal(*clustered(tmp_path, text))


@pytest.mark.parametrize("rule", ["adjust", "average", "certainty"])
def test_strata_of_one_unit(tmp_path, rule):
    rows = world()
    rows += [{**row, "district": "alone", "site": "lonely", "size": "9"} for row in rows[40:50]]
    text = f"{CLUSTERED}lonely_psu: {rule}\n"
    plan = worlds.write(tmp_path, rows=rows, text=text)

    demand_equal(*published(plan, tmp_path / "ratings.csv", tmp_path / "out"))


def test_the_demonstration_files(tmp_path):
    demand_equal(*published(EXAMPLES / "appliance.yaml", EXAMPLES / "appliance.csv", tmp_path))


def test_real_ratings_of_lounges(tmp_path, beside):
    reviews = beside("cases/lounge_reviews.csv")

    demand_equal(*published(EXAMPLES / "lounge.yaml", reviews, tmp_path))


def test_a_table_of_estimates(tmp_path, beside):
    scores = beside("oracles/ranks/pisa2018.csv")

    demand_equal(*published(EXAMPLES / "pisa.yaml", scores, tmp_path))


def test_a_small_table_of_estimates(tmp_path):
    rows = [("Ash", 61.2, 1.5), ("Birch", 55.0, 2.2), ("Cedar", 49.9, 1.1), ("Doum", 49.8, 1.3)]
    (tmp_path / "e.csv").write_text("c,v,s\n" + "".join(f"{c},{v},{s}\n" for c, v, s in rows))
    (tmp_path / "plan.yaml").write_text(worlds.ESTIMATES, encoding="utf-8")

    demand_equal(*published(tmp_path / "plan.yaml", tmp_path / "e.csv", tmp_path / "out"))


def test_the_recomputation_shares_nothing_with_the_product():
    text = (ROOT / "tests" / "recomputation.py").read_text(encoding="utf-8")

    assert "reports" not in text
