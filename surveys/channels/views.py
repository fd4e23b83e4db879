"""The page of a survey's channels: collection points, paper, invitations, with what came by
each.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config import lists
from config.accounts.permissions import requires
from config.address import absolute
from config.fields import status_of
from config.language.problems import say
from surveys.channels.invitations import services as invitations
from surveys.channels.invitations.forms import InviteForm, RemindForm
from surveys.channels.links.forms import CollectorForm, PlacesForm
from surveys.channels.paper.forms import PrintForm
from surveys.collection.models.collector import Collector
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import questionnaire_of
from surveys.companies.name_matching import plain

ACCEPTED = Count("responses", filter=Q(responses__status=Response.Status.ACCEPTED))
COLLECTORS = lists.Table(
    caption=say("Collection points with an address"),
    row="surveys/channels/collector_row.html",
    columns=(
        lists.Column("name", say("Name"), ("name_zh",)),
        lists.Column("kind", say("Kind"), ("kind", "name_zh")),
        lists.Column("site", say("Stratum, site"), ("stratum", "psu")),
        lists.Column("accepted", say("Accepted"), ("accepted",), is_figure=True),
        lists.Column("", say("What can be done"), is_action=True),
    ),
    sort="kind",
)
BATCHES = lists.Table(
    caption=say("Invitations"),
    row="surveys/channels/batch_row.html",
    columns=(
        lists.Column("batch", say("Batch"), ("batch",)),
        lists.Column("invited", say("Invited"), ("sent",), is_figure=True),
        lists.Column("begun", say("Begun"), ("begun",), is_figure=True),
        lists.Column("answered", say("Answered"), ("answered",), is_figure=True),
        lists.Column("refused", say("Refused"), ("refused",), is_figure=True),
    ),
    sort="batch",
    tie="batch",
)
STATES = {"active": say("open"), "closed": say("closed")}


@require_safe
@requires("surveys.manage")
def ways(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the collectors of a survey, with what came by each."""
    return render_channels(request, get_object_or_404(Survey, slug=slug))


def render_channels(
    request: HttpRequest, survey: Survey, sent: forms.Form | None = None
) -> HttpResponse:
    """Answer with the page of a survey's channels; a form that was sent and is wrong stands in it
    as it was filled in.
    """
    at = reverse("collectors", args=[survey.slug])
    filters = (
        lists.Search("q", say("Name, site or company"), _called),
        lists.Choice("kind", say("Kind"), lists.equals("kind"), Collector.Kind.choices),
        lists.Choice(
            "state", say("State"), _in_state, [(state, _(text)) for state, text in STATES.items()]
        ),
    )
    batch = lists.Search("q", say("Batch"), lists.contains("batch"))
    found = survey.collectors.select_related("sealed_to").annotate(accepted=ACCEPTED)
    collectors = lists.listing(request, COLLECTORS, found, filters=filters, at=at)
    batches = lists.listing(
        request,
        BATCHES,
        invitations.batches(survey),
        filters=[batch],
        prefix="batches-",
        at=at,
    )
    empty: list[forms.Form] = [
        CollectorForm(survey=survey),
        PlacesForm(),
        PrintForm(questionnaire=questionnaire_of(survey)),
        InviteForm(),
        RemindForm(),
    ]
    collector, places, paper, invite, remind = (
        sent if sent is not None and type(form) is type(sent) else form for form in empty
    )
    context = {
        "room": "surveys",
        "tab": "collectors",
        "survey": survey,
        "collectors": collectors.shown_as(lambda c: (c, address_of(request, c))),
        "open_link": absolute(request, reverse("survey-page", args=[survey.slug]))
        if survey.has_page
        else "",
        "printed": survey.paper_forms.count(),
        "batches": batches,
        "collector_form": collector,
        "places_form": places,
        "paper_form": paper,
        "invite_form": invite,
        "remind_form": remind,
    }
    status = status_of(sent) if sent is not None else 200
    return render(request, "surveys/channels/channels.html", context, status=status)


def address_of(request: HttpRequest, collector: Collector) -> str:
    """Return the public address of a collection point."""
    return absolute(request, reverse("collector", args=[collector.code]))


def _called(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Narrow collectors to those with a name or site, or handed to a company that is called so."""
    fits = Q(name_zh__icontains=text) | Q(name_en__icontains=text)
    fits |= Q(stratum__icontains=text) | Q(psu__icontains=text)
    if spelling := plain(text):
        fits |= Q(sealed_to__search__contains=spelling)
    return found.filter(fits)


def _in_state(found: QuerySet[Any], state: str) -> QuerySet[Any]:
    return found.filter(is_active=state == "active")
