"""Browsers in which somebody has signed in before, by a signed cookie; it opens nothing, it only
keeps other people's wrong attempts from holding them up.
"""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponseBase

from config.accounts.models import User

COOKIE = "known_browser"
LIVES = 180 * 24 * 3600  # seconds
MOST = 10  # people who share a browser


def known(request: HttpRequest, username: str) -> str:
    """Return the name of a browser in which this person has signed in, "" of any other."""
    browser, people = _read(request)
    person = User.objects.filter(username=username).values_list("pk", flat=True).first()
    return browser if str(person) in people else ""


def remember(request: HttpRequest, response: HttpResponseBase, person: User) -> None:
    """Note in the browser that this person has signed in here. Called when all steps are done."""
    browser, people = _read(request)
    others = [pk for pk in people if pk != str(person.pk)]
    kept = [str(person.pk), *others][:MOST]
    response.set_signed_cookie(
        COOKIE,
        ":".join([browser or secrets.token_urlsafe(16), *kept]),
        salt=COOKIE,
        max_age=LIVES,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    text = request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=LIVES) or ""
    browser, *people = text.split(":")
    return browser, people
