"""The ranking as a picture: one strip a company with score and interval on a common axis, and
its rank range.
"""

from __future__ import annotations

from config.charts.scale import Scale, label
from reports.publishing.charts import svg
from reports.publishing.charts.tokens import CLASS, HAIRLINE, INK, SECONDARY
from reports.statistics.comparing.classes import Class


def axis(scale: Scale, *, width: float) -> str:
    """Return the tick labels over the strips."""
    parts = [svg.text(scale(t), 9.0, label(t), colour=SECONDARY, size=7.4) for t in scale.ticks]
    return svg.picture(width, 12.0, parts, title=None)


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
        parts.append(svg.line(x, 0.0, x, height, "#9aa2ae", 0.6, dashes="2.2 1.8"))
    parts.append(svg.line(scale(low), middle, scale(high), middle, colour, 2.2, opacity="0.55"))
    parts.append(svg.element("circle", cx=scale(score), cy=middle, r=2.9, fill=colour))
    return svg.picture(width, height, parts, title=title)


def range_axis(count: int, *, width: float) -> str:
    """Return the two ends of the rank ranges, first and last place."""
    parts = [svg.text(0.0, 9.0, "1", colour=SECONDARY, size=7.4, anchor="start")]
    if count > 1:
        parts.append(svg.text(width, 9.0, str(count), colour=SECONDARY, size=7.4, anchor="end"))
    return svg.picture(width, 12.0, parts, title=None)


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
        _bar(0.0, width, middle, 4.4, HAIRLINE, "0.7"),
        _bar((low - 1) * cell, high * cell, middle, cap if cap > 2.2 else 4.4, CLASS[cls], "0.85"),
    ]
    return svg.picture(width, height, parts, title=title)


def _bar(left: float, right: float, middle: float, thick: float, colour: str, opacity: str) -> str:
    return svg.element(
        "rect",
        x=left,
        y=middle - thick / 2,
        width=max(right - left, 1.0),
        height=thick,
        rx=thick / 2,
        fill=colour,
        fill_opacity=opacity,
    )


def example(scale: Scale, *, width: float) -> str:
    """Return a strip with numbered parts, for the page that explains how to read one."""
    y = 26.0
    parts = [
        svg.line(scale(58.0), 8.0, scale(58.0), 44.0, "#9aa2ae", 0.6, dashes="2.2 1.8"),
        svg.line(scale(66.0), y, scale(78.0), y, CLASS["above"], 3.0, opacity="0.55"),
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
    parts += [svg.text(scale(t), 70.0, label(t), colour=SECONDARY, size=7.4) for t in scale.ticks]
    return svg.picture(width, 74.0, parts, title=None)
