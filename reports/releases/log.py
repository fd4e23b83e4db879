"""The log of a release: every step with who took it, chained so that no line can be changed or
taken out unseen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from django.db import connection
from django.utils import timezone

from config.accounts.models import User
from inspections.evidence.verify import canonical
from reports.releases.models import Release, ReleaseEvent


def append(release: Release, kind: str, *, by: User, reason: str = "", **data: Any) -> ReleaseEvent:
    """Write one line. Raises RuntimeError outside of the transaction of what it tells."""
    if not connection.in_atomic_block:
        raise RuntimeError("the log is written in the transaction of what it tells")
    last = release.events.last()
    event = ReleaseEvent(
        release=release,
        number=last.number + 1 if last else 1,
        at=timezone.now(),
        kind=kind,
        by=by,
        by_name=by.get_full_name() or by.get_username(),
        reason=reason,
        data=data,
        previous=last.hash if last else "",
    )
    event.hash = _digest(event)
    event.save(force_insert=True)
    return event


def plain(event: ReleaseEvent) -> dict[str, Any]:
    """Return a line as it is published: SHA-256(previous ‖ canonical JSON of the other fields)."""
    return {**_content(event), "previous": event.previous, "hash": event.hash}


def breaks(events: Iterable[ReleaseEvent]) -> list[int]:
    """Return the numbers of the lines at which the chain does not hold."""
    broken, previous = [], ""
    for number, event in enumerate(events, 1):
        if (event.number, event.previous) != (number, previous) or event.hash != _digest(event):
            broken.append(event.number)
        previous = event.hash
    return broken


def _content(event: ReleaseEvent) -> dict[str, Any]:
    return {
        "release": str(event.release),
        "number": event.number,
        "at": event.at.astimezone(UTC).isoformat(),
        "kind": event.kind,
        "by": event.by_name,
        "reason": event.reason,
        "data": event.data,
    }


def _digest(event: ReleaseEvent) -> str:
    return hashlib.sha256(event.previous.encode() + canonical(_content(event))).hexdigest()
