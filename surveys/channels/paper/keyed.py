"""Codes that a clerk types from a paper sheet, as answers and back: 3 is the third choice, 1 4 are
two of several.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.language.texts import Language, Text
from surveys.channels.paper.printing import codes
from surveys.channels.paper.skips import is_on_paper
from surveys.questionnaires.answers import other_field
from surveys.questionnaires.questionnaire import (
    NOT_SURE,
    OTHER,
    SEVERAL,
    Question,
    Questionnaire,
)

WRITTEN = Text("其他企业：写在纸上的名称", "Another company: as it is written")
UNSURE, ANOTHER = Text("不清楚", "Not sure"), Text("其他", "Another")


@dataclass(frozen=True)
class Coded:
    """A company with the code that stands for it on paper, and what it is found by."""

    key: str
    code: str
    name: Text
    search: str = ""


@dataclass(frozen=True)
class Cell:
    """What is keyed of one question, under its name. answers: code, name of the answer, label, what
    it is found by; empty where the answer is written out. follows: the company question, where this
    is the name of one that is not listed.
    """

    name: str
    number: str
    label: str
    kind: str
    answers: Sequence[tuple[str, str, str, str]] = ()
    follows: str = ""

    @property
    def several(self) -> bool:
        """Whether several codes are an answer."""
        return self.kind in SEVERAL

    @property
    def jumps(self) -> bool:
        """Whether one digit is a whole answer, so that the cursor goes on."""
        lengths = {len(code) for code, *_rest in self.answers}
        return lengths == {1} and not self.several

    def read(self, typed: str) -> str | list[str] | None:
        """Return the answer of what was typed, "" for a blank; None for a code that is none."""
        written = plain(typed) if self.answers else typed.strip()
        if not written or not self.answers:
            return written
        names = {code: name for code, name, *_rest in self.answers}
        if not self.several:
            return names.get(written)
        found = [names.get(code) for code in re.split(r"[\s,]+", written) if code]
        if None in found:
            return None
        given = list(dict.fromkeys(name for name in found if name))
        if self.kind == "select_multiple":  # whose order says nothing
            order = list(names.values())
            given.sort(key=order.index)
        return given

    def typed(self, answer: Any) -> str:
        """Return the codes of an answer."""
        known = {name: code for code, name, *_rest in reversed(self.answers)}
        parts = answer if isinstance(answer, list) else [answer or ""]
        return " ".join(known.get(str(part), str(part)) for part in parts)

    def shown(self, answer: Any) -> list[tuple[str, str]]:
        """Return an answer as the paper has it: code and label, no code for what is written."""
        known = {name: (code, label) for code, name, label, _search in reversed(self.answers)}
        parts = answer if isinstance(answer, list) else [answer] if answer else []
        return [known.get(str(part), ("", str(part))) for part in parts]

    def found(self, typed: str) -> list[tuple[str, str, str]]:
        """Return code, label and spellings of the answers in which what was typed is found; all
        where it is found in none.
        """
        every = [(code, label, search) for code, _name, label, search in self.answers]
        wanted = plain(typed)
        return [row for row in every if wanted in f"{plain(row[1])} {row[2]}"] or every


def cells(
    questionnaire: Questionnaire,
    companies: Sequence[Coded],
    numbers: Mapping[str, str],
    language: Language,
) -> list[Cell]:
    """Return what is keyed, in the order of the paper."""
    found = []
    for question in questionnaire.questions.values():
        if is_on_paper(question):
            number = numbers[question.name]
            found.append(_cell(question, companies, number, language))
            if question.kind == "company":
                other, words = other_field(question.name), WRITTEN.get(language)
                found.append(Cell(other, number, words, "text", follows=question.name))
    return found


def _cell(question: Question, companies: Sequence[Coded], number: str, language: Language) -> Cell:
    if question.kind == "company":
        every = [Coded(NOT_SURE, "0", UNSURE), Coded(OTHER, "00", ANOTHER), *companies]
        answers = [(c.code, c.key, c.name.get(language), c.search) for c in every]
    else:
        labels = {choice.name: choice.label.get(language) for choice in question.choices}
        answers = [(code, name, labels[name], "") for name, code in codes(question).items()]
    return Cell(question.name, number, question.label.get(language), question.kind, answers)


def plain(text: str) -> str:
    """Return what was typed in one width, as a Chinese keyboard has two, and lower case."""
    return unicodedata.normalize("NFKC", text).replace("、", " ").strip().casefold()
