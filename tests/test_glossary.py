"""The words of docs/glossary.md are the ones in models, pages and code."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache

import pytest
from babel.messages.pofile import read_po
from django.apps import apps

from tests.conftest import ROOT
from tests.test_architecture import MODULES, TOPS, tree

NO_PAGE = "no page yet: "
# a registered name may end in 有限公司, and what people type is read as they type it
COMPANY_NAME = re.compile("(?:有限|有限责任|股份有限|分)公司")
READ_AS_TYPED = ("surveys/companies/name_matching.py", "reports/plans/vocabulary.py")
GIVEN_UP = (
    r"公司",
    r"封存",
    r"(?i)answer[ _-]sheet",
    r"\bEntrance",
    r"\b[Uu]nusable",
    r"(?i)\b(?:a|one|the|open) ways? in(?:to)?\b",
)
# terms whose room is built beside this page: checked as soon as the file is there
ROLES = "config/accounts/roles.py"
COMING = {"role": ROLES, "posting": ROLES, "audit trail": ROLES, "inspector": ROLES}


@dataclass(frozen=True)
class Term:
    """One line of a table."""

    english: str
    chinese: tuple[str, ...]
    meaning: str
    home: str


@cache
def terms() -> tuple[Term, ...]:
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    found = [row for row in rows if len(row) == 4 and row[0] != "term" and set(row[0]) != {"-"}]
    return tuple(Term(row[0], tuple(row[1].split("、")), row[2], row[3]) for row in found)


@cache
def catalogue() -> dict[str, str]:
    """Return what pages say in Chinese for each English message; plural forms joined."""
    path = ROOT / "config" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message.string
        if isinstance(message.string, str)
        else "\n".join(message.string)
        for message in messages
    }


@cache
def pages() -> str:
    """Return all Chinese that a person may read: the catalogue, and the texts in code; what a
    docstring says is for programmers.
    """
    texts = []
    for path in MODULES:
        said = {id(node.value) for node in ast.walk(tree(path)) if isinstance(node, ast.Expr)}
        texts += [
            node.value
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in said
        ]
    return "\n".join([*catalogue().values(), *texts])


@cache
def in_both() -> tuple[tuple[str, str], ...]:
    """Return what is said in English and in Chinese: the catalogue, and every Text of the code."""
    texts = (
        (node.args[1].value, node.args[0].value)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "Text"
        and [type(getattr(arg, "value", None)) for arg in node.args] == [str, str]
    )
    return (*catalogue().items(), *texts)


def classes() -> set[str]:
    return {
        node.name
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    }


def named(home: str) -> set[str]:
    """Return the classes named in a cell; of `Response.receipt` the class."""
    return set(re.findall(r"`([A-Z][A-Za-z]+)(?:\.[a-z_]+)?`", home))


def _here(term: Term) -> None:
    """Say that a test is not run where the room of a term is not built yet."""
    room = COMING.get(term.english)
    if room and not (ROOT / room).exists():
        pytest.skip(f"not run: {room} is not there yet")


def test_no_term_stands_twice():
    words = [term.english.lower() for term in terms()]

    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize("app", TOPS)
def test_every_model_is_in_it(app):
    models = {model.__name__ for model in apps.get_app_config(app).get_models()}

    assert models - {name for term in terms() for name in named(term.home)} == set()


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.english)
def test_every_class_it_names_is_in_the_code(term):
    _here(term)

    assert named(term.home) - classes() == set()


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.english)
def test_every_file_and_room_it_names_is_there(term):
    _here(term)
    if not term.home.startswith(NO_PAGE):
        paths = re.findall(r"`((?:config|surveys|inspections|reports)/[a-z_./]+)`", term.home)
        assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.english)
def test_the_chinese_is_what_pages_say(term):
    _here(term)
    if not term.home.startswith(NO_PAGE):
        assert [word for word in term.chinese if word not in pages()] == []
    # where a page says the term alone, its Chinese is one of its words
    for english, chinese in in_both():
        if english.lower().rstrip("s") == term.english.lower().rstrip("s"):
            assert [word for word in term.chinese if word in chinese] != [], (english, chinese)


def _texts() -> list[tuple[str, str]]:
    """Return code, templates and catalogue, each with its name; migrations keep their words."""
    files = [
        path
        for top in TOPS
        for ending in ("py", "html", "js", "css", "yaml", "po")
        for path in sorted((ROOT / top).rglob(f"*.{ending}"))
        if "migrations" not in path.parts
    ]
    return [(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in files]


@pytest.mark.parametrize("word", GIVEN_UP)
def test_a_word_that_was_given_up_appears_nowhere(word):
    found = [
        f"{name}: {line.strip()}"
        for name, text in _texts()
        if not (word == "公司" and name in READ_AS_TYPED)
        for line in COMPANY_NAME.sub("", text).splitlines()
        if re.search(word, line)
    ]

    assert found == []


def test_a_sheet_is_a_worksheet():
    """A message that speaks of a sheet speaks of 工作表."""
    sheets = {
        english: chinese
        for english, chinese in catalogue().items()
        if re.search(r"\bsheets?\b", english, re.IGNORECASE)
    }

    assert [english for english, chinese in sheets.items() if "工作表" not in chinese] == []
