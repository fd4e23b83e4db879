"""Route plans: where one person goes, on A4, with a code for each visit that opens it on the
phone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string

from config.console import printing
from surveys.channels.links.poster import code

STYLE = settings.BASE_DIR / "inspections" / "templates" / "inspections" / "assigning" / "routes.css"


@dataclass(frozen=True)
class Stop:
    """One visit of a route. Nothing says whether it is a first or a second one: who comes second
    does not know the first.
    """

    number: int
    site: str
    kind: str
    area: str
    address: str
    due_on: date | None
    with_whom: str
    link: str

    @property
    def picture(self) -> str:
        """The QR code of its link, as SVG."""
        return code(self.link)


@dataclass(frozen=True)
class Route:
    """The visits of one person, in the order of the days and districts."""

    person: str
    stops: Sequence[Stop]


def route_sheets(routes: Sequence[Route], *, title: str, organiser: str, day: date) -> bytes:
    """Return a PDF in the language that is spoken; every person begins a page."""
    context = {"routes": routes, "title": title, "organiser": organiser, "day": day}
    html = render_to_string("inspections/assigning/routes.html", context)
    return printing.pdf(html, [STYLE.read_text(encoding="utf-8")], day=day)
