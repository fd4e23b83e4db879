"""Codes that a clerk types from a paper sheet, as answers: 3 is the third choice, 1 4 are two of
several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.channels.paper.printing import codes
from surveys.questionnaires.questionnaire import NOT_SURE, OTHER, Question, Questionnaire

KEYED = (
    "select_one",
    "select_multiple",
    "company",
    "range",
    "integer",
    "decimal",
    "text",
    "date",
    "time",
    "datetime",
)


@dataclass(frozen=True)
class Cell:
    """One question on the keying page. jumps: whether one digit is a whole answer, so that the
    cursor goes on.
    """

    name: str
    number: str
    label: str
    answers: Sequence[tuple[str, str]]  # code, label
    typed: str
    several: bool
    jumps: bool


def cells(
    questionnaire: Questionnaire,
    companies: Sequence[tuple[str, str, str]],
    numbers: Mapping[str, str],
    typed: Mapping[str, str],
) -> list[Cell]:
    """Return the questions that are keyed, in the order of the paper. companies: key, code,
    name.
    """
    return [
        _cell(question, companies, numbers[question.name], typed.get(question.name, ""))
        for question in questionnaire.questions.values()
        if question.kind in KEYED and question.is_asked
    ]


def _cell(
    question: Question, companies: Sequence[tuple[str, str, str]], number: str, typed: str
) -> Cell:
    labels = {choice.name: choice.label.zh for choice in question.choices}
    if question.kind == "company":
        labels = {key: name for key, _code, name in companies} | {NOT_SURE: "不清楚", OTHER: "其他"}
    printed = codes(question, {key: code for key, code, _name in companies})
    answers = [(code, labels.get(name, name)) for name, code in printed.items()]
    jumps = (
        bool(answers)
        and question.kind != "select_multiple"
        and all(len(code) == 1 for code, _label in answers)
    )
    return Cell(
        question.name,
        number,
        question.label.zh,
        answers,
        typed,
        question.kind == "select_multiple",
        jumps,
    )


def read(question: Question, typed: str, companies: Mapping[str, str]) -> str | list[str] | None:
    """Return the answer of typed codes, "" for a blank; None where a code is none of the
    question's.

    companies: the code of each by key.
    """
    written = typed.strip()
    if not written or not (question.choices or question.kind == "company"):
        return written
    names = {code: name for name, code in codes(question, companies).items()}
    if question.kind != "select_multiple":
        return names.get(written)
    found = [names.get(code) for code in written.replace(",", " ").replace("，", " ").split()]
    return None if None in found else [name for name in found if name]
