"""What everybody may see without signing in: releases that stand, every version as it was, their
files, a feed, and the page on which a copy is checked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.address import absolute
from config.language.languages import language_of, speaking, spoken
from config.storage import files
from reports.releases import log, presenter, selectors, steps
from reports.releases.models import Release

SHA256 = re.compile(r"[0-9a-f]{64}")
LOG = "log.json"
IN_FEED = 100


def for_everybody(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Open a page to everybody, in the language that its address or the browser asks for."""

    @login_not_required
    @require_safe
    @wraps(view)
    def open_to_all(request: HttpRequest, *args: Any, **given: Any) -> HttpResponseBase:
        with speaking(language_of(request)):
            return view(request, *args, **given)

    return open_to_all


@for_everybody
def index(request: HttpRequest) -> HttpResponse:
    """List what is published."""
    return _said(request, "index.html", {"releases": [_row(r) for r in selectors.newest()]})


@for_everybody
def latest(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the version of a release that stands now."""
    found = selectors.latest(slug)
    if found is None:
        raise Http404
    return _release(request, found)


@for_everybody
def version(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """Show one version, which never changes; above it, whether it still stands."""
    return _release(request, _found(slug, version))


@for_everybody
def file(request: HttpRequest, slug: str, version: str, name: str) -> FileResponse:
    """Send a file of a version, or its log; of what was withdrawn the log alone."""
    found = _found(slug, version)
    if name == LOG:
        lines = [log.plain(event) for event in found.events.all()]
        content = json.dumps(lines, ensure_ascii=False, indent=2).encode()
    else:
        held = {file.name: file for file in selectors.downloads(found)}
        if name not in held or found.state == steps.WITHDRAWN:
            raise Http404
        content = files.read(held[name].sha256)
    return FileResponse(BytesIO(content), as_attachment=True, filename=f"{slug}-{version}-{name}")


@for_everybody
def verify(request: HttpRequest) -> HttpResponse:
    """Say whether a copy is one of ours, and still stands, by its SHA-256 (?sha256=)."""
    asked = request.GET.get("sha256", "").strip().lower()
    is_hash = bool(SHA256.fullmatch(asked))
    context = {
        "asked": asked,
        "is_hash": is_hash,
        "copies": [_row(found) for found in selectors.copies(asked)] if is_hash else [],
    }
    return _said(request, "verify.html", context, 422 if asked and not is_hash else 200)


@for_everybody
def feed(request: HttpRequest) -> HttpResponse:
    """Send an Atom feed: one entry for every version, corrections and withdrawals included."""
    made = Atom1Feed(_("Releases"), _at(request, "release-index"), "", language=spoken())
    for found in Release.objects.public()[:IN_FEED]:
        row = _row(found)
        moment = found.events.filter(kind__in=("publish", "corrected", "withdraw")).last()
        made.add_item(
            f"{row['title']} · {found.version} · {found.state_label}",
            _at(request, "release-version", found.slug, found.version),
            row["summary"],
            updateddate=moment.at if moment else found.public_from,
            pubdate=found.public_from,
        )
    answer = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    made.write(answer, "utf-8")
    return answer


def _found(slug: str, version: str) -> Release:
    found = selectors.versions(slug).filter(version=version).first()
    if found is None:
        raise Http404
    return found


def _release(request: HttpRequest, found: Release) -> HttpResponse:
    is_withdrawn = found.state == steps.WITHDRAWN
    gone = found.events.filter(kind="withdraw").last()
    later = selectors.latest(found.slug)
    context = {
        **_row(found),
        "release": found,
        "because": found.because.get(spoken()),
        "later": later if later and later != found else None,
        "gone": gone,
        "survey": found.report.survey,
        "result": "" if is_withdrawn else mark_safe(selectors.page_of(found, spoken())),
        "files": [] if is_withdrawn else selectors.downloads(found),
        "log": LOG,
        "replies": [] if is_withdrawn else found.replies.all(),
        "overrides": found.overrides.filter(second__isnull=False).select_related("by", "second"),
        "changes": [] if is_withdrawn else presenter.rows(selectors.changes(found)),
        "versions": [_row(one) for one in selectors.versions(found.slug)],
    }
    # a version that was withdrawn is gone, and its page says since when and why
    return _said(request, "release.html", context, 410 if is_withdrawn else 200)


def _row(found: Release) -> dict[str, Any]:
    return {
        "release": found,
        "title": found.title.get(spoken()),
        "summary": found.summary.get(spoken()),
        "state": found.state_label,
    }


def _said(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    said = {**context, "language": spoken()}
    return render(request, f"reports/releases/public/{name}", said, status=status)


def _at(request: HttpRequest, name: str, *parts: str) -> str:
    return absolute(request, reverse(name, args=parts))
