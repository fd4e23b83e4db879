"""The page of phones: whose they are, when they were heard of, what they still hold; each is given
its code once, and shut out when it is lost.
"""

from __future__ import annotations

from typing import Any

import segno
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from config import lists
from config.accounts.permissions import requires, user_of
from config.address import absolute, is_of_this_machine
from config.fields import blame, posted, status_of
from config.language.languages import spoken
from config.language.problems import say
from inspections.campaigns.models import Campaign
from inspections.devices import collect
from inspections.devices import services as devices
from inspections.devices.forms import PhoneForm
from inspections.devices.models import Device
from inspections.devices.selectors import phones, phones_of

STATES = {
    "unsent": say("with visits not sent"),
    "in use": say("in use"),
    "never": say("never heard of"),
    "revoked": say("shut out"),
}
TABLE = lists.Table(
    caption=say("Phones"),
    row="inspections/devices/phones_row.html",
    columns=(
        lists.Column("owner", say("Inspector"), ("owner__username",)),
        lists.Column("name", say("Phone"), ("name",)),
        lists.Column("unsent", say("Visits not sent"), ("unsent",), is_figure=True),
        lists.Column("seen", say("Last heard of"), ("last_seen_at",)),
        lists.Column("version", say("Version of the app"), ("app_version",)),
        lists.Column("", say("What can be done"), is_action=True),
    ),
    sort="-unsent",
)
PAGE, COLLECT = "/i/", "/openrosa/"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires("campaigns.manage")
def index(request: HttpRequest) -> HttpResponse:
    """List the phones; make one and show its code, this once."""
    form = PhoneForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            device, token = devices.enrol(**form.given(), by=user_of(request))
        except ValidationError as error:
            blame(form, error)
        else:
            context = {**_context(request), "form": PhoneForm(), **_code(request, device, token)}
            return render(request, "inspections/devices/index.html", context, status=201)
    context = {**_context(request), "form": form}
    return render(request, "inspections/devices/index.html", context, status=status_of(form))


@require_POST
@requires("campaigns.manage")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut a phone out at once."""
    devices.revoke(device=get_object_or_404(Device, pk=pk), by=user_of(request))
    return redirect("phones")


def _code(request: HttpRequest, device: Device, token: str) -> dict[str, Any]:
    """Return the codes to scan, for our page and for ODK Collect. What stands behind # never leaves
    a browser, so that the token is in no log on the way; Collect has it in the path.
    """
    address = absolute(request, f"{PAGE}#{token}")
    return {
        "device": device,
        "address": address,
        "picture": _drawn(address),
        "collect": _drawn(collect.settings_code(absolute(request, f"{COLLECT}{token}"), device)),
        "is_own": is_of_this_machine(request),
        "is_open": not address.startswith("https://") and not is_of_this_machine(request),
    }


def _drawn(text: str) -> str:
    code = segno.make(text, error="m", micro=False)
    return code.svg_inline(scale=5, border=4, omitsize=True)


def _context(request: HttpRequest) -> dict[str, Any]:
    anybody = lists.Search(
        "q", say("Person or phone"), lists.contains("name", "owner__username", "owner__first_name")
    )
    campaigns = Campaign.objects.select_related("survey")
    titles = [(one.survey.slug, one.survey.title.get(spoken())) for one in campaigns]
    campaign = lists.Choice("campaign", say("Campaign"), _of_campaign, titles)
    states = [(state, _(text)) for state, text in STATES.items()]
    state = lists.Choice("state", say("State"), _in_state, states)
    found = lists.listing(request, TABLE, phones(), filters=[anybody, campaign, state])
    return {"room": "campaigns", "phones": found}


def _of_campaign(found: QuerySet[Device], slug: str) -> QuerySet[Device]:
    """Narrow phones to those of people who are sent somewhere in a campaign."""
    return found.filter(pk__in=phones_of(Campaign.objects.get(survey__slug=slug)))


def _in_state(found: QuerySet[Device], state: str) -> QuerySet[Device]:
    which = {
        "unsent": Q(unsent__gt=0),
        "in use": Q(revoked_at=None, last_seen_at__isnull=False),
        "never": Q(revoked_at=None, last_seen_at=None),
        "revoked": Q(revoked_at__isnull=False),
    }
    return found.filter(which[state])
