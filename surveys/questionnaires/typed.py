"""One raw answer read as its question's kind says: what is kept of it, or why it cannot be read.
Knows no logic.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from datetime import date, datetime, time

from config.language.problems import say
from surveys.questionnaires.expressions.values import Value, moment, number, text
from surveys.questionnaires.questionnaire import NOT_SURE, OTHER, Question

Scalar = str | float | int
Answer = Scalar | list[str]
LONGEST = 5_000  # characters of a written answer
KEPT_FILE = re.compile(r"[0-9a-f]{64}")
LARGEST_NUMBER = 1e15  # above it a double skips whole numbers
WRITTEN_NUMBER = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*", re.ASCII | re.IGNORECASE)
# ３ is 3; Unicode's compatible form would also make 52 of 5²
ONE_WIDTH = {0xFF01 + at: 0x21 + at for at in range(94)} | {0x3000: 0x20}


class Unreadable(Exception):
    """An answer that is none of its kind: words for the person, and values for them."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text)
        self.text, self.values = text, values


def read(question: Question, raw: object, companies: Collection[str] = ()) -> Answer | None:
    """Return what is kept of a raw answer, None for none. Raises Unreadable."""
    match question.kind:
        case "select_one":
            return _chosen(question, plain(raw))
        case "select_multiple":
            names = raw if isinstance(raw, list) else plain(raw).split()
            return [_chosen(question, name) for name in dict.fromkeys(map(plain, names))]
        case "company":
            return _company(plain(raw), companies)
        case "integer":
            return _integer(_number(raw))
        case "decimal":
            return _number(raw)
        case "range":
            return _on_range(question, _number(raw))
        case "date":
            return _day(plain(raw))
        case "time":
            return _time(plain(raw))
        case "datetime":
            return _moment(plain(raw))
        case "geopoint":
            return _place(plain(raw))
        case "image" | "file" | "audio" | "video":
            return _kept_file(plain(raw))
        case "rank":
            return _ranked(question, raw)
    if len(plain(raw)) > LONGEST:
        raise Unreadable(say("is longer than {most} characters"), most=LONGEST)
    return plain(raw) or None


def value(question: Question, answer: Answer | None, today: date) -> Value:
    """Return what expressions see of an answer; a time is one of today, as JavaRosa has it."""
    if answer is None:
        return ""
    if isinstance(answer, list):
        return " ".join(answer)
    if question.kind == "date":
        return date.fromisoformat(str(answer))
    if question.kind == "datetime":
        return datetime.fromisoformat(str(answer))
    if question.kind == "time":
        return datetime.combine(today, time.fromisoformat(str(answer)))
    return answer if isinstance(answer, str) else float(answer)


def cast(question: Question, worth: Value) -> Value:
    """Return what was worked out as its question's kind has it; "" where it is none of it. What is
    no number is nothing; a truth value stays one, a moment keeps its time.
    """
    if isinstance(worth, float) and not isinstance(worth, bool) and not math.isfinite(worth):
        return ""
    match question.kind:
        case "integer" | "decimal" | "range":
            amount = number(worth)
            if not math.isfinite(amount):
                return ""
            return float(math.trunc(amount)) if question.kind == "integer" else amount
        case "date":
            found = moment(worth)
            return found.date() if found else ""
        case "datetime":
            return moment(worth) or ""
    return worth


def kept(worth: Value) -> Scalar:
    """Return what was worked out as it is kept: whole numbers without a point, moments as ISO."""
    match worth:
        case bool():
            return text(worth)
        case float() if not math.isfinite(worth):
            return ""
        case float():
            return int(worth) if worth.is_integer() else worth
        case datetime():
            return worth.isoformat("T", "seconds")
        case date():
            return worth.isoformat()
    return worth


def plain(raw: object) -> str:
    """Return a text without what no pen writes: control characters would break files and pages
    later.
    """
    if raw is None:
        return ""
    if isinstance(raw, (dict, list, bool)):
        raise Unreadable(say("is not a text or a number"))
    text = str(raw).strip()
    if text.isprintable():  # nearly always
        return text
    return "".join(c for c in text if c in "\n\t" or c.isprintable() or c == "\u3000")


