"""The plan key weights: raked, cut and taken over, as plain loops give them; every error at its
margin.
"""

from __future__ import annotations

import json

import pytest

from config.language.problems import InvalidInput
from reports.ranking.data import as_json
from tests import worlds

SEXES = {"f": 0.5, "m": 0.5}
AGES = {"young": 30, "middle": 50, "old": 20}
WEIGHTS = "weights: {margins: {sex: {f: 0.5, m: 0.5}, age: {young: 30, middle: 50, old: 20}}}"


def people(rows=None):
    """Add sex, age and a design weight that go with nothing simple, rows of nobody among them."""
    made = []
    for i, row in enumerate(rows or worlds.ratings()):
        sex = "f" if i * 7 % 10 < 7 else "m"
        age = ("young", "middle", "old", "young")[i * 3 % 4]
        shop = "" if i % 17 == 0 else row["shop"]
        made.append({**row, "shop": shop, "sex": sex, "age": age, "w": f"{1 + i % 3}"})
    return made


def raked_by_hand(rows):
    """Rake the weights of all rows by turns, margin after margin."""
    weights = [float(row["w"]) for row in rows]
    total = sum(weights)
    for _sweep in range(500):
        for column, shares in (("sex", SEXES), ("age", AGES)):
            for category, share in shares.items():
                mine = [i for i, row in enumerate(rows) if row[column] == category]
                factor = share / sum(shares.values()) * total / sum(weights[i] for i in mine)
                for i in mine:
                    weights[i] *= factor
    return weights


def score(row):
    answers = [float(row[item]) for item in ("speed", "skill") if row[item] not in ("", "0")]
    return sum((a - 1) / 4 * 100 for a in answers) / len(answers) if answers else None


def means_by_hand(rows, weights):
    sums = {}
    for row, weight in zip(rows, weights, strict=True):
        value = score(row)
        if row["shop"] and value is not None:
            w, y = sums.get(row["shop"], (0.0, 0.0))
            sums[row["shop"]] = (w + weight, y + weight * value)
    return {shop: y / w for shop, (w, y) in sums.items()}


def test_scores_are_those_of_weights_raked_by_turns(tmp_path):
    rows = people()

    found = worlds.ranking(tmp_path, rows=rows, of=worlds.plan(f"weight: w\n{WEIGHTS}"))

    weights = raked_by_hand(rows)
    expected = means_by_hand(rows, weights)
    assert len(found.companies) == 4
    for company in found.companies:
        assert company.score == pytest.approx(expected[company.name], rel=1e-9)
    raked = found.beside.weights
    assert [m.column for m in raked.margins] == ["sex", "age"]
    for margin, shares in zip(raked.margins, (SEXES, AGES), strict=True):
        for category in margin.categories:
            of = [
                w for w, r in zip(weights, rows, strict=True) if r[margin.column] == category.name
            ]
            assert category.target == shares[category.name] / sum(shares.values())
            assert category.after == pytest.approx(category.target, rel=1e-9)
            assert sum(of) / sum(weights) == pytest.approx(category.after, rel=1e-9)
            before = [float(r["w"]) for r in rows if r[margin.column] == category.name]
            assert category.before == pytest.approx(
                sum(before) / sum(float(r["w"]) for r in rows), rel=1e-9
            )
    kish = len(rows) * sum(w * w for w in weights) / sum(weights) ** 2
    assert raked.kish == pytest.approx(kish, rel=1e-9)


def test_margins_that_hold_already_change_no_score(tmp_path):
    rows = people()
    shares = {name: sum(row["sex"] == name for row in rows) for name in SEXES}

    plain = worlds.ranking(tmp_path, rows=rows)
    raked = worlds.ranking(
        tmp_path, rows=rows, of=worlds.plan(f"weights: {{margins: {{sex: {json.dumps(shares)}}}}}")
    )

    for a, b in zip(plain.companies, raked.companies, strict=True):
        assert a.score == pytest.approx(b.score, rel=1e-12)
        # what sex explains of the scores is no longer uncertain
        assert b.se <= a.se * 1.001
    assert "not_tried_raked" in [note.code for note in raked.notes]


