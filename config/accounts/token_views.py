"""The page of one's API tokens: made and shown once, revoked; everybody's, for whoever manages
people.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from config.accounts import tokens
from config.accounts.forms import TokenForm
from config.accounts.models import ApiToken, User
from config.accounts.permissions import own_page, user_of
from config.fields import blame, posted, status_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def index(request: HttpRequest) -> HttpResponse:
    """List one's tokens; make one and show it, this once."""
    person = user_of(request)
    form = TokenForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _made, text = tokens.make(owner=person, **form.given())
        except ValidationError as error:
            blame(form, error)
        else:
            context = {**_context(person), "form": TokenForm(), "text": text}
            return render(request, "config/tokens/index.html", context, status=201)
    context = {**_context(person), "form": form}
    return render(request, "config/tokens/index.html", context, status=status_of(form))


@require_POST
@own_page
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token of one's own, or anybody's by whoever manages people."""
    person = user_of(request)
    seen = Q() if person.has_perm("people.manage") else Q(owner=person)
    try:
        tokens.revoke(token=get_object_or_404(ApiToken, seen, pk=pk), by=person)
    except tokens.NotPossible:
        raise Http404 from None
    return redirect("tokens")


def _context(person: User) -> dict[str, Any]:
    others = ApiToken.objects.exclude(owner=person).select_related("owner")
    return {
        "room": "tokens",
        "tokens": _rows(person.tokens.all()),
        "others": _rows(others) if person.has_perm("people.manage") else [],
    }


def _rows(found: Any) -> list[dict[str, Any]]:
    now = timezone.now()
    return [
        {
            "token": token,
            "state": _("revoked")
            if token.revoked_at
            else _("expired")
            if token.expires_at <= now
            else _("in use"),
            "ended": bool(token.revoked_at) or token.expires_at <= now,
        }
        for token in found
    ]
