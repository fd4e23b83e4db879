"""Files of answers: every row goes through `collection.accept`; what is wrong with a row is kept with it."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils import timezone

from config import files
from config.models import User
from config.problems import say
from config.tables import TextTable, read
from surveys.import_mapping import NO_ANSWER, QuestionColumn
from surveys.import_mapping import Mapping as ColumnMapping
from surveys.models import ImportedFile, Response, Survey
from surveys.questionnaires.answers import Flaw, other_field
from surveys.questionnaires.questionnaire import NOT_SURE, OTHER, Question
from surveys.selectors import questionnaire_of
from surveys.services import collection, companies

Outcome = Literal["accepted", "rejected", "known"]
Progress = Callable[[int, int], None]
# what separates several answers in one cell: 问卷星 writes ┋
SEPARATORS = "┋;；|\n"
TIMES = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
WRITTEN = re.compile(r"(?P<choice>.*?)\s*〖(?P<words>.*)〗")
TICKED = {"1", "true", "yes", "是", "选中", "✓", "√"}
UNSURE = {companies.plain(word) for word in ("不清楚", "不知道", "说不清", "not sure", "don't know", NOT_SURE)}


@dataclass(frozen=True)
class RowResult:
    """What became of a row of the file: its number there, and the response that it is kept as."""

    row: int
    outcome: Outcome
    response: Response


@transaction.atomic
def take_in(
    *,
    survey: Survey,
    path: Path,
    mapping: ColumnMapping,
    by: User | None = None,
    progress: Progress = lambda done, all_: None,
) -> list[RowResult]:
    """Import a file, all of it or nothing. Rows that came before are recognised and add nothing.

    A row that was rejected is tried again under another mapping, as a new response that corrects the rejected one.
    Raises Unusable where the file cannot be read or lacks a column that the mapping names.
    """
    table = read(path, sheet=mapping.sheet)
    mapping.require(table)
    digest = files.keep(path.read_bytes())
    file, _made = ImportedFile.objects.get_or_create(
        survey=survey, sha256=digest, mapping=mapping.as_json(), defaults={"name": path.name, "imported_by": by}
    )
    known = {response.uid: response for response in survey.responses.select_related("imported_from").defer("answers")}
    reader = _Reader(survey, mapping)
    results = []
    uids = list(_uids(survey, table, mapping))
    for done, ((number, cells), uid) in enumerate(zip(table.frame.iterrows(), uids, strict=True), start=1):
        row = int(str(number))
        uid, earlier = _attempt(known, uid, file)
        if uid in known:
            results.append(RowResult(row, "known", known[uid]))
        else:
            payload, source = reader.read(cells.to_dict(), uid, file, row)
            source = replace(source, corrects=earlier)
            response = collection.accept(survey=survey, payload=payload, source=source, by=by)
            results.append(RowResult(row, "rejected" if response.flaws else "accepted", response))
        progress(done, len(uids))
    return results


def _attempt(known: Mapping[UUID, Response], uid: UUID, file: ImportedFile) -> tuple[UUID, Response | None]:
    """Return the uid of a row, and the rejected response that it corrects where its mapping is a new one."""
    earlier = known.get(uid)
    if earlier is None or not earlier.flaws or earlier.imported_from is None:
        return uid, None
    if earlier.imported_from.mapping == file.mapping:
        return uid, None
    again, corrected = _attempt(known, uuid5(uid, "again"), file)
    return again, corrected or earlier


def _uids(survey: Survey, table: TextTable, mapping: ColumnMapping) -> Iterator[UUID]:
    """Yield what makes a row the same row in another file: its id, or else its content and how often it came before."""
    seen: Counter[str] = Counter()
    for _number, cells in table.frame.iterrows():
        if mapping.id:
            content = str(cells[mapping.id]).strip()
        else:
            content = hashlib.sha256("\x1f".join(str(cell) for cell in cells).encode()).hexdigest()
        seen[content] += 1
        yield uuid5(NAMESPACE_URL, f"mingcha:{survey.slug}:{content}:{seen[content]}")


class _Reader:
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
            column.question: _choice_names(self.questions[column.question], column) for column in mapping.questions
        }

    def read(
        self, cells: Mapping[Hashable, str], uid: UUID, file: ImportedFile, row: int
    ) -> tuple[collection.Payload, collection.Source]:
        answers: dict[str, object] = {}
        for column in self.mapping.questions:
            self._answer(column, cells, answers)
        moment, flaws = self._moment(cells)
        source = collection.Source(
            mode=Response.Mode(self.mapping.mode),
            flawed="keep",
            stratum=cells[self.mapping.stratum].strip() if self.mapping.stratum else "",
            psu=cells[self.mapping.psu].strip() if self.mapping.psu else "",
            file=file,
            row=row,
            flaws=flaws,
        )
        return collection.Payload(uid, answers, moment), source

    def _answer(self, column: QuestionColumn, cells: Mapping[Hashable, str], answers: dict[str, object]) -> None:
        question = self.questions[column.question]
        if column.columns:
            said = {name: cells[of_it].strip() for name, of_it in column.columns.items()}
            chosen = [name for name, cell in said.items() if _is_ticked(question, name, cell)]
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
            separated = column.separator if column.separator is not None or not column.numbers else f"{SEPARATORS},，"
            # KoboToolbox parts names by spaces; labels may have spaces in them
            of_names = cell.split() if all(map(question.choice, cell.split())) else _parts(cell, separated)
            parts = [self._written(question, part, answers) for part in of_names]
            answers[question.name] = [names.get(companies.plain(part), part) for part in parts if part not in NO_ANSWER]
        else:
            part = self._written(question, cell, answers) if question.choices else cell
            answers[question.name] = names.get(companies.plain(part), part)

    def _written(self, question: Question, part: str, answers: dict[str, object]) -> str:
        """Return a choice without what was written beside it, 其他〖…〗, which answers a question of its own."""
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
        """Return when a row was answered; a row without a readable time has a flaw and the time of now."""
        if self.mapping.date:
            return timezone.make_aware(datetime.combine(self.mapping.date, datetime.min.time())), ()
        cell = cells[self.mapping.time or ""].strip()
        for pattern in (self.mapping.time_format,) if self.mapping.time_format else TIMES:
            try:
                return timezone.make_aware(datetime.strptime(cell, pattern)), ()  # noqa: DTZ007
            except ValueError:
                continue
        words = say("“{answer}” is not a time such as 2026-11-23 14:05:00")
        return timezone.now(), (Flaw(self.mapping.time or "", words, {"answer": cell[:60]}),)


def _choice_names(question: Question, column: QuestionColumn) -> dict[str, str]:
    """Return the choice that each spelling stands for: its name, its labels, and what the mapping adds."""
    spelled = {companies.plain(choice.label.en): choice.name for choice in question.choices}
    spelled |= {companies.plain(choice.label.zh): choice.name for choice in question.choices}
    spelled |= {companies.plain(choice.name): choice.name for choice in question.choices}
    if column.numbers:
        spelled |= {str(place): choice.name for place, choice in enumerate(question.choices, start=1)}
    return spelled | {companies.plain(text): name for text, name in column.values.items()}


def _is_ticked(question: Question, name: str, cell: str) -> bool:
    """Say whether a cell of a choice's own column means that it was chosen."""
    choice = question.choice(name)
    assert choice is not None
    said = {name, choice.label.zh, choice.label.en}
    return cell.lower() in TICKED or (bool(cell) and cell in said)


def _parts(cell: str, separator: str | None) -> list[str]:
    for sign in SEPARATORS if separator is None else separator:
        cell = cell.replace(sign, "\x1f")
    return [part.strip() for part in cell.split("\x1f") if part.strip()]
