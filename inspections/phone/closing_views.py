"""The page on which a campaign is closed: first it shows which phones still hold visits."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from config import lists
from config.accounts.permissions import requires, user_of
from config.fields import posted, status_of
from config.language.problems import say
from inspections.campaigns.models import Campaign
from inspections.devices.selectors import with_unsent
from inspections.phone.models import VisitDraft
from inspections.visits.models import Visit
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


class CloseForm(forms.Form):
    """Why a campaign is closed; the audit trail keeps it."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("campaigns.manage")
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, with the phones that still hold visits, and close the campaign."""
    campaign = get_object_or_404(Campaign.objects.select_related("survey"), survey__slug=slug)
    form = CloseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            fieldwork.close_now(
                survey=campaign.survey, reason=form.cleaned_data["reason"], by=user_of(request)
            )
        except fieldwork.NotPossible:
            messages.error(request, _("Nothing was done: the campaign is not open."))
        else:
            messages.success(request, _("The campaign is closed."))
        return redirect("campaign", slug)
    context = {
        "room": "campaigns",
        "campaign": campaign,
        "form": form,
        "unsent": lists.short(UNSENT, with_unsent(campaign)),
        "drafts": VisitDraft.objects.filter(assignment__campaign=campaign).count(),
        "waiting": campaign.assignments.filter(cancelled_at=None, visit=None).count(),
        "received": campaign.visits.filter(status=Visit.Status.RECEIVED).count(),
        "returned": campaign.visits.filter(status=Visit.Status.RETURNED).count(),
    }
    return render(request, "inspections/phone/close.html", context, status=status_of(form))
