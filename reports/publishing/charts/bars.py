"""Shares as bars from 0, each with its interval as a line across the end."""

from __future__ import annotations

from reports.publishing.charts import svg
from reports.publishing.charts.tokens import BAR, HAIRLINE, INK


def bar(
    share: float,
    low: float,
    high: float,
    *,
    width: float,
    height: float = 12.0,
    full: float = 1.0,
    title: str | None = None,
) -> str:
    """Return the bar of a share; `full` is the share that fills the width."""
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
        svg.line(low * scale, middle, min(high, full) * scale, middle, INK, 1.0),
        svg.line(low * scale, middle - 2.5, low * scale, middle + 2.5, INK, 1.0),
        svg.line(
            min(high, full) * scale, middle - 2.5, min(high, full) * scale, middle + 2.5, INK, 1.0
        ),
    ]
    return svg.picture(width, height, parts, title=title)
