"""How a file of answers is read, as a form that shows it: questions with their columns, the
first rows as answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from config.language.languages import spoken
from config.language.texts import Text
from surveys.channels.files.mapping import ASIDE, NOT_IN_FILES, Mapping
from surveys.channels.files.outline import Outline
from surveys.channels.files.reading import Reader
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import companies_of, company_ids, questionnaire_of
from surveys.forms.fields import error_text
from surveys.questionnaires.answers import check
from surveys.questionnaires.questionnaire import Question
from surveys.responses.answer_text import answer_text, company_names

SPELLINGS = 12  # cells of a question that lead to no choice, the most frequent of them
ROOM = 300  # such cells in all: a form may have 1,000 fields
SEVERAL = "*"  # in place of a column: the columns that were found, one for each choice


@dataclass(frozen=True)
class Line:
    """One question of the form: the column it is read from, and its cells that lead to no
    answer.
    """

    name: str
    label: str
    column: str
    several: str
    spellings: list[tuple[str, int, str]]
    choices: list[tuple[str, str]]
    kept_as_written: bool


def lines(
    survey: Survey, mapping: Mapping, guessed: Mapping, reader: Reader, table: Outline
) -> Iterator[Line]:
    """Yield a line for every question that a file may answer."""
    read = {column.question: column for column in mapping.questions}
    found = {column.question: column for column in guessed.questions if column.columns}
    unread, room = reader.unread(table), ROOM
    for question in asked(survey):
        column = read.get(question.name)
        # what was told apart before stays to be seen and changed
        told = [(cell, 0, name) for cell, name in column.values.items()] if column else []
        new = [(cell, n, "") for cell, n in unread.get(question.name, {}).items()]
        spellings = (told + sorted(new, key=lambda item: -item[1])[:SPELLINGS])[:room]
        room -= len(spellings)
        several = column if column and column.columns else found.get(question.name)
        yield Line(
            name=question.name,
            label=label(question),
            column=(SEVERAL if column.columns else column.column) if column else "",
            several=", ".join(several.columns.values()) if several else "",
            spellings=spellings,
            choices=[(choice.name, _said(choice.label)) for choice in question.choices],
            kept_as_written=question.kind == "company",
        )


def preview(
    survey: Survey, mapping: Mapping, reader: Reader, table: Outline
) -> Iterator[dict[str, Any]]:
    """Yield the first rows as answers, and what is wrong with them."""
    names = company_names(companies_of(survey), spoken())
    for number, cells in table.shown():
        row = reader.read(cells)
        checked = check(
            questionnaire_of(survey),
            row.answers,
            today=timezone.localdate(row.submitted_at),
            companies=company_ids(survey),
        )
        flaws = [*row.flaws, *checked.flaws]
        yield {
            "row": number,
            "answers": [
                answer_text(reader.questions[c.question], row.answers, spoken(), names)
                for c in mapping.questions
            ],
            "flaws": [
                f"{_name(reader, flaw.question)}: {error_text(flaw, spoken())}" for flaw in flaws
            ],
            "at": timezone.localtime(row.submitted_at),
        }


def asked(survey: Survey) -> list[Question]:
    """Return the questions that a file may answer."""
    questions = questionnaire_of(survey).questions.values()
    return [
        question
        for question in questions
        if question.is_asked and question.kind not in NOT_IN_FILES
    ]


def aside(mapping: Mapping) -> list[tuple[str, str, str | None]]:
    """Return what is read beside the questions: key, words, column."""
    context = {
        "id": _("What numbers the rows"),
        "time": _("When it was sent"),
        "duration": _("How long it took"),
        "stratum": _("Stratum"),
        "psu": _("Site (PSU)"),
        "begun": _("When it was begun"),
        "way": _("How each row was answered"),
        "language": _("Language"),
        "weight": _("Weight"),
    }
    return [(key, context[key], getattr(mapping, key)) for key in ASIDE]


def label(question: Question) -> str:
    """Return the words of a question, or its name where it has none."""
    return _said(question.label) or question.name


def _name(reader: Reader, name: str) -> str:
    return label(reader.questions[name]) if name in reader.questions else name


def _said(text: Text) -> str:
    return text.get(spoken())
