"""What is computed beside the ranking: right values by plain means, and nothing in the ranking
itself moves.
"""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from config.language.problems import InvalidInput
from reports.ranking.data import as_json
from reports.ranking.earlier import read_earlier
from reports.ranking.result import compute
from tests import worlds

THREE = """\
items:
  - {column: speed, scale: [1, 5], not_applicable: [0], label: {zh-Hans: 速度, en: Speed}}
  - {column: skill, scale: [1, 5], not_applicable: [0], label: {zh-Hans: 技术, en: Skill}, weight: 3}
  - {column: whole, scale: [1, 5], label: {zh-Hans: 总体, en: On the whole}}
"""
WITHOUT_ITEMS = "\n".join(worlds.PLAN.splitlines()[:5] + worlds.PLAN.splitlines()[8:])


def rows_of_three():
    """Rows in which a mode lifts every answer of Birch, and the whole follows speed."""
    rng = np.random.default_rng(3)
    rows = []
    for row in worlds.ratings():
        mode = rng.choice(["web", "phone", "paper"], p=[0.5, 0.3, 0.2])
        lift = {"web": 0, "phone": 1, "paper": 0}[mode]
        answers = {
            k: min(5, int(row[k]) + lift) if row[k] not in ("", "0") else row[k]
            for k in ("speed", "skill")
        }
        speed = float(answers["speed"] or 3) or 3.0
        whole = int(np.clip(round(speed + rng.normal(0, 0.6)), 1, 5))
        rows.append(
            {**row, **{k: str(v) for k, v in answers.items()}, "whole": str(whole), "mode": mode}
        )
    return rows


def three(extra):
    return worlds.plan(THREE + extra, text=WITHOUT_ITEMS)


def points(rows, columns=("speed", "skill", "whole")):
    cells = [[float(r[c]) if r[c] not in ("", "0") else np.nan for c in columns] for r in rows]
    return (np.array(cells) - 1) / 4 * 100


def test_nothing_that_stands_beside_moves_the_ranking(tmp_path):
    rows = rows_of_three()
    plain = worlds.ranking(tmp_path, rows=rows, of=three(""))

    asked = three("adjust: mode\nanalyses: [consistency, sensitivity]\ndrivers: whole")
    beside = worlds.ranking(tmp_path, rows=rows, of=asked)

    for a, b in zip(plain.companies, beside.companies, strict=True):
        assert (a.name, a.rank, a.cls, a.n) == (b.name, b.rank, b.cls, b.n)
        assert a.score == pytest.approx(b.score, rel=1e-12)
        assert a.se == pytest.approx(b.se, rel=1e-12)


def test_adjusted_scores_are_those_of_a_regression_and_the_mode_effect_is_tested(tmp_path):
    rows = rows_of_three()
    found = worlds.ranking(tmp_path, rows=rows, of=three("adjust: [mode]")).beside.adjusted

    shops = ["Ash", "Birch", "Cedar", "Doum"]
    kept = [r for r in rows if r["shop"] in shops]
    y = points(kept)
    w = np.array([1.0, 3.0, 1.0]) * ~np.isnan(y)
    score = np.nansum(np.nan_to_num(y) * w, axis=1) / w.sum(axis=1)
    modes = sorted({r["mode"] for r in kept}, key=lambda m: -sum(r["mode"] == m for r in kept))
    x = np.array(
        [[r["shop"] == s for s in shops] + [r["mode"] == m for m in modes[1:]] for r in kept],
        dtype=float,
    )
    beta = np.linalg.lstsq(x, score, rcond=None)[0]
    mix = x[:, 4:].mean(axis=0)
    assert [c.name for c in found.companies] == shops
    for i, company in enumerate(found.companies):
        assert company.adjusted == pytest.approx(beta[i] + mix @ beta[4:], rel=1e-9)
        assert company.shift == pytest.approx(company.adjusted - company.score, rel=1e-9)
    (mode,) = found.adjusters
    assert [(e.category, e.reference) for e in mode.effects] == [(m, modes[0]) for m in modes[1:]]
    assert [e.points for e in mode.effects] == pytest.approx(list(beta[4:]))
    phone = next(e for e in mode.effects if e.category == "phone")
    assert phone.points > 3 * phone.se
    assert mode.p < 0.001
    assert mode.p == pytest.approx(stats.f.sf(mode.f, mode.df1, mode.df2))


