"""The page of a survey's channels: collection points, paper, invitations, with what came by
each.
"""

from __future__ import annotations

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from config.accounts.permissions import requires
from config.address import absolute
from config.fields import status_of
from surveys.channels.invitations import services as invitations
from surveys.channels.invitations.forms import InviteForm, RemindForm
from surveys.channels.links.forms import CollectorForm, PlacesForm
from surveys.channels.paper.forms import PrintForm
from surveys.collection.models.collector import Collector
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey

ACCEPTED = Count("responses", filter=Q(responses__status=Response.Status.ACCEPTED))


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
    listed = (
        survey.collectors.select_related("sealed_to")
        .annotate(accepted=ACCEPTED)
        .order_by("kind", "name_zh")
    )
    empty: list[forms.Form] = [
        CollectorForm(survey=survey),
        PlacesForm(),
        PrintForm(),
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
        "collectors": [(collector, address_of(request, collector)) for collector in listed],
        "open_link": absolute(request, reverse("survey-page", args=[survey.slug]))
        if survey.has_page
        else "",
        "printed": survey.paper_forms.count(),
        "batches": invitations.batches(survey),
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
