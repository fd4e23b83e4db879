"""Simulated visits to 205 venues that charge by QR code: findings at 30 of 113 car parks and 35
of 87 restaurants.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.random import Generator

from reports.demo.cast import CAR_PARKS, CHAINS, COUNTIES, OTHERS, PLACES, VENDORS

CAR_PARK_COUNT, RESTAURANT_COUNT = 113, 87
CAR_PARKS_FOUND, RESTAURANTS_FOUND = 30, 35
FORCED = {"car_park": 29, "restaurant": 15}  # guide or force to follow, as published
FIRST = datetime(2023, 10, 20, 9, 30)  # noqa: DTZ001  # made aware where it is stored
VISIT_DAYS = 6
REVISITED, FIXED = 52, 41
REVISIT_FIRST = datetime(2023, 11, 14, 10, 0)  # noqa: DTZ001

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


@dataclass(frozen=True)
class Venue:
    """A venue and what the checklist says of it; `again` is what the revisit said, None where
    there was none.
    """

    name: str
    kind: str
    area: str
    vendor: str
    chain: str
    answers: dict[str, object]
    visited_at: datetime
    again: dict[str, object] | None
    inspectors: tuple[int, int]


def venues(seed: int, inspectors: int) -> Iterator[Venue]:
    """Yield the venues of the campaign in the order of the visits."""
    rng = np.random.default_rng(seed)
    park_names = [f"{place}{kind}停车场" for kind in CAR_PARKS for place in PLACES]
    parks = [
        ("car_park", park_names[i] if i < len(park_names) else f"晋台路停车场{i}")
        for i in range(CAR_PARK_COUNT)
    ]
    branches = [f"{chain}({place}店)" for place in PLACES for chain in CHAINS]
    restaurants = [("restaurant", branches[i]) for i in range(RESTAURANT_COUNT)]
    found = _found(rng, "car_park", CAR_PARK_COUNT, CAR_PARKS_FOUND)
    found += _found(rng, "restaurant", RESTAURANT_COUNT, RESTAURANTS_FOUND)
    found += [None] * len(OTHERS)
    revisits = _revisits(rng, found)
    places = [*parks, *restaurants, *OTHERS]
    for order, i in enumerate(rng.permutation(len(places))):
        kind, name = places[i]
        extra = found[i]
        minutes = 25 * (order // VISIT_DAYS)
        yield Venue(
            name=name,
            kind=kind,
            area=COUNTIES[int(rng.integers(len(COUNTIES)))],
            vendor=VENDORS[int(rng.choice(len(VENDORS), p=_falling(len(VENDORS))))],
            chain=name.partition("(")[0] if kind == "restaurant" else "",
            answers={
                **CLEAN,
                "code_kind": _code(kind, rng),
                "follow": _suggested(rng),
                **(extra or {}),
            },
            visited_at=FIRST + timedelta(days=order % VISIT_DAYS, minutes=minutes % 480),
            again=revisits.get(int(i)),
            inspectors=_pair(rng, inspectors),
        )


def _found(rng: Generator, kind: str, count: int, problems: int) -> list[dict[str, object] | None]:
    """Return what is found at each venue of a kind, None where nothing is."""
    out: list[dict[str, object] | None] = [None] * count
    for n, i in enumerate(rng.permutation(count)[:problems]):
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
    """Return what was seen where somebody came back: only venues with findings, most of them
    mended.
    """
    with_findings = [i for i, extra in enumerate(found) if extra is not None]
    again = rng.permutation(with_findings)[:REVISITED]
    return {
        int(i): dict(CLEAN) if n < FIXED else {**CLEAN, **(found[i] or {})}
        for n, i in enumerate(again)
    }


def _suggested(rng: Generator) -> str:
    """Return whether following is at least suggested; what can be skipped is no finding."""
    return "skippable" if rng.random() < 0.25 else "none"


def _code(kind: str, rng: Generator) -> str:
    return (
        "park"
        if kind == "car_park"
        else "order"
        if kind == "restaurant" and rng.random() < 0.7
        else "pay"
    )


def _falling(count: int) -> list[float]:
    weights = [1 / (i + 1) for i in range(count)]
    return [w / sum(weights) for w in weights]


def _pair(rng: Generator, inspectors: int) -> tuple[int, int]:
    first, second = rng.choice(inspectors, size=2, replace=False)
    return int(first), int(second)
