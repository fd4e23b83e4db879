"""The address by which people outside reach the site: on posters, in invitations and links."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

OWN = ("localhost", "127.0.0.1", "[::1]")


def absolute(request: HttpRequest, path: str) -> str:
    """Return the whole address of a path: with MINGCHA_ADDRESS in front, or else as the request
    came in.
    """
    if settings.PUBLIC_ADDRESS:
        return f"{settings.PUBLIC_ADDRESS}{path}"
    return request.build_absolute_uri(path)


def is_of_this_machine(request: HttpRequest) -> bool:
    """Say whether nobody else can follow the site's addresses, so that none belongs on paper."""
    host = urlsplit(absolute(request, "/")).hostname or ""
    return host in OWN or f"[{host}]" in OWN


def read(text: str) -> tuple[str, str]:
    """Return a public address without its last slash, and its host; "" and "" where none is set.

    Raises ImproperlyConfigured for what is no http or https address of a host.
    """
    address = text.strip().rstrip("/")
    if not address:
        return "", ""
    parts = urlsplit(address)
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        port = "?"
    extra = parts.path or parts.query or parts.fragment or parts.username is not None
    if scheme not in ("http", "https") or not host or extra or port == "?":
        raise ImproperlyConfigured(
            f"MINGCHA_ADDRESS is {text!r}; it takes an address such as https://survey.example.cn"
        )
    return f"{scheme}://{host}{port}", host
