"""Pages of what is to be mended: deadlines, who looks again, what they saw."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config import lists
from config.accounts.editing import Changed, unchanged
from config.accounts.permissions import requires, user_of
from config.fields import blame, posted, status_of
from config.language.problems import say
from inspections.assigning.services import NotPossible
from inspections.assigning.views import why_not
from inspections.campaigns.models import Campaign
from inspections.revisits import services as revisits
from inspections.revisits.forms import ControlsForm, DeadlineForm, OutcomeForm, SendForm
from inspections.revisits.selectors import fixed, to_mend
from inspections.visits.models import Visit
from inspections.visits.selectors import FIRST, visits_seen

MEND = lists.Table(
    caption=say("To be mended"),
    row="inspections/revisits/mend_row.html",
    columns=(
        lists.Column("site", say("Site"), ("site__name",)),
        lists.Column("outcome", say("What became of it"), ("last_outcome",)),
        lists.Column("by", say("To be mended by"), ("mend_by",)),
        lists.Column("area", say("District"), ("site__area__zh",)),
    ),
    sort="by",
)
STATES = {
    "open": say("not seen again"),
    "late": say("deadline over, not seen again"),
    "seen": say("seen again"),
    "unsaid": say("seen again, outcome not noted"),
}


@require_safe
@requires("visits.view_all")
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    """List what is to be mended in a campaign, with the share that was fixed."""
    return _campaign(request, slug, ControlsForm())


@require_POST
@requires("campaigns.manage")
def controls(request: HttpRequest, slug: str) -> HttpResponse:
    """Draw sites without findings that are seen again as well."""
    chosen = get_object_or_404(Campaign, survey__slug=slug)
    form = ControlsForm(request.POST)
    if form.is_valid():
        try:
            seed = revisits.draw_controls(
                campaign=chosen, size=form.cleaned_data["size"], by=user_of(request)
            )
        except revisits.NotAllowed as refused:
            form.add_error("size", str(refused))
        else:
            messages.success(request, _("They are drawn, with the seed %(seed)s.") % {"seed": seed})
            return redirect("campaign-revisits", slug)
    return _campaign(request, slug, form)


def _campaign(request: HttpRequest, slug: str, form: ControlsForm) -> HttpResponse:
    chosen = get_object_or_404(Campaign.objects.select_related("survey"), survey__slug=slug)
    filters = (
        lists.Search("q", say("Site"), lists.contains("site__name", "site__address")),
        lists.Choice(
            "state", say("State"), _by_state, [(name, _(text)) for name, text in STATES.items()]
        ),
    )
    context = {
        "room": "campaigns",
        "tab": "revisits",
        "campaign": chosen,
        "fixed": fixed(chosen),
        "today": timezone.localdate(),
        "outcomes": dict(Visit.Outcome.choices),
        "mend": lists.listing(request, MEND, to_mend(chosen, user_of(request)), filters=filters),
        "controls": form,
    }
    status = status_of(form)
    return render(request, "inspections/revisits/campaign.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("visits.review")
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the deadline of a visit's findings, and send people to look again."""
    person = user_of(request)
    visit = get_object_or_404(
        visits_seen(person).filter(FIRST).select_related("site", "campaign__survey"), pk=pk
    )
    what = request.POST.get("what", "")
    deadline = DeadlineForm(posted(request) if what == "deadline" else None, prefix="d")
    people = SendForm(posted(request) if what == "send" else None, visit=visit, prefix="s")
    form = deadline if what == "deadline" else people
    if request.method == "POST" and form.is_valid():
        try:
            said = _take(visit, what, form.cleaned_data, by=person)
        except revisits.NotAllowed as refused:
            form.add_error(None, str(refused))
        except NotPossible as refused:
            form.add_error(None, why_not(refused))
        else:
            messages.success(request, said)
            return redirect("visit-mend", pk)
    context = {
        "room": "campaigns",
        "visit": visit,
        "deadline": deadline,
        "people": people,
        "again": visit.revisits.order_by("visited_at"),
        "sent": visit.campaign.assignments.filter(
            site=visit.site, purpose="revisit", cancelled_at=None, visit=None
        ).select_related("lead", "partner"),
    }
    return render(request, "inspections/revisits/mend.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("visits.review")
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what became of the findings, by what a revisit saw."""
    person = user_of(request)
    revisit = get_object_or_404(
        visits_seen(person)
        .filter(revisit_of__isnull=False)
        .select_related("site", "revisit_of", "campaign__survey"),
        pk=pk,
    )
    form = OutcomeForm(posted(request), revisit=revisit)
    if request.method == "POST" and form.is_valid():
        try:
            with unchanged(form):
                revisits.conclude(
                    revisit=revisit,
                    outcome=Visit.Outcome(form.cleaned_data["outcome"]),
                    reason=form.cleaned_data["reason"],
                    by=person,
                )
        except Changed as changed:
            blame(form, changed)
        except revisits.NotAllowed as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("visit", pk)
    context = {"room": "campaigns", "visit": revisit, "form": form}
    return render(request, "inspections/revisits/outcome.html", context, status=status_of(form))


def _take(visit: Visit, what: str, given: dict[str, Any], *, by: Any) -> str:
    if what == "deadline":
        day: date = given["mend_by"]
        revisits.set_deadline(visit=visit, mend_by=day, reason=given["reason"], by=by)
        return _("The deadline is noted.")
    revisits.send(
        visit=visit,
        lead=given["lead"],
        partner=given["partner"],
        due_on=given["due_on"],
        reason=given["reason"],
        by=by,
    )
    return _("They are sent; the visit is on their phones.")


def _by_state(found: QuerySet[Any], state: str) -> QuerySet[Any]:
    if state == "seen":
        return found.filter(last_revisit__isnull=False)
    if state == "unsaid":
        return found.filter(last_outcome="")
    found = found.filter(last_revisit=None)
    return found.filter(mend_by__lt=timezone.localdate()) if state == "late" else found
