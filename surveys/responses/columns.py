"""What a file of answers has as columns: the sheet's own few, then every question in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from config.language.texts import NO_WORDS, Text
from surveys.questionnaires.answers import other_field
from surveys.questionnaires.questionnaire import NOT_SURE, OTHER, UPLOADS, Question, Questionnaire

OWN = (
    ("sheet_day", Text("提交日期", "Day")),
    ("sheet_mode", Text("方式", "Mode")),
    ("sheet_area", Text("地区代码", "Area code")),
    ("sheet_company", Text("企业代号", "Company key")),
    ("sheet_stratum", Text("层", "Stratum")),
    ("sheet_psu", Text("站点", "Site (PSU)")),
    ("sheet_collector", Text("收集点", "Collection point")),
    ("sheet_language", Text("语言", "Language")),
)
NUMBERS = ("integer", "decimal", "range")
WRITTEN = ("text", *UPLOADS, "geopoint")  # may say who somebody is; only on an explicit word


@dataclass(frozen=True)
class Column:
    """One column: name, words, the value labels it has, and which question and choice it is of."""

    name: str
    label: Text
    kind: str
    values: Mapping[str, Text]
    question: Question | None = None
    choice: str = ""

    def of(self, answers: Mapping[str, Any]) -> Any:
        """Return the cell for a sheet's answers, None where there is none."""
        if self.question is None:
            return answers.get(self.name)
        answer = answers.get(self.question.name)
        if not self.choice:
            return " ".join(answer) if isinstance(answer, list) else answer
        return None if answer is None else int(self.choice in answer)


def columns(
    questionnaire: Questionnaire, *, with_text: bool, companies: Mapping[str, Text]
) -> list[Column]:
    """Return the columns of a questionnaire's answers; a select_multiple has one for every
    choice.
    """
    found = [Column(name, label, "own", {}) for name, label in OWN]
    for question in questionnaire.questions.values():
        if question.kind not in ("note", "repeat"):
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
    if question.kind in WRITTEN and not with_text:
        return
    values = {choice.name: choice.label for choice in question.choices}
    if question.kind == "rank":
        values = {}  # a cell holds them all, the first one first
    if question.kind == "company":
        values = {**companies, NOT_SURE: Text("不清楚", "Not sure"), OTHER: Text("其他", "Another")}
    if question.kind == "select_multiple":
        yes_no = {"0": Text("否", "No"), "1": Text("是", "Yes")}
        for choice in question.choices:
            label = Text(
                *(
                    f"{q}：{c}" if i == 0 else f"{q}: {c}"
                    for i, (q, c) in enumerate(_pairs(question, choice.label))
                )
            )
            yield Column(
                f"{question.name}/{choice.name}", label, "multiple", yes_no, question, choice.name
            )
        return
    yield Column(question.name, question.label, question.kind, values, question)
    if question.kind == "company" and with_text:
        name = other_field(question.name)
        yield Column(name, question.label, "text", {}, Question(name, "text", NO_WORDS))


def _pairs(question: Question, choice: Text) -> tuple[tuple[str, str], tuple[str, str]]:
    return (question.label.zh, choice.zh), (question.label.en, choice.en)
