"""Samples of sites: drawn by a recorded seed so that anybody can draw them again. PURE.

Every unit of a frame has a number of its own between 0 and 1: the SHA-256 of "SEED:KEY" as a
fraction (a permanent random number). The order of these numbers is the random order: a simple
sample is its beginning, a stratified one the beginning of each stratum, and who takes the place
of a site that cannot be visited is the next one. No generator of any language is needed to check
it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

Method = Literal["simple", "stratified", "pps"]
# in each stratum, so that its variance can be estimated
LEAST = 2
# the start of a systematic draw; no key of a site can be it
START = "start"
LONGEST_STRATUM = 60


@dataclass(frozen=True)
class Unit:
    """One site of a frame: its key, the stratum it lies in, and its size where that counts."""

    key: int
    stratum: str = ""
    size: Fraction = Fraction(1)


@dataclass(frozen=True)
class Drawn:
    """A unit with the chance that it had (0 < p ≤ 1) and its place in the random order of its
    stratum, from 0.
    """

    key: int
    stratum: str
    probability: Fraction
    order: int
    is_drawn: bool


class CannotDraw(Exception):
    """A sample that cannot be drawn: `reason` is a code of REASONS, `values` what it is about."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


REASONS = frozenset({"empty", "twice", "size", "larger", "strata", "sizes"})


def draw(frame: Sequence[Unit], *, method: Method, size: int, seed: int) -> list[Drawn]:
    """Return every unit of a frame in the random order of its stratum, those that are drawn
    marked.

    simple and pps know one stratum, ""; stratified allots in proportion, by the largest remainder,
    and at least two (or all) to each stratum. Raises CannotDraw.
    """
    _check(frame, method, size)
    if method == "pps":
        return _by_size(frame, size, seed)
    if method == "simple":
        return _beginning([Unit(unit.key) for unit in frame], size, seed)
    strata = _strata(frame)
    sizes = allocation({name: len(units) for name, units in strata.items()}, size)
    return [one for name in strata for one in _beginning(strata[name], sizes[name], seed)]


def allocation(strata: Mapping[str, int], size: int) -> dict[str, int]:
    """Return how many are drawn from each stratum: in proportion, at least LEAST or all of it.

    Seats go one by one to the stratum that is furthest below its share, ties to the name that
    comes first. Raises CannotDraw where the strata alone need more.
    """
    total = sum(strata.values())
    sizes = {name: min(LEAST, count) for name, count in strata.items()}
    if sum(sizes.values()) > size:
        raise CannotDraw("strata", least=sum(sizes.values()))
    while sum(sizes.values()) < size:
        free = [name for name, count in strata.items() if sizes[name] < count]
        behind = {name: Fraction(size * strata[name], total) - sizes[name] for name in free}
        sizes[max(sorted(free), key=lambda name: behind[name])] += 1
    return sizes


def replacement(order: Iterable[Drawn], dropped: int, taken: Iterable[int]) -> Drawn | None:
    """Return the unit that takes the place of a dropped one: of the same stratum, the first in the
    random order that is not taken yet; None where none is left. It has the chance that the draw
    gave it.
    """
    listed, used = list(order), set(taken)
    stratum = next(one.stratum for one in listed if one.key == dropped)
    waiting = [one for one in listed if one.stratum == stratum and one.key not in used]
    return min(waiting, key=lambda one: one.order, default=None)


def number(seed: int, key: object) -> Fraction:
    """Return the number of a unit, 0 ≤ u < 1: SHA-256 of "SEED:KEY" as a fraction of 2^256."""
    digest = hashlib.sha256(f"{seed}:{key}".encode()).digest()
    return Fraction(int.from_bytes(digest), 2**256)


def sha256(
    *,
    frame: Sequence[Mapping[str, Any]],
    method: str,
    size: int,
    seed: int,
    drawn: Sequence[Mapping[str, Any]],
) -> str:
    """Return the hash of a draw: over frame, method, size, seed and what was drawn, as JSON with
    sorted keys and no blanks. Fractions stand there as texts.
    """
    content = {"drawn": drawn, "frame": frame, "method": method, "seed": seed, "size": size}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _check(frame: Sequence[Unit], method: Method, size: int) -> None:
    if not frame:
        raise CannotDraw("empty")
    twice = [key for key, n in Counter(unit.key for unit in frame).items() if n > 1]
    if twice:
        raise CannotDraw("twice", keys=twice)
    if size < 1:
        raise CannotDraw("size")
    if size > len(frame):
        raise CannotDraw("larger", frame=len(frame))
    if method == "pps" and any(unit.size <= 0 for unit in frame):
        raise CannotDraw("sizes")


def _strata(frame: Sequence[Unit]) -> dict[str, list[Unit]]:
    names = sorted({unit.stratum for unit in frame})
    return {name: [unit for unit in frame if unit.stratum == name] for name in names}


def _at_random(units: Iterable[Unit], seed: int) -> list[Unit]:
    """Return units in the random order; the key breaks a tie that no two ever had."""
    return sorted(units, key=lambda unit: (number(seed, unit.key), unit.key))


def _beginning(units: Sequence[Unit], size: int, seed: int) -> list[Drawn]:
    chance = Fraction(size, len(units))
    return [
        Drawn(unit.key, unit.stratum, chance, order, is_drawn=order < size)
        for order, unit in enumerate(_at_random(units, seed))
        if chance
    ]


def _by_size(frame: Sequence[Unit], size: int, seed: int) -> list[Drawn]:
    """Draw systematically with chances in proportion to size, along the random order.

    A unit larger than the step is certain to come and is set aside; the step is then worked out
    anew for the others, until none is (Särndal, Swensson and Wretman 1992, 3.6.2).
    """
    units = _at_random(frame, seed)
    certain: set[int] = set()
    while True:
        rest = [unit for unit in units if unit.key not in certain]
        left = size - len(certain)
        total = sum((unit.size for unit in rest), Fraction(0))
        larger = {unit.key for unit in rest if left and unit.size * left >= total}
        if not larger:
            break
        certain |= larger
    chances = {unit.key: Fraction(1) for unit in units if unit.key in certain}
    chances |= {unit.key: unit.size * left / total for unit in rest}
    drawn = certain | _hit(rest, chances, number(seed, START))
    return [
        Drawn(unit.key, "", chances[unit.key], order, is_drawn=unit.key in drawn)
        for order, unit in enumerate(units)
        if chances[unit.key]
    ]


def _hit(units: Sequence[Unit], chances: Mapping[int, Fraction], start: Fraction) -> set[int]:
    """Return the units in whose stretch of the line one of start, start + 1, start + 2 … falls."""
    hit, end = set(), Fraction(0)
    for unit in units:
        begin, end = end, end + chances[unit.key]
        # the first mark at or after the beginning of the stretch
        mark = start + max(0, -((start - begin) // 1))
        if begin <= mark < end:
            hit.add(unit.key)
    return hit
