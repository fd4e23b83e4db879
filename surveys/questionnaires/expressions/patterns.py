"""Whether a text matches a pattern, in a time that grows with both and never explodes.

Python's own engine tries every way in turn: an e-mail pattern and an answer of 66 characters keep
it busy for ever. Here all ways are followed at once (Thompson 1968), over the pattern as Python's
parser reads it, so that what matches is the same. References to a group, for which no such way is
known, and patterns that unfold into too much are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any

# parts of Python's own library that its types do not know
sre, _parser = import_module("re._constants"), import_module("re._parser")

LARGEST = 2_000  # steps that a pattern unfolds into
CATEGORIES = {
    sre.CATEGORY_DIGIT: re.compile(r"\d", re.ASCII),
    sre.CATEGORY_NOT_DIGIT: re.compile(r"\D", re.ASCII),
    sre.CATEGORY_SPACE: re.compile(r"\s", re.ASCII),
    sre.CATEGORY_NOT_SPACE: re.compile(r"\S", re.ASCII),
    sre.CATEGORY_WORD: re.compile(r"\w", re.ASCII),
    sre.CATEGORY_NOT_WORD: re.compile(r"\W", re.ASCII),
}
WORD = CATEGORIES[sre.CATEGORY_WORD]

OneOf = Callable[[str], bool]  # whether a character is one of those that fit


class NotUsable(Exception):
    """No pattern, or one that is not matched in bounded time."""


@dataclass
class _Step:
    """A step: take a character that fits, or hold where the text is; then go to all of `then`."""

    takes: OneOf | None = None
    holds: Callable[[str, int], bool] | None = None
    then: tuple[int, ...] = ()


@dataclass(frozen=True)
class Pattern:
    """Steps from the first to the one behind the last, which is the end."""

    steps: tuple[_Step, ...]

    def matches(self, text: str) -> bool:
        """Say whether the whole text fits."""
        return len(text) in self.ends(text, 0)

    def ends(self, text: str, start: int) -> Iterable[int]:
        """Yield every place up to which the text fits from `start` on."""
        end, current = len(self.steps), self._closed([0], text, start)
        for at in range(start, len(text) + 1):
            if end in current:
                yield at
            if at == len(text) or not current:
                return
            following = [
                after
                for number in current
                if number != end and (step := self.steps[number]).takes and step.takes(text[at])
                for after in step.then
            ]
            current = self._closed(following, text, at + 1)

    def _closed(self, numbers: list[int], text: str, at: int) -> set[int]:
        """Add what is reached without taking a character."""
        reached: set[int] = set()
        waiting = list(numbers)
        while waiting:
            number = waiting.pop()
            if number in reached:
                continue
            reached.add(number)
            if number < len(self.steps):
                step = self.steps[number]
                if step.takes is None and (step.holds is None or step.holds(text, at)):
                    waiting += step.then
        return reached


@lru_cache(maxsize=256)
def pattern_of(written: str) -> Pattern:
    """Return a pattern that can be matched. Raises NotUsable."""
    try:
        parsed = _parser.parse(written, re.ASCII)
    except (re.error, OverflowError, RecursionError):
        raise NotUsable(written) from None
    if parsed.state.flags & ~(re.ASCII):  # (?i) and the like, which not every phone knows
        raise NotUsable(written)
    return _built(parsed)


def _built(parsed: Any) -> Pattern:
    steps: list[_Step] = []
    _append(steps, parsed)
    return Pattern(tuple(steps))


def _append(steps: list[_Step], parsed: Any) -> None:
    """Append the steps of a parsed pattern; each part ends at the step that comes next."""
    for kind, value in parsed:
        if kind is sre.SUBPATTERN:
            _group, on, off, inner = value
            if on or off:
                raise NotUsable
            _append(steps, inner)
        elif kind is sre.BRANCH:
            _append_branches(steps, value[1])
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            _append_repeat(steps, *value)
        elif kind in (sre.ASSERT, sre.ASSERT_NOT):
            direction, inner = value
            if direction != 1:
                raise NotUsable  # behind
            _add(steps, _Step(holds=_ahead(_built(inner), kind is sre.ASSERT)))
        elif kind is sre.AT:
            _add(steps, _Step(holds=_place(value)))
        else:
            _add(steps, _Step(takes=_one_of(kind, value)))


def _add(steps: list[_Step], step: _Step) -> int:
    """Append a step that goes to the one after it; return its number."""
    if len(steps) >= LARGEST:
        raise NotUsable
    steps.append(step)
    step.then = (len(steps),)
    return len(steps) - 1


def _append_branches(steps: list[_Step], branches: list[Any]) -> None:
    begins, ends = [], []
    fork = _add(steps, _Step())
    for branch in branches:
        begins.append(len(steps))
        _append(steps, branch)
        ends.append(_add(steps, _Step()))
    steps[fork].then = tuple(begins)
    for end in ends:
        steps[end].then = (len(steps),)


def _append_repeat(steps: list[_Step], least: int, most: int, inner: Any) -> None:
    for _time in range(least):
        _append(steps, inner)
    if most == sre.MAXREPEAT:
        fork = _add(steps, _Step())
        _append(steps, inner)
        back = _add(steps, _Step())
        steps[back].then = (fork,)
        steps[fork].then = (fork + 1, len(steps))
        return
    forks = []
    for _time in range(most - least):
        forks.append(_add(steps, _Step()))
        _append(steps, inner)
    for fork in forks:
        steps[fork].then = (fork + 1, len(steps))


def _ahead(inner: Pattern, wanted: bool) -> Callable[[str, int], bool]:
    return lambda text, at: any(True for _end in inner.ends(text, at)) is wanted


def _place(where: Any) -> Callable[[str, int], bool]:
    if where in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING):
        return lambda text, at: at == 0
    if where is sre.AT_END:  # before a line feed that ends the text too
        return lambda text, at: at == len(text) or (at == len(text) - 1 and text[at] == "\n")
    if where is sre.AT_END_STRING:
        return lambda text, at: at == len(text)
    if where in (sre.AT_BOUNDARY, sre.AT_NON_BOUNDARY):
        return lambda text, at: _is_boundary(text, at) is (where is sre.AT_BOUNDARY)
    raise NotUsable


def _is_boundary(text: str, at: int) -> bool:
    before = at > 0 and WORD.match(text[at - 1]) is not None
    after = at < len(text) and WORD.match(text[at]) is not None
    return before != after


def _one_of(kind: Any, value: Any) -> OneOf:
    if kind is sre.ANY:
        return lambda character: character != "\n"
    if kind is sre.NOT_LITERAL:
        return lambda character: ord(character) != value
    parts = value if kind is sre.IN else [(kind, value)]
    is_negated = parts[0][0] is sre.NEGATE
    tests = [_test(*part) for part in parts[is_negated:]]
    return lambda character: any(test(character) for test in tests) is not is_negated


def _test(kind: Any, value: Any) -> OneOf:
    if kind is sre.LITERAL:
        return lambda character: ord(character) == value
    if kind is sre.RANGE:
        low, high = value
        return lambda character: low <= ord(character) <= high
    if kind is sre.CATEGORY and value in CATEGORIES:
        return lambda character: CATEGORIES[value].match(character) is not None
    raise NotUsable  # a reference to a group, and what comes with later versions of Python
