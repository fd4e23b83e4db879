"""What a tree is worth, given the answers. The JavaScript twin is static/surveys/evaluate.js."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from surveys.questionnaires.expressions.functions import FUNCTIONS
from surveys.questionnaires.expressions.parse import Tree
from surveys.questionnaires.expressions.values import Value, equal, number, text, truth


@dataclass(frozen=True)
class Context:
    """What an expression may look at: the value of a question, the day of the interview, the label of a choice."""

    answer: Callable[[str], Any]
    today: date
    choice_label: Callable[[str, str], str]
    own: Value = ""
    row: Mapping[str, str] = field(default_factory=dict)
    list_rows: Callable[[str], Sequence[Mapping[str, str]]] = lambda name: ()
    position: int = 0
    answer_at: Callable[[str, int], Value] = lambda name, i: ""
    now: datetime | None = None
    seed: str = ""


def evaluate(tree: Tree, context: Context) -> Value:
    """Evaluate a tree that passed the checks."""
    match tree:
        case ("num" | "str", value):
            return value  # type: ignore[no-any-return]
        case ("ref", name):
            return context.answer(name)  # type: ignore[no-any-return]
        case ("column", name):
            return context.row.get(name, "")
        case ("self",):
            return context.own
        case ("neg", inside):
            return -number(evaluate(inside, context))
        case ("op", "or", left, right):
            return truth(evaluate(left, context)) or truth(evaluate(right, context))
        case ("op", "and", left, right):
            return truth(evaluate(left, context)) and truth(evaluate(right, context))
        case ("op", operator, left, right):
            return _operate(operator, evaluate(left, context), evaluate(right, context))
        case ("call", "if", (condition, then, otherwise)):
            return evaluate(then if truth(evaluate(condition, context)) else otherwise, context)
        case ("call", "today", ()):
            return context.today
        case ("call", "jr:choice-name", (chosen, question)):
            return context.choice_label(_question_name(question), text(evaluate(chosen, context)))
        case ("call", name, arguments):
            return FUNCTIONS[name].body(*(evaluate(argument, context) for argument in arguments))
    raise ValueError(f"no such tree: {tree!r}")


def _question_name(tree: Tree) -> str:
    """Return the question that jr:choice-name's second argument names, '${x}' or, from pyxform, ' /data/x '."""
    return str(tree[-1]).strip().strip("${}").rpartition("/")[2]


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
            return a / b if b else (math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a))
        case "mod":
            return math.fmod(a, b) if b else math.nan
    raise ValueError(f"no such operator: {operator}")
