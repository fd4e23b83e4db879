"""Posters with a QR code, one A4 page each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import segno
from django.conf import settings
from django.template.loader import render_to_string

from config.console import printing
from config.language.texts import Text

STYLE = settings.BASE_DIR / "surveys" / "templates" / "surveys" / "links" / "poster.css"
# error correction Q: still read when a quarter of it is dirty or torn (ISO/IEC 18004); the quiet
# zone is 4 modules
LEVEL, QUIET = "q", 4


@dataclass(frozen=True)
class Poster:
    """What one poster says: where its code leads, what is asked, who asks, where it hangs."""

    address: str
    title: Text
    organiser: Text
    place: Text
    minutes: int


def posters(every: Sequence[Poster], *, day: date) -> bytes:
    """Return a PDF with a page for each poster, in both languages."""
    pages = [{"poster": poster, "code": code(poster.address)} for poster in every]
    html = render_to_string("surveys/links/poster.html", {"pages": pages, "day": day})
    return printing.pdf(html, [STYLE.read_text(encoding="utf-8")], day=day)


def code(address: str) -> str:
    """Return the QR code of an address as SVG, its quiet zone included."""
    made: str = segno.make(address, error=LEVEL, micro=False, boost_error=False).svg_inline(
        scale=4, border=QUIET, omitsize=True
    )
    return made
