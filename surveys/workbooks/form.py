"""The rows of a shipped questionnaire, and short ways to write them as a table. Knows no files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Words = tuple[str, str]  # Chinese, English
Kind = Literal["satisfaction", "fact"]

NO_WORDS: Words = ("", "")
SATISFIED: Words = ("1 分很不满意，10 分很满意", "1 is very dissatisfied, 10 is very satisfied")
NOT_NEGATIVE = ". >= 0"
NUMBER: Words = ("请填 0 或更大的整数。", "Please enter a whole number, 0 or more.")

LINEAR = "linear 1 10"
GOOD = "yes=100 no=0"
GOOD_NA = f"{GOOD} na=na"
BAD = "yes=0 no=100"
BAD_NA = f"{BAD} na=na"


@dataclass(frozen=True)
class Row:
    """A row of the sheet survey."""

    type: str
    name: str = ""
    zh: str = ""
    en: str = ""
    hint: Words = NO_WORDS
    required: bool = True
    relevant: str = ""
    constraint: str = ""
    message: Words = NO_WORDS  # where the constraint does not hold
    appearance: str = ""
    calculation: str = ""
    parameters: str = ""


@dataclass(frozen=True)
class Choice:
    """A row of the sheet choices, without its list."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True)
class Indicator:
    """A row of the sheet indicators; `weight` is a percentage among the children of `parent`, ""
    being the root.
    """

    name: str
    parent: str
    weight: float
    zh: str
    en: str
    question: str = ""
    kind: Kind | None = None
    score: str = ""
    critical: bool = False
    legal_basis: str = ""
    fault: Words = NO_WORDS  # what is said where it was not met


@dataclass(frozen=True)
class Form:
    """A questionnaire; its workbook is named `file`."""

    file: str
    form_id: str
    title: str  # both languages: XLSForm knows one title
    version: str
    survey: tuple[Row, ...]
    choices: dict[str, tuple[Choice, ...]]
    indicators: tuple[Indicator, ...]


NA = Choice("na", "没有遇到 / 说不清", "Not applicable / can't say")
YES_NO = (Choice("yes", "是", "Yes"), Choice("no", "否", "No"))
YES_NO_NA = (*YES_NO, NA)
TEN = (*(Choice(str(points), str(points), str(points)) for points in range(1, 11)), NA)


def group(
    name: str, zh: str, en: str, *inside: Row | tuple[Row, ...], relevant: str = ""
) -> tuple[Row, ...]:
    """Return a group with what stands inside it, groups included. At the top it is one page on a
    phone.
    """
    rows = [row for part in inside for row in ((part,) if isinstance(part, Row) else part)]
    return (
        Row("begin_group", name, zh, en, required=False, relevant=relevant),
        *rows,
        Row("end_group", required=False),
    )


def one(name: str, of: str, zh: str, en: str, hint: Words = NO_WORDS, relevant: str = "") -> Row:
    """Return a question with one answer out of the list `of`."""
    return Row(f"select_one {of}", name, zh, en, hint, relevant=relevant)


def ten(name: str, zh: str, en: str, hint: Words = SATISFIED, relevant: str = "") -> Row:
    """Return a question on the ten-point scale."""
    return replace(one(name, "ten", zh, en, hint, relevant), appearance="scale")


def count(name: str, zh: str, en: str, hint: Words = NO_WORDS, relevant: str = "") -> Row:
    """Return a question for a number that nobody has to know."""
    return Row("integer", name, zh, en, hint, False, relevant, NOT_NEGATIVE, NUMBER)


def felt(
    name: str,
    parent: str,
    weight: float,
    zh: str,
    en: str,
    *,
    question: str = "",
    score: str = LINEAR,
) -> Indicator:
    """Return an indicator of satisfaction; its question has the same name unless another is
    given.
    """
    return Indicator(name, parent, weight, zh, en, question or name, "satisfaction", score)


def fact(
    name: str,
    parent: str,
    weight: float,
    zh: str,
    en: str,
    score: str,
    law: str = "",
    *,
    question: str = "",
    critical: bool = False,
    fault: Words = NO_WORDS,
) -> Indicator:
    """Return an indicator of fact; its question has the same name unless another is given."""
    asked = question or name
    return Indicator(name, parent, weight, zh, en, asked, "fact", score, critical, law, fault)
