"""What is certainly wrong with an expression before anybody answers: it can never hold, or mixes
texts with numbers.

Only what is so for every answer is said. A condition is looked at as a conjunction: what its parts
demand of one question is cut together, and where nothing is left it can never hold.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from config.language.problems import say
from surveys.questionnaires.expressions.functions import OF_NODES
from surveys.questionnaires.expressions.parse import Tree, parts_of
from surveys.questionnaires.expressions.patterns import NotUsable, pattern_of
from surveys.questionnaires.expressions.values import number

NUMBERS = ("integer", "decimal", "range")
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
ARITHMETIC = ("+", "-", "*", "div", "mod")


@dataclass(frozen=True)
class Declared:
    """What a questionnaire says of a question: kind, choices, the ends of its range, the repeats
    it stands in, outermost first; a repeat stands in itself.
    """

    kind: str
    choices: frozenset[str] = frozenset()
    low: float = -math.inf
    high: float = math.inf
    repeats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One thing that is certainly wrong, in words for the author. is_odd: whether it works
    nevertheless, if not as somebody means it.
    """

    text: str
    values: Mapping[str, object]
    is_odd: bool = False


@dataclass(frozen=True)
class _Left:
    """The answers to one question that are still possible: choices (None: any), and an interval
    of numbers.
    """

    choices: frozenset[str] | None
    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False

    @property
    def is_empty(self) -> bool:
        if self.choices is not None and not self.choices:
            return True
        return self.low > self.high or (self.low == self.high and (self.open_low or self.open_high))


def findings(
    tree: Tree,
    known: Mapping[str, Declared],
    *,
    repeats: tuple[str, ...] = (),
    is_condition: bool,
) -> Iterator[Finding]:
    """Yield what is certainly wrong. repeats: where it stands; is_condition: whether it has to
    hold for some answers.
    """
    yield from _spread(tree, known, repeats, inside=False)
    yield from _clashes(tree, known)
    yield from _patterns(tree)
    if is_condition:
        left: dict[str, _Left] = {}
        for part in _conjuncts(tree):
            if (cut := _demand(part, known)) is not None:
                name, narrowed = cut
                left[name] = _both(left[name], narrowed) if name in left else narrowed
                if left[name].is_empty:
                    yield Finding(
                        say("this can never hold: no answer to {name} fits all of it"),
                        {"name": name},
                        is_odd=True,
                    )
                    return


def _spread(
    tree: Tree, known: Mapping[str, Declared], repeats: tuple[str, ...], *, inside: bool
) -> Iterator[Finding]:
    """Name questions of a repeat that are used from outside as if there were one answer."""
    if tree[0] == "ref":
        declared = known.get(tree[1])
        stands = declared.repeats if declared else ()
        if stands != repeats[: len(stands)] and not inside:
            message = say(
                "{name} is asked in every instance of a repeat; use it inside count, sum, min, max,"
                " join or indexed-repeat"
            )
            yield Finding(message, {"name": tree[1]})
        return
    spread = tree[0] == "call" and tree[1] in OF_NODES
    for part in parts_of(tree):
        yield from _spread(part, known, repeats, inside=spread)


def _clashes(tree: Tree, known: Mapping[str, Declared]) -> Iterator[Finding]:
    """Name comparisons and calculations of numbers with texts that are none."""
    match tree:
        case ("op", operator, left, right) if operator in TURNED:
            for one, other in ((left, right), (right, left)):
                declared = known.get(one[1]) if one[0] == "ref" else None
                if (
                    declared
                    and declared.kind in NUMBERS
                    and other[0] == "str"
                    and _is_no_number(other[1])
                ):
                    message = (
                        say("{name} is a number and “{value}” is none, so this always holds")
                        if operator == "!="
                        else say("{name} is a number and “{value}” is none, so this can never hold")
                    )
                    yield Finding(message, {"name": one[1], "value": other[1]}, is_odd=True)
        case ("op", operator, left, right) if operator in ARITHMETIC:
            for part in (left, right):
                if part[0] == "str" and _is_no_number(part[1]):
                    yield Finding(
                        say("“{value}” is no number to calculate with"), {"value": part[1]}
                    )
    for part in parts_of(tree):
        yield from _clashes(part, known)


def _patterns(tree: Tree) -> Iterator[Finding]:
    """Name patterns that no answer is ever compared with: none at all, and ones that could take
    for ever.
    """
    match tree:
        case ("call", "regex", (_value, ("str", written))):
            try:
                pattern_of(written)
            except NotUsable:
                message = say(
                    "“{value}” is no pattern that can be used; groups cannot be referred to, looked"
                    " behind or repeated thousands of times"
                )
                yield Finding(message, {"value": written})
    for part in parts_of(tree):
        yield from _patterns(part)


def _is_no_number(text: str) -> bool:
    return bool(text) and math.isnan(number(text))


def _conjuncts(tree: Tree) -> Iterator[Tree]:
    if tree[:2] == ("op", "and"):
        yield from _conjuncts(tree[2])
        yield from _conjuncts(tree[3])
    else:
        yield tree


def _demand(tree: Tree, known: Mapping[str, Declared]) -> tuple[str, _Left] | None:
    """Return what a simple comparison leaves of one question's answers, None for anything else."""
    match tree:
        case ("op", operator, ("ref", name), ("num" | "str", value)) if operator in TURNED:
            pass
        case ("op", operator, ("num" | "str", value), ("ref", name)) if operator in TURNED:
            operator = TURNED[operator]
        case _:
            return None
    declared = known.get(name)
    if declared is None:
        return None
    # a choice that does not exist is named by the checks themselves
    if declared.kind == "select_one" and operator in ("=", "!=") and value in declared.choices:
        chosen = frozenset({value})
        return name, _Left(
            declared.choices & chosen if operator == "=" else declared.choices - chosen
        )
    if declared.kind in NUMBERS and not math.isnan(limit := number(value)):
        return name, _interval(operator, limit, declared)
    return None


def _interval(operator: str, limit: float, declared: Declared) -> _Left:
    whole = _Left(None, declared.low, declared.high)
    match operator:
        case "<" | "<=":
            return _both(whole, _Left(None, high=limit, open_high=operator == "<"))
        case ">" | ">=":
            return _both(whole, _Left(None, low=limit, open_low=operator == ">"))
        case "=":
            return _both(whole, _Left(None, limit, limit))
    return whole


def _both(a: _Left, b: _Left) -> _Left:
    choices = (
        b.choices
        if a.choices is None
        else a.choices
        if b.choices is None
        else a.choices & b.choices
    )
    low, high = max(a.low, b.low), min(a.high, b.high)
    return replace(
        _Left(choices, low, high),
        open_low=(a.open_low and a.low == low) or (b.open_low and b.low == low),
        open_high=(a.open_high and a.high == high) or (b.open_high and b.high == high),
    )
