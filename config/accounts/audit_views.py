"""The audit trail as a page and as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config import lists
from config.accounts import audit
from config.accounts.audit_words import ACTIONS, KINDS, action_label
from config.accounts.models import AuditEvent
from config.accounts.permissions import requires, user_of
from config.language.problems import say
from config.tabular.downloads import streamed
from config.tabular.writers import CSV, csv_pieces

TRAIL = lists.Table(
    caption=say("Audit trail"),
    row="config/audit/trail_row.html",
    columns=(
        lists.Column("number", say("No."), ("number",), is_figure=True),
        lists.Column("at", say("When"), ("at",)),
        lists.Column("who", say("Who"), ("by_name",)),
        lists.Column("what", say("What"), ("action",)),
        lists.Column("object", say("Object"), ("target_name",)),
        lists.Column("reason", say("Reason")),
    ),
    sort="-number",
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
    """Show the trail, the latest first, fifty lines a page, as far as the filter lets it."""
    listed = _listed(request)
    context = {
        "room": "audit",
        "lines": listed.shown_as(lambda event: (event, action_label(event.action))),
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
    listed = _listed(request)
    assert listed.found is not None  # only short lists have none
    found = listed.found.order_by("number")
    with transaction.atomic():
        person = user_of(request)
        after = {"lines": found.count(), "filter": listed.given}
        audit.record(by=person, action="audit.export", target=person, after=after)
    return streamed(csv_pieces(COLUMNS, _rows(found)), "audit.csv", CSV)


def _rows(found: QuerySet[AuditEvent]) -> Iterator[tuple[Any, ...]]:
    for line in found.iterator(chunk_size=1000):
        values = {**line.__dict__, "at": line.at.isoformat()}
        for name in ("before", "after"):
            values[name] = json.dumps(values[name], ensure_ascii=False, sort_keys=True)
        yield tuple(values[name] for name in COLUMNS)


def _listed(request: HttpRequest) -> lists.Listing:
    filters = (
        lists.Search("q", say("Name or reason"), lists.contains("target_name", "reason")),
        lists.Choice("action", say("What"), lists.equals("action"), _in_order(ACTIONS)),
        lists.Choice("kind", say("Object"), lists.equals("target"), _in_order(KINDS)),
        lists.Choice("by", say("Who"), lists.equals("by_name"), _people()),
        lists.Day("from", say("From"), lists.equals("at__date__gte")),
        lists.Day("to", say("To"), lists.equals("at__date__lte")),
    )
    return lists.listing(request, TRAIL, AuditEvent.objects.all(), filters=filters)


def _in_order(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what there is to choose in the order of its words."""
    return sorted(((name, _(text)) for name, text in words.items()), key=lambda choice: choice[1])


def _people() -> list[tuple[str, str]]:
    names = AuditEvent.objects.exclude(by_name="").order_by("by_name")
    return [(name, name) for name in names.values_list("by_name", flat=True).distinct()]
