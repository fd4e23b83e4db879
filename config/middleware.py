"""What every answer of the site carries: nothing is loaded from, sent to, or framed by another
host.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from typing import cast

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_sequence

# data: is for the pictures that browsers draw themselves; no script or style stands inside a page
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action"
    " 'self';"
    " frame-ancestors 'none'"
)


def content_security(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Add the content security policy (W3C CSP 3)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return middleware


SMALL = 600  # bytes that fit into one packet anyway
WORDS = ("text/", "application/javascript", "application/json", "image/svg+xml")


def compressed(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Send text compressed, files of the interface included: on a slow line a page is usable in a
    third of the time.

    PDF, pictures and workbooks are compressed in themselves and stay as they are.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        kind = response.headers.get("Content-Type", "")
        if (
            not kind.startswith(WORDS)
            or "Content-Encoding" in response.headers
            or response.status_code in (204, 206, 304)
        ):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if "gzip" not in request.headers.get("Accept-Encoding", "") or request.method == "HEAD":
            return response
        if response.streaming and not isinstance(response, FileResponse):
            # made while it is sent, so it is never whole in memory
            pieces = cast(StreamingHttpResponse, response)
            pieces.streaming_content = compress_sequence(
                cast("Iterable[bytes]", pieces.streaming_content)
            )
            response.headers["Content-Encoding"] = "gzip"
            return response
        content = _whole(response)
        packed = HttpResponse(content, status=response.status_code, headers=response.headers)
        if len(content) >= SMALL:
            packed.content = gzip.compress(content, 6, mtime=0)
            packed.headers["Content-Encoding"] = "gzip"
        packed.headers["Content-Length"] = str(len(packed.content))
        packed.cookies = response.cookies
        response.close()
        return packed

    return middleware


def _whole(response: HttpResponseBase) -> bytes:
    if response.streaming:
        return b"".join(cast("list[bytes]", list(response)))
    return cast(HttpResponse, response).content
