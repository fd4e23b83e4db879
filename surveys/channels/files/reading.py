"""Rows of a file as responses: cells become answers as a mapping says; what no answer is
stands beside them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from config.language.problems import say
from config.tabular.tables import TextTable
from surveys.channels.files.mapping import ASIDE, NO_ANSWER, QuestionColumn
from surveys.channels.files.mapping import Mapping as ColumnMapping
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import questionnaire_of
from surveys.companies import services as companies
from surveys.questionnaires.answers import Flaw, other_field
from surveys.questionnaires.questionnaire import NOT_SURE, OTHER, Question

# what separates several answers in one cell: 问卷星 writes ┋
SEPARATORS = "┋;；|\n"
TIMES = (
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d",
)
WRITTEN = re.compile(r"(?P<choice>.*?)\s*〖(?P<words>.*)〗")
TICKED = {"1", "true", "yes", "是", "选中", "✓", "√"}
TAKEN = re.compile(
    r"(?:(\d+)(?:小时|时|h)\s*)?(?:(\d+)(?:分钟|分|m)\s*)?(?:(\d+(?:\.\d+)?)(?:秒|s)?)?"
)
CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2})")
UNSURE = {
    companies.plain(word)
    for word in ("不清楚", "不知道", "说不清", "not sure", "don't know", NOT_SURE)
}


@dataclass(frozen=True)
class Row:
    """What one row says: answers, when it was begun and sent, where it was sampled, what could
    not be read.
    """

    answers: dict[str, object]
    submitted_at: datetime
    started_at: datetime | None
    stratum: str
    psu: str
    flaws: tuple[Flaw, ...]


class Reader:
    """Rows of one file, read as its mapping says."""

    def __init__(self, survey: Survey, mapping: ColumnMapping) -> None:
        self.survey, self.mapping = survey, mapping
        self.questions = questionnaire_of(survey).questions
        self.offered = {
            alias.spelling: company.key
            for company in survey.companies.prefetch_related("aliases")
            for alias in company.aliases.all()
        }
        self.choices = {
            column.question: _choice_names(self.questions[column.question], column)
            for column in mapping.questions
        }

    def read(self, cells: Mapping[Hashable, str]) -> Row:
        """Read one row; cells by column."""
        answers: dict[str, object] = {}
        for column in self.mapping.questions:
            self._answer(column, cells, answers)
        moment, flaws = self._moment(cells)
        aside = {
            key: cells[name].strip() if (name := getattr(self.mapping, key)) else ""
            for key in ASIDE
        }
        taken = seconds_of(aside["duration"])
        started_at = None if taken is None or flaws else moment - timedelta(seconds=taken)
        return Row(answers, moment, started_at, aside["stratum"][:60], aside["psu"][:60], flaws)

    def unread(self, table: TextTable) -> dict[str, Counter[str]]:
        """Return what stands in the cells of each question and leads to no choice or company,
        with how often.
        """
        found: dict[str, Counter[str]] = {}
        for column in self.mapping.questions:
            if not column.columns:
                for cell, n in Counter(table.frame[column.column]).items():
                    for part in self._unknown(column, str(cell)):
                        found.setdefault(column.question, Counter())[part] += n
        return found

    def _unknown(self, column: QuestionColumn, cell: str) -> list[str]:
        question = self.questions[column.question]
        answers: dict[str, object] = {}
        self._answer(column, {column.column: cell}, answers)
        given = answers.get(question.name)
        if question.kind == "company":
            return [cell.strip()] if given == OTHER else []
        parts = given if isinstance(given, list) else [] if given is None else [given]
        return [
            str(part) for part in parts if question.choices and question.choice(str(part)) is None
        ]

    def _answer(
        self, column: QuestionColumn, cells: Mapping[Hashable, str], answers: dict[str, object]
    ) -> None:
        question = self.questions[column.question]
        if column.columns:
            texts = {name: cells[of_it].strip() for name, of_it in column.columns.items()}
            chosen = [name for name, cell in texts.items() if _is_ticked(question, name, cell)]
            if chosen:
                answers[question.name] = chosen
            return
        cell = cells[column.column].strip()
        if not cell or cell in NO_ANSWER:
            return
        names = self.choices[column.question]
        if question.kind == "company":
            answers.update(self._company(question.name, cell))
        elif question.kind == "select_multiple":
            separated = (
                column.separator
                if column.separator is not None or not column.numbers
                else f"{SEPARATORS},，"
            )
            # KoboToolbox parts names by spaces; labels may have spaces in them
            of_names = (
                cell.split() if all(map(question.choice, cell.split())) else _parts(cell, separated)
            )
            parts = [self._written(question, part, answers) for part in of_names]
            answers[question.name] = [
                names.get(companies.plain(part), part) for part in parts if part not in NO_ANSWER
            ]
        else:
            part = self._written(question, cell, answers) if question.choices else cell
            answers[question.name] = names.get(companies.plain(part), part)

    def _written(self, question: Question, part: str, answers: dict[str, object]) -> str:
        """Return a choice without the words beside it, 其他〖…〗: they answer another question."""
        found = WRITTEN.fullmatch(part)
        if not found:
            return part
        if other_field(question.name) in self.questions:
            answers[other_field(question.name)] = found["words"]
        return found["choice"]

    def _company(self, question: str, cell: str) -> dict[str, object]:
        spelling = companies.plain(cell)
        if spelling in self.offered:
            return {question: self.offered[spelling]}
        if spelling in UNSURE:
            return {question: NOT_SURE}
        return {question: OTHER, other_field(question): cell}

    def _moment(self, cells: Mapping[Hashable, str]) -> tuple[datetime, tuple[Flaw, ...]]:
        """Return when a row was answered; a row without a readable time has a flaw and the time
        of now.
        """
        if self.mapping.date:
            return timezone.make_aware(datetime.combine(self.mapping.date, datetime.min.time())), ()
        cell = cells[self.mapping.time or ""].strip()
        for pattern in (self.mapping.time_format,) if self.mapping.time_format else TIMES:
            try:
                return timezone.make_aware(datetime.strptime(cell, pattern)), ()  # noqa: DTZ007
            except ValueError:
                continue
        message = say("“{answer}” is not a time such as 2026-11-23 14:05:00")
        return timezone.now(), (Flaw(self.mapping.time or "", message, {"answer": cell[:60]}),)


def seconds_of(cell: str) -> float | None:
    """Return the seconds that a cell says a sheet took: 93, 93秒, 1分33秒, 00:01:33; None where it
    says nothing.
    """
    if (found := CLOCK.fullmatch(cell)) or (found := TAKEN.fullmatch(cell)) and any(found.groups()):
        hours, minutes, seconds = (float(part or 0) for part in found.groups())
    else:
        return None
    return hours * 3600 + minutes * 60 + seconds


def _choice_names(question: Question, column: QuestionColumn) -> dict[str, str]:
    """Return the choice that each spelling stands for: its name, its labels, and what the
    mapping adds.
    """
    spelled = {companies.plain(choice.label.en): choice.name for choice in question.choices}
    spelled |= {companies.plain(choice.label.zh): choice.name for choice in question.choices}
    spelled |= {companies.plain(choice.name): choice.name for choice in question.choices}
    if column.numbers:
        spelled |= {
            str(place): choice.name for place, choice in enumerate(question.choices, start=1)
        }
    return spelled | {companies.plain(text): name for text, name in column.values.items()}


def _is_ticked(question: Question, name: str, cell: str) -> bool:
    """Say whether a cell of a choice's own column means that it was chosen."""
    choice = question.choice(name)
    assert choice is not None
    texts = {name, choice.label.zh, choice.label.en}
    return cell.lower() in TICKED or (bool(cell) and cell in texts)


def _parts(cell: str, separator: str | None) -> list[str]:
    for sign in SEPARATORS if separator is None else separator:
        cell = cell.replace(sign, "\x1f")
    return [part.strip() for part in cell.split("\x1f") if part.strip()]
