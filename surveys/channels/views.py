"""The page of a survey's channels: collection points, paper, invitations, with what came by
each.
"""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from config.accounts.permissions import requires
from config.address import absolute
from surveys.channels.invitations import services as invitations
from surveys.collection.models.collector import Collector
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey

ACCEPTED = Count("responses", filter=Q(responses__status=Response.Status.ACCEPTED))


@require_safe
@requires("surveys.manage")
def ways(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the collectors of a survey, with what came by each."""
    return render_channels(request, slug)


def render_channels(request: HttpRequest, slug: str, error: str = "") -> HttpResponse:
    """Answer with the page of a survey's channels; with an error it is a 422 and keeps what was
    typed.
    """
    survey = get_object_or_404(Survey, slug=slug)
    listed = (
        survey.collectors.select_related("sealed_to")
        .annotate(accepted=ACCEPTED)
        .order_by("kind", "name_zh")
    )
    context = {
        "room": "surveys",
        "tab": "collectors",
        "survey": survey,
        "collectors": [(collector, address_of(request, collector)) for collector in listed],
        "open_link": absolute(request, reverse("survey-page", args=[slug]))
        if survey.has_page
        else "",
        "kinds": Collector.Kind.choices,
        "companies": survey.companies.all(),
        "printed": survey.paper_forms.count(),
        "batches": invitations.batches(survey),
        "error": error,
        "given": request.POST,
    }
    return render(request, "surveys/channels/channels.html", context, status=422 if error else 200)


def address_of(request: HttpRequest, collector: Collector) -> str:
    """Return the public address of a collection point."""
    return absolute(request, reverse("collector", args=[collector.code]))
