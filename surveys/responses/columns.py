"""What a file of answers has as columns: what the platform knows, then every question in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from config.language.texts import Text
from config.tabular.writers import NUMBER
from surveys.collection.answer_table import KNOWN, PRIVATE, questions
from surveys.questionnaires.answers import other_field
from surveys.questionnaires.questionnaire import NOT_SURE, OTHER, Question, Questionnaire
from surveys.responses import about

NUMBERS = ("integer", "decimal", "range")
# of the table of answers, what is more than a text
KINDS = {"_day": "date", "_weight": "decimal"}


@dataclass(frozen=True)
class Column:
    """One column of a file: its name and words, the labels of its values, and the column of the
    table of answers that it is read from, for several answers with the choice that it is about.
    """

    name: str
    label: Text
    kind: str
    source: str
    values: Mapping[str, Text] = field(default_factory=dict)
    choice: str = ""

    def cells(self, table: pd.DataFrame) -> list[str | float | None]:
        """Return the cells for rows of the table of answers: codes, numbers as numbers, None where
        there is no answer.
        """
        given = table[self.source].tolist()
        if self.choice:
            return [int(self.choice in cell.split()) if cell else None for cell in given]
        if self.kind in NUMBERS:
            return [_number(cell) for cell in given]
        return [cell or None for cell in given]


def columns(
    questionnaire: Questionnaire, *, with_text: bool, companies: Mapping[str, Text]
) -> list[Column]:
    """Return the columns of a questionnaire's answers; a select_multiple has one for every
    choice.
    """
    found = [Column(name, label, KINDS.get(name, "own"), name) for name, label in KNOWN.items()]
    of_response = about.columns(questionnaire).items()
    found += [Column(name, label, kind, name) for name, (label, kind) in of_response]
    # a calculation may quote what somebody wrote
    told = set(questions(questionnaire, private=with_text))
    for question in questionnaire.questions.values():
        if question.name in told:
            found += _columns(question, with_text=with_text, companies=companies)
    return found


def parts(repeat: Question, *, with_text: bool) -> list[Column]:
    """Return the columns of a repeat's own table."""
    asked = (part for part in repeat.parts if part.kind not in ("note", "repeat"))
    return [
        column for part in asked for column in _columns(part, with_text=with_text, companies={})
    ]


def _columns(
    question: Question, *, with_text: bool, companies: Mapping[str, Text]
) -> Iterator[Column]:
    name, label = question.name, question.label
    if question.kind in PRIVATE and not with_text:
        return
    if question.kind == "select_multiple":
        yes_no = {"0": Text("否", "No"), "1": Text("是", "Yes")}
        for choice in question.choices:
            words = Text(f"{label.zh}：{choice.label.zh}", f"{label.en}: {choice.label.en}")
            yield Column(f"{name}/{choice.name}", words, "multiple", name, yes_no, choice.name)
        return
    values = {choice.name: choice.label for choice in question.choices}
    if question.kind == "rank":
        values = {}  # a cell holds them all, the first one first
    if question.kind == "company":
        values = {**companies, NOT_SURE: Text("不清楚", "Not sure"), OTHER: Text("其他", "Another")}
    yield Column(name, label, question.kind, name, values)
    if question.kind == "company" and with_text:
        yield Column(other_field(name), label, "text", other_field(name))


def _number(cell: str) -> str | float | None:
    """Return what is written as a number, a whole one without a point; what is none as it is."""
    if not NUMBER.fullmatch(cell):
        return cell or None
    amount = float(cell)
    if cell.lstrip("+-").isdecimal():
        return int(cell)
    return int(amount) if amount.is_integer() else amount
