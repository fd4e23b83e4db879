"""What is read about surveys, a query a function."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from config.accounts.scope import EVERYWHERE, Scope
from config.language.problems import InvalidInput, Problem, say
from surveys.collection.models.area import Area
from surveys.collection.models.response import Response
from surveys.collection.models.survey import State, Survey
from surveys.companies.models import Company
from surveys.forms.models import QuestionnaireVersion
from surveys.questionnaires.questionnaire import Questionnaire


def questionnaire_of(survey: Survey) -> Questionnaire:
    """Return the compiled questionnaire of a survey; versions never change, so it is read once a
    process.
    """
    return compiled(survey.version_id)


def compiled(version_id: int) -> Questionnaire:
    """Return the compiled questionnaire of a version."""
    return _compiled(version_id)


@lru_cache(maxsize=64)
def _compiled(version_id: int) -> Questionnaire:
    return QuestionnaireVersion.objects.get(pk=version_id).questionnaire


def survey_of_page(slug: str) -> Survey | None:
    """Return a survey that has a page, or None; read at most once a second, so a closing is seen
    within one.
    """
    return _of_page(slug, int(time.monotonic()))


def forget_pages() -> None:
    """Read every survey anew; called where one is changed, so that this process sees it at once."""
    _of_page.cache_clear()


@lru_cache(maxsize=256)
def _of_page(slug: str, second: int) -> Survey | None:
    found = Survey.objects.select_related("version").defer("version__xform", "version__compiled")
    return found.filter(slug=slug, has_page=True).first()


def has_caps(survey: Survey) -> bool:
    """Whether any target of a survey has a hard cap; read once for one survey object."""
    known: bool | None = survey.__dict__.get("_has_caps")
    if known is None:
        known = survey.__dict__["_has_caps"] = survey.targets.filter(
            hard_cap__isnull=False
        ).exists()
    return known


def company_ids(survey: Survey) -> Mapping[str, int]:
    """Return the companies that a survey offers, id by key; read once for one survey object."""
    known: Mapping[str, int] | None = survey.__dict__.get("_company_ids")
    if known is None:
        known = survey.__dict__["_company_ids"] = dict(survey.companies.values_list("key", "pk"))
    return known


@lru_cache(maxsize=1)
def area_codes() -> frozenset[str]:
    """Return every area code; areas come with the program."""
    return frozenset(Area.objects.values_list("code", flat=True))


def companies_of(survey: Survey) -> QuerySet[Company]:
    """Return the companies that a survey offers, in order of names."""
    return survey.companies.filter(merged_into=None)


def surveys_with_counts(scope: Scope = EVERYWHERE) -> QuerySet[Survey]:
    """Return every survey with the number of its accepted and rejected responses that somebody
    sees, and the last of them.
    """
    status = Response.Status
    seen = Response.objects.filter(scope.within("area"), survey=OuterRef("pk")).standing()
    listed = Survey.objects.select_related("version").defer("version__xform", "version__compiled")
    return listed.annotate(
        accepted=count_of(seen.filter(status=status.ACCEPTED), "survey"),
        rejected=count_of(seen.filter(status=status.REJECTED), "survey"),
        latest=Subquery(seen.order_by("-submitted_at").values("submitted_at")[:1]),
    )


def in_state(surveys: QuerySet[Survey], state: State) -> QuerySet[Survey]:
    """Return the surveys that are in a state now, as `Survey.state` has it."""
    now = timezone.now()
    opened = Q(opens_at__lte=now)
    which = {
        "draft": Q(opens_at=None) | Q(opens_at__gt=now),
        "open": opened & (Q(closes_at=None) | Q(closes_at__gt=now)),
        "closed": opened & Q(closes_at__lte=now),
    }
    return surveys.filter(which[state])


def count_of(found: QuerySet[Any], group: str) -> Coalesce:
    """Return how many rows of a subquery there are; `group` is the column that leads outside."""
    counted = found.order_by().values(group).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), Value(0))


def counts_by(responses: QuerySet[Response], column: str) -> list[tuple[str | None, int]]:
    """Return how many accepted responses there are by a column, the most first."""
    accepted = responses.filter(status=Response.Status.ACCEPTED)
    return list(accepted.values_list(column).annotate(n=Count("pk")).order_by("-n", column))


def find_survey(slug: str | None) -> Survey:
    """Return the survey of that name, or the only one. Raises InvalidInput with the names there
    are.
    """
    surveys = list(Survey.objects.all())
    for survey in surveys:
        if survey.slug == slug or (slug is None and len(surveys) == 1):
            return survey
    message = (
        say("there is no such survey; there are: {names}")
        if slug
        else say("name the survey; there are: {names}")
    )
    raise InvalidInput(
        Problem(slug or "--survey", message, {"names": ", ".join(s.slug for s in surveys) or "–"})
    )


def responses_of(survey: Survey, scope: Scope) -> QuerySet[Response]:
    """Return the responses of a survey that somebody sees, without those that were corrected."""
    return Response.objects.filter(scope.within("area"), survey=survey).standing()
