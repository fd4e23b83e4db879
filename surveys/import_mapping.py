"""How the columns of a file are read as answers: a small YAML file, validated, and a first one made from a header."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
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
CHOICE = re.compile(r"(?P<head>.*?)\s*(?:[(（](?P<a>[^()（）]*)[)）]|[:：—](?P<b>[^:：—]*))")
# 问卷星: skipped, left empty; -3 and -2 where it writes numbers
NO_ANSWER = frozenset({"(跳过)", "(空)", "（跳过）", "（空）", "-3", "-2"})
NOT_IN_FILES = ("repeat", "image", "file")
MODES = [mode for mode in Response.Mode.values if mode != Response.Mode.VISIT]


@dataclass(frozen=True)
class QuestionColumn:
    """What answers a question: one column, or for a select_multiple one for every choice.

    values: spellings of choices that their labels do not say. numbers: cells hold the place of the choice, from 1, as
    问卷星 writes them when it is asked for option numbers.
    """

    question: str
    column: str
    separator: str | None
    values: dict[str, str]
    columns: dict[str, str] = field(default_factory=dict)
    numbers: bool = False

    @property
    def named(self) -> list[str]:
        """Every column of the file that is read."""
        return list(self.columns.values()) if self.columns else [self.column]


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
        named = {name: f"{self.file}: questions.{c.question}" for c in self.questions for name in c.named}
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
    part = value.mapping(allowed=("column", "columns", "separator", "values", "numbers"))
    if ("column" in part) == ("columns" in part):
        value.problem(say("needs either column or, for several answers, columns (one for each choice)"))
        return None
    columns = {name: v.text() or "" for name, v in part["columns"].mapping().items()} if "columns" in part else {}
    for name in columns:
        if question.kind != "select_multiple" or question.choice(name) is None:
            value.problem(say("“{cell}” leads to {name}, which is no choice of the question"), cell=name, name=name)
    column = part["column"].text() if "column" in part else ""
    values = {text: v.cell() for text, v in part["values"].mapping().items()} if "values" in part else {}
    for text, name in values.items():
        if question.choices and question.choice(name) is None:
            value.problem(say("“{cell}” leads to {name}, which is no choice of the question"), cell=text, name=name)
    separator = part["separator"].raw if "separator" in part else None
    numbers = bool(part["numbers"].boolean()) if "numbers" in part else False
    if not column and not columns:
        return None
    return QuestionColumn(question.name, column or "", separator, values, columns, numbers)


def draft(table: TextTable, questionnaire: Questionnaire) -> str:
    """Return a first mapping for a file: questions are found by name or label; the rest is left to be written."""
    header = [str(column) for column in table.frame.columns]
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
        if question.kind in NOT_IN_FILES:
            lines.append(f"  # {question.name}: a file cannot bring this kind of answer")
            continue
        said, used = _guess(question, left, table)
        left = [name for name in left if name not in used]
        lines.append(f"{said:<50} # {question.label.zh}")
    if left:
        lines.append(f"# columns of the file that nothing reads: {', '.join(left)}")
    return "\n".join(lines) + "\n"


def _guess(question: Question, header: list[str], table: TextTable) -> tuple[str, list[str]]:
    """Return the line of one question, and the columns that it uses."""
    column = _likely(question, header)
    if column is None and question.kind == "select_multiple" and (several := _by_choice(question, header)):
        inside = ", ".join(f"{name}: {_quoted(of_it)}" for name, of_it in several.items())
        return f"  {question.name}: {{columns: {{{inside}}}}}", list(several.values())
    if column is None:
        return f"  # {question.name}: {{column: }}", []
    numbers = ", numbers: true" if _holds_numbers(question, table, column) else ""
    return f"  {question.name}: {{column: {_quoted(column)}{numbers}}}", [column]


def _likely(question: Question, header: list[str]) -> str | None:
    """Return the column that is called as the question is: 问卷星's numbering (3、…) and groups (a/b) apart."""
    wanted = {plain(text) for text in (question.name, question.label.zh, question.label.en)}
    for column in header:
        bare = NUMBERED.sub("", column)
        if {plain(column), plain(bare), plain(column.rpartition("/")[2])} & wanted:
            return column
    return None


def _by_choice(question: Question, header: list[str]) -> dict[str, str]:
    """Return the column of every choice where all have one: 5(选项), 5、题目:选项, 题目—选项, group/question/choice."""
    of_question = {plain(text) for text in (question.name, question.label.zh, question.label.en)}
    found: dict[str, str] = {}
    for column in header:
        parts = CHOICE.fullmatch(column.strip())
        head, tail = (parts["head"], parts["a"] or parts["b"] or "") if parts else column.rpartition("/")[::2]
        head = NUMBERED.sub("", head) if parts else head.rpartition("/")[2]
        for choice in question.choices:
            if plain(tail) in {plain(text) for text in (choice.name, choice.label.zh, choice.label.en)} and (
                plain(head) in of_question or (not plain(head) and parts)
            ):
                found.setdefault(choice.name, column)
    return found if len(found) == len(question.choices) else {}


def _holds_numbers(question: Question, table: TextTable, column: str) -> bool:
    """Say whether the cells of a choice question are places of its choices, and not names or labels of them."""
    if question.kind not in ("select_one", "select_multiple"):
        return False
    cells = {part for cell in table.frame[column] for part in re.split(r"[┋;；|,，\s]+", str(cell)) if part} - NO_ANSWER
    names = {plain(text) for c in question.choices for text in (c.name, c.label.zh, c.label.en)}
    places = {str(i) for i in range(1, len(question.choices) + 1)}
    return bool(cells) and cells <= places and not cells <= names


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
