"""The decision page of cleaning: what stands out and why, without company and score; two people
for a removal.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config import lists
from config.accounts.permissions import requires, user_of
from config.language.problems import say
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.quality import services as cleaning
from surveys.quality.flags import CHECKS, detail, label
from surveys.quality.models import CleaningCase, Decision, Flag
from surveys.quality.selectors import STATES, cases

# no table: every case is a form of its own
CASES = lists.Table(caption=say("Cases"), row="", columns=())


@require_safe
@requires("responses.clean")
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the cases: removals that wait for a second person first, then the open ones, in each
    the strongest first.
    """
    survey = get_object_or_404(Survey, slug=slug)
    run = survey.quality_runs.first()
    found = cases(run).select_related("response") if run else CleaningCase.objects.none()
    filters = (
        lists.Choice("state", say("State"), lists.equals("state"), _states()),
        lists.Choice("check", say("Check"), _flagged_by, [(n, label(n)) for n in CHECKS]),
    )
    listed = lists.listing(request, CASES, found, filters=filters)
    open_cases = cleaning.open_cases(survey)
    # before everything is decided, what one removal moves would tell whose it is
    shows_effects = bool(request.GET.get("effects")) and not open_cases
    context = {
        "room": "surveys",
        "tab": "cleaning",
        "survey": survey,
        "run": run,
        "list": listed,
        "here": request.GET.urlencode(),
        "rows": _rows(survey, list(listed.rows), user_of(request).pk),
        "all": run.cases.count() if run else 0,
        "open": open_cases,
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
    """Keep a response, propose to remove it, agree or disagree with a proposal, or take a removal
    back; then show the page it was decided on.
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
    here = request.GET.urlencode()
    return redirect(reverse("cleaning", args=[slug]) + (f"?{here}" if here else ""))


@require_POST
@requires("responses.clean")
def finish(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that the survey is cleaned; the hashes of networks and browsers are deleted 30 days
    from now.
    """
    survey = get_object_or_404(Survey, slug=slug)
    try:
        cleaning.finish(survey=survey, reason=request.POST.get("reason", ""), by=user_of(request))
    except cleaning.NotAllowed:
        messages.error(
            request,
            _("Nothing was done: a reason is needed, cases are open, or it was finished before."),
        )
    return redirect("cleaning", slug)


def _flagged_by(found: QuerySet[Any], check: str) -> QuerySet[Any]:
    flags = Flag.objects.filter(
        run=OuterRef("run"), response=OuterRef("response"), check_name=check
    )
    return found.filter(Exists(flags))


def _states() -> list[tuple[str, str]]:
    words = {
        "waits": _("waits for a second person"),
        "open": _("to be decided"),
        "kept": _("kept"),
        "removed": _("removed"),
    }
    return [(state, words[state]) for state in STATES]


def _rows(survey: Survey, shown: list[Any], reader: int) -> list[dict[str, Any]]:
    """Return cases as they are shown for a decision: nothing of the company or of any score."""
    responses = [case.response_id for case in shown]
    flags: dict[int, list[dict[str, Any]]] = defaultdict(list)
    runs = {case.run_id for case in shown}
    for flag in Flag.objects.filter(run__in=runs, response__in=responses):
        flags[flag.response_id].append(
            {
                "label": label(flag.check_name),
                "detail": detail(flag, survey),
                "strong": flag.strength >= 2,
            }
        )
    decided = Decision.objects.filter(response__in=responses).select_related("decided_by")
    last = {decision.response_id: decision for decision in decided.order_by("pk")}
    return [
        {
            "response": case.response,
            "flags": flags[case.response_id],
            "state": case.state,
            "last": last.get(case.response_id),
            "is_mine": case.response_id in last and last[case.response_id].decided_by_id == reader,
        }
        for case in shown
    ]
