"""The functions of the expression language, with the number of arguments each takes. What is not
here is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal

from surveys.questionnaires.expressions.patterns import NotUsable, pattern_of
from surveys.questionnaires.expressions.values import Nodes, Value, moment, number, one, text, truth

MANY = 1_000
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BEGAN = datetime(1970, 1, 1)  # noqa: DTZ001  # on the interview's own clock
ESCAPE = re.compile(r"%.")


@dataclass(frozen=True)
class Function:
    """A function of plain values: least and largest number of arguments, and what it returns.

    takes_nodes: whether it is handed all values of a repeat; else the only one.
    """

    least: int
    most: int
    body: Callable[..., Value]
    takes_nodes: bool = False

    def __call__(self, *values: Value | Nodes) -> Value:
        return self.body(*values) if self.takes_nodes else self.body(*map(one, values))


def _length(value: Value) -> float:
    return float(len(text(value).encode("utf-16-le", "surrogatepass")) // 2)


def _selected(chosen: Value, name: Value) -> bool:
    return f" {text(name).strip()} " in f" {text(chosen).strip()} "


def _selected_at(chosen: Value, index: Value) -> str:
    names, at = text(chosen).split(), _whole(index)
    return names[int(at)] if 0 <= at < len(names) else ""


def _whole(value: Value) -> float:
    """Return a number as an index: cut off, 0 for what is none."""
    x = number(value)
    return 0.0 if math.isnan(x) else x if math.isinf(x) else float(math.trunc(x))


def _coalesce(first: Value, second: Value) -> Value:
    return second if first == "" or first != first else first


def _regex(value: Value, pattern: Value) -> bool:
    try:
        return pattern_of(text(pattern)).matches(text(value))
    except NotUsable:  # an author's is refused when the questionnaire is read
        return False


def _round(value: Value, digits: Value = 0.0) -> float:
    x, places = number(value), _whole(digits)
    if not math.isfinite(x) or abs(places) > 30:
        return x if math.isnan(x) or math.isinf(x) else math.nan
    # halves go up, round(-2.5) is -2; in decimal, so that 1.005 has no binary tail
    scaled = Decimal(repr(x)).scaleb(int(places)) + Decimal("0.5")
    return float(scaled.to_integral_value(ROUND_FLOOR).scaleb(-int(places)))


def _int(value: Value) -> float:
    x = number(value)
    return x if not math.isfinite(x) else float(math.trunc(x))


def _pow(base: Value, power: Value) -> float:
    x, y = number(base), number(power)
    if math.isnan(y) or (abs(x) == 1 and math.isinf(y)):
        return math.nan
    try:
        return math.pow(x, y)
    except OverflowError:
        return -math.inf if x < 0 and y % 2 == 1 else math.inf
    except ValueError:
        return math.inf if x == 0 else math.nan


def _on_circle(formula: Callable[..., float]) -> Callable[..., float]:
    """Return a formula of angles and powers that is NaN where it has no value, as in Java."""

    def body(*values: Value) -> float:
        try:
            return formula(*map(number, values))
        except ValueError:
            return math.nan
        except OverflowError:
            return math.inf

    return body


def _logarithm(base: Callable[[float], float]) -> Callable[[Value], float]:
    def body(value: Value) -> float:
        x = number(value)
        return -math.inf if x == 0 else math.nan if not x > 0 else base(x)

    return body


def _substr(value: Value, start: Value, end: Value = math.inf) -> str:
    units = text(value).encode("utf-16-le", "surrogatepass")
    length = len(units) // 2
    first, last = (_place(x, length) for x in (_whole(start), _whole(end)))
    return units[2 * first : 2 * last].decode("utf-16-le", "replace") if first < last else ""


def _place(x: float, length: int) -> int:
    return int(min(max(x + length if x < 0 else x, 0), length))


def _translate(value: Value, these: Value, those: Value) -> str:
    table: dict[int, str | None] = {}
    new = text(those)
    for i, character in enumerate(text(these)):
        table.setdefault(ord(character), new[i] if i < len(new) else None)
    return text(value).translate(table)


def _date(value: Value) -> Value:
    found = moment(_whole(value) if _is_number(value) and math.isfinite(number(value)) else value)
    return found.date() if found else _no_date(value)


def _date_time(value: Value) -> Value:
    return moment(value) or _no_date(value)


def _no_date(value: Value) -> Value:
    return value if _is_number(value) else ""


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _format_date(value: Value, pattern: Value) -> str:
    found = moment(value)
    return ESCAPE.sub(lambda escape: _part(found, escape[0]), text(pattern)) if found else ""


def _part(at: datetime, escape: str) -> str:
    """Return what an escape of format-date stands for (ODK XForms specification, format-date)."""
    parts = {
        "%%": "%",
        "%Y": f"{at.year:04}",
        "%y": f"{at.year % 100:02}",
        "%m": f"{at.month:02}",
        "%n": str(at.month),
        "%b": MONTHS[at.month - 1],
        "%d": f"{at.day:02}",
        "%e": str(at.day),
        "%a": DAYS[at.weekday()],
        "%H": f"{at.hour:02}",
        "%h": str(at.hour),
        "%M": f"{at.minute:02}",
        "%S": f"{at.second:02}",
        "%3": f"{at.microsecond // 1000:03}",
    }
    return parts.get(escape, escape)


def _decimal_date_time(value: Value) -> Value:
    """Return days since 1970 began in London; a number stays as it is."""
    if _is_number(value):
        return value
    found = moment(value)
    return (found - BEGAN).total_seconds() / 86400 - 1 / 3 if found else ""


def _decimal_time(value: Value) -> Value:
    if _is_number(value):
        return (
            number(value) - math.floor(number(value)) if math.isfinite(number(value)) else math.nan
        )
    found = moment(value)
    if not found:
        return ""
    return (found - datetime.combine(found.date(), datetime.min.time())).total_seconds() / 86400


def _all(values: Sequence[Value | Nodes]) -> list[Value]:
    """Return values, nodes spread out; only nodes that stand alone are spread, as JavaRosa has
    it.
    """
    if len(values) == 1 and isinstance(values[0], tuple):
        return list(values[0])
    return [one(value) for value in values]


def _of_numbers(choose: Callable[[Sequence[float]], float]) -> Callable[..., float]:
    def body(*values: Value | Nodes) -> float:
        numbers = [x for x in map(number, _all(values)) if not math.isnan(x)]
        return choose(numbers) if numbers else math.nan

    return body


def _sum(values: Value | Nodes) -> float:
    return sum((x for x in map(number, _all([values])) if not math.isnan(x)), 0.0)


def _count(values: Value | Nodes) -> float:
    return float(len(values)) if isinstance(values, tuple) else 1.0


def _count_non_empty(values: Value | Nodes) -> float:
    return float(sum(text(value) != "" for value in _all([values])))


def _join(glue: Value, *parts: Value | Nodes) -> str:
    return text(one(glue)).join(map(text, _all(parts)))


def _checklist(least: Value, most: Value, *ticked: Value) -> bool:
    return _within(float(sum(map(truth, ticked))), least, most)


def _weighted_checklist(least: Value, most: Value, *pairs: Value) -> bool:
    weights = (
        number(weight)
        for ticked, weight in zip(pairs[::2], pairs[1::2], strict=False)
        if truth(ticked)
    )
    return number(least) <= sum(weights, 0.0) <= number(most)  # -1 is no "any" here


def _within(total: float, least: Value, most: Value) -> bool:
    low, high = number(least), number(most)
    return (low < 0 or total >= low) and (high < 0 or total <= high)


FUNCTIONS: dict[str, Function] = {
    "selected": Function(2, 2, _selected),
    "selected-at": Function(2, 2, _selected_at),
    "count-selected": Function(1, 1, lambda chosen: float(len(text(chosen).split()))),
    "regex": Function(2, 2, _regex),
    "coalesce": Function(2, 2, _coalesce),
    "once": Function(1, 1, lambda value: value),
    "int": Function(1, 1, _int),
    "number": Function(1, 1, number),
    "round": Function(1, 2, _round),
    "abs": Function(1, 1, lambda x: abs(number(x))),
    "pow": Function(2, 2, _pow),
    "sqrt": Function(1, 1, _on_circle(math.sqrt)),
    "exp": Function(1, 1, _on_circle(math.exp)),
    "exp10": Function(1, 1, _on_circle(lambda x: math.pow(10, x))),
    "log": Function(1, 1, _logarithm(math.log)),
    "log10": Function(1, 1, _logarithm(math.log10)),
    "sin": Function(1, 1, _on_circle(math.sin)),
    "cos": Function(1, 1, _on_circle(math.cos)),
    "tan": Function(1, 1, _on_circle(math.tan)),
    "asin": Function(1, 1, _on_circle(math.asin)),
    "acos": Function(1, 1, _on_circle(math.acos)),
    "atan": Function(1, 1, _on_circle(math.atan)),
    "atan2": Function(2, 2, _on_circle(math.atan2)),
    "pi": Function(0, 0, lambda: math.pi),
    "min": Function(0, MANY, _of_numbers(min), takes_nodes=True),
    "max": Function(0, MANY, _of_numbers(max), takes_nodes=True),
    "sum": Function(1, 1, _sum, takes_nodes=True),
    "count": Function(1, 1, _count, takes_nodes=True),
    "count-non-empty": Function(1, 1, _count_non_empty, takes_nodes=True),
    "join": Function(2, MANY, _join, takes_nodes=True),
    "concat": Function(0, MANY, lambda *parts: "".join(map(text, _all(parts))), takes_nodes=True),
    "string": Function(1, 1, text),
    "substr": Function(2, 3, _substr),
    "string-length": Function(1, 1, _length),
    "contains": Function(2, 2, lambda whole, part: text(part) in text(whole)),
    "starts-with": Function(2, 2, lambda whole, part: text(whole).startswith(text(part))),
    "ends-with": Function(2, 2, lambda whole, part: text(whole).endswith(text(part))),
    "substring-before": Function(2, 2, lambda whole, part: _around(whole, part)[0]),
    "substring-after": Function(2, 2, lambda whole, part: _around(whole, part)[1]),
    "translate": Function(3, 3, _translate),
    "normalize-space": Function(
        1, 1, lambda value: re.sub(r"[ \t\r\n]+", " ", text(value)).strip(" ")
    ),
    "not": Function(1, 1, lambda value: not truth(value)),
    "true": Function(0, 0, lambda: True),
    "false": Function(0, 0, lambda: False),
    "boolean": Function(1, 1, truth),
    "boolean-from-string": Function(1, 1, lambda value: text(value).lower() in ("1", "true")),
    "date": Function(1, 1, _date),
    "date-time": Function(1, 1, _date_time),
    "format-date": Function(2, 2, _format_date),
    "format-date-time": Function(2, 2, _format_date),
    "decimal-date-time": Function(1, 1, _decimal_date_time),
    "decimal-time": Function(1, 1, _decimal_time),
    "checklist": Function(3, MANY, _checklist),
    "weighted-checklist": Function(4, MANY, _weighted_checklist),
}
# these look beyond their arguments and are evaluated in `evaluate`
IN_CONTEXT = {
    "if": (3, 3),
    "today": (0, 0),
    "now": (0, 0),
    "random": (0, 0),
    "uuid": (0, 1),
    "jr:choice-name": (2, 2),
    "pulldata": (4, 4),
    "indexed-repeat": (3, 5),
    "jr:itext": (1, 1),
}
# the values of a repeat may be handed to these; anywhere else they must be one
OF_NODES = frozenset(name for name, function in FUNCTIONS.items() if function.takes_nodes) | {
    "indexed-repeat"
}


def arity(name: str) -> tuple[int, int] | None:
    """Return the least and largest number of arguments of a function, or None for one that does
    not exist.
    """
    if name in IN_CONTEXT:
        return IN_CONTEXT[name]
    function = FUNCTIONS.get(name)
    return (function.least, function.most) if function else None


def _around(whole: Value, part: Value) -> tuple[str, str]:
    before, found, after = (
        text(whole).partition(text(part)) if text(part) else ("", "", text(whole))
    )
    return (before, after) if found or not text(part) else ("", "")
