"""How the columns of a file are read as answers: a small YAML file, validated, and a first one made from a header."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from config.problems import Problem, Unusable, say
from config.tables import TextTable
from config.yaml_nodes import Value, compose
from surveys.models import Response
from surveys.questionnaires.questionnaire import Question, Questionnaire
from surveys.services.companies import plain

KEYS = ("mode", "id", "time", "time_format", "date", "stratum", "psu", "sheet", "questions")
# what files call the columns that are no question: 问卷星 first
GUESSES = {"id": ("序号", "编号", "id"), "time": ("提交答卷时间", "提交时间", "填表时间", "date", "time")}
NUMBERED = re.compile(r"^\s*[Qq]?\d+\s*[、.．)）:：]?\s*")
MODES = [mode for mode in Response.Mode.values if mode != Response.Mode.VISIT]


@dataclass(frozen=True)
class QuestionColumn:
    """A column that answers a question; `values` are spellings of choices that their labels do not say."""

    question: str
    column: str
    separator: str | None
    values: dict[str, str]


@dataclass(frozen=True)
class Mapping:
    """A whole mapping. Either `time` names a column or `date` is the day of every row."""

    file: str
    mode: str
    questions: tuple[QuestionColumn, ...]
    id: str | None = None
    time: str | None = None
    time_format: str | None = None
    date: date | None = None
    stratum: str | None = None
    psu: str | None = None
    sheet: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the mapping as plain JSON values, whatever its file is called."""
        values = {**asdict(self), "date": self.date.isoformat() if self.date else None}
        del values["file"]
        return values

    def require(self, table: TextTable) -> None:
        """Raise Unusable for columns that the mapping names and the file lacks."""
        named = {c.column: f"{self.file}: questions.{c.question}" for c in self.questions}
        named |= {c: f"{self.file}: {key}" for key in ("id", "time", "stratum", "psu") if (c := getattr(self, key))}
        there = list(table.frame.columns)
        words = say("column {column} is missing in {file}, which has: {there}")
        problems = [
            Problem(place, words, {"column": column, "file": table.file, "there": ", ".join(there)})
            for column, place in named.items()
            if column not in there
        ]
        if problems:
            raise Unusable(*problems)


def parse(content: bytes, file: str, questionnaire: Questionnaire) -> Mapping:
    """Validate the bytes of a mapping. Raises Unusable with every problem in it."""
    root = compose(content, file)
    keys = root.mapping(allowed=KEYS, required=("mode", "questions"))
    if ("time" in keys) == ("date" in keys):
        root.problem(say("needs either time (a column) or date (the day of every row)"))
    columns = []
    for name, value in (keys["questions"].mapping() if "questions" in keys else {}).items():
        question = questionnaire.questions.get(name)
        if question is None or not question.is_asked:
            value.problem(say("there is no question {name}"), name=name)
        elif column := _column(question, value):
            columns.append(column)
    texts = {k: keys[k].text() for k in ("id", "time", "time_format", "stratum", "psu", "sheet") if k in keys}
    mapping = Mapping(
        file=file,
        mode=(keys["mode"].choice(*MODES) if "mode" in keys else None) or "",
        questions=tuple(columns),
        date=keys["date"].day() if "date" in keys else None,
        **texts,
    )
    if root.problems:
        raise Unusable(*root.problems)
    return mapping


def _column(question: Question, value: Value) -> QuestionColumn | None:
    part = value.mapping(allowed=("column", "separator", "values"), required=("column",))
    column = part["column"].text() if "column" in part else None
    values = {text: v.cell() for text, v in part["values"].mapping().items()} if "values" in part else {}
    for text, name in values.items():
        if question.choices and question.choice(name) is None:
            value.problem(say("“{cell}” leads to {name}, which is no choice of the question"), cell=text, name=name)
    separator = part["separator"].raw if "separator" in part else None
    return QuestionColumn(question.name, column, separator, values) if column else None


def draft(header: list[str], questionnaire: Questionnaire) -> str:
    """Return a first mapping for a file: questions are found by name or label; the rest is left to be written."""
    spelled = {plain(column): column for column in header}
    left = list(header)
    lines = [
        "# How the columns of the file are read. Choices are found by their name or label in either language;",
        "# what a file writes otherwise is added under values, such as  values: {男: male}.",
        "mode: online          # online, paper, interview or telephone",
    ]
    for key, guesses in GUESSES.items():
        found = next((spelled[plain(guess)] for guess in guesses if plain(guess) in spelled), None)
        lines.append(f"{key}: {_quoted(found)}" if found else f"# {key}: a column")
        left = [column for column in left if column != found]
    if not any(line.startswith("time:") for line in lines):
        lines.append("date: 2026-01-01      # or time: a column")
    lines += ["# psu: a column         # the place and day where a sheet was filled in", "questions:"]
    for question in (q for q in questionnaire.questions.values() if q.is_asked):
        column = _likely(question, left)
        left = [name for name in left if name != column]
        line = f"  {question.name}: {{column: {_quoted(column)}}}" if column else f"  # {question.name}: {{column: }}"
        lines.append(f"{line:<50} # {question.label.zh}")
    if left:
        lines.append(f"# columns of the file that nothing reads: {', '.join(left)}")
    return "\n".join(lines) + "\n"


def _likely(question: Question, header: list[str]) -> str | None:
    """Return the column that is called as the question is, 问卷星's numbering in front (3、…) apart."""
    wanted = {plain(text) for text in (question.name, question.label.zh, question.label.en)}
    for column in header:
        bare = NUMBERED.sub("", column)
        if plain(column) in wanted or plain(bare) in wanted:
            return column
    return None


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