def test_the_base_may_stand_with_the_margins(tmp_path):
    rows = people()

    apart = worlds.ranking(tmp_path, rows=rows, of=worlds.plan(f"weight: w\n{WEIGHTS}"))
    together = worlds.ranking(
        tmp_path, rows=rows, of=worlds.plan(WEIGHTS.replace("{margins", "{base: w, margins"))
    )

    assert [c.score for c in apart.companies] == [c.score for c in together.companies]


def test_factors_stay_within_their_bounds(tmp_path):
    bounded = WEIGHTS.removesuffix("}") + ", bounds: [0.3, 2.8]}"

    found = worlds.ranking(tmp_path, rows=people(), of=worlds.plan(bounded)).beside.weights

    assert 0.3 - 1e-9 <= found.least < found.greatest
    assert found.greatest == pytest.approx(2.8, rel=1e-9)
    assert found.error < 1e-9


def test_weights_are_cut_and_keep_their_sum(tmp_path):
    rows = people()
    rows[5]["w"] = "60"

    found = worlds.snapshot(
        tmp_path, rows=rows, of=worlds.plan("weight: w\nweights: {trim: [0.1, 4]}")
    )

    before, after = [float(row["w"]) for row in rows], found.frame["weight"]
    mean = sum(before) / len(before)
    assert after.max() == pytest.approx(4 * mean)
    assert after.sum() == pytest.approx(sum(before))


def test_those_who_answered_stand_for_the_others_of_their_class(tmp_path):
    rows = [{**row, "result": "done"} for row in worlds.ratings()]
    silent = [
        {**dict.fromkeys(rows[0], ""), "district": "north", "result": "refused"} for _i in range(50)
    ]
    rule = "weights: {nonresponse: {class: district, answered: {column: result, in: [done]}}}"

    found = worlds.snapshot(tmp_path, rows=rows + silent, of=worlds.plan(rule))

    north = [row["district"] == "north" for row in rows]
    weights = found.frame["weight"].to_numpy()[: len(rows)]
    assert weights[north] == pytest.approx([1 + 50 / sum(north)] * sum(north))
    assert set(weights[[not n for n in north]]) == {1.0}
    assert found.manifest.rows_out["no_response"] == 50


@pytest.mark.parametrize(
    ("weights", "place", "words"),
    [
        ("{margins: {sex: {f: 1, m: 1, x: 1}}}", "weights.margins.sex", "nobody in the sample"),
        ("{margins: {sex: {f: 1, m: 0}}}", "weights.margins.sex", "share of 0"),
        ("{margins: {sex: {f: 1, x: 1}}}", "column sex", "“m” is no category"),
        (
            "{margins: {sex: {f: 1, m: 99}}, bounds: [0.9, 1.1]}",
            "weights.margins.sex",
            "widen the bounds",
        ),
        (
            "{nonresponse: {class: sex, answered: {column: age, in: [nobody]}}}",
            "weights.nonresponse.class",
            "nobody of class",
        ),
    ],
)
def test_what_cannot_be_reached_is_said_at_its_place(tmp_path, weights, place, words):
    with pytest.raises(InvalidInput) as refused:
        worlds.ranking(tmp_path, rows=people(), of=worlds.plan(f"weights: {weights}"))

    problem = refused.value.problems[0]
    assert place in problem.place
    assert words in problem.render()


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ("weight: w\nweights: {base: w}", "weights.base: stands beside weight"),
        ("weights: {bounds: [0.3, 2.8]}", "weights.bounds: needs margins"),
        ("weights: {trim: [2, 3]}", "weights.trim: must be two multiples"),
        ("weights: {margins: {sex: {f: 1}}}", "weights.margins.sex: needs two categories"),
        ("weights: {margins: {sex: {f: 0.4, m: 0.5}}}", "weights.margins.sex: adds up to 0.9"),
        ("weights: {nonresponse: {class: sex}}", "weights.nonresponse.answered: is missing"),
    ],
)
def test_weights_that_say_nothing_are_refused(extra, words):
    with pytest.raises(InvalidInput, match=words):
        worlds.plan(extra)


def test_the_margins_are_in_the_json(tmp_path):
    found = worlds.ranking(tmp_path, rows=people(), of=worlds.plan(WEIGHTS))

    weights = json.loads(as_json(found))["beside"]["weights"]
    assert [margin["column"] for margin in weights["margins"]] == ["sex", "age"]
    assert weights["margins"][0]["categories"][0]["target"] == 0.5
