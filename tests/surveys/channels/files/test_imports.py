"""Files of answers: accepted and rejected rows with reasons, the same file twice adds nothing."""

from __future__ import annotations

import csv

import pytest
from django.core.management import CommandError, call_command

from config.accounts.models import AuditEvent
from surveys.collection import services as collection
from tests import field

pytestmark = pytest.mark.django_db

HEADER = [
    "序号",
    "提交答卷时间",
    "1、修过吗？",
    "2、有什么“问题”？",
    "哪家公司？",
    "速度",
    "修好了吗？",
]
BAD = 37


def write(path, rows=4100):
    """Write a file as 问卷星 exports it; of every hundred or so rows one has a fault."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for i in range(rows):
            bad = i % 110 == 50 and i // 110 < BAD
            speed = "十一" if bad else str(i % 10 + 1)
            company = ("白蜡电器", "Elm", "BAILA", "不清楚", "街口维修部")[i % 5]
            out.writerow([i + 1, "2026/11/20 10:00:00", "是", "价格┋太晚", company, speed, "否"])


def take_in(path, capsys):
    call_command("responses", "import", "repairs", str(path), "--mapping", f"{path}.mapping.yaml")
    return capsys.readouterr().out


def test_4100_rows_with_37_bad_ones(tmp_path, capsys):
    survey = field.survey()
    path = tmp_path / "answers.csv"
    write(path)
    call_command("responses", "mapping", str(path))

    said = take_in(path, capsys)

    assert "4063 rows accepted, 37 rejected and kept, 0 already there" in said
    assert survey.responses.filter(status="accepted").count() == 4063
    named = {
        answer: survey.responses.filter(company__key=answer).count() for answer in ("ash", "elm")
    }
    assert named == {"ash": 1603, "elm": 820}
    results = list(
        csv.reader(
            (tmp_path / "answers.csv.result.csv").read_text(encoding="utf-8-sig").splitlines()
        )
    )
    reasons = [row for row in results if row[1] == "rejected"]
    assert len(reasons) == 37
    assert "“十一” is not among the answers to choose from" in reasons[0][3]
    assert reasons[0][0] == "52", "the row as the spreadsheet counts it"

    assert "0 rows accepted, 0 rejected and kept, 4100 already there" in take_in(path, capsys)
    assert survey.responses.count() == 4100


def test_two_equal_rows_without_a_number_are_two_people(tmp_path, capsys):
    survey = field.survey()
    path = tmp_path / "a.csv"
    row = ["", "2026/11/20 10:00:00", "是", "价格", "Elm", "3", "否"]
    path.write_text("\n".join([",".join(HEADER), ",".join(row), ",".join(row)]), encoding="utf-8")
    call_command("responses", "mapping", str(path))
    mapping = tmp_path / "a.csv.mapping.yaml"
    mapping.write_text(
        mapping.read_text(encoding="utf-8").replace('id: "序号"\n', ""), encoding="utf-8"
    )

    assert "2 rows accepted" in take_in(path, capsys)
    assert survey.responses.count() == 2


def test_a_column_that_is_missing_stops_before_anything(tmp_path, capsys):
    survey = field.survey()
    path = tmp_path / "a.csv"
    write(path, rows=3)
    call_command("responses", "mapping", str(path))
    path.write_text(path.read_text(encoding="utf-8-sig").replace("速度", "快慢"), encoding="utf-8")

    with pytest.raises(CommandError, match="column 速度 is missing"):
        take_in(path, capsys)
    assert survey.responses.count() == 0


def test_a_mapping_with_faults_names_their_lines(tmp_path):
    field.survey()
    path = tmp_path / "a.csv"
    write(path, rows=2)
    (tmp_path / "a.csv.mapping.yaml").write_text(
        "mode: pigeon\nquestions:\n  sped: {column: 速度}\n", encoding="utf-8"
    )

    with pytest.raises(CommandError, match="(?s)no question sped.*mode: must be one of"):
        call_command(
            "responses", "import", "repairs", str(path), "--mapping", f"{path}.mapping.yaml"
        )


def test_rejected_rows_are_tried_again_under_a_mended_mapping(tmp_path, capsys):
    survey = field.survey()
    path, mapping = tmp_path / "a.csv", tmp_path / "a.csv.mapping.yaml"
    write(path, rows=100)
    call_command("responses", "mapping", str(path))
    assert "99 rows accepted, 1 rejected" in take_in(path, capsys)

    mended = mapping.read_text(encoding="utf-8").replace(
        'speed: {column: "速度"}', 'speed: {column: "速度", values: {十一: "10"}}'
    )
    mapping.write_text(mended, encoding="utf-8")

    assert "1 rows accepted, 0 rejected and kept, 99 already there" in take_in(path, capsys)
    assert "0 rows accepted, 0 rejected and kept, 100 already there" in take_in(path, capsys)
    assert survey.responses.filter(status="accepted").count() == 100
    assert survey.responses.get(status="rejected").corrections.get().answers["speed"] == "10"


def test_the_same_number_with_other_answers_is_a_named_conflict(tmp_path, capsys):
    """The second city's file begins with number 1 again: its people are not those of the first."""
    survey = field.survey()
    first, second = tmp_path / "taiyuan.csv", tmp_path / "datong.csv"
    row = "1,2026/11/20 10:00:00,是,价格┋太晚,白蜡电器,{speed},否\n"
    for path, speed in ((first, 8), (second, 3)):
        path.write_text(",".join(HEADER) + "\n" + row.format(speed=speed), encoding="utf-8-sig")
        call_command("responses", "mapping", str(path))

    assert "1 rows accepted" in take_in(first, capsys)
    assert "0 rows accepted, 0 rejected and kept, 0 already there, 1 in conflict" in take_in(
        second, capsys
    )
    kept = survey.responses.get(status="rejected")
    assert kept.answers["speed"] == "3"
    assert kept.flaws[0]["values"] == {"file": "taiyuan.csv", "row": 2}
    assert "0 rows accepted, 0 rejected and kept, 1 already there, 0 in conflict" in take_in(
        first, capsys
    )
    assert "1 already there, 0 in conflict" in take_in(second, capsys)
    assert survey.responses.count() == 2


def test_an_import_that_ends_midway_stands_in_the_audit_trail(tmp_path, capsys, monkeypatch):
    survey = field.survey()
    path = tmp_path / "answers.csv"
    write(path, rows=150)
    call_command("responses", "mapping", str(path))
    accept, left = collection.accept, iter(range(120))

    def until_the_power_fails(**given):
        if next(left, None) is None:
            raise OSError("the disk is full")
        return accept(**given)

    monkeypatch.setattr(collection, "accept", until_the_power_fails)
    with pytest.raises(OSError, match="full"):
        take_in(path, capsys)

    assert survey.responses.count() == 100
    line = AuditEvent.objects.get(action="responses.begin_import")
    assert line.after["rows"] == 150
