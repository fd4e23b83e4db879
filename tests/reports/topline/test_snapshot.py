"""What is frozen for a topline: no company that too few name, places as codes, what was left
out.
"""

from __future__ import annotations

import io

import numpy as np
import openpyxl
import pyarrow.parquet as pq
import pytest
from django.core.management import call_command

from config.language.problems import InvalidInput
from config.language.texts import Text
from reports.data.snapshots.answers import load, reopen
from reports.statistics.estimates.shares import Mean
from reports.topline import files, presenter
from reports.topline import result as topline
from reports.topline import snapshot as topline_snapshot
from tests import field

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey():
    """Return a survey in which 30 name one company and 5 the other, and one form was rejected."""
    made = field.survey()
    for _i in range(30):
        field.send(made, company="ash")
    for _i in range(5):
        field.send(made, company="elm")
    field.send(made, mode="paper", flawed="keep", speed="12")
    return made


def frame(snapshot):
    return pq.read_table(io.BytesIO(snapshot.content)).to_pandas()


def test_a_company_that_few_name_is_in_no_cell(survey):
    snapshot = topline_snapshot.freeze(survey)
    found = frame(snapshot)

    assert set(found["_company"]) == {"白蜡电器", ""}
    assert set(found["company"]) == {"白蜡电器", "few"}
    assert "榆树电器".encode() not in snapshot.content
    assert list(snapshot.manifest.more["companies"]) == ["白蜡电器"]


def test_places_and_strata_are_codes(survey):
    found = frame(topline_snapshot.freeze(survey))

    assert found["_stratum"].unique().tolist() == [0]
    assert found["_psu"].tolist() == list(range(35))


def test_what_was_left_out_is_counted_by_reason(survey):
    manifest = topline_snapshot.freeze(survey).manifest

    assert (manifest.rows_read, manifest.rows_in) == (36, 35)
    assert manifest.rows_out == {"rejected": 1}
    assert manifest.more["returns"] == [
        {"mode": "online", "returned": 35, "valid": 35},
        {"mode": "paper", "returned": 1, "valid": 0},
    ]


def test_freezing_twice_gives_the_same_bytes(survey):
    assert topline_snapshot.freeze(survey).content == topline_snapshot.freeze(survey).content


def test_the_file_alone_gives_the_same_topline(survey):
    snapshot = topline_snapshot.freeze(survey)
    first = topline.compute(snapshot)
    survey.responses.update(status="removed", flaws=[])
    survey.companies.clear()

    again = topline.compute(load(snapshot.content))

    shares = [
        [[(r.question.name, r.whole.base, s.share, s.low, s.high) for s in r.whole.shares]]
        for result in (first, again)
        for r in result.results
    ]
    assert shares[: len(first.results)] == shares[len(first.results) :]
    assert [g.group.name for r in again.results for g in r.groups] == [
        g.group.name for r in first.results for g in r.groups
    ]


def test_a_survey_without_answers_is_an_error():
    with pytest.raises(InvalidInput, match="no answers yet"):
        topline_snapshot.freeze(field.survey())


@pytest.mark.parametrize("content", [b"", b"PAR1", b"not parquet at all"])
def test_another_file_is_no_snapshot(tmp_path, content):
    (tmp_path / "s.parquet").write_bytes(content)

    with pytest.raises(InvalidInput, match="not a snapshot"):
        reopen(tmp_path / "s.parquet", "topline")


def test_a_snapshot_of_another_report_is_none(survey, tmp_path):
    (tmp_path / "s.parquet").write_bytes(topline_snapshot.freeze(survey).content)

    with pytest.raises(InvalidInput, match="not a snapshot"):
        reopen(tmp_path / "s.parquet", "inspection")


def test_the_command_makes_the_same_files_from_the_published_snapshot(survey, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    call_command("topline", "repairs", out=one)
    survey.responses.update(status="removed", flaws=[])

    call_command("topline", str(one / "snapshot.parquet"), out=two)

    assert {path.name: path.read_bytes() for path in one.iterdir()} == {
        path.name: path.read_bytes() for path in two.iterdir()
    }


def test_a_topline_counts_people_by_their_weight(survey):
    first, *_others = survey.responses.filter(status="accepted").order_by("pk")
    equal = topline.compute(topline_snapshot.freeze(survey))
    survey.responses.filter(pk=first.pk).update(weight=35.0)
    survey.responses.filter(company__key="elm").update(weight=2.0)

    weighted = topline.compute(topline_snapshot.freeze(survey))

    assert (equal.weighted, weighted.weighted) == (False, True)
    before, after = (
        next(r for r in t.results if r.question.name == "company").whole.shares
        for t in (equal, weighted)
    )
    assert [s.count for s in before] == [s.count for s in after]
    # 35 + 29 x 1 name Ash, 5 x 2 another company
    assert sorted(s.share for s in after) == pytest.approx([10 / 74, 64 / 74])
    assert after[0].n_eff <= 74**2 / (35**2 + 29 + 5 * 4) + 1e-9


def test_the_base_of_a_mean_is_who_gave_a_number():
    group = topline.Group("area", "1401", Text("太原", "Taiyuan"), np.ones(20, dtype=np.bool_))
    cell = topline.Cell(group, 20, mean=Mean(n=12, mean=7.0, sd=1.0, low=6.5, high=7.5))

    assert presenter._row(cell, "en")["base"] == "12"


def test_the_workbook_says_what_it_is_and_keeps_means_apart(survey):
    book = openpyxl.load_workbook(
        io.BytesIO(files.as_workbook(topline.compute(topline_snapshot.freeze(survey))))
    )
    rows = list(book.active.iter_rows(values_only=True))
    heads = next(row for row in rows if row[1] and "Answer" in str(row[1]))
    share, mean = (next(i for i, h in enumerate(heads) if word in h) for word in ("Share", "Mean"))
    body = rows[rows.index(heads) + 1 :]

    assert "Repairs" in rows[0][0]
    assert [row for row in body if row[share] is not None and row[mean] is not None] == []
    assert any(row[mean] is not None for row in body)
