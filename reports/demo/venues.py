"""A simulated frame of places that charge by QR code, and what visits to 205 of them saw: findings
at 30 of 113 car parks and 35 of 87 restaurants.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, product

import numpy as np
from numpy.random import Generator

from reports.demo.cast import CAR_PARKS, CHAINS, COUNTIES, OTHERS, PLACES, VENDORS

# the 205 sites that were visited in 2023, by kind
VISITED = {"car_park": 113, "restaurant": 87, "petrol_station": 2, "shop": 2, "other": 1}
# a twentieth of the frame is drawn: its size does not matter, and the intervals are those of 2023
FRAMES = 20
FOUND = {"car_park": 30, "restaurant": 35}
FORCED = {"car_park": 29, "restaurant": 15}  # guide or force to follow, as published
FIRST = datetime(2023, 10, 20, 9, 30)  # noqa: DTZ001  # made aware where it is stored
VISIT_DAYS = 6
REVISITED, FIXED = 52, 41
REVISIT_FIRST = datetime(2023, 11, 14, 10, 0)  # noqa: DTZ001
RETURNED = 12  # visits that a supervisor sent back
SPREAD = 0.045  # degrees around the middle of a county

CLEAN: dict[str, object] = {
    "app": "wechat",
    "followed_before": "no",
    "code_kind": "pay",
    "follow": "none",
    "jump": "no",
    "register": "none",
    "location": "none",
    "identity": "none",
    "privacy": "yes",
    "default_tick": "no",
    "alternative": "yes",
    "ads": "none",
    "after": "na",
    "amount": "yes",
    "licence": "yes",
}
# what is found where nobody is forced to follow, and beside it
DATA = (
    {"register": "forced"},
    {"location": "forced"},
    {"identity": "forced"},
    {"default_tick": "yes"},
)
ELSE = ({"alternative": "no"}, {"ads": "charged"}, {"amount": "no"})
# where two people see the same differently: what can be skipped is easily overlooked
OVERLOOKED = ("follow", "register", "location", "identity")


@dataclass(frozen=True)
class Venue:
    """A place of the frame; chain is "" for none; degrees are WGS-84."""

    name: str
    kind: str
    area: str
    vendor: str
    chain: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Seen:
    """What is seen at a place: at the first visit, by others who come a second time, and at the
    revisit, None where there is none.

    mistaken: what was written first, where a supervisor sends the visit back.
    """

    answers: dict[str, object]
    visited_at: datetime
    second: dict[str, object]
    again: dict[str, object] | None = None
    mistaken: dict[str, object] = field(default_factory=dict)


def frame(seed: int) -> Iterator[Venue]:
    """Yield the places of the frame, each kind FRAMES times as many as were visited."""
    rng = np.random.default_rng(seed)
    for kind, visited in VISITED.items():
        for name, _i in zip(_names(kind), range(visited * FRAMES), strict=False):
            area = str(rng.choice(list(COUNTIES)))
            north, east = COUNTIES[area]
            yield Venue(
                name=name,
                kind=kind,
                area=area,
                vendor=VENDORS[int(rng.choice(len(VENDORS), p=_falling(len(VENDORS))))],
                chain=name.partition("(")[0] if kind == "restaurant" else "",
                latitude=round(north + rng.uniform(-SPREAD, SPREAD), 5),
                longitude=round(east + rng.uniform(-SPREAD, SPREAD), 5),
            )


def seed_of_2023(kinds: Sequence[tuple[int, str]]) -> int:
    """Return the first seed whose simple draw has as many car parks and restaurants as were visited
    in 2023: some one in a hundred has. kinds: key and kind of every site of the frame.

    The order of a simple draw is that of the SHA-256 of "SEED:KEY" (campaigns.drawing).
    """
    size, wanted = sum(VISITED.values()), [VISITED[kind] for kind in FOUND]
    for seed in count():
        order = sorted(kinds, key=lambda one: hashlib.sha256(f"{seed}:{one[0]}".encode()).digest())
        drawn = Counter(kind for _key, kind in order[:size])
        if [drawn[kind] for kind in FOUND] == wanted:
            return seed
    raise AssertionError


def seen(seed: int, kinds: Sequence[str]) -> list[Seen]:
    """Return what is seen at each of the drawn sites, in their order; kinds are theirs."""
    rng = np.random.default_rng(seed)
    found = _found(rng, kinds)
    revisits = _revisits(rng, found)
    returned = set(rng.permutation(len(kinds))[:RETURNED].tolist())
    made = []
    for i, (kind, extra) in enumerate(zip(kinds, found, strict=True)):
        usual = {"code_kind": _code(kind, rng), "follow": _suggested(rng)}
        answers = {**CLEAN, **usual, **(extra or {})}
        minutes = 25 * (i // VISIT_DAYS)
        made.append(
            Seen(
                answers,
                FIRST + timedelta(days=i % VISIT_DAYS, minutes=minutes % 480),
                second=_second(rng, answers),
                again=revisits.get(i),
                mistaken={"amount": "no", "licence": "no"} if i in returned else {},
            )
        )
    return made


def _names(kind: str) -> Iterable[str]:
    numbers = range(1, 1000)
    if kind == "car_park":
        return (f"{p}{k}停车场{n}区" for n, k, p in product(numbers, CAR_PARKS, PLACES))
    if kind == "restaurant":
        return (f"{c}({p}{n}店)" for n, p, c in product(numbers, PLACES, CHAINS))
    return (f"{p}{n}号{OTHERS[kind]}" for n, p in product(numbers, PLACES))


def _found(rng: Generator, kinds: Sequence[str]) -> list[dict[str, object] | None]:
    """Return what is found at each site, None where nothing is."""
    out: list[dict[str, object] | None] = [None] * len(kinds)
    for kind, problems in FOUND.items():
        places = [i for i, of in enumerate(kinds) if of == kind]
        for n, i in enumerate(rng.permutation(places)[:problems]):
            forced = n < FORCED[kind]
            extra: dict[str, object] = (
                {"follow": "forced"} if forced else dict(DATA[int(rng.integers(len(DATA)))])
            )
            if forced and rng.random() < 0.4:
                extra |= {"jump": "yes"}
            if rng.random() < 0.35:
                extra |= DATA[int(rng.integers(len(DATA)))]
            if rng.random() < 0.3:
                extra |= ELSE[int(rng.integers(len(ELSE)))]
            out[i] = extra
    return out


def _revisits(
    rng: Generator, found: list[dict[str, object] | None]
) -> dict[int, dict[str, object]]:
    """Return what was seen where somebody came back: only sites with findings, most of them mended,
    of the others every second in part.
    """
    with_findings = [i for i, extra in enumerate(found) if extra is not None]
    again = rng.permutation(with_findings)[:REVISITED]
    seen_again = {}
    for n, i in enumerate(again):
        left = list((found[i] or {}).items()) if n >= FIXED else []
        kept = left[:1] if n % 2 else left
        seen_again[int(i)] = {**CLEAN, **dict(kept)}
    return seen_again


def _second(rng: Generator, answers: dict[str, object]) -> dict[str, object]:
    """Return what others write down at the same site on another day."""
    turned = {"none": "skippable", "skippable": "none"}
    changed = {
        name: turned[str(answers[name])]
        for name in OVERLOOKED
        if answers[name] in turned and rng.random() < 0.06
    }
    return {**answers, **changed}


def _suggested(rng: Generator) -> str:
    """Return whether following is at least suggested; what can be skipped is no finding."""
    return "skippable" if rng.random() < 0.25 else "none"


def _code(kind: str, rng: Generator) -> str:
    if kind == "car_park":
        return "park"
    return "order" if kind == "restaurant" and rng.random() < 0.7 else "pay"


def _falling(count: int) -> list[float]:
    weights = [1 / (i + 1) for i in range(count)]
    return [w / sum(weights) for w in weights]
