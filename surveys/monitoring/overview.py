"""The back office's pages of surveys: what is in the field, how much has come in, open and
close.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config import lists
from config.accounts.permissions import requires, user_of
from config.address import absolute
from config.language.problems import say
from surveys.collection import fieldwork
from surveys.collection.models.area import Area
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import (
    counts_by,
    in_state,
    responses_of,
    surveys_with_counts,
)
from surveys.monitoring import figures
from surveys.responses.answer_text import flaws_of

STEPS = {"open": fieldwork.open_now, "close": fieldwork.close_now, "reopen": fieldwork.reopen}
STATES = {"draft": say("not open yet"), "open": say("open"), "closed": say("closed")}
SURVEYS = lists.Table(
    caption=say("Surveys"),
    row="surveys/monitoring/surveys_row.html",
    columns=(
        lists.Column("survey", say("Survey"), ("title_zh",)),
        lists.Column("state", say("State")),
        lists.Column("accepted", say("Accepted"), ("accepted",), is_figure=True),
        lists.Column("rejected", say("Rejected"), ("rejected",), is_figure=True),
        lists.Column("latest", say("Latest"), ("latest",)),
    ),
)
SHOWN = 20
REJECTED = lists.Table(
    caption=say("Rejected, and why (the first 20)"),
    row="surveys/monitoring/rejected_row.html",
    columns=(
        lists.Column("response", say("Response")),
        lists.Column("row", say("Row")),
        lists.Column("flaws", say("Questions with mistakes")),
    ),
)


@require_safe
@requires("surveys.view")
def surveys(request: HttpRequest) -> HttpResponse:
    """List the surveys with their counts."""
    filters = (
        lists.Search("q", say("Title or address"), lists.contains("title_zh", "title_en", "slug")),
        lists.Choice(
            "state", say("State"), in_state, [(state, _(text)) for state, text in STATES.items()]
        ),
    )
    found = surveys_with_counts(user_of(request).scope).filter(has_page=True)
    context = {
        "room": "surveys",
        "surveys": lists.listing(request, SURVEYS, found, filters=filters),
    }
    return render(request, "surveys/monitoring/surveys.html", context)


@require_safe
@requires("surveys.view")
def survey(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one survey: its state, its address, what has come in."""
    scope = user_of(request).scope
    chosen = get_object_or_404(surveys_with_counts(scope), slug=slug)
    responses = responses_of(chosen, scope)
    cities = {area.code: area.name for area in Area.objects.filter(level=Area.Level.CITY)}
    counted = figures.by_city_and_mode(responses)
    by_city = {code: sum(n.values()) for code, n in counted.items() if code in cities}
    return render(
        request,
        "surveys/monitoring/survey.html",
        {
            "room": "surveys",
            "survey": chosen,
            "state": chosen.state(),
            "needs_companies": bool(chosen.version.questionnaire.company_question)
            and not chosen.companies.exists(),
            "address": absolute(request, f"/s/{chosen.slug}/") if chosen.has_page else "",
            "modes": _bars(
                [
                    (str(Response.Mode(mode).label), n)
                    for mode, n in counts_by(responses, "mode")
                    if mode
                ]
            ),
            "areas": _bars(
                [
                    (cities[code], by_city[code])
                    for code in sorted(by_city, key=lambda c: (-by_city[c], c))
                ]
            ),
            "rejected": lists.short(
                REJECTED,
                _why(responses.filter(status=Response.Status.REJECTED).select_related("survey")),
            ),
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


def _why(rejected: QuerySet[Response]) -> list[dict[str, Any]]:
    """Return the first rejected responses with what was wrong with them, in words."""
    return [{"response": one, "flaws": flaws_of(one)} for one in rejected[:SHOWN]]


def _bars(counts: list[tuple[str, int]]) -> list[dict[str, object]]:
    most = max((n for _name, n in counts), default=1)
    return [{"label": label, "n": f"{n:,}", "value": n, "most": most} for label, n in counts]