def _chosen(question: Question, name: str) -> str:
    if question.choice(name) is None:
        raise Unreadable(
            say("“{answer}” is not among the answers to choose from"), answer=name[:60]
        )
    return name


def _company(name: str, companies: Collection[str]) -> str:
    if name not in companies and name not in (NOT_SURE, OTHER):
        raise Unreadable(
            say("“{answer}” is not among the companies of this survey"), answer=name[:60]
        )
    return name


def _ranked(question: Question, raw: object) -> list[str]:
    """Read choices in their order, the first one first."""
    names = [plain(name) for name in raw] if isinstance(raw, list) else plain(raw).split()
    chosen = [_chosen(question, name) for name in names if name]
    if len(set(chosen)) < len(chosen):
        raise Unreadable(say("gives two places to one answer; each has one"))
    return chosen


def _number(raw: object) -> float:
    """Read a number as somebody writes it, with the full-width signs of a Chinese keyboard too."""
    written = plain(raw).translate(ONE_WIDTH)
    amount = float(written) if WRITTEN_NUMBER.fullmatch(written) else math.nan
    if not math.isfinite(amount) or abs(amount) > LARGEST_NUMBER:
        raise Unreadable(say("“{answer}” is not a number"), answer=plain(raw)[:60])
    return amount


def _integer(number: float) -> int:
    if not number.is_integer():
        raise Unreadable(say("“{answer}” is not a whole number"), answer=f"{number:g}")
    return int(number)


def _on_range(question: Question, number: float) -> float | int:
    assert question.range is not None
    steps = (number - question.range.start) / question.range.step
    if not question.range.start <= number <= question.range.end or abs(steps - round(steps)) > 1e-9:
        message = say("“{answer}” is not on the scale from {start:g} to {end:g}")
        raise Unreadable(
            message, answer=f"{number:g}", start=question.range.start, end=question.range.end
        )
    return int(number) if number.is_integer() else number


def _day(written: str) -> str:
    plain_day = written.replace("/", "-")
    try:
        if len(plain_day) > 10:  # with a time after it
            return datetime.fromisoformat(plain_day).date().isoformat()
        return date.fromisoformat(plain_day).isoformat()
    except ValueError:
        raise Unreadable(
            say("“{answer}” is not a date such as 2026-11-23"), answer=written[:60]
        ) from None


def _time(written: str) -> str:
    try:
        return time.fromisoformat(written).replace(tzinfo=None).isoformat("minutes")
    except ValueError:
        raise Unreadable(
            say("“{answer}” is not a time such as 14:05"), answer=written[:60]
        ) from None


def _moment(written: str) -> str:
    try:
        return (
            datetime.fromisoformat(written.replace("/", "-"))
            .replace(tzinfo=None)
            .isoformat("T", "minutes")
        )
    except ValueError:
        message = say("“{answer}” is not a date and time such as 2026-11-23 14:05")
        raise Unreadable(message, answer=written[:60]) from None


def _place(written: str) -> str:
    """Read "latitude longitude [altitude accuracy]", WGS 84, degrees and metres, as XForms
    writes a geopoint.
    """
    try:
        numbers = [float(part) for part in written.replace(",", " ").split()]
    except ValueError:
        numbers = []
    fits = (
        2 <= len(numbers) <= 4
        and all(map(math.isfinite, numbers))
        and abs(numbers[0]) <= 90
        and abs(numbers[1]) <= 180
    )
    if not fits:
        raise Unreadable(
            say("“{answer}” is not a place such as 37.87059 112.55067"), answer=written[:60]
        )
    return " ".join(f"{number:.10g}" for number in (*numbers, 0.0, 0.0)[:4])


def _kept_file(digest: str) -> str:
    if not KEPT_FILE.fullmatch(digest):
        raise Unreadable(say("this file did not arrive; please choose it again"))
    return digest
