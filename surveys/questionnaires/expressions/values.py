"""Values of expressions and how they turn into one another, as in JavaRosa's XPathFuncExpr.

A value is a text, a number, a truth value or a moment; an unanswered question is the empty text.
JavaRosa differs from XPath 1.0 where XPath is about nodes: not('') is true. Days and moments are
whole days since 1970 as numbers, and as texts the day alone; both are what JavaRosa says
(tests/surveys/questionnaires/expressions/corpus.csv).
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta, timezone

Value = str | float | bool | date
Nodes = tuple[Value, ...]  # every instance of a repeat, seen from outside it, or rows of a list
EPOCH = date(1970, 1, 1)
ZONE = timezone(timedelta(hours=8))  # where the interviews are
LONDON_MIDNIGHT = time(8)  # numbers of days begin there
# the literal of XPath 1.0; Java's "1e3" and "Infinity" are none
NUMBER = re.compile(r"\s*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*", re.ASCII)
DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:T(.+))?", re.ASCII)
CLOSE = 1e-12  # JavaRosa calls numbers equal that lie nearer than this
LARGEST_WHOLE = 2**31 - 1  # above it JavaRosa writes 3.0E9


def number(value: Value) -> float:
    """Return a value as a number; NaN for a text that is none, the empty one included."""
    match value:
        case bool():
            return float(value)
        case datetime():
            return float((value.date() - EPOCH).days)
        case date():
            return float((value - EPOCH).days)
        case str():
            return float(value) if NUMBER.fullmatch(value) else math.nan
    return value


def text(value: Value) -> str:
    """Return a value as a text; whole numbers have no decimal point."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case str():
            return value
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if abs(value) <= LARGEST_WHOLE and abs(value - math.trunc(value)) < CLOSE:
        return str(math.trunc(value))
    return _as_java(value)


def _as_java(value: float) -> str:
    """Write a number as Java's Double.toString does: 0.5, 1.0E-4, 3.0E9."""
    size = abs(value)
    if 1e-3 <= size < 1e7:
        return repr(value)
    digits, _e, power = f"{value:e}".partition("e") if size == 0 else _shortest(value)
    return f"{digits if '.' in digits else digits + '.0'}E{int(power)}"


def _shortest(value: float) -> tuple[str, str, str]:
    """Return mantissa and power of ten with as few digits as lead back to the same number."""
    plain = repr(value)
    sign, plain = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
    mantissa, _e, power = plain.partition("e")
    whole, _point, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    exponent = int(power or 0) + (
        len(whole) - 1 if whole.strip("0") else -1 - (len(fraction) - len(fraction.lstrip("0")))
    )
    digits = digits.rstrip("0")
    return f"{sign}{digits[0]}.{digits[1:] or '0'}", "e", str(exponent)


def truth(value: Value) -> bool:
    """Return a value as true or false: the empty text, 0 and NaN are false."""
    match value:
        case bool():
            return value
        case str():
            return value != ""
        case date():
            return True
    return value != 0 and not math.isnan(value)


def equal(left: Value, right: Value) -> bool:
    """Compare as truth values where one is one, else as numbers where one is one, else as texts."""
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, float) or isinstance(right, float):
        return abs(number(left) - number(right)) < CLOSE
    return text(left) == text(right)


def moment(value: Value) -> datetime | None:
    """Return a day, a number of days since 1970 or a text such as 2026-11-20T14:05 as a moment,
    else None.
    """
    match value:
        case datetime():
            return value
        case date():
            return datetime.combine(value, datetime.min.time())
        case bool():
            return None
        case float():
            since = timedelta(milliseconds=math.trunc(value * 86_400_000)) if _fits(value) else None
            return datetime.combine(EPOCH, LONDON_MIDNIGHT) + since if since is not None else None
    found = DAY.fullmatch(value.strip())
    if not found:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
        whole = datetime.fromisoformat(f"{day.isoformat()}T{found[4] or '00:00'}")
    except ValueError:
        return None
    return whole.astimezone(ZONE).replace(tzinfo=None) if whole.tzinfo else whole


def _fits(days: float) -> bool:
    return math.isfinite(days) and -700_000 < days < 2_900_000


def one(value: Value | Nodes) -> Value:
    """Return the only value of nodes, "" for none, and of several the first."""
    if isinstance(value, tuple):
        return value[0] if value else ""
    return value
