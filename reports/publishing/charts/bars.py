"""Shares as bars from 0, each with its interval as a line across the end."""

from __future__ import annotations

from config.charts.scale import Scale, label
from reports.publishing.charts import svg
from reports.publishing.charts.tokens import BAR, HAIRLINE, INK, SECONDARY


def axis(scale: Scale, *, width: float) -> str:
    """Return the tick labels over bars that are all as wide as the scale; the outer ones end with
    it.
    """
    ends = {0: "start", len(scale.ticks) - 1: "end"}
    parts = [
        svg.text(scale(t), 9.0, label(t), colour=SECONDARY, size=7.4, anchor=ends.get(i, "middle"))
        for i, t in enumerate(scale.ticks)
    ]
    return svg.picture(width, 12.0, parts, title=None)


def bar(
    share: float,
    low: float | None,
    high: float | None,
    *,
    width: float,
    height: float = 12.0,
    full: float = 1.0,
    title: str | None = None,
) -> str:
    """Return the bar of a share, or of a count, which has no interval; `full` fills the width."""
    middle, scale = height / 2, width / full
    parts = [
        svg.line(0.0, middle, width, middle, HAIRLINE, 0.5),
        svg.element(
            "rect",
            y=middle - 3,
            width=share * scale,
            height=6,
            fill=BAR,
        ),
    ]
    if low is not None and high is not None:
        left, right = low * scale, min(high, full) * scale
        parts.append(svg.line(left, middle, right, middle, INK, 1.0))
        parts += [svg.line(x, middle - 2.5, x, middle + 2.5, INK, 1.0) for x in (left, right)]
    return svg.picture(width, height, parts, title=title)
