"""The commands as they are called: what they write, what they say, how they fail."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from reports.ranking import rehearsal
from reports.ranking.files import NAMES
from tests import worlds
from tests.conftest import ROOT


def digests(folder) -> dict[str, str]:
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in os.listdir(folder)
    }


def test_a_ranking_is_made_and_can_be_made_again_from_its_snapshot(tmp_path, capsys):
    plan = worlds.write(tmp_path)

    call_command("ranking", str(plan), out=tmp_path / "one")
    said = capsys.readouterr()
    call_command(
        "ranking", str(plan), source=tmp_path / "one" / "snapshot.parquet", out=tmp_path / "two"
    )

    assert sorted(os.listdir(tmp_path / "one")) == sorted(NAMES)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert "4 companies ranked: 1 above, 2 not distinguishable, 1 below; 1 withheld" in said.out
    assert "setting ranking.en.pdf" in said.err


def test_a_terminal_reads_no_word_of_the_library_that_sets_the_pages(tmp_path):
    plan = worlds.write(tmp_path, text=worlds.plan_text("print: {pages: extremes}"))

    done = subprocess.run(
        [sys.executable, "manage.py", "ranking", str(plan), "--out", str(tmp_path / "out")],
        cwd=ROOT,
        env={**os.environ, "MINGCHA_VAR": str(tmp_path / "var")},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert "setting ranking.en.pdf" in done.stderr
    assert "weasyprint" not in done.stderr


def test_the_source_is_relative_to_the_plan_and_can_be_replaced(tmp_path, monkeypatch):
    plan = worlds.write(tmp_path)
    (tmp_path / "other.csv").write_text(
        worlds.as_csv(worlds.ratings({"Oak": (4, 30), "Yew": (3, 30)}))
    )
    monkeypatch.chdir("/")

    call_command("ranking", str(plan), source=tmp_path / "other.csv", out=tmp_path / "out")

    names = [
        c["name"] for c in json.loads((tmp_path / "out" / "ranking.json").read_text())["companies"]
    ]
    assert names == ["Oak", "Yew"]


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ("colour: red", "plan.yaml:11: colour"),
        ("company: {column: brand}", "column brand"),
        ("source: {kind: survey, survey: a}", "for file sources"),
        ("source: {kind: ratings, file: gone.csv}", "gone.csv"),
    ],
)
def test_a_plan_that_cannot_be_used_ends_with_2_and_no_files(tmp_path, extra, words):
    plan = worlds.write(tmp_path, text=worlds.plan_text(extra))

    with pytest.raises(CommandError, match=words) as failed:
        call_command("ranking", str(plan), out=tmp_path / "out")

    assert failed.value.returncode == 2
    assert sorted(os.listdir(tmp_path)) == ["plan.yaml", "ratings.csv"]


@pytest.mark.django_db
def test_a_survey_that_does_not_exist_is_named(tmp_path):
    gone = ("items", "  - ", "company")
    text = "\n".join(line for line in worlds.PLAN.splitlines() if not line.startswith(gone))
    source = "source: {kind: survey, survey: nowhere}\nquestionnaire: small@1"
    plan = worlds.write(tmp_path, text=worlds.plan_text(source, text=text))

    with pytest.raises(CommandError, match="the platform has no survey nowhere"):
        call_command("plan", "check", str(plan))


def test_a_missing_plan_ends_with_2(tmp_path):
    with pytest.raises(CommandError, match="no such file") as failed:
        call_command("ranking", str(tmp_path / "gone.yaml"), out=tmp_path / "out")

    assert failed.value.returncode == 2


def test_a_chinese_terminal_gets_chinese(tmp_path, monkeypatch):
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    plan = worlds.write(tmp_path, text=worlds.plan_text("colour: red"))

    with pytest.raises(CommandError, match="不是这里可用的键"):
        call_command("plan", "check", str(plan))


def test_plan_init_then_check_then_ranking(tmp_path, capsys):
    data = tmp_path / "mine.csv"
    data.write_text(worlds.as_csv(worlds.ratings()), encoding="utf-8")

    call_command("plan", "init", str(data))
    call_command("plan", "check", str(tmp_path / "mine.yaml"))

    assert "company in shop, 2 rated columns" in capsys.readouterr().out
    with pytest.raises(CommandError, match="there already"):
        call_command("plan", "init", str(data))


def test_two_processes_with_other_hash_seeds_write_the_same_bytes(tmp_path):
    plan = worlds.write(tmp_path)
    for seed in ("1", "2"):
        call = [
            sys.executable,
            str(ROOT / "manage.py"),
            "ranking",
            str(plan),
            "--out",
            str(tmp_path / seed),
        ]
        subprocess.run(
            call, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed}
        )

    assert digests(tmp_path / "1") == digests(tmp_path / "2")


def test_a_plan_is_rehearsed_before_there_are_data(tmp_path, capsys, monkeypatch):
    plan = tmp_path / "plan.yaml"
    plan.write_text(worlds.PLAN + "expect: {companies: 6, answers: 400}\n", encoding="utf-8")
    monkeypatch.setattr(rehearsal, "RUNS", 50)

    call_command("plan", "rehearse", str(plan))
    call_command("plan", "rehearse", str(plan), companies=4, answers=60)

    own, told = capsys.readouterr().out.split("Assumed: ")[1:]
    assert own.startswith("6 companies")
    assert told.startswith("4 companies")
    assert "n = " in own
    assert [line.split()[0] for line in own.splitlines()[-7:-2]] == [
        "answers",
        "200",
        "400",
        "800",
        "1,600",
    ]


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        (worlds.PLAN, {}, "does not say what is expected"),
        (worlds.PLAN, {"answers": 50}, "both --companies"),
        (worlds.ESTIMATES, {"companies": 4, "answers": 50}, "no fieldwork"),
    ],
)
def test_what_cannot_be_rehearsed_is_said(tmp_path, text, options, words):
    plan = tmp_path / "plan.yaml"
    plan.write_text(text, encoding="utf-8")

    with pytest.raises(CommandError, match=words) as stopped:
        call_command("plan", "rehearse", str(plan), **options)

    assert stopped.value.returncode == 2
