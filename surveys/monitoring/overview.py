"""The back office's pages of surveys: what is in the field, how much has come in, open and
close.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.accounts.permissions import requires, user_of
from config.address import absolute
from config.language.problems import say
from config.tabular.listing import Column, Filter, Listing
from surveys.collection import fieldwork
from surveys.collection.models.area import Area
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import counts_by, in_state, responses_of, surveys_with_counts

SURVEYS = (
    Column("title", say("Survey"), order=("title_zh",)),
    Column("state", say("State")),
    Column("accepted", say("Accepted"), order=("accepted",), is_number=True, descends=True),
    Column("rejected", say("Rejected"), order=("rejected",), is_number=True, descends=True),
    Column("latest", say("Latest"), order=("latest",), descends=True),
)
STEPS = {"open": fieldwork.open_now, "close": fieldwork.close_now, "reopen": fieldwork.reopen}


@require_safe
@requires("surveys.view")
def surveys(request: HttpRequest) -> HttpResponse:
    """List the surveys with their counts, the latest opened first."""
    listed = Listing(
        request,
        surveys_with_counts(user_of(request).scope).filter(has_page=True),
        SURVEYS,
        search=("title_zh", "title_en", "slug"),
        search_label=say("Survey"),
        filters=[Filter("state", say("State"), in_state, list(states().items()))],
    )
    context = {"room": "surveys", "list": listed, "surveys": listed.page}
    return render(request, "surveys/monitoring/surveys.html", context)


@require_safe
@requires("surveys.view")
def survey(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one survey: its state, its address, what has come in."""
    scope = user_of(request).scope
    chosen = get_object_or_404(surveys_with_counts(scope), slug=slug)
    responses = responses_of(chosen, scope)
    areas = {area.code: area.zh for area in Area.objects.filter(level=Area.Level.CITY)}
    return render(
        request,
        "surveys/monitoring/survey.html",
        {
            "room": "surveys",
            "survey": chosen,
            "state": chosen.state(),
            "address": absolute(request, f"/s/{chosen.slug}/") if chosen.has_page else "",
            "modes": _bars(
                [
                    (str(Response.Mode(mode).label), n)
                    for mode, n in counts_by(responses, "mode")
                    if mode
                ]
            ),
            "areas": _bars(
                [(areas[code], n) for code, n in counts_by(responses, "area") if code in areas]
            ),
            "rejected": responses.filter(status=Response.Status.REJECTED)[:20],
        },
    )


@require_POST
@requires("surveys.manage")
def step(request: HttpRequest, slug: str, what: str) -> HttpResponse:
    """Open, close or reopen a survey."""
    chosen = get_object_or_404(Survey, slug=slug)
    try:
        STEPS[what](survey=chosen, reason=request.POST.get("reason", ""), by=user_of(request))
    except fieldwork.NotPossible:
        messages.error(
            request,
            _(
                "Nothing was done: a reason is missing, or somebody changed the survey in the "
                "meantime."
            ),
        )
    return redirect("survey", slug)


def states() -> dict[str, str]:
    """Return the states of a survey in words."""
    return {"draft": _("not open yet"), "open": _("open"), "closed": _("closed")}


def _bars(counts: list[tuple[str, int]]) -> list[dict[str, object]]:
    most = max((n for _name, n in counts), default=1)
    return [{"label": label, "n": f"{n:,}", "value": n, "most": most} for label, n in counts]
