"""The ranking as a picture: one strip a company with score and interval on a common axis, and
its rank range.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from config.charts.scale import Scale, label
from reports.publishing.charts import svg
from reports.publishing.charts.tokens import CLASS, HAIRLINE, INK, MEAN, SECONDARY, TICK
from reports.statistics.comparing.classes import Class


def axis(scale: Scale, *, width: float, title: str | None = None) -> str:
    """Return the tick labels over the strips: as many as stand apart, none cut off."""
    return svg.picture(width, 12.0, list(_ticks(scale, 9.0, width)), title=title)


def _ticks(scale: Scale, y: float, width: float) -> Iterator[str]:
    """Yield every first, second … tick, so that no two touch; a label at an end stays inside."""
    wide = max(0.6 * TICK * len(label(t)) for t in scale.ticks)
    every = 1
    while every < len(scale.ticks) and scale(scale.ticks[every]) - scale.left < wide + 4:
        every += 1
    for tick in scale.ticks[::every]:
        x = min(max(scale(tick), wide / 2), width - wide / 2)
        yield svg.text(x, y, label(tick), colour=SECONDARY, size=TICK)


def strip(
    scale: Scale,
    *,
    score: float,
    low: float,
    high: float,
    average: float | None,
    cls: Class | None,
    width: float,
    height: float = 18.0,
    title: str | None = None,
) -> str:
    """Return one company's strip: interval as a line, score as a dot, the common mean as a
    dashed line behind.
    """
    middle, colour = height / 2, CLASS[cls]
    parts = []
    if average is not None:
        x = scale(average)
        parts.append(svg.line(x, 0.0, x, height, MEAN, 0.7, dashes="2.2 1.8"))
    parts.append(svg.line(scale(low), middle, scale(high), middle, colour, 1.6))
    parts.append(svg.element("circle", cx=scale(score), cy=middle, r=2.9, fill=colour))
    return svg.picture(width, height, parts, title=title)


def range_axis(count: int, *, width: float, title: str | None = None) -> str:
    """Return the two ends of the rank ranges, first and last place."""
    parts = [svg.text(0.0, 9.0, "1", colour=SECONDARY, size=TICK, anchor="start")]
    if count > 1:
        parts.append(svg.text(width, 9.0, str(count), colour=SECONDARY, size=TICK, anchor="end"))
    return svg.picture(width, 12.0, parts, title=title)


def rank_range(
    low: int,
    high: int,
    count: int,
    *,
    cls: Class | None,
    width: float,
    height: float = 18.0,
    title: str | None = None,
) -> str:
    """Return the places a company may hold among `count`, as a filled part of a bar."""
    middle, cell = height / 2, width / count
    cap = min(4.4, max(cell * 0.8, 1.0))
    parts = [
        _bar(0.0, width, middle, 4.4, HAIRLINE),
        _bar((low - 1) * cell, high * cell, middle, cap if cap > 2.2 else 4.4, CLASS[cls]),
    ]
    return svg.picture(width, height, parts, title=title)


def _bar(left: float, right: float, middle: float, thick: float, colour: str) -> str:
    return svg.element(
        "rect",
        x=left,
        y=middle - thick / 2,
        width=max(right - left, 1.0),
        height=thick,
        rx=thick / 2,
        fill=colour,
    )


def example(scale: Scale, *, width: float) -> str:
    """Return a strip with numbered parts, for the page that explains how to read one."""
    y = 26.0
    parts = [
        svg.line(scale(58.0), 8.0, scale(58.0), 44.0, MEAN, 0.7, dashes="2.2 1.8"),
        svg.line(scale(66.0), y, scale(78.0), y, CLASS["above"], 2.2),
        svg.element("circle", cx=scale(72.0), cy=y, r=4.0, fill=CLASS["above"]),
    ]
    for value, mark, level in ((58.0, "3", 54.0), (72.0, "1", 16.0), (77.0, "2", 42.0)):
        parts.append(
            svg.element(
                "circle",
                cx=scale(value),
                cy=level - 2.8,
                r=5.6,
                fill="none",
                stroke=INK,
                stroke_width=0.6,
            )
        )
        parts.append(svg.text(scale(value), level, mark, colour=INK, size=7.6))
    parts += _ticks(scale, 70.0, width)
    return svg.picture(width, 74.0, parts, title=None)


def overview(
    scale: Scale,
    bands: Sequence[tuple[Class | None, str, Sequence[float]]],
    *,
    average: float | None,
    width: float,
    title: str,
) -> str:
    """Return all companies as dots, a line for each class with its words, and their mean."""
    each, bottom = 26.0, 26.0 * len(bands)
    parts = []
    if average is not None:
        x = scale(average)
        parts.append(svg.line(x, 0.0, x, bottom, MEAN, 0.7, dashes="2.2 1.8"))
    for i, (cls, words, scores) in enumerate(bands):
        y = each * i + each / 2
        parts.append(svg.line(scale.left, y, scale.right, y, HAIRLINE, 0.5))
        parts.append(svg.text(0.0, y + 3.2, words, colour=INK, size=9.0, anchor="start"))
        parts += [
            svg.element(
                "circle",
                cx=scale(score),
                cy=y,
                r=3.4,
                fill=CLASS[cls],
                stroke="#ffffff",
                stroke_width=0.6,
            )
            for score in scores
        ]
    parts += _ticks(scale, bottom + 10.0, width)
    return svg.picture(width, bottom + 14.0, parts, title=title)