def test_adjusting_for_an_item_would_hide_the_company():
    with pytest.raises(InvalidInput, match="would hide the company"):
        three("adjust: [whole]")


def test_a_column_of_many_values_is_no_category(tmp_path):
    rows = [{**row, "who": str(i)} for i, row in enumerate(rows_of_three())]

    with pytest.raises(InvalidInput, match="2 to 30 categories"):
        worlds.ranking(tmp_path, rows=rows, of=three("adjust: who"))


def test_what_cannot_be_told_from_companies_is_refused(tmp_path):
    rows = [{**row, "again": row["shop"]} for row in rows_of_three()]

    with pytest.raises(InvalidInput, match="adjust: scores cannot be adjusted"):
        worlds.ranking(tmp_path, rows=rows, of=three("adjust: again"))


def test_alpha_and_item_rest_are_those_of_the_textbook(tmp_path):
    rows = [r for r in rows_of_three() if "" not in r.values() and "0" not in r.values()]
    rows = [r for r in rows if r["shop"] != "Elm"]

    (found,) = worlds.ranking(
        tmp_path, rows=rows, of=three("analyses: [consistency]")
    ).beside.consistency

    x = points(rows)
    c = np.cov(x.T)
    assert found.alpha == pytest.approx(3 / 2 * (1 - np.trace(c) / c.sum()))
    for i, item in enumerate(found.items):
        rest = np.delete(x, i, axis=1)
        assert item.item_rest == pytest.approx(np.corrcoef(x[:, i], rest.sum(axis=1))[0, 1])
        d = np.cov(rest.T)
        assert item.alpha_without == pytest.approx(2 * (1 - np.trace(d) / d.sum()))
        assert item.mean == pytest.approx(x[:, i].mean())
        assert item.rows == len(rows)


def test_a_variant_is_the_ranking_of_another_plan(tmp_path):
    rows = rows_of_three()
    asked = worlds.ranking(tmp_path, rows=rows, of=three("analyses: [sensitivity]"))
    alike, *without = asked.beside.sensitivity

    other = worlds.ranking(
        tmp_path, rows=rows, of=worlds.plan(THREE.replace(", weight: 3", ""), text=WITHOUT_ITEMS)
    )
    classes = {c.name: c.cls for c in asked.companies}
    expected = {c.name: (classes[c.name], c.cls) for c in other.companies}
    assert alike.without is None
    assert {(m.name, m.cls, m.other) for m in alike.moved} == {
        (name, a, b) for name, (a, b) in expected.items() if a != b
    }
    assert [v.without.en for v in without] == ["Speed", "Skill", "On the whole"]


def test_a_company_that_one_item_carries_loses_its_class_without_it(tmp_path):
    rng = np.random.default_rng(5)
    rows = [
        {
            "shop": shop,
            "a": str(int(rng.integers(1, 6))),
            "b": "5" if shop == "Ash" and i % 9 else "1",
        }
        for shop in ("Ash", "Birch", "Cedar", "Doum")
        for i in range(60)
    ]
    text = (
        WITHOUT_ITEMS
        + "\nitems: [{column: a, scale: [1, 5]}, {column: b, scale: [1, 5]}]\nanalyses: [sensitivity]\n"
    )

    found = worlds.ranking(tmp_path, rows=rows, of=worlds.plan(text=text)).beside.sensitivity

    by_name = {v.without.en: v for v in found}
    assert [(m.name, m.cls, m.other) for m in by_name["b"].moved if m.name == "Ash"] == [
        ("Ash", "above", "average")
    ]
    assert "Ash" not in [m.name for m in by_name["a"].moved]


