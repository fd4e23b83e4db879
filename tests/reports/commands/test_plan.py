"""Drafting and checking a plan as somebody does on the first day, in both languages."""

from __future__ import annotations

import os
import subprocess
import sys

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import gettext, override

from reports.management.commands.plan import Command
from reports.plans.plan import UNFILLED
from tests import worlds
from tests.conftest import ROOT


def book(path, **sheets):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
    made.save(path)
    return path


RATED = [["2026 survey", None, None], ["shop", "speed", "skill"]] + [
    [shop, 1 + i % 5, 1 + i % 4] for i in range(60) for shop in ("Ash", "Birch")
]
NOTES = [["prepared by", "on"], ["somebody", "Monday"]]


def test_the_sheet_with_the_ratings_is_found_below_its_title(tmp_path, capsys):
    file = book(tmp_path / "r.xlsx", Cover=NOTES, Ratings=RATED)

    call_command("plan", "init", str(file))
    call_command("plan", "check", str(tmp_path / "r.yaml"))

    said = capsys.readouterr().out
    assert "rows that are neither heading nor data: 1" in said
    assert "120 rows in, 2 companies" in said
    assert 'sheet: "Ratings"' in (tmp_path / "r.yaml").read_text(encoding="utf-8")


def test_of_two_sheets_with_ratings_none_is_guessed(tmp_path, capsys):
    file = book(tmp_path / "r.xlsx", Cover=NOTES, May=RATED, June=RATED)

    with pytest.raises(
        CommandError, match="Rated columns are in: May, June; there are: Cover, May"
    ):
        call_command("plan", "init", str(file))
    call_command("plan", "init", str(file), sheet="June")

    assert "company in shop, 2 rated columns" in capsys.readouterr().out


def test_a_company_that_is_not_sure_is_left_to_be_filled_in(tmp_path, capsys):
    rows = [{**row, "chain": row["shop"][0]} for row in worlds.ratings()]
    (tmp_path / "r.csv").write_text(worlds.as_csv(rows).replace("shop,", "house,"))

    call_command("plan", "init", str(tmp_path / "r.csv"))

    assert "it may be: house, site, chain" in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"company\.column: is still to be filled in"):
        call_command("plan", "check", str(tmp_path / "r.yaml"))


def test_a_plan_that_is_there_is_seen_before_the_file_is_read(tmp_path):
    (tmp_path / "r.yaml").write_text("mine")

    with pytest.raises(CommandError, match="there already"):
        call_command("plan", "init", str(tmp_path / "r.csv"))


def checked(tmp_path, capsys, plan, **options) -> list[str]:
    call_command("plan", "check", str(plan), **options)
    return capsys.readouterr().out.splitlines()


def test_it_is_said_how_many_are_ranked_and_what_stops_the_others(tmp_path, capsys):
    plan = worlds.write(tmp_path, text=worlds.plan_text("gates: {n: 10, n_eff: 45}"))

    assert checked(tmp_path, capsys, plan) == [
        "plan.yaml and its data can be used: 200 rows in, 5 companies",
        "  rows left out: 4 (of companies with too few answers)",
        "  3 companies will be ranked",
        "  1 company has a score without a rank:",
        "    effective sample too small: 1 (Cedar)",
        "  1 company is withheld: fewer than 10 answers",
    ]


def test_one_company_alone_is_not_ranked(tmp_path, capsys):
    plan = worlds.write(tmp_path, rows=worlds.ratings({"Ash": (4, 200)}))

    said = checked(tmp_path, capsys, plan)

    assert said[0] == "plan.yaml and its data can be used: 200 rows in, 1 company"
    assert "  0 companies will be ranked" in said
    assert said[-1] == "  Fewer than two companies passed the gates, so nothing is compared."


def test_a_file_in_which_nothing_names_companies_is_told_what_it_needs(tmp_path, capsys):
    (tmp_path / "r.csv").write_text("speed,skill\n" + "1,2\n3,5\n" * 20)

    call_command("plan", "init", str(tmp_path / "r.csv"))

    said = capsys.readouterr().out
    assert "2 rated columns. No column looks like the names of companies" in said


