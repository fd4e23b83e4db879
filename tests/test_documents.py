"""What the documents name is there: rooms, files, decisions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.test_architecture import FLOORS

PAGES = sorted(
    path.relative_to(ROOT) for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))
)
ROOMS = sorted(
    room.replace(".", "/")
    for rooms in FLOORS
    for room in rooms
    if (ROOT / room.replace(".", "/")).is_dir()
)


def read(path: str | Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_a_line_in_the_architecture(room):
    assert f"`{room}/`" in read("docs/architecture.md")


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_to_files(page):
    targets = re.findall(r"\]\(([^)#:]+)\)", read(page))

    assert [to for to in targets if not (ROOT / page.parent / to).exists()] == []


def test_decisions_are_numbered_and_have_a_status():
    lines = read("docs/decisions.md").splitlines()
    heads = [i for i, line in enumerate(lines) if line.startswith("## ")]
    numbers = [int(re.match(r"## (\d+)\. ", lines[i])[1]) for i in heads]
    statuses = [
        re.match(r"\*Status: (accepted|superseded by (\d+))\b.*\*$", lines[i + 1]) for i in heads
    ]

    assert numbers == sorted(set(numbers))
    assert [n for n, status in zip(numbers, statuses, strict=True) if status is None] == []
    assert [int(s[2]) for s in statuses if s and s[2] and int(s[2]) not in numbers] == []
