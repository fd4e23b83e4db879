"""Every command of both READMEs is typed in a fresh directory, as a newcomer would, and the pages
between them are walked through up to a ranking.

`./mingcha` would install first; here its commands go through manage.py in this environment.
"""

from __future__ import annotations

import argparse
import csv
import html
import os
import pty
import random
import re
import shlex
import socket
import subprocess
import sys
import time
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest
from django.core.management import get_commands, load_command_class

from reports.ranking.files import NAMES
from surveys.workbooks import make
from tests.conftest import ROOT

READMES = ("README.md", "README.zh-CN.md")
FILE = {"README.md": "ratings", "README.zh-CN.md": "评分"}
CHAPTERS = ("demonstration", "survey", *FILE.values())
NAME, PASSWORD = "zhang", "a-long-password"
COMPANIES = {"oak": 8, "fir": 7, "elm": 6, "yew": 4}  # how they are rated, of 10
SEED, NEEDED = 20261125, 624  # what a rehearsal by this seed asks for, answers of each company
EACH = 130  # answers: above the gates
AREA = '<textarea name="plan"'
PATIENCE = 300  # seconds, for a busy machine


def typed(readme: str) -> list[str]:
    """Return the commands of a README in the order in which they are read: those of its blocks, and
    those in a sentence. Its table is no list of things to type: it has FILE and DIR in it.
    """
    found = []
    is_block = False
    for line in (ROOT / readme).read_text(encoding="utf-8").splitlines():
        is_block ^= line.startswith("```")
        if is_block and line.startswith("./mingcha"):
            found.append(line.split("#")[0].strip())
        elif not is_block and not line.startswith("|"):
            found += re.findall(r"`(\./mingcha [^`]+)`", line)
    return found


def every(chapter: str) -> list[str]:
    """Return the commands of both READMEs that belong to a chapter, each once, in their order. What
    a chapter does needs nothing of another, so that they can be walked through side by side.
    """
    lines = dict.fromkeys(line for readme in READMES for line in typed(readme))
    return [line for line in lines if chapter_of(line) == chapter]


def chapter_of(line: str) -> str:
    """Return what a command belongs to: the demonstration, a file of ratings, or a survey."""
    if "demo" in line:
        return "demonstration"
    return next((name for name in FILE.values() if name in line), "survey")


def in_table(readme: str) -> list[str]:
    """Return the commands of a README's table, with what stands for a file or a number."""
    rows = re.findall(r"(?m)^\| (`.*?) \|", (ROOT / readme).read_text(encoding="utf-8"))
    found = []
    for row in rows:
        first, *others = re.findall(r"`([^`]+)`", row)
        if first.startswith("./mingcha "):
            word = first.split()[1]
            found.append(first.removeprefix("./mingcha "))
            found += [o if word in ("test",) else f"{word} {o}" for o in others if " " in o]
            found += [o for o in others if " " not in o and word == "test"]
    return found


def in_tree(readme: str) -> set[str]:
    """Return the folders of a README's tree, those inside a house with its name."""
    found, house = set(), ""
    text = (ROOT / readme).read_text(encoding="utf-8")
    for line in text[text.index("\nmingcha ") : text.rindex("```")].splitlines():
        names = re.findall(r"([a-z]+)/(?=\s)", line.split("PURE")[0])
        if not line.startswith(" "):
            house = names[0] if names else ""
        found |= {house, *(f"{house}/{name}" for name in names if name != house)}
    return found


