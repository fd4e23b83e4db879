"""The audit trail as a page and as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.accounts import audit
from config.accounts.audit_words import ACTIONS, action_label
from config.accounts.models import AuditEvent
from config.accounts.permissions import requires, user_of
from config.tabular.downloads import streamed
from config.tabular.writers import CSV, csv_pieces

PAGE = 50
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
    found = _filtered(request)
    page = Paginator(found.select_related("by"), PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "room": "audit",
        "page": page,
        "lines": [(event, action_label(event.action)) for event in page],
        "actions": sorted(((name, _(text)) for name, text in ACTIONS.items()), key=lambda a: a[1]),
        "people": _people(),
        "kept": kept.urlencode(),
        "given": request.GET,
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
    found = _filtered(request).order_by("number")
    with transaction.atomic():
        person = user_of(request)
        after = {"lines": found.count(), "filter": dict(request.GET.items())}
        audit.record(by=person, action="audit.export", target=person, after=after)
    return streamed(csv_pieces(COLUMNS, _rows(found)), "audit.csv", CSV)


def _rows(found: QuerySet[AuditEvent]) -> Iterator[tuple[Any, ...]]:
    for line in found.iterator(chunk_size=1000):
        values = {**line.__dict__, "at": line.at.isoformat()}
        for name in ("before", "after"):
            values[name] = json.dumps(values[name], ensure_ascii=False, sort_keys=True)
        yield tuple(values[name] for name in COLUMNS)


def _filtered(request: HttpRequest) -> QuerySet[AuditEvent]:
    """Return the lines that a filter asks for; what cannot be read filters nothing."""
    given = request.GET
    found = AuditEvent.objects.all()
    if (action := given.get("action", "")) in ACTIONS:
        found = found.filter(action=action)
    if person := given.get("by", "").replace("\0", "")[:150]:
        found = found.filter(by_name=person)
    if text := given.get("q", "").replace("\0", "").strip()[:200]:
        found = found.filter(Q(target_name__icontains=text) | Q(reason__icontains=text))
    if begin := _day(given.get("from", "")):
        found = found.filter(at__date__gte=begin)
    if end := _day(given.get("to", "")):
        found = found.filter(at__date__lte=end)
    return found


def _day(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _people() -> list[str]:
    names = AuditEvent.objects.exclude(by_name="").order_by("by_name")
    return list(names.values_list("by_name", flat=True).distinct())
