"""A first mapping for a file, from its header and its cells; people look at it before it is
used.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from surveys.channels.files.mapping import (
    ASIDE,
    NO_ANSWER,
    NOT_IN_FILES,
    OWN_ONLY,
    Mapping,
    QuestionColumn,
)
from surveys.channels.files.moments import are_days_first
from surveys.channels.files.outline import Outline
from surveys.channels.files.own import is_own
from surveys.channels.files.spelling import Spellings
from surveys.companies.name_matching import plain
from surveys.questionnaires.answers import other_field
from surveys.questionnaires.questionnaire import UPLOADS, Question, Questionnaire
from surveys.responses import about

# what files call the columns that are no question: 问卷星 first
GUESSES = {
    "id": (
        "序号",
        "编号",
        "答卷编号",
        "id",
        "_uuid",
        "KEY",
        "instanceID",
        "ResponseId",
        "Respondent ID",
    ),
    "time": (
        "提交答卷时间",
        "提交时间",
        "填表时间",
        "时间戳记",
        "时间戳",
        "Timestamp",
        "end",
        "EndDate",
        "submitdate",
        "_submission_time",
        "SubmissionDate",
        "date",
        "time",
        "_day",
        "sheet_day",
    ),
    "duration": ("所用时间", "答题时长", "duration"),
}
# what our own files call them
OWN = {
    "id": about.ID,
    "time": about.SUBMITTED,
    "begun": about.STARTED,
    "way": "_mode",
    "language": "_language",
    "weight": "_weight",
    "stratum": "_stratum",
    "psu": "_psu",
}
NUMBERED = re.compile(r"^\s*[Qq]?\d+\s*[、.．)）:：]?\s*")
# 5(选项), 题目:选项, 题目—选项, LimeSurvey's question[choice]
CHOICE = re.compile(
    r"(?P<head>.*?)\s*(?:[(（\[](?P<a>[^()（）\[\]]*)[)）\]]|[:：—](?P<b>[^:：—]*))"
)


def guess(table: Outline, questionnaire: Questionnaire, today: date) -> Mapping:
    """Return the mapping that a file seems to want: questions are found by name or label;
    `today` where no time is.
    """
    header = list(table.columns)
    if is_own(header):
        return _of_own(table, header, questionnaire)
    spelled = {plain(column): column for column in header}
    aside: dict[str, Any] = {
        key: next((spelled[plain(g)] for g in GUESSES[key] if plain(g) in spelled), None)
        for key in GUESSES
    }
    left = [column for column in header if column not in aside.values()]
    columns = []
    for question in questionnaire.questions.values():
        if (
            question.is_asked
            and question.kind not in NOT_IN_FILES
            and (found := _column(question, left, table))
        ):
            columns.append(found)
            left = [column for column in left if column not in found.named]
    return Mapping(
        table.file,
        "online",
        tuple(columns),
        date=None if aside["time"] else today,
        days_first=are_days_first(cell for cells in table.cells.values() for cell in cells),
        **aside,
    )


def _of_own(table: Outline, header: Sequence[str], questionnaire: Questionnaire) -> Mapping:
    """Return how a file is read that this program wrote: every column by its exact name."""
    named: dict[str, Any] = {key: column for key, column in OWN.items() if column in header}
    read = of_names(questionnaire.questions.values(), header)
    return Mapping(table.file, "online", tuple(read), own=True, **named)


def of_names(questions: Iterable[Question], header: Collection[str]) -> Iterator[QuestionColumn]:
    """Yield how questions are answered by the columns that our files have for them."""
    for question in questions:
        if not (question.is_asked or question.kind in OWN_ONLY) or question.kind in UPLOADS:
            continue
        ticks = {c.name: f"{question.name}/{c.name}" for c in question.choices}
        ticks = {name: column for name, column in ticks.items() if column in header}
        if question.kind == "select_multiple" and ticks:
            yield QuestionColumn(question.name, "", None, {}, ticks)
        elif question.name in header:
            other = other_field(question.name) if question.kind == "company" else ""
            yield QuestionColumn(
                question.name, question.name, None, {}, other=other if other in header else ""
            )


def of_column(question: Question, column: str, table: Outline) -> QuestionColumn:
    """Return how one column answers a question: whether its cells hold places of choices."""
    return QuestionColumn(
        question.name, column, None, {}, numbers=_holds_numbers(question, table, column)
    )


def draft(table: Outline, questionnaire: Questionnaire) -> str:
    """Return the guessed mapping as YAML, with what is left to be written as comments."""
    guessed = guess(table, questionnaire, date(2026, 1, 1))
    lines = [
        "# How the columns of the file are read. Choices are found by their name or label;",
        "# what a file writes otherwise is added under values, such as  values: {男: male}.",
        "mode: online          # online, paper, interview or telephone",
    ]
    if guessed.own:
        lines.append("own: true            # written by this program: it is read as it was")
    for key in ASIDE:
        column = getattr(guessed, key)
        lines.append(f"{key}: {_quoted(column)}" if column else f"# {key}: a column")
    if guessed.days_first:
        lines.append("days_first: true      # 3/11/2026 is in November")
    if not guessed.time:
        lines.append("date: 2026-01-01      # or time: a column")
    lines.append("questions:")
    lines += _questions(guessed, questionnaire)
    if left := [name for name in table.columns if name not in guessed.columns]:
        lines.append(f"# columns of the file that nothing reads: {', '.join(left)}")
    return "\n".join(lines) + "\n"


def _questions(guessed: Mapping, questionnaire: Questionnaire) -> Iterator[str]:
    found = {column.question: column for column in guessed.questions}
    for question in questionnaire.questions.values():
        column = found.get(question.name)
        if column is None and not question.is_asked:
            continue
        if column is None and question.kind in NOT_IN_FILES:
            yield f"  # {question.name}: a file cannot bring this kind of answer"
            continue
        if column is None:
            line = f"  # {question.name}: {{column: }}"
        elif column.columns:
            inside = ", ".join(
                f"{name}: {_quoted(of_it)}" for name, of_it in column.columns.items()
            )
            line = f"  {question.name}: {{columns: {{{inside}}}}}"
        else:
            more = ", numbers: true" if column.numbers else ""
            more += f", other: {_quoted(column.other)}" if column.other else ""
            line = f"  {question.name}: {{column: {_quoted(column.column)}{more}}}"
        yield f"{line:<50} # {question.label.zh}"


def _column(question: Question, header: Sequence[str], table: Outline) -> QuestionColumn | None:
    column = _likely(question, header)
    if column is not None:
        return of_column(question, column, table)
    several = _by_choice(question, header) if question.kind == "select_multiple" else {}
    return QuestionColumn(question.name, "", None, {}, several) if several else None


def _likely(question: Question, header: Sequence[str]) -> str | None:
    """Return the column that is called as the question is: 问卷星's numbering (3、…) and groups
    (a/b) apart.
    """
    if question.name in header:
        return question.name
    wanted = {plain(text) for text in (question.name, question.label.zh, question.label.en)}
    for column in header:
        bare = NUMBERED.sub("", column)
        # groups stand before the name, parted by / (KoboToolbox) or by - (ODK Central)
        inside = {column.rpartition("/")[2], column.rpartition("-")[2]}
        if {plain(column), plain(bare), *map(plain, inside)} & wanted:
            return column
    return None


def _by_choice(question: Question, header: Sequence[str]) -> dict[str, str]:
    """Return the column of every choice where all have one: 5(选项), 5、题目:选项, 题目—选项,
    group/question/choice.
    """
    of_question = {plain(text) for text in (question.name, question.label.zh, question.label.en)}
    found: dict[str, str] = {}
    for column in header:
        parts = CHOICE.fullmatch(column.strip())
        head, tail = (
            (parts["head"], parts["a"] or parts["b"] or "")
            if parts
            else column.rpartition("/")[::2]
        )
        head = NUMBERED.sub("", head) if parts else re.split("[/-]", head)[-1]
        for choice in question.choices:
            if plain(tail) in {
                plain(text) for text in (choice.name, choice.label.zh, choice.label.en)
            } and (plain(head) in of_question or (not plain(head) and parts)):
                found.setdefault(choice.name, column)
    return found if len(found) == len(question.choices) else {}


def _holds_numbers(question: Question, table: Outline, column: str) -> bool:
    """Say whether the cells of a choice question are places of its choices, and not names or
    labels of them.
    """
    if question.kind not in ("select_one", "select_multiple"):
        return False
    cells = {
        part for cell in table.cells[column] for part in re.split(r"[┋;；|,，\s]+", cell) if part
    } - NO_ANSWER
    known = Spellings(question.choices, {})
    places = {str(i) for i in range(1, len(question.choices) + 1)}
    return bool(cells) and cells <= places and not all(map(known.find, cells))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
