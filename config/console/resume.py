"""What somebody was about to send when their session had ended: kept sealed for half an hour,
shown to the same person after signing in again, and sent by their own click only.
"""

from __future__ import annotations

import time
from typing import Any

from django.contrib import messages
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from config.storage.encryption import Unreadable, seal, unseal

KEPT = "kept_post"  # in the session: the address, and the rest sealed
KEPT_FOR = 30 * 60  # seconds
LARGEST = 200_000  # bytes of names and values
# who was signed in last in this browser; without it nobody could tell whose form was sent
WHO = "last_signed_in"
WHO_FOR = 60 * 24 * 3600  # seconds; longer than any session


def keep_post(request: HttpRequest) -> bool:
    """Keep the fields of a form that came from nobody who is signed in; return whether they were.

    Only those who were signed in here before have something to lose: a stranger's form is not kept,
    and neither is a password. Files are not kept; their names are, so that they are asked for
    again.
    """
    by = _last_signed_in(request)
    if not by:
        return False
    fields = [
        (name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"
    ]
    size = sum(len(text.encode()) for name, values in fields for text in (name, *values))
    if size > LARGEST or any("password" in name for name, _values in fields):
        messages.warning(
            request,
            _(
                "You had been signed out, and what you sent could not be kept. Please enter it"
                " again after signing in."
            ),
        )
        return False
    files = [(name, [upload.name for upload in uploads]) for name, uploads in request.FILES.lists()]
    details = {"by": by, "fields": fields, "files": files}
    kept = {"path": request.get_full_path(), "at": time.time(), "sealed": seal(details)}
    request.session[KEPT] = kept
    # nobody is signed in to this session; signing in gives it its usual time again
    request.session.set_expiry(KEPT_FOR)
    return True


def remember_who(request: HttpRequest, response: HttpResponseBase) -> None:
    """Note in the browser who is signed in, signed so that nobody can write another name."""
    who = str(request.user.pk)
    if _last_signed_in(request) != who:
        response.set_signed_cookie(
            WHO,
            who,
            salt=WHO,
            max_age=WHO_FOR,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )


def forget_sent(request: HttpRequest) -> None:
    """Forget what was kept once the same address takes a form."""
    kept = request.session.get(KEPT)
    if kept and request.method == "POST" and request.get_full_path() == kept["path"]:
        del request.session[KEPT]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Show what waits to be sent, with a button that sends it; POST forgets it."""
    if request.method == "POST":
        request.session.pop(KEPT, None)
        return redirect("today")
    kept = _kept(request)
    if kept is None:
        request.session.pop(KEPT, None)
    return render(
        request, "config/console/resume.html", {"kept": kept}, status=200 if kept else 410
    )


def _kept(request: HttpRequest) -> dict[str, Any] | None:
    """Return what was kept for the person who is signed in now, unless its time is over."""
    kept = request.session.get(KEPT)
    if not kept:
        return None
    try:
        details = unseal(kept["sealed"])
    except Unreadable:
        return None
    if details["by"] != str(request.user.pk) or _is_old(kept):
        return None
    return {**details, "path": kept["path"]}


def forget_old() -> int:
    """Delete what nobody sent in time from the sessions it waits in; return how many there were.

    Each session is opened, they are some dozens.
    """
    found = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        content = session.get_decoded()
        if KEPT in content and _is_old(content[KEPT]):
            del content[KEPT]
            # one that ended or was written meanwhile is left as it is
            as_read = Session.objects.filter(pk=session.pk, session_data=session.session_data)
            found += as_read.update(session_data=SessionStore().encode(content))
    return found


def _is_old(kept: dict[str, Any]) -> bool:
    return time.time() - float(kept.get("at", 0)) > KEPT_FOR


def _last_signed_in(request: HttpRequest) -> str:
    return request.get_signed_cookie(WHO, default="", salt=WHO, max_age=WHO_FOR) or ""