class Newcomer:
    """Somebody in a fresh directory, who types commands and opens pages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self.pages = build_opener(HTTPCookieProcessor(CookieJar()))
        self.environment = {
            **os.environ,
            "MINGCHA_VAR": str(folder / "var"),
            "LC_ALL": "C.UTF-8",
            "DATABASE_URL": "",
        }

    def command(self, line: str) -> list[str]:
        return [sys.executable, str(ROOT / "manage.py"), *shlex.split(line)[1:]]

    def type(self, line: str) -> str:
        done = subprocess.run(
            self.command(line),
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    def answer(self, line: str, *answers: str) -> None:
        """Type a command that asks, and answer it at the terminal."""
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.folder)
            os.execve(sys.executable, self.command(line), self.environment)
        said = b""
        for reply in answers:
            while not said.rstrip(b" ").endswith(b":"):
                said += os.read(terminal, 1000)
            os.write(terminal, reply.encode() + b"\n")
            said = b""
        while True:
            try:
                said += os.read(terminal, 1000)
            except OSError:  # the other end is closed
                break
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, said.decode()

    def serve(self, line: str, then) -> None:
        """Start the site on a free port, open its pages, and end it."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        with (self.folder / "serve.log").open("w") as log:
            site = subprocess.Popen(
                self.command(f"{line} --port {self.port}"),
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
            try:
                self.wait(self.is_up)
                then()
            finally:
                site.terminate()
                site.wait(timeout=PATIENCE)

    def is_up(self) -> bool:
        try:
            with urlopen(f"http://localhost:{self.port}/login/", timeout=PATIENCE) as page:
                return page.status == 200
        except URLError:
            return False

    def wait(self, is_done) -> None:
        for _second in range(PATIENCE):
            if is_done():
                return
            time.sleep(1)
        pytest.fail((self.folder / "serve.log").read_text())

    def open(self, path: str, **fields) -> str:
        """Open a page, or send its form; the page that comes is returned."""
        data = (
            urlencode({**fields, "csrfmiddlewaretoken": self.token}, True).encode()
            if fields
            else None
        )
        request = Request(f"http://localhost:{self.port}{path}", data)
        try:
            with self.pages.open(request, timeout=PATIENCE) as answer:
                page = answer.read().decode()
                self.at = answer.url.partition(str(self.port))[2]
        except HTTPError as refused:
            pytest.fail(f"{path}: {refused.code} {refused.read().decode()}")
        self.token = (
            re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1] if "csrf" in page else ""
        )
        return page

    def links(self, page: str, path: str) -> None:
        assert f'"{path}"' in page, f"{path} is not linked from {self.at}"