def test_of_several_weights_one_is_to_be_filled_in(tmp_path, capsys):
    rows = [{**row, "w_weight": "1.5", "pspwght": "0.5"} for row in worlds.ratings()]
    (tmp_path / "r.csv").write_text(worlds.as_csv(rows))

    call_command("plan", "init", str(tmp_path / "r.csv"))

    text = (tmp_path / "r.yaml").read_text(encoding="utf-8")
    assert 'weight: "FILL IN" # which of them weighs a row: "w_weight", "pspwght"?' in text
    with pytest.raises(CommandError, match="weight: is still to be filled in"):
        call_command("plan", "check", str(tmp_path / "r.yaml"))


def test_joined_and_likely_names_are_said(tmp_path, capsys):
    rows = worlds.ratings(
        {"GREE": (4, 30), "ＧＲＥＥ": (4, 20), "Birch": (3, 30), "Birch Ltd": (3, 12)}
    )

    said = checked(tmp_path, capsys, worlds.write(tmp_path, rows=rows))

    assert said[-2:] == [
        "  counted for GREE, of the same spelling: ＧＲＥＥ",
        (
            "Birch Ltd and Birch may be one company (the same but for signs, place or legal form);"
            ' if so, aliases: {"Birch Ltd": "Birch"}'
        ),
    ]


@pytest.mark.parametrize("command", ["check", "ranking"])
def test_where_to_write_is_looked_at_first(tmp_path, command):
    (tmp_path / "out").write_text("a file")
    plan = tmp_path / "nowhere.yaml"
    called = ("plan", "check") if command == "check" else ("ranking",)

    with pytest.raises(CommandError, match="is a file; --out names a directory"):
        call_command(*called, str(plan), out=tmp_path / "out" / "deep")


def test_what_is_to_be_filled_in_is_known_in_both_languages():
    said = set()
    for language in ("en", "zh-hans"):
        with override(language):
            said.add(gettext(UNFILLED[0]))

    assert said == set(UNFILLED)


def test_a_chinese_terminal_gets_a_plan_and_problems_in_chinese(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    (tmp_path / "r.csv").write_text("x,speed\n" + "a,1\nb,5\na,9\nb,2\n" * 4, encoding="utf-8")

    call_command("plan", "init", str(tmp_path / "r.csv"))
    text = (tmp_path / "r.yaml").read_text(encoding="utf-8")
    (tmp_path / "r.csv").write_text("x,speed\na,1\nb,11\n", encoding="utf-8")

    lines = [line for line in text.splitlines() if "#" in line and "sponsor" not in line]
    comments = [line.rsplit("#", 1)[1] for line in lines]
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in comment) for comment in comments)
    with pytest.raises(CommandError, match="r.csv：第 3 行“speed”列: 11 "):
        call_command("plan", "check", str(tmp_path / "r.yaml"))


def test_usage_is_said_in_the_terminals_language(monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    usage = Command().create_parser("manage.py", "plan").format_help()

    assert usage.startswith("用法：mingcha plan")
    assert "为文件写一份初步方案" in usage
    assert not [word for word in ("usage", "options", "show this", "settings") if word in usage]


def test_a_refusal_on_a_command_line_is_a_sentence(tmp_path):
    call = [sys.executable, str(ROOT / "manage.py"), "plan", "check", str(tmp_path / "no.yaml")]

    ended = subprocess.run(
        call, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"}
    )

    assert ended.returncode == 2
    assert ended.stderr == f"{tmp_path / 'no.yaml'}: there is no such file\n"


@pytest.mark.parametrize(("locale", "words"), [("zh_CN.UTF-8", "消费者调查"), ("C", "surveys")])
def test_the_launcher_says_its_usage_in_the_terminals_language(locale, words):
    ended = subprocess.run(
        ["sh", str(ROOT / "mingcha"), "help"],
        capture_output=True,
        encoding="utf-8",
        env={"PATH": os.environ["PATH"], "LC_ALL": locale},
    )

    assert words in ended.stdout.splitlines()[0]
    assert len(ended.stdout.splitlines()) == 22


def test_what_a_report_cannot_print_is_refused_before_the_ranking_is(tmp_path):
    plan = worlds.write(tmp_path, rows=worlds.ratings({"Ash 😀": (4, 30), "Birch": (3, 30)}))

    with pytest.raises(CommandError, match="the fonts of the report lack 😀"):
        call_command("plan", "check", str(plan))
