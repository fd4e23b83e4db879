"""Sites dealt to inspectors at random within the rules, from a recorded seed. PURE.

Nobody is sent to the district they live in, where they declared a conflict, or where they were
within six months; a second visit goes to others than the first; loads are even; pairs change.
Ties are broken by the number that `drawing` gives to "SEED:SITE:PERSON", so that the same seed
deals the same.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import Literal

from inspections.campaigns.drawing import number

Purpose = Literal["first", "second", "calibration"]
Why = Literal["home", "conflict", "seen", "training", "area", "cap", "together"]
# what no reason lifts; the others somebody may set aside by hand, with a reason
HARD: frozenset[Why] = frozenset({"home", "conflict", "seen", "training"})
# how often the same two go together in a campaign
MOST_TOGETHER = 3
# share of the quiz that has to be right, in per cent
PASSED = 90.0
# days within which nobody goes to the same site again
REST = 183
# pairs are looked for among so many people with the least to do, then among all
SHORT = 12


@dataclass(frozen=True)
class Person:
    """An inspector as the rules see them. home and areas are beginnings of area codes; areas None:
    everywhere; seen: sites where they were within six months, or are sent to already.
    """

    key: int
    home: str = ""
    areas: tuple[str, ...] | None = None
    is_trained: bool = True
    load: int = 0
    conflicts: frozenset[int] = frozenset()
    seen: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Place:
    """A site: its key and the code of its area."""

    key: int
    area: str
    is_calibration: bool = False


@dataclass(frozen=True)
class Rules:
    """How a campaign deals. most: visits of one person, those for calibration aside."""

    pairs: bool = True
    most: int | None = None
    second_share: float = 0.0


@dataclass(frozen=True)
class Allotted:
    """Who goes to a site, for what."""

    site: int
    purpose: Purpose
    lead: int
    partner: int | None = None


@dataclass(frozen=True)
class Unfilled:
    """A site to which nobody could be sent; reasons: how many people each rule kept away. For a
    calibration site, person is who cannot see it.
    """

    site: int
    purpose: Purpose
    reasons: Mapping[Why, int]
    person: int | None = None


@dataclass(frozen=True)
class Standing:
    """What is assigned already: sites with a first visit, those with a second, calibrations as
    (site, person), and how often each two went together.
    """

    first: frozenset[int] = frozenset()
    second: frozenset[int] = frozenset()
    calibrated: frozenset[tuple[int, int]] = frozenset()
    together: Mapping[frozenset[int], int] = field(default_factory=dict)


def allot(
    people: Sequence[Person],
    places: Sequence[Place],
    *,
    rules: Rules,
    seed: int,
    standing: Standing = Standing(),
) -> tuple[list[Allotted], list[Unfilled]]:
    """Deal what is not assigned yet; return what was dealt, and what could not be with the reasons.

    Sites with the fewest people who may go come first, else in random order. The second visits are
    the share of all sites, rounded up, drawn at random among those with a first one.
    """
    dealing = _Dealing(people, rules, seed, standing)
    counted = [place for place in places if not place.is_calibration]
    for place in dealing.in_order([p for p in counted if p.key not in standing.first]):
        dealing.deal(place, "first")
    wanted = math.ceil(round(rules.second_share * len(counted), 9)) - len(standing.second)
    open_ = [p for p in counted if p.key in dealing.first and p.key not in standing.second]
    at_random = sorted(open_, key=lambda place: (number(seed, f"second:{place.key}"), place.key))
    for place in dealing.in_order(at_random[: max(0, wanted)]):
        dealing.deal(place, "second")
    for place in (p for p in places if p.is_calibration):
        dealing.calibrate(place)
    return dealing.made, dealing.unfilled


def objections(
    person: Person, place: Place, *, rules: Rules, load: int | None = None
) -> frozenset[Why]:
    """Return every rule that keeps a person from a site."""
    found: set[Why] = set()
    if person.home and place.area.startswith(person.home):
        found.add("home")
    if place.key in person.conflicts:
        found.add("conflict")
    if place.key in person.seen:
        found.add("seen")
    if not person.is_trained:
        found.add("training")
    if person.areas is not None and not place.area.startswith(person.areas):
        found.add("area")
    has = person.load if load is None else load
    if rules.most is not None and has >= rules.most:
        found.add("cap")
    return frozenset(found)


class _Dealing:
    """One deal while it goes on."""

    def __init__(
        self, people: Sequence[Person], rules: Rules, seed: int, standing: Standing
    ) -> None:
        self.people, self.rules, self.seed, self.standing = people, rules, seed, standing
        self.load = {person.key: person.load for person in people}
        self.seen = {person.key: set(person.seen) for person in people}
        self.together = Counter(dict(standing.together))
        self.led: dict[int, int] = defaultdict(int)
        self.first = set(standing.first)
        self.luck: dict[tuple[int, int], Fraction] = {}
        self.made: list[Allotted] = []
        self.unfilled: list[Unfilled] = []

    def in_order(self, places: Iterable[Place]) -> list[Place]:
        """Return places, the hardest to fill first, else in random order."""
        return sorted(
            places,
            key=lambda p: (len(self._may_go(p)), number(self.seed, f"site:{p.key}"), p.key),
        )

    def deal(self, place: Place, purpose: Purpose) -> None:
        """Send people to a place, or note why nobody goes."""
        fit = self._fit(place)
        chosen = self._pair(place, fit) if self.rules.pairs else tuple(fit[:1])
        if not chosen:
            reasons = self._reasons(place)
            if self.rules.pairs and len(fit) > 1:
                reasons["together"] = len(fit)
            self.unfilled.append(Unfilled(place.key, purpose, reasons))
            return
        lead, *rest = sorted(chosen, key=lambda p: (self.led[p.key], self._luck(place, p)))
        self.led[lead.key] += 1
        for person in chosen:
            self.load[person.key] += 1
            self.seen[person.key].add(place.key)
        if rest:
            self.together[frozenset(person.key for person in chosen)] += 1
        self.first.add(place.key)
        partner = rest[0].key if rest else None
        self.made.append(Allotted(place.key, purpose, lead.key, partner))

    def calibrate(self, place: Place) -> None:
        """Send everybody to a calibration site, each alone; neither home nor load counts there."""
        for person in self.people:
            if (place.key, person.key) in self.standing.calibrated:
                continue
            kept: list[Why] = [
                why
                for why in ("conflict", "seen", "training")
                if why in self._objections(person, place)
            ]
            if kept:
                reasons = dict.fromkeys(kept, 1)
                self.unfilled.append(Unfilled(place.key, "calibration", reasons, person.key))
            else:
                self.made.append(Allotted(place.key, "calibration", person.key))

    def _objections(self, person: Person, place: Place) -> frozenset[Why]:
        found = objections(person, place, rules=self.rules, load=self.load[person.key])
        return found | {"seen"} if place.key in self.seen[person.key] else found

    def _may_go(self, place: Place) -> list[Person]:
        return [person for person in self.people if not self._objections(person, place)]

    def _fit(self, place: Place) -> list[Person]:
        """Return who may go, those with the least to do first, else in random order."""
        return sorted(self._may_go(place), key=lambda p: (self.load[p.key], self._luck(place, p)))

    def _pair(self, place: Place, fit: Sequence[Person]) -> tuple[Person, ...]:
        """Return the two with the least to do who went together least, () where none is left."""
        for among in (fit[:SHORT], fit):
            pairs = [
                (a, b)
                for a, b in combinations(among, 2)
                if self.together[frozenset((a.key, b.key))] < MOST_TOGETHER
            ]
            if pairs:
                return min(pairs, key=lambda pair: self._cost(place, *pair))
        return ()

    def _cost(self, place: Place, a: Person, b: Person) -> tuple[int, int, Fraction]:
        loads = self.load[a.key] + self.load[b.key]
        times = self.together[frozenset((a.key, b.key))]
        return loads, times, self._luck(place, a) + self._luck(place, b)

    def _luck(self, place: Place, person: Person) -> Fraction:
        drawn = self.luck.get((place.key, person.key))
        if drawn is None:
            drawn = number(self.seed, f"{place.key}:{person.key}")
            self.luck[place.key, person.key] = drawn
        return drawn

    def _reasons(self, place: Place) -> dict[Why, int]:
        counted: Counter[Why] = Counter()
        for person in self.people:
            counted.update(self._objections(person, place))
        return dict(counted)
