"""A map of the province in which every city is a square of the same size: what a city has come to
is seen however small it is, and no outside map is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from config.language.languages import spoken
from config.language.texts import Text
from surveys.collection.models.area import Area

SIDE, GAP = 84, 4
# column and row of each city, about where it lies: north is up
PLACES = {
    "140600": (0, 0),  # 朔州
    "140200": (1, 0),  # 大同
    "140900": (1, 1),  # 忻州
    "141100": (0, 2),  # 吕梁
    "140100": (1, 2),  # 太原
    "140300": (2, 2),  # 阳泉
    "141000": (0, 3),  # 临汾
    "140700": (1, 3),  # 晋中
    "140400": (2, 3),  # 长治
    "140800": (0, 4),  # 运城
    "140500": (1, 4),  # 晋城
}
FAINT, FULL = 0.1, 0.6  # how dark a square is with nothing and with everything


@dataclass(frozen=True)
class Tile:
    """The square of one city: where it stands, what is written on it, how dark it is (0-1)."""

    x: int
    y: int
    name: str
    done: int
    wanted: int
    shade: float

    @property
    def middle(self) -> float:
        """The middle of the square, where its words stand."""
        return self.x + SIDE / 2


def tiles(
    done: Mapping[str, int], wanted: Mapping[str, int], cities: Mapping[str, Area]
) -> tuple[Tile, ...]:
    """Return the squares, dark by the share of what is wanted, or of the city with the most where
    nothing is wanted; none where nothing came from any city.
    """
    if not any(done.get(code) or wanted.get(code) for code in PLACES):
        return ()
    most = max(done.get(code, 0) for code in PLACES) or 1
    return tuple(
        Tile(
            x=column * (SIDE + GAP),
            y=row * (SIDE + GAP),
            name=Text(cities[code].zh.removesuffix("市"), cities[code].en).get(spoken()),
            done=done.get(code, 0),
            wanted=wanted.get(code, 0),
            shade=round(
                FAINT + (FULL - FAINT) * min(done.get(code, 0) / (wanted.get(code) or most), 1), 3
            ),
        )
        for code, (column, row) in PLACES.items()
        if code in cities
    )