def test_drivers_add_up_to_what_a_regression_explains(tmp_path):
    rows = [r for r in rows_of_three() if "" not in r.values() and "0" not in r.values()]
    rows = [r for r in rows if r["shop"] != "Elm"]

    found = worlds.ranking(tmp_path, rows=rows, of=three("drivers: whole")).beside.drivers

    x = points(rows)
    design = np.column_stack([np.ones(len(x)), x[:, :2]])
    residual = x[:, 2] - design @ np.linalg.lstsq(design, x[:, 2], rcond=None)[0]
    r2 = 1 - residual.var() / x[:, 2].var()
    assert found.r2 == pytest.approx(r2)
    assert sum(item.importance for item in found.items) == pytest.approx(r2)
    assert found.items[0].importance > found.items[1].importance
    assert found.overall.en == "On the whole"


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ("drivers: nothing", "drivers: must be the column"),
        ("analyses: [all]", r"analyses\[0\]: must be one of"),
        ("analyses: consistency", "analyses: must be a list"),
    ],
)
def test_what_cannot_be_asked_for(extra, words):
    with pytest.raises(InvalidInput, match=words):
        three(extra)


def earlier_of(tmp_path, rows):
    path = tmp_path / "ranking.json"
    path.write_bytes(as_json(worlds.ranking(tmp_path, rows=rows)))
    return path


def test_change_since_an_earlier_ranking(tmp_path):
    path = earlier_of(
        tmp_path, worlds.ratings({"Ash": (3.0, 60), "Birch": (3.4, 50), "Fir": (3, 40)})
    )
    then = json.loads(path.read_text())
    plan = worlds.plan("compare_with: ranking.json")

    now = compute(plan, worlds.snapshot(tmp_path, of=plan), earlier=read_earlier(plan, path))

    found = now.beside.change
    assert found.title.en == "Repair satisfaction"
    assert found.same_index
    assert [c.name for c in found.companies] == ["Ash", "Birch"]
    ash = found.companies[0]
    before = next(c for c in then["companies"] if c["name"] == "Ash")
    after = next(c for c in now.companies if c.name == "Ash")
    a, b = before["se"] ** 2, after.se**2
    df = (a + b) ** 2 / (a**2 / before["df"] + b**2 / after.df)
    assert ash.difference == pytest.approx(after.score - before["score"])
    assert ash.se == pytest.approx(np.sqrt(a + b))
    assert ash.df == pytest.approx(df)
    assert ash.direction == "better"
    # Holm over both
    assert ash.p_adjusted == pytest.approx(
        2 * 2 * stats.t.sf(ash.difference / ash.se, df), rel=1e-6
    )
    assert found.companies[1].direction == "unchanged"


def test_another_index_is_said_to_be_another(tmp_path):
    path = earlier_of(tmp_path, worlds.ratings())
    plan = three("compare_with: ranking.json")

    found = compute(
        plan,
        worlds.snapshot(tmp_path, rows=rows_of_three(), of=plan),
        earlier=read_earlier(plan, path),
    )

    assert not found.beside.change.same_index


@pytest.mark.parametrize("content", [None, "{}", "[]", "no json", '{"title": 1, "companies": []}'])
def test_what_is_no_earlier_ranking_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "ranking.json").write_text(content)

    with pytest.raises(InvalidInput, match=r"compare_with: .*ranking\.json"):
        read_earlier(worlds.plan("compare_with: ranking.json"), tmp_path)


def test_a_ranking_without_requests_has_nothing_beside_it(tmp_path):
    found = worlds.ranking(tmp_path)

    assert all(value is None for value in vars(found.beside).values())
    assert json.loads(as_json(found))["beside"] == {}
    assert replace(found.beside) == found.beside
