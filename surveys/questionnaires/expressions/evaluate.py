"""What a tree is worth, given the answers. The JavaScript twin is static/surveys/evaluate.js."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from config.language.texts import Language
from surveys.questionnaires.expressions.functions import FUNCTIONS
from surveys.questionnaires.expressions.parse import Tree
from surveys.questionnaires.expressions.values import Nodes, Value, equal, number, one, text, truth

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@dataclass(frozen=True)
class Context:
    """What an expression may look at.

    answer: a question by name, or every instance's value where it stands in a repeat that the
    expression does not stand in; choice_label: question and choice; own: the answer that a
    constraint is about; row: a line of a list; list_rows: every line of one; positions: the numbers
    of the instances within their repeats, from 1, outermost first; answer_at: a question in the
    instances of these numbers, by repeat; now, started: when the interview ends and when it began;
    seed: what draws at random hang on, so that page and server draw the same; language: that of the
    page.
    """

    answer: Callable[[str], Value | Nodes]
    today: date
    choice_label: Callable[[str, str], str]
    own: Value = ""
    row: Mapping[str, str] = field(default_factory=dict)
    list_rows: Callable[[str], Sequence[Mapping[str, str]]] = lambda name: ()
    positions: tuple[int, ...] = ()
    answer_at: Callable[[str, Mapping[str, int]], Value] = lambda name, numbers: ""
    now: datetime | None = None
    started: datetime | None = None
    seed: str = ""
    language: Language = "zh-Hans"


def evaluate(tree: Tree, context: Context) -> Value:
    """Evaluate a tree that passed the checks."""
    return one(_worth(tree, context))


def _worth(tree: Tree, context: Context) -> Value | Nodes:
    match tree:
        case ("num" | "str", value):
            return value  # type: ignore[no-any-return]
        case ("ref", name):
            return context.answer(name)
        case ("column", name):
            return context.row.get(name, "")
        case ("self",):
            return context.own
        case ("position",):
            return float(context.positions[-1]) if context.positions else 0.0
        case ("position", depth):
            return float(context.positions[depth]) if depth < len(context.positions) else 0.0
        case ("lookup", name, column, condition):
            return tuple(_looked_up(name, column, condition, context))
        case ("neg", inside):
            return -number(evaluate(inside, context))
        case ("op", "or", left, right):
            return truth(evaluate(left, context)) or truth(evaluate(right, context))
        case ("op", "and", left, right):
            return truth(evaluate(left, context)) and truth(evaluate(right, context))
        case ("op", operator, left, right):
            return _operate(operator, evaluate(left, context), evaluate(right, context))
        case ("call", "if", (condition, then, otherwise)):
            return _worth(then if truth(evaluate(condition, context)) else otherwise, context)
        case ("call", name, arguments) if name in FUNCTIONS:
            return FUNCTIONS[name](*(_worth(argument, context) for argument in arguments))
        case ("call", name, arguments):
            return _beyond(name, arguments, context)
    raise ValueError(f"no such tree: {tree!r}")


def _beyond(name: str, arguments: Sequence[Tree], context: Context) -> Value:
    """Evaluate a function that looks beyond its arguments."""
    match name:
        case "today":
            return context.today
        case "now":
            return context.now or datetime.combine(context.today, datetime.min.time())
        case "started":
            return context.started or _beyond("now", (), context)
        case "random":
            return draw(context.seed)
        case "uuid":
            length = number(evaluate(arguments[0], context)) if arguments else 0
            return _uuid(context.seed, int(length) if math.isfinite(length) else 0)
        case "jr:choice-name":
            return context.choice_label(named(arguments[1]), text(evaluate(arguments[0], context)))
        case "indexed-repeat":
            return _indexed(arguments, context)
        case "jr:itext":  # what the compiler made of it: Chinese, then English
            said = arguments[-1] if context.language == "en" else arguments[0]
            return text(evaluate(said, context))
        case "pulldata":
            source, column, key_column, key = (
                text(evaluate(argument, context)) for argument in arguments
            )
            rows = context.list_rows(source) or context.list_rows(f"{source}.csv")
            return next((row.get(column, "") for row in rows if row.get(key_column) == key), "")
    raise ValueError(f"no such function: {name}")


def _indexed(arguments: Sequence[Tree], context: Context) -> Value:
    """indexed-repeat(question, repeat, number, inner repeat, number ...)."""
    numbers: dict[str, int] = {}
    for repeat, index in zip(arguments[1::2], arguments[2::2], strict=False):
        at = number(evaluate(index, context))
        if not math.isfinite(at):
            return ""
        numbers[named(repeat)] = max(int(at), 1)
    return context.answer_at(named(arguments[0]), numbers)


def _looked_up(name: str, column: str, condition: Tree, context: Context) -> Iterator[Value]:
    for row in context.list_rows(name):
        if truth(evaluate(condition, _with_row(context, row))):
            yield row.get(column, "")


def _with_row(context: Context, row: Mapping[str, str]) -> Context:
    return Context(**{**context.__dict__, "row": row})


def named(tree: Tree) -> str:
    """Return the question that an argument names: ${x}, '${x}', or, from pyxform, /data/x and '
    /data/x '.
    """
    return str(tree[-1]).strip().strip("${}").rpartition("/")[2]


def draw(seed: str) -> float:
    """Return a number from 0 to 1 that hangs on the seed alone: FNV-1a over UTF-16 units, mixed
    as in MurmurHash3.
    """
    h = 0x811C9DC5
    units = seed.encode("utf-16-le", "surrogatepass")
    for i in range(0, len(units), 2):
        h = (h ^ (units[i] | units[i + 1] << 8)) * 0x01000193 & 0xFFFFFFFF
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        h = (h ^ h >> shift) * factor & 0xFFFFFFFF
    return (h ^ h >> 16) / 2**32


def _uuid(seed: str, length: int) -> str:
    if length > 0:
        return "".join(
            LETTERS[int(draw(f"{seed}#{i}") * len(LETTERS))] for i in range(min(length, 100))
        )
    digits = "".join(f"{int(draw(f'{seed}#{i}') * 16):x}" for i in range(32))
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _operate(operator: str, left: Value, right: Value) -> Value:
    if operator in ("=", "!="):
        return equal(left, right) == (operator == "=")
    a, b = number(left), number(right)
    match operator:
        case "<":
            return a < b
        case "<=":
            return a <= b
        case ">":
            return a > b
        case ">=":
            return a >= b
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "div":
            return (
                a / b
                if b
                else (math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a))
            )
        case "mod":
            return math.fmod(a, b) if b and math.isfinite(a) else math.nan
    raise ValueError(f"no such operator: {operator}")
