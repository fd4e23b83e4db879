"""The page on which a campaign is closed: first it shows which phones still hold visits."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config import lists
from config.accounts.permissions import requires, user_of
from config.language.problems import say
from inspections.campaigns.models import Campaign
from inspections.devices.selectors import with_unsent
from inspections.phone.models import VisitDraft
from surveys.collection import fieldwork

UNSENT = lists.Table(
    caption=say("Phones that hold visits not sent"),
    row="inspections/phone/unsent_row.html",
    columns=(
        lists.Column("owner", say("Inspector")),
        lists.Column("name", say("Phone")),
        lists.Column("unsent", say("Visits not sent"), is_figure=True),
        lists.Column("seen", say("Last heard of")),
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("campaigns.manage")
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, with the phones that still hold visits, and close the campaign."""
    campaign = get_object_or_404(Campaign.objects.select_related("survey"), survey__slug=slug)
    if request.method == "POST":
        try:
            fieldwork.close_now(
                survey=campaign.survey,
                reason=request.POST.get("reason", ""),
                by=user_of(request),
            )
        except fieldwork.NotPossible:
            messages.error(request, _("Nothing was done: the campaign is not open."))
        else:
            messages.success(request, _("The campaign is closed."))
        return redirect("campaign", slug)
    context = {
        "room": "campaigns",
        "campaign": campaign,
        "unsent": lists.short(UNSENT, with_unsent(campaign)),
        "drafts": VisitDraft.objects.filter(assignment__campaign=campaign).count(),
    }
    return render(request, "inspections/phone/close.html", context)
