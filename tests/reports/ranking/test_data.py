"""The ranking as data: what is in it, what must not be, and what a spreadsheet must not execute."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest

from reports.ranking.data import HEADINGS, as_csv, as_json, as_workbook
from reports.ranking.result import compute
from tests import worlds


def content(ranking) -> dict:
    return json.loads(as_json(ranking))


def records(ranking) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(ranking).decode("utf-8-sig"))))


def test_json_says_what_it_is_and_what_was_planned(tmp_path):
    told = content(worlds.ranking(tmp_path))

    assert told["schema"] == {"name": "mingcha.ranking", "version": 2}
    assert told["title"] == {"zh-Hans": "维修满意度", "en": "Repair satisfaction"}
    assert (told["date"], told["level"], told["decimals"]) == ("2026-11-23", 0.95, 1)
    scores = [company["score"] for company in told["companies"]]
    assert told["average"] == pytest.approx(sum(scores) / 4)
    assert told["withheld"] == 1
    assert told["top"] == {"tau": 3, "members": ["Ash", "Birch", "Cedar"]}
    assert told["notes"][0]["code"] == "nonprobability"
    assert "非概率样本" in told["notes"][0]["zh-Hans"]


def test_json_has_the_index_as_a_tree(tmp_path):
    tree = """\
tree:
  - {label: {zh-Hans: 上门, en: Visit}, weight: 3, children: [{column: speed, scale: [1, 5]}]}
  - {column: skill, scale: [1, 5], label: {zh-Hans: 技术, en: Skill}}
"""
    text = worlds.PLAN[: worlds.PLAN.index("items:")] + tree
    rows = [
        {**row, "speed": row["speed"].replace("0", ""), "skill": row["skill"].replace("0", "")}
        for row in worlds.ratings()
    ]

    found = content(
        worlds.ranking(tmp_path, rows=rows, of=worlds.plan("gates: {n: 10}", text=text))
    )

    assert found["index"] == [
        {
            "label": {"zh-Hans": "上门", "en": "Visit"},
            "weight": 3.0,
            "share": 0.75,
            "children": [
                {
                    "label": {"zh-Hans": "speed", "en": "speed"},
                    "weight": 1.0,
                    "share": 0.75,
                    "item": "item_0",
                }
            ],
        },
        {
            "label": {"zh-Hans": "技术", "en": "Skill"},
            "weight": 1.0,
            "share": 0.25,
            "item": "item_1",
        },
    ]


def test_every_column_of_the_snapshot_is_explained(tmp_path):
    plan = worlds.plan("strata: district\npsu: site\n")
    snapshot = worlds.snapshot(tmp_path, of=plan)

    told = content(compute(plan, snapshot))["snapshot"]

    assert set(told["columns"]) == set(snapshot.frame.columns)
    assert told["columns"]["item_1"] == {"zh-Hans": "技术", "en": "Skill"}
    assert told["sha256"] == snapshot.hash


def test_csv_is_read_by_excel_in_the_order_of_the_document(tmp_path):
    ranking = worlds.ranking(tmp_path)

    assert as_csv(ranking).startswith(b"\xef\xbb\xbf")
    assert [r["name"] for r in records(ranking)] == ["Ash", "Birch", "Cedar", "Doum"]
    assert float(records(ranking)[0]["score"]) == pytest.approx(
        ranking.companies[0].score, rel=1e-11
    )


def test_csv_has_ranges_and_no_place_that_the_document_withholds(tmp_path):
    found = records(worlds.ranking(tmp_path))

    assert [r["places"] for r in found] == ["1", "2–3", "2–3", "4"]
    assert not {"rank", "rank_low", "rank_high"} & set(found[0])


def test_classes_are_words_in_both_languages(tmp_path):
    first = records(worlds.ranking(tmp_path))[0]

    assert first["class_zh"] == "高于其他企业的平均"
    assert first["class_en"] == "Above the average of the others"


def test_title_sample_and_demonstration_stand_in_every_file(tmp_path):
    ranking = worlds.ranking(tmp_path, of=worlds.plan("demonstration: true"))
    words = ["维修满意度", "Repair satisfaction", "非概率样本", "Non-probability sample"]
    words += ["演示数据", "Demonstration data"]

    book = openpyxl.load_workbook(io.BytesIO(as_workbook(ranking)))
    texts = [as_json(ranking).decode()]
    texts += ["".join(record.values()) for record in records(ranking)]
    texts += [str(list(sheet.iter_rows(values_only=True, max_row=5))) for sheet in book]

    assert [word for text in texts for word in words if word not in text] == []


def test_workbook_has_the_comparison_its_items_and_notes(tmp_path):
    ranking = worlds.ranking(tmp_path)
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(ranking)))

    assert book.sheetnames == ["比较 Comparison", "指标 Items", "说明 Notes"]
    rows = list(book["比较 Comparison"].iter_rows(values_only=True))
    heads = next(i for i, row in enumerate(rows) if row[1] == "企业\nCompany")
    assert len(rows[heads]) == len(HEADINGS)
    assert [row[1] for row in rows[heads + 1 :]] == ["Ash", "Birch", "Cedar", "Doum"]
    assert rows[heads + 1][3] == pytest.approx(ranking.companies[0].score)
    assert book["指标 Items"].max_row == heads + 1 + 2 * len(ranking.companies)


def test_the_same_ranking_gives_the_same_bytes(tmp_path):
    ranking = worlds.ranking(tmp_path)

    for write in (as_json, as_csv, as_workbook):
        assert write(ranking) == write(ranking)


def test_a_company_called_like_a_formula_is_only_text(tmp_path):
    rows = worlds.ratings({"=1+1": (4, 30), "@Birch": (3, 30)})
    ranking = worlds.ranking(tmp_path, rows=rows)

    sheet = openpyxl.load_workbook(io.BytesIO(as_workbook(ranking)))["比较 Comparison"]
    assert [(cell.value, cell.data_type) for cell in sheet["B"][-2:]] == [
        ("=1+1", "s"),
        ("@Birch", "s"),
    ]
    assert b",'=1+1," in as_csv(ranking)
    assert json.loads(as_json(ranking))["companies"][0]["name"] == "=1+1"
