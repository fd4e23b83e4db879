"""The chain of events of a visit, and the hash of each day over all visits.

`append` is called by services in the transaction of what they do: both are kept or neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils import timezone

from config.accounts.models import User
from inspections.campaigns.models import Campaign
from inspections.evidence import verify
from inspections.visits.models import DailyRoot, Visit, VisitEvent
from inspections.visits.stamps import stamp


def append(
    visit: Visit, what: VisitEvent.Kind, *, by: User | None = None, **data: Any
) -> VisitEvent:
    """Add one event to the chain of a visit; by None is the program itself.

    data holds texts, whole numbers, lists and records of them; what has a fraction is given as a
    text. Raises RuntimeError outside of a transaction, TypeError for a fraction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the chain is written in the transaction of what it tells")
    _refuse_fractions(data)
    # one at a time: on SQLite the transaction itself has the lock
    if connection.vendor != "sqlite":
        Visit.objects.select_for_update().only("pk").get(pk=visit.pk)
    events = VisitEvent.objects.filter(visit=visit).order_by("-number")
    last = events.only("number", "hash", "at").first()
    event = VisitEvent(
        visit=visit,
        number=last.number + 1 if last else 1,
        at=timezone.now(),
        kind=what,
        by=by,
        by_name=by.name if by else "",
        data=data,
        previous=last.hash if last else "",
    )
    event.hash = verify.link(event.previous, plain(event))
    event.save(force_insert=True)
    if last is None or timezone.localdate(last.at) != timezone.localdate(event.at):
        _close_yesterday(event)
    return event


def _close_yesterday(event: VisitEvent) -> None:
    """Close the days before, at the first event of a day: no clock has to remind anybody."""
    begin = timezone.make_aware(datetime.combine(timezone.localdate(event.at), time.min))
    if not VisitEvent.objects.filter(at__gte=begin).exclude(pk=event.pk).exists():
        close_days()
        if settings.TIMESTAMP_URL:
            transaction.on_commit(stamp.enqueue)


def plain(event: VisitEvent) -> dict[str, Any]:
    """Return an event as a record of texts and whole numbers: what is hashed, exported, checked."""
    return {
        "visit": str(event.visit.uid),
        "number": event.number,
        "at": moment(event.at),
        "kind": str(event.kind),
        "by": event.by_id,
        "by_name": event.by_name,
        "data": event.data,
        "previous": event.previous,
        "hash": event.hash,
    }


def events_of(visit: Visit) -> list[dict[str, Any]]:
    """Return the events of a visit as records, the first first."""
    return [plain(event) for event in visit.events.select_related("visit").order_by("number")]


def breaks(visit: Visit) -> Iterator[str]:
    """Yield where the chain of a visit does not hold."""
    return verify.breaks(events_of(visit))


def moment(at: datetime) -> str:
    """Return a moment as it is hashed: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def heads(day: date) -> list[tuple[str, str]]:
    """Return the visits to which something happened on a day, with the hash of their last event
    of that day, in the order of their numbers.
    """
    begin = timezone.make_aware(datetime.combine(day, time.min))
    of_day = VisitEvent.objects.filter(at__gte=begin, at__lt=begin + timedelta(days=1))
    last = of_day.values("visit").annotate(number=Max("number")).values_list("visit", "number")
    numbers = dict(last)
    found = of_day.filter(visit__in=numbers).values_list("visit", "visit__uid", "number", "hash")
    return sorted((str(uid), mark) for pk, uid, number, mark in found if numbers[pk] == number)


def state_of(campaign: Campaign) -> tuple[int, str]:
    """Return how many visits of a campaign have events, and one hash over the last event of each:
    what of the chain a report was made from.
    """
    last = VisitEvent.objects.filter(visit=OuterRef("pk")).order_by("-number").values("hash")[:1]
    visits = Visit.objects.filter(campaign=campaign).annotate(head=Subquery(last))
    found = visits.exclude(head=None).values_list("uid", "head")
    leaves = [verify.leaf(uid, head) for uid, head in sorted((str(u), head) for u, head in found)]
    return len(leaves), verify.root(leaves) if leaves else ""


def days_of(visit: Visit) -> Iterator[tuple[DailyRoot, str, list[tuple[str, str]]]]:
    """Yield the closed days on which something happened to a visit: the day, the hash of its last
    event of that day, and the way from there to the root.
    """
    own = str(visit.uid)
    for root in roots_of(visit.events.all()):
        found = heads(root.day)
        index = next(i for i, (uid, _head) in enumerate(found) if uid == own)
        leaves = [verify.leaf(uid, head) for uid, head in found]
        yield root, found[index][1], verify.path_of(leaves, index)


def roots_of(events: QuerySet[VisitEvent]) -> QuerySet[DailyRoot]:
    """Return the closed days on which one of these events happened, the first first."""
    days = {timezone.localdate(at) for at in events.values_list("at", flat=True)}
    return DailyRoot.objects.filter(day__in=days).order_by("day")


@transaction.atomic
def close_days(*, today: date | None = None) -> list[DailyRoot]:
    """Make the hash of every day that is over and has none; return those that are new.

    A day without events has none. What happens later never changes a day that is closed: the clock
    of an event is ours.
    """
    today = today or timezone.localdate()
    last = DailyRoot.objects.order_by("-day").first()
    waiting = VisitEvent.objects.all()
    if last:
        after = timezone.make_aware(datetime.combine(last.day + timedelta(days=1), time.min))
        waiting = waiting.filter(at__gte=after)
    days = sorted({timezone.localdate(at) for at in waiting.values_list("at", flat=True)})
    made = []
    for day in (day for day in days if day < today):
        leaves = [verify.leaf(uid, head) for uid, head in heads(day)]
        tree, previous = verify.root(leaves), last.hash if last else ""
        last = DailyRoot.objects.create(
            day=day,
            visits=len(leaves),
            root=tree,
            previous=previous,
            hash=verify.day_hash(previous, day.isoformat(), len(leaves), tree),
        )
        made.append(last)
    return made


def _refuse_fractions(data: Mapping[str, Any] | list[Any] | object) -> None:
    if isinstance(data, float):
        raise TypeError("a fraction is not the same bytes everywhere; give it as a text")
    for inner in data.values() if isinstance(data, Mapping) else ():
        _refuse_fractions(inner)
    for inner in data if isinstance(data, (list, tuple)) else ():
        _refuse_fractions(inner)
