"""Samples of a campaign: drawn once, frozen with their hash; a site that cannot be visited is
replaced by the next one of the same draw.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.accounts import audit
from config.accounts.models import User
from config.language.problems import InvalidInput, Problem, say
from config.tabular.columns import columns_of
from config.tabular.tables import TextTable
from inspections.campaigns import drawing
from inspections.campaigns.drawing import Drawn, Unit
from inspections.campaigns.models import Assignment, Campaign, CampaignSite, Draw
from inspections.campaigns.services import NotPossible
from inspections.campaigns.sites import Site

HEADINGS = {"id": ("编号",), "stratum": ("层",), "size": ("规模",)}
LARGEST_SEED = 2**53  # what every program holds exactly
LARGEST_SIZE = Fraction(10**9)


@dataclass(frozen=True)
class Line:
    """One line of a frame: a site, its stratum and its size."""

    site: Site
    stratum: str = ""
    size: Fraction = Fraction(1)


@transaction.atomic
def draw_sites(
    *,
    campaign: Campaign,
    frame: Sequence[Line],
    method: drawing.Method,
    size: int,
    seed: int | None,
    source: str,
    source_on: date,
    by: User | None,
) -> Draw:
    """Draw the sites of a campaign from a frame and freeze the draw; without a seed one is chosen.

    A second draw is possible from another frame: its strata are strata of their own. Raises
    drawing.CannotDraw, and NotPossible: "purposive" for a campaign that is led by complaints,
    "by_hand" for one with sites that somebody chose, "drawn" where a site was in a frame before.
    """
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    _check(campaign, frame)
    seed = secrets.randbelow(LARGEST_SEED) if seed is None else seed
    units = [Unit(line.site.pk, line.stratum, line.size) for line in frame]
    drawn = drawing.draw(units, method=method, size=size, seed=seed)
    chosen = [one for one in drawn if one.is_drawn]
    listed = [_frame_record(line) for line in sorted(frame, key=lambda line: line.site.pk)]
    content: dict[str, Any] = {
        "method": str(method),
        "size": size,
        "seed": seed,
        "frame": listed,
        "drawn": [_drawn_record(one) for one in chosen],
    }
    made = Draw.objects.create(
        campaign=campaign,
        source=source[:200],
        source_on=source_on,
        sha256=drawing.sha256(**content),
        made_by=by,
        **content,
    )
    number = campaign.draws.count()
    for one in chosen:
        _place(campaign, made, one, number)
    after = {name: content[name] for name in ("method", "size", "seed")}
    after |= {"frame": len(frame), "sha256": made.sha256}
    audit.record(by=by, action="campaign.draw", target=campaign, after=after)
    return made


@transaction.atomic
def drop(*, place: CampaignSite, because: str, by: User | None) -> CampaignSite | None:
    """Give up a site that cannot be visited; return the one that takes its place, None where the
    site was not drawn or its stratum has no more.

    Assignments to it end. Raises NotPossible: "reason" without one, "dropped" for one given up
    before, "visited" for one that was visited.
    """
    place = CampaignSite.objects.select_for_update().get(pk=place.pk)
    if not because.strip():
        raise NotPossible("reason")
    if place.dropped_at:
        raise NotPossible("dropped")
    if place.site.visits.filter(campaign=place.campaign_id).exclude(status="void").exists():
        raise NotPossible("visited")
    place.dropped_at, place.dropped_because = timezone.now(), because.strip()[:300]
    place.save(update_fields=["dropped_at", "dropped_because"])
    Assignment.objects.filter(
        campaign=place.campaign_id, site=place.site_id, cancelled_at=None
    ).update(cancelled_at=timezone.now(), cancelled_because=place.dropped_because)
    instead = _replacement(place) if place.draw else None
    after = {"replaced_by": str(instead.site) if instead else ""}
    audit.record(
        by=by, action="campaign.drop_site", target=place, after=after, reason=place.dropped_because
    )
    return instead


def again(made: Draw) -> bool:
    """Draw once more from what is kept, and say whether the same came out under the same hash."""
    drawn = [_drawn_record(one) for one in order_of(made) if one.is_drawn]
    content: dict[str, Any] = {name: getattr(made, name) for name in ("method", "size", "seed")}
    same = drawing.sha256(frame=made.frame, drawn=made.drawn, **content) == made.sha256
    return same and drawn == made.drawn


def order_of(made: Draw) -> list[Drawn]:
    """Return every unit of a draw's frame in its random order, drawn or not."""
    units = [Unit(one["site"], one["stratum"], Fraction(one["size"])) for one in made.frame]
    method: Any = made.method
    return drawing.draw(units, method=method, size=made.size, seed=made.seed)


