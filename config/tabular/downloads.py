"""Files that go out through a page: their headers."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    """Return bytes as a file to keep."""
    return HttpResponse(content, content_type=kind, headers=_headers(name))


def streamed(pieces: Iterable[bytes], name: str, kind: str) -> StreamingHttpResponse:
    """Return a file to keep that is made while it is sent."""
    return StreamingHttpResponse(pieces, content_type=kind, headers=_headers(name))


def _headers(name: str) -> dict[str, str]:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return {"Content-Disposition": disposition or "attachment"}
