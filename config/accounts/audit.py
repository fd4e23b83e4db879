"""The audit trail: who did what, when, to which object, before and after; hash-chained.

`record` is called by services, inside the transaction of what they do: both are kept or neither.
What respondents send is not in it (`collection.accept` has its own receipt), and neither are
answers.

h_i = SHA-256(h_{i-1} ‖ canonical JSON of line i), with sorted keys and no blanks (RFC 8785 for the
values that occur here). A line that is changed, taken out or put in breaks the chain from there on;
lines cut off at the end are seen by comparing with a hash that was exported or printed before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils import timezone

from config.accounts.models import AuditEvent, User

# PostgreSQL: one writer of the chain at a time, until the end of the transaction
LOCK = 0x6D696E67


def record(
    *,
    by: User | None,
    action: str,
    target: models.Model,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEvent:
    """Write one line; by None is the program itself (commands, daily work).

    action is a verb of the field, "survey.open". before and after hold what changed and no more;
    nothing personal of respondents. Raises RuntimeError outside of a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the audit trail is written in the transaction of what it tells")
    _stand_in_line()
    last = AuditEvent.objects.order_by("-number").only("number", "hash").first()
    event = AuditEvent(
        number=last.number + 1 if last else 1,
        at=timezone.now(),
        by=by,
        by_name=by.name if by else "",
        action=action,
        target=target._meta.label_lower,
        target_id=str(target.pk),
        target_name=str(target)[:200],
        before=_plain(before),
        after=_plain(after),
        reason=reason[:300],
        previous=last.hash if last else "",
    )
    event.hash = digest(event)
    event.save(force_insert=True)
    return event


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold: the number of the line, and what is wrong with it."""

    number: int
    what: str  # "changed", "missing" or "order"


def verify() -> Iterator[Break]:
    """Go through the whole trail in fixed memory and yield every break."""
    expected, previous = 1, ""
    for event in AuditEvent.objects.order_by("number").iterator(chunk_size=1000):
        if event.number != expected:
            yield Break(event.number, "missing")
        elif event.previous != previous:
            yield Break(event.number, "order")
        if event.hash != digest(event):
            yield Break(event.number, "changed")
        expected, previous = event.number + 1, event.hash


def digest(event: AuditEvent) -> str:
    """Return the hash of a line, 64 hex digits, over the hash of the line before and its
    content.
    """
    return hashlib.sha256(event.previous.encode() + canonical(event)).hexdigest()


def canonical(event: AuditEvent) -> bytes:
    """Return the content of a line as the bytes that are hashed."""
    content = {
        "number": event.number,
        "at": _moment(event.at),
        "by": event.by_id,
        "by_name": event.by_name,
        "action": event.action,
        "target": event.target,
        "target_id": event.target_id,
        "target_name": event.target_name,
        "before": event.before,
        "after": event.after,
        "reason": event.reason,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return values as JSON gives them back, so that what is hashed is what is read again.

    A database gives 1e16 back as a whole number, and -0.0 as 0: they are kept as that.
    """
    text = json.dumps(values or {}, cls=DjangoJSONEncoder, default=str)
    plain: dict[str, Any] = json.loads(text, parse_float=_number)
    return plain


def _number(text: str) -> int | float:
    value = float(text)
    return int(value) if value.is_integer() else value


def _stand_in_line() -> None:
    """Let one transaction at a time add to the chain. SQLite's own lock does it (IMMEDIATE)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
