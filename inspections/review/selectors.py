"""What is read for the supervisor's board and the page of a visit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from config.accounts.models import User
from inspections.campaigns.models import Assignment, Campaign
from inspections.visits.models import Evidence, Finding, Visit, VisitEvent
from inspections.visits.selectors import AWAITED, visits_seen
from surveys.collection.models.area import Area

Status = Visit.Status


def is_accepted_by(visit: Visit, person: User) -> bool:
    """Say whether it was this person who accepted a visit, and so is not the second one."""
    accepted = visit.events.filter(kind=VisitEvent.Kind.ACCEPTED).order_by("-number").first()
    return accepted is not None and accepted.by_id == person.pk


@dataclass(frozen=True)
class Progress:
    """How far a person, a district or a whole campaign is.

    key: by which lists are narrowed to the person or area. assigned: what somebody is to visit or
    has visited; waiting: of those nothing has come in;
    incomplete: visits whose files have not all arrived.
    """

    name: str
    key: str = ""
    assigned: int = 0
    waiting: int = 0
    overdue: int = 0
    received: int = 0
    incomplete: int = 0
    returned: int = 0
    accepted: int = 0
    today: int = 0


def board(campaign: Campaign, person: User, *, by: str) -> list[Progress]:
    """Return how far a campaign is, a row for every inspector (by "person") or every area (by
    "area"), as far as this person sees it.

    A visit of two counts for the one who leads it.
    """
    key = "lead" if by == "person" else "site__area"
    today = timezone.localdate()
    assigned = _assignments(campaign, person).values_list(key).annotate(**_of_assignments(today))
    visited = _visits(campaign, person).values_list(
        "assignment__lead" if by == "person" else "site__area"
    )
    visited = visited.annotate(**_of_visits(today))
    rows: dict[Any, dict[str, int]] = {}
    for found, counted in ((assigned, _of_assignments(today)), (visited, _of_visits(today))):
        for group, *counts in found:
            rows.setdefault(group, {}).update(zip(counted, counts, strict=True))
    names = _names(rows, by)
    made = (
        Progress(names.get(group, "–"), "" if group is None else str(group), **counts)
        for group, counts in rows.items()
    )
    return sorted(made, key=lambda row: row.name)


def total(rows: Iterable[Progress]) -> Progress:
    """Return the sum of rows."""
    rows = list(rows)
    counted = [name for name in Progress.__dataclass_fields__ if name not in ("name", "key")]
    return Progress("", **{name: sum(getattr(row, name) for row in rows) for name in counted})


def same_site(visit: Visit, person: User) -> QuerySet[Visit]:
    """Return the other visits of a campaign to the same site; none to whoever sees only her own,
    who goes without knowing them.
    """
    if not person.has_perm("visits.view_all"):
        return Visit.objects.none()
    found = visits_seen(person).filter(campaign=visit.campaign_id, site=visit.site_id)
    return found.exclude(pk=visit.pk).order_by("visited_at")


def waiting_for_review(person: User) -> QuerySet[Visit]:
    """Return the visits that wait for somebody to accept them, the oldest first."""
    return visits_seen(person).filter(status=Status.RECEIVED).order_by("received_at")


def findings_to_confirm(person: User) -> QuerySet[Finding]:
    """Return the findings that wait for a second person, of visits that this person neither made
    nor accepted.
    """
    accepted = VisitEvent.objects.filter(visit=OuterRef("visit"), kind=VisitEvent.Kind.ACCEPTED)
    return (
        Finding.objects.filter(
            visit__in=visits_seen(person).exclude(inspectors=person),
            visit__status=Status.ACCEPTED,
            confirmed_at=None,
            refused_because="",
        )
        .annotate(accepted_by=Subquery(accepted.order_by("-number").values("by")[:1]))
        .exclude(accepted_by=person.pk)
        .select_related("visit__site", "visit__campaign__survey")
        .order_by("-critical", "visit__visited_at")
    )


def findings_seen(person: User) -> QuerySet[Finding]:
    """Return the findings of the visits that a person sees, with what stands behind each; those of
    void visits are none.
    """
    visits = visits_seen(person).exclude(status=Status.VOID)
    related = ("visit__campaign__survey", "visit__site", "confirmed_by")
    return Finding.objects.filter(visit__in=visits).select_related(*related)


def findings_in(found: QuerySet[Finding], state: str) -> QuerySet[Finding]:
    """Narrow findings to those in a state of Finding.STATES."""
    if state == "confirmed":
        return found.exclude(confirmed_at=None)
    dismissed = ~Q(refused_because="")
    return found.filter(dismissed if state == "dismissed" else ~dismissed, confirmed_at=None)


def _assignments(campaign: Campaign, person: User) -> QuerySet[Assignment]:
    seen = campaign.assignments.filter(person.scope.within("site__area"), cancelled_at=None)
    return seen.order_by()


def _visits(campaign: Campaign, person: User) -> QuerySet[Visit]:
    return visits_seen(person).filter(campaign=campaign).exclude(status=Status.VOID).order_by()


def _of_assignments(today: date) -> dict[str, Count]:
    open_ = Q(visit__isnull=True)
    return {
        "assigned": Count("pk"),
        "waiting": Count("pk", filter=open_),
        "overdue": Count("pk", filter=open_ & Q(due_on__lt=today)),
    }


def _of_visits(today: date) -> dict[str, Count]:
    missing = Evidence.objects.filter(AWAITED, visit=OuterRef("pk"))
    return {
        "received": Count("pk", filter=Q(status=Status.RECEIVED)),
        "incomplete": Count("pk", filter=Exists(missing)),
        "returned": Count("pk", filter=Q(status=Status.RETURNED)),
        "accepted": Count("pk", filter=Q(status=Status.ACCEPTED)),
        "today": Count("pk", filter=Q(received_at__date=today)),
    }


def _names(groups: Iterable[Any], by: str) -> dict[Any, str]:
    known = [group for group in groups if group is not None]
    if by == "person":
        people = User.objects.filter(pk__in=known)
        return {one.pk: one.name for one in people}
    areas = Area.objects.filter(pk__in=known)
    return {area.pk: area.name for area in areas}
