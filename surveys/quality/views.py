"""The decision page of cleaning: what stands out and why, without company and score; two people
for a removal.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.accounts.permissions import requires, user_of
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.quality import services as cleaning
from surveys.quality.flags import detail, label
from surveys.quality.models import Decision, Flag

SHOWN = 100


@require_safe
@requires("responses.clean")
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the responses that stand out, the most flagged first, and the removals that wait for a
    second person.
    """
    survey = get_object_or_404(Survey, slug=slug)
    run = survey.quality_runs.first()
    looked_at = run.limits.get("looked_at", []) if run else []
    flagged = Response.objects.filter(pk__in=looked_at[:5000]).prefetch_related(
        "decisions__decided_by"
    )
    rows = (
        [_row(response, request, list(_flags(run, response))) for response in flagged[:SHOWN]]
        if run
        else []
    )
    shows_effects = bool(request.GET.get("effects")) and not cleaning.open_cases(survey)
    context = {
        "room": "surveys",
        "tab": "cleaning",
        "survey": survey,
        "run": run,
        "rows": sorted(
            rows,
            key=lambda row: (row["state"] != "waits", row["state"] != "open", -len(row["flags"])),
        ),
        "all": len(looked_at),
        # before everything is decided, what one removal moves would tell whose it is
        "open": cleaning.open_cases(survey),
        "effects": cleaning.effects(survey) if shows_effects else None,
        "shows_effects": shows_effects,
    }
    return render(request, "surveys/quality/cleaning.html", context)


@require_POST
@requires("responses.clean")
def run(request: HttpRequest, slug: str) -> HttpResponse:
    """Run the checks over what has come in."""
    survey = get_object_or_404(Survey, slug=slug)
    made = cleaning.check(survey=survey, by=user_of(request))
    messages.success(request, _("%(n)s responses were looked through.") % {"n": made.responses})
    return redirect("cleaning", slug)


@require_POST
@requires("responses.clean")
def decide(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Keep a sheet, propose to remove it, agree or disagree with a proposal, or take a removal
    back.
    """
    response = get_object_or_404(Response, pk=pk, survey__slug=slug)
    by, what, reason = (
        user_of(request),
        request.POST.get("what", ""),
        request.POST.get("reason", ""),
    )
    try:
        if what in ("agree", "disagree"):
            proposal = cleaning.open_removal(response)
            if proposal is None:
                raise cleaning.NotAllowed
            cleaning.second(decision=proposal, agrees=what == "agree", reason=reason, by=by)
        elif what == "restore":
            cleaning.restore(response=response, reason=reason, by=by)
        else:
            cleaning.decide(response=response, verdict=what, reason=reason, by=by)
    except cleaning.NotAllowed:
        messages.error(
            request,
            _("Nothing was done: a reason is needed, and a removal takes two different people."),
        )
    return redirect("cleaning", slug)


@require_POST
@requires("responses.clean")
def finish(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that the survey is cleaned; the hashes of networks and browsers are deleted 30 days
    from now.
    """
    survey = get_object_or_404(Survey, slug=slug)
    try:
        cleaning.finish(survey=survey, by=user_of(request))
    except cleaning.NotAllowed:
        messages.error(request, _("Nothing was done: cases are open, or it was finished before."))
    return redirect("cleaning", slug)


def _flags(run: Any, response: Response) -> Any:
    return Flag.objects.filter(run=run, response=response)


def _row(response: Response, request: HttpRequest, flags: list[Flag]) -> dict[str, Any]:
    """Return a sheet as it is shown for a decision: nothing of the company or of any score."""
    last = next(iter(sorted(response.decisions.all(), key=lambda decision: -decision.pk)), None)
    waits = (
        last is not None and last.verdict == Decision.Verdict.REMOVE and last.seconded_by_id is None
    )
    state = (
        "removed"
        if response.status == Response.Status.REMOVED
        else "waits"
        if waits
        else "kept"
        if last
        else "open"
    )
    return {
        "response": response,
        "flags": [
            {
                "label": label(f.check_name),
                "detail": detail(f, response.survey),
                "strong": f.strength >= 2,
            }
            for f in flags
        ],
        "state": state,
        "last": last,
        "is_mine": waits and last is not None and last.decided_by_id == request.user.pk,
    }
