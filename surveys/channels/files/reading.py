"""Rows of a file as responses: cells become answers as a mapping says; what no answer is
stands beside them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from config.language.problems import say
from config.language.texts import LANGUAGES
from config.tabular.writers import NUMBER
from surveys.channels.files.guessing import of_names
from surveys.channels.files.mapping import ASIDE, MODES, NO_ANSWER, QuestionColumn
from surveys.channels.files.mapping import Mapping as ColumnMapping
from surveys.channels.files.moments import day_of, moment_of
from surveys.channels.files.outline import Outline
from surveys.channels.files.own import instances_of
from surveys.channels.files.spelling import Spellings, is_ticked
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import company_ids, questionnaire_of
from surveys.companies.models import Company
from surveys.companies.name_matching import plain
from surveys.questionnaires.answers import Flaw, other_field
from surveys.questionnaires.questionnaire import NOT_SURE, OTHER, SEVERAL, Question
from surveys.responses import about

WRITTEN = re.compile(r"(?P<choice>.*?)\s*〖(?P<words>.*)〗")
TAKEN = re.compile(
    r"(?:(\d+)(?:小时|时|h)\s*)?(?:(\d+)(?:分钟|分|m)\s*)?(?:(\d+(?:\.\d+)?)(?:秒|s)?)?"
)
CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2})")
UNSURE = {
    plain(word) for word in ("不清楚", "不知道", "说不清", "not sure", "don't know", NOT_SURE)
}


ANOTHER = {plain(word) for word in ("其他", "Another", OTHER)}
COUNTS = ("", Response.Status.ACCEPTED)


@dataclass(frozen=True)
class Row:
    """What one row says: answers, when it was begun and sent, where it was sampled, what could
    not be read; how its people answered, in which language, with which weight and how many seconds
    for each section, where a column says so.
    """

    answers: dict[str, object]
    submitted_at: datetime
    started_at: datetime | None
    stratum: str
    psu: str
    flaws: tuple[Flaw, ...]
    mode: str
    language: str = ""
    weight: float | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)


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
        self.keys = company_ids(survey)
        # answers keep the company they name; what was merged is offered under the other's name
        merged = Company.objects.filter(merged_into__key__in=self.keys)
        self.merged = dict(merged.values_list("key", "merged_into__key"))
        self.spellings = {
            column.question: Spellings(
                self.questions[column.question].choices, column.values, numbers=column.numbers
            )
            for column in mapping.questions
        }
        inside = (part for _repeat, part in questionnaire_of(survey).parts.values())
        self.spellings |= {part.name: Spellings(part.choices, {}) for part in inside}
        self.sections = [section.name for section in questionnaire_of(survey).sections]

    def read(self, cells: Mapping[Hashable, str]) -> Row:
        """Read one row; cells by column."""
        answers: dict[str, object] = {}
        unread: list[Flaw] = []
        for column in self.mapping.questions:
            self._answer(column, cells, answers, unread)
        moment, late = self._moment(cells)
        aside = {
            key: cells[name].strip() if (name := getattr(self.mapping, key)) else ""
            for key in ASIDE
        }
        flaws = [*late, *unread]
        taken = seconds_of(aside["duration"])
        started_at = None if taken is None or late else moment - timedelta(seconds=taken)
        if aside["begun"]:
            started_at = moment_of(
                aside["begun"],
                timezone.get_default_timezone(),
                days_first=self.mapping.days_first,
            )
            if started_at is None:
                flaws.append(_no_time(self.mapping.begun, aside["begun"]))
        if aside["way"] not in (*MODES, ""):
            message = say("“{answer}” is none of {ways}")
            values = {"answer": aside["way"][:60], "ways": ", ".join(MODES)}
            flaws.append(Flaw(self.mapping.way or "", message, values))
        weight = _amount(aside["weight"])
        if aside["weight"] and not (weight and weight > 0):
            message = say("“{answer}” is no weight: a number above 0")
            flaws.append(Flaw(self.mapping.weight or "", message, {"answer": aside["weight"][:60]}))
        if self.mapping.own and (status := cells.get(about.STATUS, "")) not in COUNTS:
            message = say("stands in the file as “{status}”, which does not count")
            flaws.append(Flaw(about.STATUS, message, {"status": status[:60]}))
        return Row(
            answers,
            moment,
            started_at,
            aside["stratum"][:60],
            aside["psu"][:60],
            tuple(flaws),
            mode=aside["way"] if aside["way"] in MODES else self.mapping.mode,
            language=aside["language"] if aside["language"] in LANGUAGES else "",
            weight=weight if weight and weight > 0 else None,
            seconds=self._seconds(cells),
        )

    def _seconds(self, cells: Mapping[Hashable, str]) -> dict[str, float]:
        """Return the seconds of each section, which our own files have."""
        if not self.mapping.own:
            return {}
        given = {name: cells.get(about.seconds_column(name), "") for name in self.sections}
        return {name: spent for name, cell in given.items() if (spent := _amount(cell)) is not None}

    def unread(self, table: Outline) -> dict[str, Counter[str]]:
        """Return what stands in the cells of each question and leads to no choice or company,
        with how often.
        """
        found: dict[str, Counter[str]] = {}
        for column in self.mapping.questions:
            if not column.columns:
                kind = self.questions[column.question].kind
                cells = table.cells[column.column] if kind != "repeat" else {}
                for cell, n in cells.items():
                    for part in self._unknown(column, cell):
                        found.setdefault(column.question, Counter())[part] += n
        return found

    def _unknown(self, column: QuestionColumn, cell: str) -> list[str]:
        question = self.questions[column.question]
        answers: dict[str, object] = {}
        self._answer(column, {column.column: cell, column.other: ""}, answers, [])
        given = answers.get(question.name)
        if question.kind == "company":
            is_beside = column.other and plain(cell) in ANOTHER
            return [cell.strip()] if given == OTHER and not is_beside else []
        parts = given if isinstance(given, list) else [] if given is None else [given]
        return [
            str(part) for part in parts if question.choices and question.choice(str(part)) is None
        ]

    def _answer(
        self,
        column: QuestionColumn,
        cells: Mapping[Hashable, str],
        answers: dict[str, object],
        flaws: list[Flaw],
    ) -> None:
        """Put what a row says to one question among the answers, and what cannot be read among the
        flaws.
        """
        question = self._question(column)
        if column.columns:
            self._ticks(question, column, cells, answers, flaws)
            return
        if question.kind == "repeat":
            self._instances(question, cells[column.column], answers, flaws)
            return
        cell = cells[column.column].strip()
        if not cell or self._is_skipped(column, cell):
            return
        spellings = self.spellings[column.question]
        if question.kind == "company":
            answers.update(self._company(question.name, cell, cells.get(column.other, "")))
        elif question.kind in SEVERAL:
            parts = [
                self._written(question, part, answers)
                for part in spellings.several(cell, column.separator)
            ]
            answers[question.name] = [
                spellings.find(part) or part for part in parts if not self._is_skipped(column, part)
            ]
        elif question.choices:
            part = cell if spellings.find(cell) else self._written(question, cell, answers)
            answers[question.name] = spellings.find(part) or part
        else:
            answers[question.name] = self._plain_answer(question, cell)

    def _question(self, column: QuestionColumn) -> Question:
        question = questionnaire_of(self.survey).find(column.question)
        assert question is not None
        return question

    def _instances(
        self, repeat: Question, cell: object, answers: dict[str, object], flaws: list[Flaw]
    ) -> None:
        """Read the instances of a repeat, a mapping of cells each."""
        if not cell:
            return
        instances = instances_of(cell)
        if instances is None:
            flaws.append(Flaw(repeat.name, say("is no list of instances")))
            return
        read: list[dict[str, object]] = []
        for cells in instances:
            own: dict[str, object] = {}
            for column in of_names(repeat.parts, list(map(str, cells))):
                self._answer(column, cells, own, flaws)
            read.append(own)
        answers[repeat.name] = read

    def _ticks(
        self,
        question: Question,
        column: QuestionColumn,
        cells: Mapping[Hashable, str],
        answers: dict[str, object],
        flaws: list[Flaw],
    ) -> None:
        """Read a column for every choice: ticked, not ticked, or neither, which is a flaw."""
        chosen = []
        for name, of_it in column.columns.items():
            cell = cells[of_it].strip()
            choice = question.choice(name)
            if choice is None or (cell in NO_ANSWER and not self.mapping.own):
                continue
            ticked = is_ticked(choice, cell)
            if ticked is None:
                message = say("“{answer}” in column {column} is neither a tick nor empty")
                flaws.append(Flaw(question.name, message, {"answer": cell[:60], "column": of_it}))
            if ticked:
                chosen.append(name)
        if chosen:
            answers[question.name] = chosen

    def _is_skipped(self, column: QuestionColumn, cell: str) -> bool:
        """Say whether a cell is what exporters write for no answer, and no choice or number of the
        question: -2 may be "very bad".
        """
        if self.mapping.own or cell not in NO_ANSWER:
            return False
        if self.spellings[column.question].find(cell):
            return False
        question = self._question(column)
        on_scale = question.range and question.range.start <= 0 and cell.lstrip("-").isdecimal()
        return not (on_scale and question.range and float(cell) >= question.range.start)

    def _written(self, question: Question, part: str, answers: dict[str, object]) -> str:
        """Return a choice without the words beside it, 其他〖…〗: they answer another question."""
        found = WRITTEN.fullmatch(part)
        if not found or self.mapping.own:
            return part
        if other_field(question.name) in self.questions:
            answers[other_field(question.name)] = found["words"]
        return found["choice"]

    def _plain_answer(self, question: Question, cell: str) -> str:
        """Return a day or moment in ISO form where a file writes it otherwise, anything else as it
        is.
        """
        zone, days_first = timezone.get_default_timezone(), self.mapping.days_first
        if question.kind == "date" and (day := day_of(cell, days_first=days_first)):
            return day.isoformat()
        if question.kind == "datetime" and (moment := moment_of(cell, zone, days_first=days_first)):
            return moment.replace(tzinfo=None).isoformat("T", "minutes")
        return cell

    def _company(self, question: str, cell: str, written: str) -> dict[str, object]:
        """Return the company that a cell names by its key, which our own files have, or by a
        spelling; written: what stands in the column of unlisted ones.
        """
        key = self.merged.get(cell, cell)
        if key in self.keys or key == NOT_SURE:
            return {question: key}
        if written and (cell == OTHER or plain(cell) in ANOTHER):
            return {question: OTHER, other_field(question): written.strip()}
        spelling = plain(cell)
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
        zone = timezone.get_default_timezone()
        days_first = self.mapping.days_first
        if moment := moment_of(cell, zone, self.mapping.time_format, days_first=days_first):
            return moment, ()
        return timezone.now(), (_no_time(self.mapping.time, cell),)


def _no_time(column: str | None, cell: str) -> Flaw:
    message = say("“{answer}” is not a time such as 2026-11-23 14:05:00")
    return Flaw(column or "", message, {"answer": cell[:60]})


def _amount(cell: str) -> float | None:
    """Return a number, None for none."""
    return float(cell) if NUMBER.fullmatch(cell) else None


def seconds_of(cell: str) -> float | None:
    """Return the seconds that a cell says a sheet took: 93, 93秒, 1分33秒, 00:01:33; None where it
    says nothing.
    """
    if (found := CLOCK.fullmatch(cell)) or (found := TAKEN.fullmatch(cell)) and any(found.groups()):
        hours, minutes, seconds = (float(part or 0) for part in found.groups())
    else:
        return None
    return hours * 3600 + minutes * 60 + seconds
