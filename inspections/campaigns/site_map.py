"""A map of sites: their own positions as points, north up, the names of the counties in between.
No picture comes from anywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, floor, log10, radians

from inspections.campaigns.geo import RADIUS, Position

WIDTH, TALLEST, MARGIN = 640, 760, 34
METRES = radians(1) * RADIUS  # of one degree of latitude
# what is nearer together than this is shown larger than it is, not as one dot
SMALLEST = 500.0
BAR = 120  # the scale is at most so wide


@dataclass(frozen=True)
class Pin:
    """One site to be shown: where, what it is called, where it leads, how it is marked."""

    position: Position
    name: str
    group: str
    href: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Point:
    """A site on the picture."""

    x: float
    y: float
    name: str
    href: str
    mark: str


@dataclass(frozen=True)
class Label:
    """The name of a county with the number of its sites, in their middle."""

    x: float
    y: float
    text: str
    count: int


@dataclass(frozen=True)
class SiteMap:
    """The picture: its size, points, names, and a scale of so many pixels."""

    width: int
    height: int
    points: tuple[Point, ...]
    labels: tuple[Label, ...]
    bar: float
    bar_text: str


def site_map(pins: Iterable[Pin]) -> SiteMap | None:
    """Return the map of sites that have a position; None where none has.

    Degrees become a plane at the middle latitude (equirectangular): within a province a line is at
    most some 2 % too long or too short.
    """
    listed = list(pins)
    if not listed:
        return None
    places = [pin.position.in_wgs84() for pin in listed]
    middle = (min(p.latitude for p in places) + max(p.latitude for p in places)) / 2
    east = [p.longitude * METRES * cos(radians(middle)) for p in places]
    north = [p.latitude * METRES for p in places]
    across, up = max(east) - min(east), max(north) - min(north)
    room = WIDTH - 2 * MARGIN, TALLEST - 2 * MARGIN
    scale = min(room[0] / max(across, SMALLEST), room[1] / max(up, SMALLEST))
    height = int(up * scale) + 2 * MARGIN
    left = (WIDTH - across * scale) / 2
    points = tuple(
        Point(
            round(left + (x - min(east)) * scale, 1),
            round(height - MARGIN - (y - min(north)) * scale, 1),
            pin.name,
            pin.href,
            pin.mark,
        )
        for pin, x, y in zip(listed, east, north, strict=True)
    )
    metres = _round_down(BAR / scale)
    text = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    return SiteMap(
        WIDTH, height + MARGIN, points, _labels(listed, points), round(metres * scale, 1), text
    )


def _labels(pins: list[Pin], points: tuple[Point, ...]) -> tuple[Label, ...]:
    groups: dict[str, list[Point]] = defaultdict(list)
    for pin, point in zip(pins, points, strict=True):
        groups[pin.group].append(point)
    return tuple(
        Label(
            round(sum(point.x for point in inside) / len(inside), 1),
            round(sum(point.y for point in inside) / len(inside), 1),
            name,
            len(inside),
        )
        for name, inside in groups.items()
    )


def _round_down(metres: float) -> float:
    """Return the largest 1, 2 or 5 with noughts that is not above a length."""
    power = 10.0 ** floor(log10(metres))
    return max(step * power for step in (1, 2, 5) if step * power <= metres)
