"""Values of expressions and how they turn into one another, as in JavaRosa's XPathFuncExpr.

A value is a text, a number, a truth value or a date; an unanswered question is the empty text. JavaRosa differs from
XPath 1.0 where XPath is about nodes: not('') is true, and dates compare with numbers as days since 1970.
"""

from __future__ import annotations

import math
from datetime import date

Value = str | float | bool | date
Nodes = tuple[Value, ...]  # every sheet of a repeat, seen from outside it
EPOCH = date(1970, 1, 1)


def number(value: Value) -> float:
    """Return a value as a number; NaN for a text that is none, the empty one included."""
    match value:
        case bool():
            return float(value)
        case date():
            return float((value - EPOCH).days)
        case str():
            try:
                return float(value) if value.strip() else math.nan
            except ValueError:
                return math.nan
    return value


def text(value: Value) -> str:
    """Return a value as a text; whole numbers have no decimal point."""
    match value:
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case float():
            if math.isnan(value):
                return "NaN"
            if math.isinf(value):
                return "Infinity" if value > 0 else "-Infinity"
            return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return value


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
    """Compare as XPath 1.0 section 3.4 does: as truth values, else as numbers, else as texts."""
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return number(left) == number(right)
