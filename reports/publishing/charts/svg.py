"""The few SVG elements the pictures are made of. Numbers have one decimal, so files are small
and stable.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from reports.publishing.charts.tokens import FAMILY


def number(x: float) -> str:
    """Write a coordinate."""
    return f"{x:.1f}".removesuffix(".0")


def element(tag: str, content: str = "", **attributes: object) -> str:
    """Return an element; underscores in attribute names become hyphens, None leaves the
    attribute out.
    """
    pairs = ((k.rstrip("_").replace("_", "-"), v) for k, v in attributes.items() if v is not None)
    words = "".join(
        f" {k}={quoteattr(number(v) if isinstance(v, float) else str(v))}" for k, v in pairs
    )
    return f"<{tag}{words}>{content}</{tag}>" if content else f"<{tag}{words}/>"


def picture(width: float, height: float, parts: Sequence[str], *, title: str | None) -> str:
    """Return a picture. `title` is read aloud; None is for a picture whose numbers stand as text
    beside it.
    """
    label = element("title", escape(title)) if title else ""
    return element(
        "svg",
        label + "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=f"{number(width)}pt",
        height=f"{number(height)}pt",
        role="img" if title else None,
        aria_hidden=None if title else "true",
    )


def line(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    colour: str,
    width: float,
    *,
    dashes: str | None = None,
) -> str:
    """Return a straight stroke."""
    path = f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}"
    return element(
        "path",
        d=path,
        stroke=colour,
        stroke_width=width,
        fill="none",
        stroke_dasharray=dashes,
    )


def text(
    x: float, y: float, words: str, *, colour: str, size: float, anchor: str = "middle"
) -> str:
    """Return words. The family is named on the element, or the PDF falls back to the Japanese
    face.
    """
    return element(
        "text",
        escape(words),
        x=x,
        y=y,
        fill=colour,
        font_size=size,
        font_family=FAMILY,
        text_anchor=anchor,
    )
