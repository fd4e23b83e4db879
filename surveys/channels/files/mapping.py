"""How the columns of a file are read as answers: a small YAML file, validated, or the same as
JSON.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from config.language.problems import InvalidInput, Problem, say
from config.tabular.yaml_nodes import Value, compose, refusal
from surveys.collection.models.response import Response
from surveys.questionnaires.questionnaire import UPLOADS, Question, Questionnaire

KEYS = (
    "mode",
    "id",
    "time",
    "time_format",
    "date",
    "duration",
    "stratum",
    "psu",
    "begun",
    "way",
    "language",
    "weight",
    "sheet",
    "own",
    "days_first",
    "questions",
)
# keys that name a column which answers no question
ASIDE = ("id", "time", "duration", "stratum", "psu", "begun", "way", "language", "weight")
# 问卷星: skipped, left empty; -3 and -2 where it writes numbers
NO_ANSWER = frozenset({"(跳过)", "(空)", "（跳过）", "（空）", "-3", "-2"})
# what no column of another program's file can answer; ours bring repeats and hidden ones
NOT_IN_FILES = ("repeat", "hidden", *UPLOADS)
OWN_ONLY = ("repeat", "hidden")
MODES = [mode for mode in Response.Mode.values if mode != Response.Mode.VISIT]


@dataclass(frozen=True)
class QuestionColumn:
    """What answers a question: one column, or for a select_multiple one for every choice.

    values: spellings of choices that their labels do not say. numbers: cells hold the place of the
    choice, from 1, as 问卷星 writes them when it is asked for option numbers. other: the column in
    which a company stands that is not listed.
    """

    question: str
    column: str
    separator: str | None
    values: dict[str, str]
    columns: dict[str, str] = field(default_factory=dict)
    numbers: bool = False
    other: str = ""

    @property
    def named(self) -> list[str]:
        """Every column of the file that is read."""
        if self.columns:
            return list(self.columns.values())
        return [self.column, self.other] if self.other else [self.column]


@dataclass(frozen=True)
class Mapping:
    """A whole mapping. Either `time` names a column or `date` is the day of every row;
    `duration` is the time taken, `way` how the people of a row answered where `mode` is not that
    of all. own: whether this program wrote the file, so that an empty cell alone is no answer.
    days_first: whether 3/11/2026 is in November.
    """

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
    duration: str | None = None
    begun: str | None = None
    way: str | None = None
    language: str | None = None
    weight: str | None = None
    own: bool = False
    days_first: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the mapping as plain JSON values, whatever its file is called."""
        values = {**asdict(self), "date": self.date.isoformat() if self.date else None}
        del values["file"]
        # a list, as the database gives it back: what was read alike is known by it
        return values | {"questions": list(values["questions"])}

    @property
    def columns(self) -> dict[str, str]:
        """Every column of the file that is read, with the key that names it."""
        named = {name: f"questions.{c.question}" for c in self.questions for name in c.named}
        return named | {column: key for key in ASIDE if (column := getattr(self, key))}

    def require(self, file: str, there: Collection[str]) -> None:
        """Raise InvalidInput for columns that the mapping names and the file lacks."""
        message = say("column {column} is missing in {file}, which has: {there}")
        problems = [
            Problem(
                f"{self.file}: {key}",
                message,
                {"column": column, "file": file, "there": ", ".join(there)},
            )
            for column, key in self.columns.items()
            if column not in there
        ]
        if problems:
            raise InvalidInput(*problems)


def from_json(values: dict[str, Any], file: str) -> Mapping:
    """Return the mapping that `as_json` wrote."""
    day = date.fromisoformat(values["date"]) if values["date"] else None
    columns = tuple(QuestionColumn(**column) for column in values["questions"])
    return Mapping(**{**values, "file": file, "date": day, "questions": columns})


def parse(content: bytes, file: str, questionnaire: Questionnaire) -> Mapping:
    """Validate the bytes of a mapping. Raises InvalidInput with every problem in it."""
    root = compose(content, file)
    keys = root.mapping(allowed=KEYS, required=("mode", "questions"))
    if ("time" in keys) == ("date" in keys):
        root.problem(say("needs either time (a column) or date (the day of every row)"))
    columns = []
    for name, value in (keys["questions"].mapping() if "questions" in keys else {}).items():
        question = questionnaire.questions.get(name)
        if question is None or not (question.is_asked or question.kind in OWN_ONLY):
            value.problem(say("there is no question {name}"), name=name)
        elif column := _column(question, value):
            columns.append(column)
    texts = {k: keys[k].text() for k in (*ASIDE, "time_format", "sheet") if k in keys}
    mapping = Mapping(
        file=file,
        mode=(keys["mode"].choice(*MODES) if "mode" in keys else None) or "",
        own=bool(keys["own"].boolean()) if "own" in keys else False,
        days_first=bool(keys["days_first"].boolean()) if "days_first" in keys else False,
        questions=tuple(columns),
        date=keys["date"].day() if "date" in keys else None,
        **texts,
    )
    if root.problems:
        raise refusal(content, file, root.problems)
    return mapping


def _column(question: Question, value: Value) -> QuestionColumn | None:
    part = value.mapping(allowed=("column", "columns", "separator", "values", "numbers", "other"))
    if ("column" in part) == ("columns" in part):
        value.problem(
            say("needs either column or, for several answers, columns (one for each choice)")
        )
        return None
    columns = (
        {name: v.text() or "" for name, v in part["columns"].mapping().items()}
        if "columns" in part
        else {}
    )
    for name in columns:
        if question.kind != "select_multiple" or question.choice(name) is None:
            value.problem(
                say("“{cell}” leads to {name}, which is no choice of the question"),
                cell=name,
                name=name,
            )
    column = part["column"].text() if "column" in part else ""
    values = (
        {text: v.cell() for text, v in part["values"].mapping().items()} if "values" in part else {}
    )
    for text, name in values.items():
        if question.choices and question.choice(name) is None:
            value.problem(
                say("“{cell}” leads to {name}, which is no choice of the question"),
                cell=text,
                name=name,
            )
    separator = part["separator"].raw if "separator" in part else None
    numbers = bool(part["numbers"].boolean()) if "numbers" in part else False
    if not column and not columns:
        return None
    other = (part["other"].text() if "other" in part else "") or ""
    return QuestionColumn(question.name, column or "", separator, values, columns, numbers, other)
