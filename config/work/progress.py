"""Pages that ask again by themselves how far a job is."""

from __future__ import annotations

from django.http import HttpRequest


def asks_how_far(request: HttpRequest) -> bool:
    """Say whether a page asks by itself, and nobody opened it."""
    return request.method == "GET" and request.headers.get("HX-Request") == "true"
