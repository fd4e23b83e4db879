"""Where in the sample a response stands: stratum, place (PSU) and weight, decided here for every
channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from surveys.collection.models.collector import Collector
from surveys.collection.models.invitation import Invitation

# the stratum of responses that were drawn from no stratum
ALL = "all"
# how the name of a place begins that is a response's own
OWN = "own:"
# the longest name of a stratum or a place
LONGEST = 60


@dataclass(frozen=True)
class Place:
    """Stratum, PSU and design weight of one response; no name is blank, the weight is above 0."""

    stratum: str
    psu: str
    weight: float


def place(
    uid: UUID,
    *,
    stratum: str = "",
    psu: str = "",
    invitation: Invitation | None = None,
    collector: Collector | None = None,
    weight: float | None = None,
) -> Place:
    """Return where a response stands.

    What its channel knows of it (a file's row, a paper form, a visit) comes first, then the list
    it was drawn from, else the collector it came by; weight: that of the response it corrects, or
    of the site a visit went to. Who was drawn alone is a place alone; the place is named after the
    response, never after an invitation.
    """
    way = invitation or collector
    return Place(
        stratum=_named(stratum) or (_named(way.stratum) if way else "") or ALL,
        psu=_named(psu) or (_named(way.psu) if way else "") or f"{OWN}{uid.hex}",
        weight=invitation.weight if invitation else weight or 1.0,
    )


def _named(name: str) -> str:
    return name.strip()[:LONGEST].rstrip()
