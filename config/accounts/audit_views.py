"""The audit trail as a page and as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.accounts import audit
from config.accounts.audit_words import ACTIONS, KINDS, action_label
from config.accounts.models import AuditEvent
from config.accounts.permissions import requires, user_of
from config.language.problems import say
from config.tabular.downloads import streamed
from config.tabular.listing import Column, Filter, Listing
from config.tabular.writers import CSV, csv_pieces

TRAIL = (
    Column("number", say("No."), order=("number",), is_number=True, descends=True),
    Column("at", say("When")),
    Column("by", say("Who"), order=("by_name",)),
    Column("action", say("What"), order=("action",)),
    Column("name", say("Object"), order=("target_name",)),
    Column("reason", say("Reason")),
)
COLUMNS = (
    "number",
    "at",
    "by_name",
    "action",
    "target",
    "target_id",
    "target_name",
    "before",
    "after",
    "reason",
    "previous",
    "hash",
)


@require_safe
@requires("audit.view")
def trail(request: HttpRequest) -> HttpResponse:
    """Show the trail, the latest first, as far as the filter lets it."""
    listed = _listing(request)
    context = {
        "room": "audit",
        "list": listed,
        "lines": [(event, action_label(event.action)) for event in listed.page],
        "last": AuditEvent.objects.first(),
    }
    return render(request, "config/audit/trail.html", context)


@require_safe
@requires("audit.view")
def event(request: HttpRequest, number: int) -> HttpResponse:
    """Show one line: what stood before, what after, and the hash over both."""
    found = get_object_or_404(AuditEvent, number=number)
    names = sorted({*found.before, *found.after})
    context = {
        "room": "audit",
        "event": found,
        "label": action_label(found.action),
        "changes": [
            (name, found.before.get(name, ""), found.after.get(name, "")) for name in names
        ],
        "holds": found.hash == audit.digest(found),
    }
    return render(request, "config/audit/event.html", context)


@require_POST
@requires("audit.view")
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Send the lines that the filter lets through as CSV, oldest first; the export is a line
    too.
    """
    listed = _listing(request)
    found = listed.found.order_by("number")
    with transaction.atomic():
        person = user_of(request)
        after = {"lines": found.count(), "filter": listed.narrowed}
        audit.record(by=person, action="audit.export", target=person, after=after)
    return streamed(csv_pieces(COLUMNS, _rows(found)), "audit.csv", CSV)


def _rows(found: QuerySet[AuditEvent]) -> Iterator[tuple[Any, ...]]:
    for line in found.iterator(chunk_size=1000):
        values = {**line.__dict__, "at": line.at.isoformat()}
        for name in ("before", "after"):
            values[name] = json.dumps(values[name], ensure_ascii=False, sort_keys=True)
        yield tuple(values[name] for name in COLUMNS)


def _listing(request: HttpRequest) -> Listing:
    actions = sorted(((name, _(text)) for name, text in ACTIONS.items()), key=lambda a: a[1])
    kinds = sorted(((name, _(text)) for name, text in KINDS.items()), key=lambda a: a[1])
    people = [(name, name) for name in _people()]
    return Listing(
        request,
        AuditEvent.objects.select_related("by"),
        TRAIL,
        search=("target_name", "reason"),
        search_label=say("Name or reason"),
        filters=[
            Filter("action", say("What"), lambda f, name: f.filter(action=name), actions),
            Filter("kind", say("Object"), lambda f, name: f.filter(target=name), kinds),
            Filter("by", say("Who"), lambda f, name: f.filter(by_name=name), people),
            Filter("from", say("From"), lambda f, day: f.filter(at__date__gte=day)),
            Filter("to", say("To"), lambda f, day: f.filter(at__date__lte=day)),
        ],
    )


def _people() -> list[str]:
    names = AuditEvent.objects.exclude(by_name="").order_by("by_name")
    return list(names.values_list("by_name", flat=True).distinct())
