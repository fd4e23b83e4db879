"""Quotas: whether a response still fits, and the targets of a survey set anew."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.models.target import Target
from surveys.collection.selectors import forget_pages


def is_over(*, survey: Survey, response: Response) -> bool:
    """Say whether a cell that the response falls into has reached its hard cap. To be asked within
    a transaction.

    The targets stay locked until its end, so two answers cannot both be the last one.
    """
    caps = (
        cells_of(response)
        .filter(survey=survey, hard_cap__isnull=False)
        .order_by("pk")
        .select_for_update()
    )
    return any(accepted_in(target).count() >= (target.hard_cap or 0) for target in list(caps))


def cells_of(response: Response) -> QuerySet[Target]:
    """Return the targets whose every field fits the response."""
    fits = Q()
    for column, value in (
        ("area", response.area_id),
        ("company", response.company_id),
        ("collector", response.collector_id),
    ):
        fits &= Q(**{column: None}) | (Q(**{column: value}) if value is not None else Q(pk__in=()))
    return Target.objects.filter(fits, stratum__in=("", response.stratum))


def accepted_in(target: Target) -> QuerySet[Response]:
    """Return the accepted responses that fall into a cell."""
    found = Response.objects.filter(survey=target.survey_id, status=Response.Status.ACCEPTED)
    for column in ("area", "company", "collector"):
        if (value := getattr(target, f"{column}_id")) is not None:
            found = found.filter(**{column: value})
    return found.filter(stratum=target.stratum) if target.stratum else found


@transaction.atomic
def replace(*, survey: Survey, targets: Iterable[Target]) -> None:
    """Put new targets in the place of those there are; answers that came already keep their status.

    Raises ValidationError for a cell that is there twice or a cap below its target.
    """
    survey.targets.all().delete()
    for target in targets:
        target.survey = survey
        target.full_clean()
        target.save()
    forget_pages()