def lines_of(sites: Iterable[Site], strata: str) -> list[Line]:
    """Return the frame of sites of the directory, with strata by kind, city, county or both."""
    return [Line(site, _stratum(site, strata)) for site in sites]


def lines_of_table(table: TextTable, sites: Iterable[Site]) -> list[Line]:
    """Return the frame that a file has: sites by id, with stratum and size where it has them.

    Raises InvalidInput with every cell that is wrong.
    """
    columns = columns_of(table, HEADINGS, needed=("id",))
    known = {str(site.pk): site for site in sites}
    lines, problems = [], []
    for row, cells in table.frame.iterrows():
        given = {name: str(cells[column]).strip() for name, column in columns.items()}
        site, size = known.get(given["id"]), _size(given.get("size", ""))
        stratum = given.get("stratum", "")
        if site is None:
            problems.append(
                Problem(
                    table.place(row, columns["id"]),
                    say("there is no site {id}, or it was merged into another"),
                    {"id": given["id"]},
                )
            )
        if size is None:
            text = say("is no size above 0")
            problems.append(Problem(table.place(row, columns["size"]), text))
        if len(stratum) > drawing.LONGEST_STRATUM:
            text = say("is longer than {most} characters")
            values = {"most": drawing.LONGEST_STRATUM}
            problems.append(Problem(table.place(row, columns["stratum"]), text, values))
        if site and size:
            lines.append(Line(site, stratum, size))
    if problems:
        raise InvalidInput(*problems)
    return lines


def _check(campaign: Campaign, frame: Sequence[Line]) -> None:
    if campaign.selection != Campaign.Selection.RANDOM:
        raise NotPossible("purposive")
    places = campaign.places.filter(draw=None, dropped_at=None)
    if by_hand := places.filter(is_calibration=False).count():
        raise NotPossible("by_hand", n=by_hand)
    keys = {line.site.pk for line in frame}
    keys_before = {one["site"] for made in campaign.draws.all() for one in made.frame}
    if both := keys & keys_before:
        raise NotPossible("drawn", n=len(both))
    if practice := places.filter(site__in=keys).count():
        raise NotPossible("practice", n=practice)


def _place(
    campaign: Campaign,
    made: Draw,
    one: Drawn,
    number: int,
    replaces: CampaignSite | None = None,
) -> CampaignSite:
    """Put a drawn unit among the sites of a campaign, in a stratum of this draw."""
    stratum = one.stratum if number == 1 else f"{number} {one.stratum}".strip()
    place = CampaignSite.objects.filter(campaign=campaign, site=one.key).first()
    place = place or CampaignSite(campaign=campaign, site_id=one.key)
    place.draw, place.stratum = made, stratum[: drawing.LONGEST_STRATUM]
    place.probability, place.replaces = float(one.probability), replaces
    place.dropped_at, place.dropped_because, place.is_calibration = None, "", False
    place.save()
    return place


def _replacement(place: CampaignSite) -> CampaignSite | None:
    made = place.draw
    assert made is not None
    taken = CampaignSite.objects.filter(draw=made).values_list("site", flat=True)
    merged = Site.objects.exclude(merged_into=None).filter(
        pk__in=[one["site"] for one in made.frame]
    )
    gone = [*taken, *merged.values_list("pk", flat=True)]
    one = drawing.replacement(order_of(made), place.site_id, gone)
    if one is None:
        return None
    number = Draw.objects.filter(campaign=place.campaign_id, pk__lte=made.pk).count()
    return _place(place.campaign, made, one, number, replaces=place)


def _frame_record(line: Line) -> dict[str, Any]:
    return {
        "site": line.site.pk,
        "name": line.site.name,
        "stratum": line.stratum,
        "size": str(line.size),
    }


def _drawn_record(one: Drawn) -> dict[str, Any]:
    return {
        "site": one.key,
        "stratum": one.stratum,
        "probability": str(one.probability),
        "order": one.order,
    }


def _stratum(site: Site, strata: str) -> str:
    area = site.area
    city = area.parent_id if area.level == "county" else area.pk
    parts = {
        "kind": site.kind,
        "city": str(city),
        "area": area.pk,
        "city_kind": f"{city} {site.kind}",
    }
    return parts.get(strata, "")


def _size(text: str) -> Fraction | None:
    """Return a size, 1 where none is given, None for what is none."""
    if not text:
        return Fraction(1)
    try:
        size = Fraction(text) if len(text) < 30 else Fraction(0)
    except (ValueError, ZeroDivisionError):
        return None
    return size if 0 < size <= LARGEST_SIZE else None
