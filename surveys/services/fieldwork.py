"""A survey's time in the field: set up, open, close."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from config.texts import Text
from surveys.models import Company, QuestionnaireVersion, Survey


class NotPossible(Exception):
    """A step that the survey's state does not allow."""


@transaction.atomic
def set_up(
    *,
    slug: str,
    title: Text,
    organiser: Text,
    version: QuestionnaireVersion,
    companies: Iterable[Company] = (),
    sample: str = Survey.Sample.NONPROBABILITY,
    has_page: bool = True,
    demonstration: bool = False,
) -> Survey:
    """Make a survey that is not yet open. Raises ValidationError for what a survey cannot be."""
    survey = Survey(
        slug=slug,
        title_zh=title.zh,
        title_en=title.en,
        organiser_zh=organiser.zh,
        organiser_en=organiser.en,
        version=version,
        sample=sample,
        has_page=has_page,
        demonstration=demonstration,
    )
    survey.full_clean()
    survey.save()
    survey.companies.set(companies)
    return survey


@transaction.atomic
def open_now(*, survey: Survey, at: datetime | None = None) -> None:
    """Open a survey. Raises NotPossible for one that is open or has been closed."""
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if locked.opens_at is not None and locked.state() != "draft":
        raise NotPossible
    locked.opens_at = survey.opens_at = at or timezone.now()
    locked.save(update_fields=["opens_at"])


@transaction.atomic
def close_now(*, survey: Survey, at: datetime | None = None) -> None:
    """Close an open survey. Raises NotPossible for one that is not open."""
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if locked.state() != "open":
        raise NotPossible
    locked.closes_at = survey.closes_at = at or timezone.now()
    locked.save(update_fields=["closes_at"])


@transaction.atomic
def reopen(*, survey: Survey) -> None:
    """Take back a closing. Raises NotPossible for a survey that is not closed."""
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if locked.state() != "closed":
        raise NotPossible
    locked.closes_at = survey.closes_at = None
    locked.save(update_fields=["closes_at"])
