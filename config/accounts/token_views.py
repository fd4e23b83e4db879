"""The page of one's API tokens: made and shown once, revoked; everybody's, for whoever manages
people.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from config import lists
from config.accounts import tokens
from config.accounts.forms import TokenForm
from config.accounts.models import ApiToken
from config.accounts.permissions import own_page, user_of
from config.fields import blame, posted, status_of
from config.language.problems import say

STATES = {"usable": say("in use"), "expired": say("expired"), "revoked": say("revoked")}
COLUMNS = (
    lists.Column("name", say("Device or program"), ("name",)),
    lists.Column("prefix", say("Begins with")),
    lists.Column("made", say("Made"), ("created_at",)),
    lists.Column("used", say("Last used"), ("last_used_on",)),
    lists.Column("expires", say("Expires"), ("expires_at",)),
    lists.Column("state", say("State")),
    lists.Column("", say("What can be done"), is_action=True),
)
OWN = lists.Table(
    caption=say("Yours"),
    row="config/tokens/own_row.html",
    columns=COLUMNS,
    sort="-made",
)
OTHERS = lists.Table(
    caption=say("Other people's"),
    row="config/tokens/others_row.html",
    columns=(lists.Column("owner", say("Person"), ("owner__username",)), *COLUMNS),
    sort="-made",
)


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
            context = {**_context(request), "form": TokenForm(), "text": text}
            return render(request, "config/tokens/index.html", context, status=201)
    context = {**_context(request), "form": form}
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


def _context(request: HttpRequest) -> dict[str, Any]:
    person = user_of(request)
    states = [(state, _(text)) for state, text in STATES.items()]
    state = lists.Choice("state", say("State"), _in_state, states)
    device = lists.Search("q", say("Device or program"), lists.contains("name"))
    anybody = lists.Search(
        "q",
        say("Person or device"),
        lists.contains("name", "owner__username", "owner__first_name"),
    )
    others = ApiToken.objects.exclude(owner=person).select_related("owner")
    if not person.has_perm("people.manage"):
        others = others.none()
    own = lists.listing(request, OWN, person.tokens.all(), filters=[device, state])
    other = lists.listing(request, OTHERS, others, filters=[anybody, state], prefix="others-")
    return {
        "room": "tokens",
        "tokens": own.shown_as(_shown),
        "others": other.shown_as(_shown),
    }


def _shown(token: ApiToken) -> dict[str, Any]:
    state = _state(token)
    return {"token": token, "state": _(STATES[state]), "ended": state != "usable"}


def _state(token: ApiToken) -> str:
    if token.revoked_at:
        return "revoked"
    return "expired" if token.expires_at <= timezone.now() else "usable"


def _in_state(found: QuerySet[ApiToken], state: str) -> QuerySet[ApiToken]:
    """Narrow tokens to those in a state, as `_state` has it."""
    now = timezone.now()
    which = {
        "revoked": Q(revoked_at__isnull=False),
        "expired": Q(revoked_at=None, expires_at__lte=now),
        "usable": Q(revoked_at=None, expires_at__gt=now),
    }
    return found.filter(which[state])
