"""What every answer of the site carries: nothing is loaded from, sent to, or framed by another host."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# data: is for the pictures that browsers draw themselves; no script or style stands inside a page
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)


def content_security(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Add the content security policy (W3C CSP 3)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return middleware