@pytest.fixture
def newcomer(tmp_path, socket_enabled):
    chance = random.Random(1)

    def points(mean: float) -> int:
        return min(10, max(1, round(chance.gauss(mean, 1.5))))

    for name in FILE.values():
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["company", "speed", "skill", "price"])
            for company, mean in COMPANIES.items():
                rows.writerows([company, *(points(mean) for _ in range(3))] for _ in range(EACH))
    with (tmp_path / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rated = ["speed", "skill", "price", "overall"]
        asked = ["city", "channel", "problems", "repaired", "company", "product", "quote", "fixed"]
        rows.writerow(["id", "date", *asked, *rated])
        for company, mean in COMPANIES.items():
            for n in range(EACH):
                given = ["140100", "dealer", "none", "yes", company, "tv", "list", "yes"]
                rows.writerow(
                    [f"{company}{n}", "2026-11-20", *given, *(points(mean) for _ in rated)]
                )
    return Newcomer(tmp_path)


def walk(newcomer: Newcomer) -> None:
    """Do what the README lists: companies, a questionnaire, a survey, answers, a ranking."""
    page = newcomer.open("/login/")
    page = newcomer.open("/login/", username=NAME, password=PASSWORD)
    newcomer.links(page, "/companies/")
    newcomer.open("/companies/")
    for key in COMPANIES:
        newcomer.open("/company/", key=key, name=f"{key}电器", name_en=key, kind="brand")

    newcomer.links(newcomer.open("/companies/"), "/questionnaires/")
    page = newcomer.open("/questionnaires/")
    newcomer.links(page, "/questionnaires/starters/appliance-core/")
    newcomer.open("/questionnaires/starters/appliance-core/", any="1")
    uploaded = newcomer.at
    newcomer.open(f"{uploaded}freeze/", any="1")
    version = newcomer.at
    page = newcomer.open(
        f"{version}survey/",
        slug="repairs",
        title_zh="维修",
        title_en="Repairs",
        organiser_zh="协会",
        organiser_en="Association",
        sample="nonprobability",
        kinds="brand",
    )
    assert newcomer.at == "/surveys/repairs/"
    newcomer.open("/surveys/repairs/open/", any="1")
    assert "answers.csv.mapping.yaml" in newcomer.type("./mingcha responses mapping answers.csv")
    newcomer.type(
        "./mingcha responses import repairs answers.csv --mapping answers.csv.mapping.yaml"
    )

    page = newcomer.open("/surveys/repairs/")
    newcomer.links(page, "/surveys/repairs/fieldwork/")
    newcomer.links(newcomer.open("/surveys/repairs/close/", any="1"), "/surveys/repairs/cleaning/")
    newcomer.open("/surveys/repairs/cleaning/run/", any="1")
    newcomer.open("/surveys/repairs/")
    page = newcomer.open("/reports/new/repairs/")
    (form,) = (found for found in re.findall("<form.*?</form>", page, re.DOTALL) if AREA in found)
    plan = html.unescape(re.search(AREA + r"[^>]*>\n?(.*?)</textarea>", form, re.DOTALL)[1])
    seen = re.search('name="seen" value="([^"]*)"', form)[1]
    newcomer.open("/reports/new/repairs/", kind="ranking", face="text", plan=plan, seen=seen)
    report = newcomer.at
    newcomer.wait(lambda: "ranking.json" in newcomer.open(report))
    for name in NAMES:
        newcomer.links(newcomer.open(report), f"{report}{name}")


def folders(root: Path) -> set[str]:
    return {path.name for path in root.iterdir()} if root.is_dir() else set()


def test_a_readme_is_read_as_it_is_typed():
    assert typed("README.md")[:2] == ["./mingcha demo", "./mingcha test"]
    assert "./mingcha serve --demo" in typed("README.md")
    assert [line.replace("ratings", "评分") for line in typed("README.md")] == typed(
        "README.zh-CN.md"
    )
    assert "companies merge A B --reason …" in in_table("README.md")
    assert {"./mingcha createsuperuser", "./mingcha serve"} <= set(every("survey"))
    assert all(len(every(chapter)) > 1 for chapter in CHAPTERS)


@pytest.mark.parametrize("readme", READMES)
def test_the_tree_names_every_room(readme):
    houses = ("config", "surveys", "inspections", "reports")
    no_rooms = ("migrations", "management", "templatetags")
    rooms = {
        f"{house}/{path.parent.name}"
        for house in houses
        for path in (ROOT / house).glob("*/__init__.py")
        if path.parent.name not in no_rooms
    }

    assert rooms <= in_tree(readme)
    assert {name for name in in_tree(readme) if name.startswith(houses)} <= rooms | set(houses)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_command_of_both_readmes_does_what_it_says(newcomer, chapter):
    folder = newcomer.folder
    promised = {
        "./mingcha demo": {f"output/demo/{name}" for name in ("ranking", "topline", "inspection")},
        "./mingcha questionnaire starters forms": {
            f"forms/{form.file}.xlsx" for form in make.FORMS
        },
        "./mingcha topline repairs --out output/topline": {"output/topline/snapshot.parquet"},
        f"./mingcha plan init {chapter}.csv": {f"{chapter}.yaml"},
        f"./mingcha ranking {chapter}.yaml --out output/{chapter}": {
            f"output/{chapter}/{name}" for name in NAMES
        },
    }
    for line in every(chapter):
        said = ""
        if line == "./mingcha test":
            assert re.search(r"(?m)^  test\)", (ROOT / "mingcha").read_text())
        elif line == "./mingcha createsuperuser":
            newcomer.answer(line, NAME, "", PASSWORD, PASSWORD)
        elif line == "./mingcha serve":
            newcomer.serve(line, lambda: walk(newcomer))
        elif line == "./mingcha serve --demo":
            newcomer.serve(line, lambda: None)
        else:
            said = newcomer.type(line)
        there = {name for name in promised.get(line, ()) if (folder / name).exists()}
        assert there == promised.get(line, set()), line
        if line.startswith("./mingcha plan init"):
            _seeded(folder / f"{chapter}.yaml")
        if line.startswith("./mingcha plan rehearse"):
            assert "about 3 above, 3 below, 10 undecided" in said
            assert f"{NEEDED} answers per company" in said
        if "--source" in line:
            assert same(folder / "again", folder / "output" / chapter)


@pytest.mark.parametrize("readme", READMES)
def test_a_readme_says_how_many_answers_a_rehearsal_asks_for(readme):
    assert f" {round(NEEDED, -2)} " in (ROOT / readme).read_text(encoding="utf-8")


def _seeded(plan: Path) -> None:
    """Give a drafted plan the seed that the figures here are of: its own is the day it was drafted
    on.
    """
    text = re.sub(r"seed: \d+", f"seed: {SEED}", plan.read_text(encoding="utf-8"))
    plan.write_text(text, encoding="utf-8")


def same(one: Path, other: Path) -> bool:
    """Say whether two folders hold the same bytes."""
    first, second = ({p.name: p.read_bytes() for p in at.iterdir()} for at in (one, other))
    return first == second


@pytest.mark.parametrize(("readme", "line"), [(r, line) for r in READMES for line in in_table(r)])
def test_every_command_of_a_table_is_one(readme, line):
    name, *words = shlex.split(line.replace("[", " ").replace("]", " "))
    launcher = (ROOT / "mingcha").read_text(encoding="utf-8")
    if re.search(rf"(?m)^  (\w+\|)*{name}(\|\w+)*\)", launcher) and name not in get_commands():
        return
    parser = load_command_class(get_commands()[name], name).create_parser("mingcha", name)
    subs = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if subs:
        parser = subs[0].choices[words[0]]

    for option in (word for word in words if word.startswith("--")):
        assert option in parser._option_string_actions
