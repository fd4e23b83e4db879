"""The map of the visited sites: dots on a grid of some 500 m, the names of the counties between
them. Nothing of it comes from anywhere, and no dot says what was found there.
"""

from __future__ import annotations

from collections.abc import Sequence

from config.language.texts import Language, Text
from inspections.campaigns.geo import WGS84, Position
from inspections.campaigns.site_map import Pin, site_map
from reports.publishing.charts import svg
from reports.publishing.charts.tokens import CLASS, INK, SECONDARY

PART = 0.5  # points of the page for a pixel of the map
SIZE = 18.0  # of the letters, in pixels


def picture(pins: Sequence[tuple[float, float, str, str]], language: Language) -> str:
    """Return the map as SVG, "" where no site has a position. pins: latitude, longitude (WGS-84)
    and the county's names.
    """
    drawn = site_map(
        Pin(Position(north, east, WGS84), "", Text(zh, en).get(language))
        for north, east, zh, en in pins
    )
    if drawn is None:
        return ""
    parts = [
        svg.element(
            "circle", cx=point.x, cy=point.y, r=5.0, fill=CLASS["above"], fill_opacity="0.45"
        )
        for point in drawn.points
    ]
    for label in drawn.labels:
        words = f"{label.text} {label.count}"
        # a Chinese letter is as wide as high, others some half of it
        wide = sum(SIZE if ord(letter) > 255 else SIZE * 0.56 for letter in words) + 8
        parts.append(
            svg.element(
                "rect",
                x=label.x - wide / 2,
                y=label.y - SIZE,
                width=wide,
                height=SIZE * 1.4,
                fill="#fff",
                fill_opacity="0.85",
            )
        )
        parts.append(svg.text(label.x, label.y, words, colour=INK, size=SIZE))
    bottom = float(drawn.height)
    parts.append(svg.line(12.0, bottom - 8, 12.0 + drawn.bar, bottom - 8, SECONDARY, 1.5))
    parts.append(
        svg.text(12.0, bottom - 14, drawn.bar_text, colour=SECONDARY, size=SIZE, anchor="start")
    )
    whole = svg.element("g", "".join(parts), transform=f"scale({PART})")
    names = ", ".join(f"{label.text} {label.count}" for label in drawn.labels)
    return svg.picture(drawn.width * PART, drawn.height * PART, [whole], title=names)
