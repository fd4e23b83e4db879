"""The ranking as data: what is in it, what must not be, and what a spreadsheet must not execute."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest

from reports.ranking.data import FIELDS, as_csv, as_json, as_workbook
from tests import worlds


def test_json_has_the_promised_shape(tmp_path):
    content = json.loads(as_json(worlds.ranking(tmp_path)))

    assert list(content) == [
        *(
            "title",
            "plan_hash",
            "sample",
            "companies",
            "withheld",
            "joined",
            "top",
            "lines",
            "index_digest",
            "index",
            "beside",
            "reliability",
            "notes",
        )
    ]
    assert list(content["companies"][0]) == [
        *(
            "name",
            "n",
            "n_eff",
            "deff",
            "score",
            "se",
            "df",
            "ci_low",
            "ci_high",
            "rank",
            "rank_low",
            "rank_high",
        ),
        *("class", "p_adjusted", "fragile", "status", "reason"),
    ]
    assert content["title"] == {"zh-Hans": "维修满意度", "en": "Repair satisfaction"}
    assert content["withheld"] == 1
    assert content["top"] == {"tau": 3, "members": ["Ash", "Birch", "Cedar"]}
    assert content["notes"][0]["code"] == "nonprobability"
    assert "非概率样本" in content["notes"][0]["zh-Hans"]


def test_csv_is_read_by_excel_and_has_the_figures_of_the_json(tmp_path):
    ranking = worlds.ranking(tmp_path)
    content = as_csv(ranking)
    records = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))

    assert content.startswith(b"\xef\xbb\xbf")
    assert [r["name"] for r in records] == [c.name for c in ranking.companies]
    assert list(records[0]) == list(FIELDS)
    assert float(records[0]["score"]) == pytest.approx(ranking.companies[0].score, rel=1e-11)
    assert records[0]["sample"] == "nonprobability"


def test_workbook_has_the_ranking_its_items_and_notes(tmp_path):
    ranking = worlds.ranking(tmp_path)
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(ranking)))

    assert book.sheetnames == ["排名 Ranking", "指标 Items", "说明 Notes"]
    rows = list(book["排名 Ranking"].iter_rows(values_only=True))
    assert rows[0][3] == "企业\nCompany"
    assert [row[3] for row in rows[1:]] == [c.name for c in ranking.companies]
    assert rows[1][5] == pytest.approx(ranking.companies[0].score)
    assert book["指标 Items"].max_row == 1 + 2 * len(ranking.companies)


def test_the_same_ranking_gives_the_same_bytes(tmp_path):
    ranking = worlds.ranking(tmp_path)

    for write in (as_json, as_csv, as_workbook):
        assert write(ranking) == write(ranking)


def test_a_company_called_like_a_formula_is_only_text(tmp_path):
    rows = worlds.ratings({"=1+1": (4, 30), "@Birch": (3, 30)})
    ranking = worlds.ranking(tmp_path, rows=rows)

    sheet = openpyxl.load_workbook(io.BytesIO(as_workbook(ranking)))["排名 Ranking"]
    assert [(cell.value, cell.data_type) for cell in sheet["D"][1:]] == [
        ("=1+1", "s"),
        ("@Birch", "s"),
    ]
    assert b",'=1+1," in as_csv(ranking)
    assert json.loads(as_json(ranking))["companies"][0]["name"] == "=1+1"
