"""The log: a line of JSON on stderr for whoever runs the site, each with the id of its request.

No secret and nothing personal is in it: an address is named by its pattern, `w/<slug:receipt>/`,
never as it was asked for, because a receipt, an invitation or a link into an account stands in it;
nor what was sent, nor from where.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

HEADER = "X-Request-ID"
GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")  # by a proxy of ours
# of PostgreSQL: the line of a message that quotes what somebody entered
QUOTES = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)
# one's own health is asked every few seconds
SILENT = frozenset(("healthz", "readyz", "metrics"))

log = logging.getLogger("config.request")
_request: ContextVar[str] = ContextVar("request", default="")


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": _request.get() or None,
            **getattr(record, "fields", {}),
            "message": _message(record),
        }
        if record.exc_info:
            line["exception"] = QUOTES.sub(r"\1: …", self.formatException(record.exc_info))
        said = {name: value for name, value in line.items() if value is not None}
        return json.dumps(said, ensure_ascii=False, default=str)


def log_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Give every request an id, in its answer too, and write a line when it is answered."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        token = _request.set(_id(request))
        begun = time.monotonic()
        try:
            response = get_response(request)
            response.headers[HEADER] = _request.get()
            if _is_told(request, response):
                fields = {
                    "method": request.method,
                    "route": _route(request),
                    "status": response.status_code,
                    "ms": round((time.monotonic() - begun) * 1000),
                    "person": _person(request),
                }
                log.info("answered", extra={"fields": fields})
            return response
        finally:
            _request.reset(token)

    return middleware


def _is_told(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Say whether an answer is a line: files of the interface, which match no pattern, are none."""
    if request.resolver_match is None:
        return response.status_code >= 400
    return request.resolver_match.url_name not in SILENT


def _id(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "") if settings.PROXIES else ""
    return given if GIVEN.fullmatch(given) else secrets.token_hex(8)


def _route(request: HttpRequest) -> str:
    """Return the pattern of an address; of one that there is not, nothing is known."""
    return request.resolver_match.route if request.resolver_match else "?"


def _person(request: HttpRequest) -> int | None:
    """Return the number of who is signed in, where the page has asked for it anyway."""
    if "_cached_user" not in request.__dict__:  # a respondent's page reads no session
        return None
    number: int | None = request.__dict__["_cached_user"].pk
    return number


def _message(record: logging.LogRecord) -> str:
    """Return the message; Django's own about a request hold its address as it was asked for."""
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        return f"{getattr(record, 'status_code', '')} {request.method} {_route(request)}"
    return QUOTES.sub(r"\1: …", record.getMessage())
