"""The browsers in which a person is signed in: noted, listed, ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from config.accounts import audit
from config.accounts.models import User
from config.accounts.signing_in.models import BrowserSession
from config.accounts.signing_in.user_agents import browser_and_system
from config.storage.visitors import network_text

NOTED = "noted"  # in the session: under which key, since when, and when last
EVERY = timedelta(minutes=10)  # so that a page costs no writing


def note(request: HttpRequest, person: User) -> None:
    """Note that a person is here, where that was not done in the last ten minutes."""
    now = timezone.now()
    noted: dict[str, Any] = request.session.get(NOTED) or {}
    key = request.session.session_key or ""
    last = datetime.fromisoformat(noted["last"]) if noted.get("by") == person.pk else None
    # a new key means a new row, and the old row went with the old key
    if last and noted["key"] == key and now - last < EVERY:
        return
    if not Session.objects.filter(pk=key).exists():  # ended a moment ago, in another browser
        return
    first = noted["first"] if last else now.isoformat()
    request.session[NOTED] = {
        "by": person.pk,
        "key": key,
        "first": first,
        "last": now.isoformat(),
    }
    browser, system = browser_and_system(request.headers.get("User-Agent", ""))
    BrowserSession.objects.update_or_create(
        session_id=key,
        defaults={
            "user": person,
            "browser": browser,
            "system": system,
            "network": network_text(request),
            "first_at": datetime.fromisoformat(first),
            "last_at": now,
        },
    )


def of(person: User) -> QuerySet[BrowserSession]:
    """Return the browsers in which a person is signed in, the last used first."""
    return BrowserSession.objects.filter(user=person, session__expire_date__gt=timezone.now())


@transaction.atomic
def end(*, browser: BrowserSession) -> None:
    """Sign a person out of one browser, at their own wish."""
    Session.objects.filter(pk=browser.session_id).delete()
    after = {"browser": str(browser), "network": browser.network}
    audit.record(by=browser.user, action="session.end", target=browser.user, after=after)


@transaction.atomic
def end_others(*, person: User, key: str) -> None:
    """Sign a person out everywhere but where they are, at their own wish."""
    ended = end_all(person, but=key)
    audit.record(by=person, action="session.end_others", target=person, after={"ended": ended})


def end_all(person: User, *, but: str = "") -> int:
    """End every session of a person but one; return how many. Whoever calls writes the line.

    Each session is opened, they are some dozens: one may have been begun and not noted yet.
    """
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.pk != but and session.get_decoded().get(SESSION_KEY) == str(person.pk):
            session.delete()
            ended += 1
    return ended
