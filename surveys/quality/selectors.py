"""The cases of a run: what stands out, what was decided, and in which order people look."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When

from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.quality.models import CleaningCase, Decision, QualityRun

# what waits for the person who looks comes first
STATES = ("waits", "open", "kept", "removed")


def cases(run: QualityRun) -> QuerySet[Any]:
    """Return the cases of a run with their `state`: those that wait for a second person, the open
    ones, the kept, the removed; in each the strongest first.
    """
    return stated(run.cases.all()).order_by("rank", "-strength", "pk")


def latest_cases(surveys: QuerySet[Survey]) -> QuerySet[Any]:
    """Return the cases of the latest run of each survey with their `state`, in no order."""
    latest = QualityRun.objects.order_by().values("survey").annotate(latest=Max("pk"))
    runs = latest.filter(survey__in=surveys).values("latest")
    return stated(CleaningCase.objects.filter(run__in=runs)).order_by()


def stated(found: QuerySet[CleaningCase]) -> QuerySet[Any]:
    """Return cases with `state` and the `rank` of it; a response that was withdrawn since is no
    case any more.
    """
    decisions = Decision.objects.filter(response=OuterRef("response")).order_by("-pk")
    counted = (Response.Status.ACCEPTED, Response.Status.REMOVED)
    waits = Q(last=Decision.Verdict.REMOVE, seconded__isnull=True)
    return (
        found.filter(response__status__in=counted)
        .annotate(
            last=Subquery(decisions.values("verdict")[:1]),
            proposed_by=Subquery(decisions.values("decided_by")[:1]),
            seconded=Subquery(decisions.values("seconded_by")[:1]),
        )
        .annotate(
            state=Case(
                When(response__status=Response.Status.REMOVED, then=Value("removed")),
                When(waits, then=Value("waits")),
                When(last=Decision.Verdict.KEEP, then=Value("kept")),
                default=Value("open"),
            )
        )
        .annotate(
            rank=Case(
                *(When(state=state, then=Value(i)) for i, state in enumerate(STATES)),
                output_field=IntegerField(),
            )
        )
    )
