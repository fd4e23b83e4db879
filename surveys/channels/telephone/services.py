"""Telephone calls to invited people: who is called next, what became of each call, and the case's
disposition by it.

The association's own list says who stands behind a number; here only the number is known.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, Count, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from config.accounts import audit
from config.accounts.models import User
from config.language.texts import Text
from surveys.channels.links import services as collectors
from surveys.channels.telephone.models import Call
from surveys.collection.models.collector import Collector
from surveys.collection.models.invitation import Disposition, Invitation
from surveys.collection.models.survey import Survey

HELD = timedelta(minutes=15)  # a number that was handed out and not called comes back after this
REST = timedelta(hours=4)  # between two calls that reached nobody
MOST_CALLS = 6  # attempts after which a number is left alone
NOTE = 200

# What a call can end in. The later one tells more about a case and is not undone by an earlier one:
# somebody who refused and is not reached the next time has still refused (AAPOR Standard
# Definitions, 2023, final dispositions).
OUTCOMES = (
    Disposition.UNKNOWN,
    Disposition.UNKNOWN_OTHER,
    Disposition.NON_CONTACT,
    Disposition.OTHER,
    Disposition.BREAK_OFF,
    Disposition.REFUSAL,
    Disposition.NO_ELIGIBLE,
    Disposition.OUT_OF_FRAME,
)
AGAIN = (
    Disposition.UNKNOWN,
    Disposition.UNKNOWN_OTHER,
    Disposition.NON_CONTACT,
)  # called once more


class NotPossible(Exception):
    """A step that does not fit what is known of the case."""


def take_next(*, survey: Survey, by: User) -> Invitation | None:
    """Hand out the number to call next, to nobody else for a while; None where there is none now.

    First what this person has in hand, then calls that were promised, the longest due first; then
    numbers never called; then those called least often, the longest rested first.
    """
    with transaction.atomic():
        now = timezone.now()
        mine = Q(held_by=by, held_until__gt=now)
        free = mine | Q(held_until=None) | Q(held_until__lte=now)
        ready = _waiting(survey.invitations.all()).filter(free)
        due = Q(call_again_at__lte=now)
        rested = Q(call_again_at=None, attempts__lt=MOST_CALLS) & (
            Q(last_call=None) | Q(last_call__lt=now - REST)
        )
        turn = Case(When(mine, then=0), When(due, then=1), default=2, output_field=IntegerField())
        found: Invitation | None = (
            ready.filter(mine | due | rested)
            .order_by(turn, "call_again_at", "attempts", "last_call", "pk")
            .first()
        )
        if found is None:
            return None
        taken = hold(invitation=found, by=by)
    # somebody else was faster by a moment: the next one then
    return found if taken else take_next(survey=survey, by=by)


def hold(*, invitation: Invitation, by: User) -> bool:
    """Keep a number for one person for a while; say whether nobody else has it."""
    now = timezone.now()
    free = Q(held_by=by) | Q(held_until=None) | Q(held_until__lte=now)
    return bool(
        Invitation.objects.filter(free, pk=invitation.pk).update(held_by=by, held_until=now + HELD)
    )


@transaction.atomic
def record(
    *,
    invitation: Invitation,
    outcome: str,
    by: User,
    call_again_at: datetime | None = None,
    note: str = "",
) -> Call:
    """Keep what became of a call, and what it says about the case.

    Raises NotPossible for an outcome that no call has, a time to call again that lies in the past
    or beside an outcome that is final, or a case that has answered.
    """
    locked = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    late = call_again_at is not None and (call_again_at < timezone.now() or outcome not in AGAIN)
    if outcome not in OUTCOMES or late or locked.used_on:
        raise NotPossible
    made = Call.objects.create(
        invitation=locked,
        outcome=outcome,
        before=locked.disposition,
        call_again_at=call_again_at,
        note=note.strip()[:NOTE],
        made_by=by,
    )
    order = list(OUTCOMES)
    if order.index(Disposition(outcome)) >= order.index(Disposition(locked.disposition)):
        locked.disposition = outcome
    locked.held_by = locked.held_until = None
    locked.save(update_fields=["disposition", "held_by", "held_until"])
    return made


@transaction.atomic
def take_back(*, call: Call, by: User) -> None:
    """Undo the last call of a case, by whoever kept it. Raises NotPossible for any other, or an
    answered case.
    """
    locked = Invitation.objects.select_for_update(of=("self",)).get(pk=call.invitation_id)
    last = locked.calls.order_by("-pk").first()
    if last is None or last.pk != call.pk or last.made_by_id != by.pk or locked.used_on:
        raise NotPossible
    locked.disposition, locked.held_by, locked.held_until = last.before, by, timezone.now() + HELD
    locked.save(update_fields=["disposition", "held_by", "held_until"])
    after = {"survey": locked.survey.slug, "outcome": last.outcome}
    audit.record(by=by, action="call.take_back", target=last, before=after)
    last.delete()


def collector_of(*, survey: Survey, by: User) -> Collector:
    """Return the collector by which answers on the telephone come; the first call opens it."""
    found = survey.collectors.filter(kind=Collector.Kind.TELEPHONE).order_by("pk").first()
    return found or collectors.open_way(
        survey=survey, kind=Collector.Kind.TELEPHONE, name=Text("电话访问", "By telephone"), by=by
    )


def counts(survey: Survey) -> list[tuple[str, int]]:
    """Return how many cases stand at each disposition, those there are, in AAPOR's order."""
    counted = (
        survey.invitations.values_list("disposition")
        .annotate(n=Count("pk"))
        .order_by("disposition")
    )
    return [(str(Disposition(code).label), n) for code, n in counted]


def promised(cases: QuerySet[Invitation]) -> QuerySet[Any]:
    """Return the cases that were promised a call, the first due first."""
    return _waiting(cases).filter(call_again_at__isnull=False).order_by("call_again_at")


def _waiting(cases: QuerySet[Invitation]) -> QuerySet[Any]:
    """Return those of the cases that may be called, with the attempts so far and what the last of
    them promised.
    """
    latest = (
        Call.objects.filter(invitation=OuterRef("pk")).order_by("-pk").values("call_again_at")[:1]
    )
    waiting = cases.filter(used_on=None, disposition__in=AGAIN)
    return waiting.annotate(
        attempts=Count("calls"), last_call=Max("calls__made_at"), call_again_at=Subquery(latest)
    )
