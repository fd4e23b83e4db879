"""A survey's time in the field: set up, open, close."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from config.accounts import audit
from config.accounts.models import User
from config.language.texts import NO_WORDS, Text
from surveys.collection.models.survey import Survey, VersionChange
from surveys.collection.selectors import forget_pages
from surveys.companies.models import Company
from surveys.forms.models import QuestionnaireVersion
from surveys.questionnaires.comparing import compare


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
    purpose: Text = NO_WORDS,
    asks_contact: bool = False,
    by: User | None = None,
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
        purpose_zh=purpose.zh,
        purpose_en=purpose.en,
        asks_contact=asks_contact,
    )
    survey.full_clean()
    survey.save()
    survey.companies.set(companies)
    audit.record(
        by=by,
        action="survey.set_up",
        target=survey,
        after={
            "title": survey.title_zh,
            "questionnaire": str(version),
            "sample": sample,
            "companies": survey.companies.count(),
        },
    )
    return survey


@transaction.atomic
def open_now(
    *, survey: Survey, at: datetime | None = None, reason: str = "", by: User | None = None
) -> None:
    """Open a survey. Raises NotPossible for one that is open or has been closed."""
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if locked.opens_at is not None and locked.state() != "draft":
        raise NotPossible
    locked.opens_at = survey.opens_at = at or timezone.now()
    locked.save(update_fields=["opens_at"])
    after = {"opens_at": locked.opens_at}
    audit.record(by=by, action="survey.open", target=locked, after=after, reason=reason)
    forget_pages()


@transaction.atomic
def close_now(
    *, survey: Survey, at: datetime | None = None, reason: str = "", by: User | None = None
) -> None:
    """Close an open survey. Raises NotPossible for one that is not open."""
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if locked.state() != "open":
        raise NotPossible
    locked.closes_at = survey.closes_at = at or timezone.now()
    locked.save(update_fields=["closes_at"])
    after = {"closes_at": locked.closes_at}
    audit.record(by=by, action="survey.close", target=locked, after=after, reason=reason)
    forget_pages()


@transaction.atomic
def reopen(*, survey: Survey, reason: str, by: User | None = None) -> None:
    """Take back a closing. Raises NotPossible without a reason, for a survey that is not closed,
    or was cleaned.
    """
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if not reason.strip() or locked.state() != "closed" or locked.cleaned_at:
        raise NotPossible
    before = {"closes_at": locked.closes_at}
    locked.closes_at = survey.closes_at = None
    locked.save(update_fields=["closes_at"])
    audit.record(by=by, action="survey.reopen", target=locked, before=before, reason=reason.strip())
    forget_pages()


@transaction.atomic
def note_frozen(*, survey: Survey, snapshot: str, by: User | None = None) -> None:
    """Note that the answers so far were frozen for a report; `snapshot` is SHA-256 of the frozen
    file.
    """
    Survey.objects.filter(pk=survey.pk).update(frozen_at=timezone.now())
    audit.record(by=by, action="survey.freeze", target=survey, after={"snapshot": snapshot})


@transaction.atomic
def offer(*, company: Company, surveys: Iterable[Survey], by: User | None = None) -> None:
    """Let these surveys offer a company, and no others. Answers that name it stay."""
    before = _slugs(company)
    company.surveys.set(surveys)
    audit.record(
        by=by,
        action="company.offer",
        target=company,
        before={"surveys": before},
        after={"surveys": _slugs(company)},
    )
    forget_pages()


def _slugs(company: Company) -> list[str]:
    return sorted(company.surveys.values_list("slug", flat=True))


@transaction.atomic
def change_version(
    *, survey: Survey, version: QuestionnaireVersion, by: User | None
) -> VersionChange:
    """Let a survey go on with a new version of its questionnaire.

    Raises NotPossible where answers of the old one would not add up with those of the new one, or
    for a closed survey.
    """
    locked = Survey.objects.select_for_update().select_related("version").get(pk=survey.pk)
    differences = compare(locked.version.questionnaire, version.questionnaire)
    same_form = locked.version.name == version.name and locked.version_id != version.pk
    if locked.state() == "closed" or not same_form or not all(d.adds_up for d in differences):
        raise NotPossible
    changed = [d.name for d in differences if d.outcome in ("reworded", "added")]
    made = VersionChange.objects.create(
        survey=locked, before=locked.version, after=version, apart=changed, made_by=by
    )
    locked.version = version
    locked.save(update_fields=["version"])
    audit.record(
        by=by,
        action="survey.change_version",
        target=locked,
        before={"questionnaire": str(made.before)},
        after={"questionnaire": str(version)},
    )
    forget_pages()
    survey.version = version
    return made
