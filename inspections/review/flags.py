"""What stands out about a visit, for whoever looks at it. Nothing is refused for a flag: phones lie
about place and time, and so do clocks.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspections.campaigns import geo
from inspections.campaigns.sites import Site
from inspections.visits.models import Evidence, Visit

FAR = 200  # metres, beyond what the fix itself may be off
LATE = 5 * 60  # seconds
ALIKE = 6  # bits of 64 in which two pictures may differ
MOST = 5_000  # pictures of other visits that are compared


def flags_of(visit: Visit) -> Iterator[str]:
    """Yield in words what stands out about a visit and its evidence."""
    if visit.skew is not None and abs(visit.skew) > LATE:
        yield _("The clock of the phone was %(n)s minutes off.") % {
            "n": round(abs(visit.skew) / 60)
        }
    pieces = [piece for piece in visit.evidence.all() if piece.of_id is None]
    yield from _of_place(visit, pieces)
    yield from _of_sources(pieces)
    yield from _of_doubles(visit, pieces)


def _of_place(visit: Visit, pieces: list[Evidence]) -> Iterator[str]:
    if visit.device_id is None:
        return
    every: list[Visit | Evidence] = [visit, *pieces]
    fixed = [one for one in every if one.latitude is not None]
    if not fixed:
        yield _("No position: the phone had none, or was not allowed to tell it.")
        return
    known = (_beyond(visit.site, one) for one in fixed)
    farthest = max((away for away in known if away is not None), default=0.0)
    if farthest > FAR:
        yield _("Taken %(n)s m or more from the site.") % {"n": round(farthest)}


def _beyond(site: Site, one: Visit | Evidence) -> float | None:
    """Return how far something surely was from a site, in metres: the distance less what the fix
    may be off. None where either has no position.
    """
    if site.latitude is None or site.longitude is None:
        return None
    assert one.latitude is not None
    assert one.longitude is not None
    away = geo.distance(
        geo.Position(site.latitude, site.longitude, site.datum),
        geo.Position(one.latitude, one.longitude, one.datum),
    )
    return away - (one.accuracy or 0.0)


def _of_sources(pieces: list[Evidence]) -> Iterator[str]:
    chosen = sum(
        piece.source == Evidence.Source.GALLERY and piece.kind == Evidence.Kind.PHOTO
        for piece in pieces
    )
    if chosen:
        yield ngettext(
            "%(n)s photograph was chosen from the phone, not taken in the page.",
            "%(n)s photographs were chosen from the phone, not taken in the page.",
            chosen,
        ) % {"n": chosen}


def _of_doubles(visit: Visit, pieces: list[Evidence]) -> Iterator[str]:
    others = Evidence.objects.filter(visit__campaign=visit.campaign_id).exclude(visit=visit.pk)
    same = others.filter(sha256__in=[piece.sha256 for piece in pieces])
    for site in dict.fromkeys(same.values_list("visit__site__name", flat=True)):
        yield _("A file of this visit is in the visit to %(site)s as well.") % {"site": site}
    own = [int(piece.likeness, 16) for piece in pieces if piece.likeness]
    if not own:
        return
    known = others.exclude(likeness="").order_by("-pk").values_list("likeness", "visit__site__name")
    alike = {
        site
        for likeness, site in known[:MOST]
        if any((int(likeness, 16) ^ mine).bit_count() <= ALIKE for mine in own)
    }
    for site in sorted(alike):
        yield _("A picture looks like one of the visit to %(site)s.") % {"site": site}
