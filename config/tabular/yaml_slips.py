"""Slips of the pen in YAML that its parser explains badly or not at all: tabs, full-width signs, a
blank that is missing. Told in plain words with their line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from config.language.problems import Problem, say

KEY = r"(?:[A-Za-z_][\w-]*|zh-Hans|[\"'][^\"']*[\"'])"
# what opens a line or a place between braces, then a key
START = r"(?:^[ \t]*(?:- +)?|[{,，]\s*)"
WIDE_COLON = re.compile(rf"{START}({KEY})\s*：")
NO_BLANK = re.compile(rf"{START}({KEY}):(?=[^\s/:])")
WIDE_COMMA = re.compile(r"，")
WIDE_BRACKETS = re.compile(r"[［］｛｝【】]")
NO_DASH_BLANK = re.compile(r"^[ \t]*-(?=[A-Za-z{\"'])")
TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'')


@dataclass(frozen=True)
class Slip:
    """A slip and its line, from 1. `is_sure`: it is one whatever else is right."""

    line: int
    problem: Problem
    is_sure: bool


def slips(text: str, file: str) -> Iterator[Slip]:
    """Yield what looks like a slip, line by line; comments and quoted texts are left alone."""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = _bare(raw)
        for words, values, is_sure in _of_line(line):
            yield Slip(number, Problem(f"{file}:{number}", words, values), is_sure)


def _bare(line: str) -> str:
    """Return a line without its comment, with signs inside quoted texts as x; keys in quotation
    marks stay.
    """
    hidden = TEXT.sub(lambda found: found[0][0] + "x" * (len(found[0]) - 2) + found[0][0], line)
    return re.sub(r"(^|\s)#.*", "", hidden)


def _of_line(line: str) -> Iterator[tuple[str, dict[str, object], bool]]:
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent:
        yield say("begins with a tab; use blanks"), {}, True
    if found := WIDE_COLON.search(line):
        message = say("has a full-width colon “：” after {key}; write “: ” with a blank")
        yield message, {"key": found[1].strip("\"'")}, True
    if found := NO_BLANK.search(line):
        message = say("has no blank after the colon of {key}; write “{key}: ”")
        yield message, {"key": found[1].strip("\"'")}, True
    if NO_DASH_BLANK.match(line):
        yield say("has no blank after the dash; write “- ”"), {}, True
    if WIDE_COMMA.search(line) and re.search(r"[{\[]", line):
        message = say(
            "has a full-width comma “，” between brackets; write “, ”, or put the text in"
            " quotation marks"
        )
        yield message, {}, False
    if found := WIDE_BRACKETS.search(line):
        message = say("has a full-width bracket “{sign}”; write the narrow one")
        yield message, {"sign": found[0]}, False
