"""The functions of the expression language, with the number of arguments each takes. What is not here is refused."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from surveys.questionnaires.expressions.values import Value, number, text, truth

Many = 1_000


@dataclass(frozen=True)
class Function:
    """A function of plain values: least and largest number of arguments, and what it returns."""

    least: int
    most: int
    body: Callable[..., Value]


def _selected(chosen: Value, name: Value) -> bool:
    return text(name).strip() in text(chosen).split()


def _selected_at(chosen: Value, index: Value) -> str:
    names, at = text(chosen).split(), number(index)
    return names[int(at)] if 0 <= at < len(names) else ""


def _regex(value: Value, pattern: Value) -> bool:
    return re.fullmatch(text(pattern), text(value)) is not None


def _round(value: Value, digits: Value = 0.0) -> float:
    x, scale = number(value), 10.0 ** number(digits)
    return x if not math.isfinite(x) else math.floor(x * scale + 0.5) / scale  # halves go up: round(-2.5) is -2


def _int(value: Value) -> float:
    x = number(value)
    return x if not math.isfinite(x) else float(math.trunc(x))


def _substr(value: Value, start: Value, end: Value = math.inf) -> str:
    words = text(value)
    first, last = (max(x + len(words), 0) if x < 0 else x for x in (number(start), number(end)))
    return words[int(min(first, len(words))) : int(min(last, len(words)))]


def _date(value: Value) -> Value:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            return ""
    return value


def _format_date(value: Value, pattern: Value) -> str:
    day = _date(value)
    if not isinstance(day, date):
        return ""
    parts = {"%Y": f"{day.year:04}", "%y": f"{day.year % 100:02}", "%m": f"{day.month:02}", "%n": str(day.month)}
    parts |= {"%d": f"{day.day:02}", "%e": str(day.day)}
    return re.sub(r"%[YymnDde]", lambda found: parts.get(found[0], found[0]), text(pattern))


def _of_numbers(choose: Callable[[Sequence[float]], float]) -> Callable[..., float]:
    def body(*values: Value) -> float:
        numbers = [number(v) for v in values]
        return math.nan if any(map(math.isnan, numbers)) else choose(numbers)

    return body


FUNCTIONS: dict[str, Function] = {
    "selected": Function(2, 2, _selected),
    "selected-at": Function(2, 2, _selected_at),
    "count-selected": Function(1, 1, lambda chosen: float(len(text(chosen).split()))),
    "regex": Function(2, 2, _regex),
    "coalesce": Function(2, 2, lambda a, b: a if text(a) else b),
    "once": Function(1, 1, lambda value: value),
    "int": Function(1, 1, _int),
    "number": Function(1, 1, number),
    "round": Function(1, 2, _round),
    "abs": Function(1, 1, lambda x: abs(number(x))),
    "min": Function(1, Many, _of_numbers(min)),
    "max": Function(1, Many, _of_numbers(max)),
    "sum": Function(1, Many, _of_numbers(math.fsum)),
    "string": Function(1, 1, text),
    "concat": Function(1, Many, lambda *parts: "".join(map(text, parts))),
    "join": Function(2, Many, lambda glue, *parts: text(glue).join(map(text, parts))),
    "substr": Function(2, 3, _substr),
    "string-length": Function(1, 1, lambda value: float(len(text(value)))),
    "contains": Function(2, 2, lambda whole, part: text(part) in text(whole)),
    "starts-with": Function(2, 2, lambda whole, part: text(whole).startswith(text(part))),
    "ends-with": Function(2, 2, lambda whole, part: text(whole).endswith(text(part))),
    "not": Function(1, 1, lambda value: not truth(value)),
    "true": Function(0, 0, lambda: True),
    "false": Function(0, 0, lambda: False),
    "boolean": Function(1, 1, truth),
    "boolean-from-string": Function(1, 1, lambda value: text(value).lower() in ("1", "true")),
    "date": Function(1, 1, _date),
    "format-date": Function(2, 2, _format_date),
}
# these look beyond their arguments and are evaluated in `evaluate`
IN_CONTEXT = {"if": (3, 3), "today": (0, 0), "jr:choice-name": (2, 2)}


def arity(name: str) -> tuple[int, int] | None:
    """Return the least and largest number of arguments of a function, or None for one that does not exist."""
    if name in IN_CONTEXT:
        return IN_CONTEXT[name]
    function = FUNCTIONS.get(name)
    return (function.least, function.most) if function else None
