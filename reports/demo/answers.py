"""Simulated answers to the appliance questionnaire, calibrated so that the published percentages
come out exactly.

Exact are the numbers of sheets, the channels and the complaints (design 6). Everything else is
drawn: companies, scores with effects of company, person, place and mode, facts that follow the
scores.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.random import Generator

from reports.demo.cast import COMPANIES, DAYS, STREETS

PAPER, PAPER_FLAWED, ONLINE = 2000, 100, 2100
VALID = PAPER + ONLINE
CHANNELS = {"local_service": 1715, "dealer": 940, "street_shop": 582, "online": 280, "other": 583}
PROBLEMS = {
    "overcharging": 2026,
    "attitude": 1940,
    "repeat_repair": 1836,
    "late": 1703,
    "exaggerated": 1542,
    "parts": 1212,
}
REPAIRED = 0.40
NOT_SURE, OTHER = 0.12, 0.08
PRODUCTS = {
    "aircon": 0.27,
    "washer": 0.21,
    "fridge": 0.15,
    "tv": 0.14,
    "water_heater": 0.13,
    "kitchen": 0.07,
}
# shares of residents by city, roughly those of the 2020 census; the street points are all in the
# capital
CITIES = {
    "140100": 0.152, "140200": 0.089, "140300": 0.038, "140400": 0.091, "140500": 0.063, "140600": 0.046,
    "140700": 0.097, "140800": 0.137, "140900": 0.077, "141000": 0.114, "141100": 0.096,
}  # fmt: skip
ITEMS = {"speed": -0.25, "skill": 0.35, "price": -0.75, "overall": 0.0}
MIDDLE, PERSON, PLACE, NOISE, MODE = 7.1, 1.35, 0.25, 1.0, 0.30
PAPER_FIRST = datetime(2023, 2, 6, 9, 0)  # noqa: DTZ001  # made aware where it is stored
ONLINE_FIRST = datetime(2023, 2, 6, 8, 0)  # noqa: DTZ001


@dataclass(frozen=True)
class SimulatedSheet:
    """One response before it goes through the entrance; psu is place and day in the street,
    else its own.
    """

    answers: dict[str, object]
    mode: str
    psu: str
    submitted_at: datetime


def sheets(seed: int) -> Iterator[SimulatedSheet]:
    """Yield 4,200 responses: 4,100 valid ones and, on paper, 100 on which a required answer
    is missing.
    """
    rng = np.random.default_rng(seed)
    channels = _shuffled(rng, CHANNELS)
    problems = {name: _exactly(rng, count) for name, count in PROBLEMS.items()}
    places = [f"{street}:{day + 1:02}" for street in STREETS for day in range(DAYS)]
    place_effect = {place: rng.normal(0, PLACE) for place in places}
    for i in range(VALID):
        on_paper = i < PAPER
        place = places[i % len(places)] if on_paper else ""
        chosen = [name for name, who in problems.items() if who[i]] or ["none"]
        answers: dict[str, object] = {
            "city": _city(rng, on_paper),
            "channel": channels[i],
            "problems": chosen,
        }
        answers |= _repair(rng, place_effect.get(place, 0.0) + (MODE if on_paper else 0.0))
        yield _sheet(rng, answers, place)
    for i in range(PAPER_FLAWED):
        place = places[i % len(places)]
        missing = ("channel", "problems", "repaired")[i % 3]
        answers = {"city": "140100", "channel": "dealer", "problems": ["late"], "repaired": "no"}
        yield _sheet(
            rng, {name: answer for name, answer in answers.items() if name != missing}, place
        )


def _sheet(rng: Generator, answers: dict[str, object], place: str) -> SimulatedSheet:
    if place:
        day = int(place.rpartition(":")[2]) - 1
        moment = PAPER_FIRST + timedelta(days=day, minutes=int(rng.integers(0, 8 * 60)))
        return SimulatedSheet(answers, "paper", place, moment)
    moment = ONLINE_FIRST + timedelta(minutes=int(rng.integers(0, 22 * 24 * 60)))
    return SimulatedSheet(answers, "online", "", moment)


def _repair(rng: Generator, shift: float) -> dict[str, object]:
    """Return what somebody tells about a repair, or only that there was none."""
    if rng.random() >= REPAIRED:
        return {"repaired": "no"}
    kind = rng.random()
    answers: dict[str, object] = {"repaired": "yes", "product": _one_of(rng, PRODUCTS, "other")}
    effect = 0.0
    if kind < NOT_SURE:
        answers["company"] = "not_sure"
    elif kind < NOT_SURE + OTHER:
        answers |= {"company": "other", "company_other": "街口家电维修部"}
    else:
        actor = COMPANIES[
            rng.choice(
                len(COMPANIES), p=[a.share / sum(b.share for b in COMPANIES) for a in COMPANIES]
            )
        ]
        answers["company"], effect = actor.key, actor.effect
    level = MIDDLE + effect + shift + rng.normal(0, PERSON)
    for item, harder in ITEMS.items():
        points = int(np.clip(np.rint(level + harder + rng.normal(0, NOISE)), 1, 10))
        answers[item] = "na" if rng.random() < 0.03 else str(points)
    answers["quote"] = _quote(rng, level)
    answers["fixed"] = (
        "na" if rng.random() < 0.02 else "yes" if rng.random() < 0.35 + 0.055 * level else "no"
    )
    return answers


def _quote(rng: Generator, level: float) -> str:
    if rng.random() < 0.04:
        return "na"
    told = rng.random() < 0.45 + 0.05 * level
    return "none" if not told else "list" if rng.random() < 0.15 + 0.04 * level else "oral"


def _city(rng: Generator, on_paper: bool) -> str:
    if on_paper and rng.random() < 0.86:
        return "140100"
    return "else" if rng.random() < 0.02 else _one_of(rng, CITIES, "140100")


def _one_of(rng: Generator, shares: dict[str, float], rest: str) -> str:
    draw, total = rng.random(), 0.0
    for name, share in shares.items():
        total += share
        if draw < total:
            return name
    return rest


def _shuffled(rng: Generator, counts: dict[str, int]) -> list[str]:
    every = [name for name, count in counts.items() for _i in range(count)]
    return [every[i] for i in rng.permutation(len(every))]


def _exactly(rng: Generator, count: int) -> list[bool]:
    """Return True for so many of the valid sheets, anywhere."""
    return [bool(place < count) for place in rng.permutation(VALID)]
