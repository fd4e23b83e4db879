"""What may still be changed of a survey, and what stays: what respondents were told when they
answered, what a sample is, and what was opened, closed or cleaned.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.accounts import audit
from config.accounts.models import User
from config.language.problems import say
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import forget_pages

TITLES = ("title_zh", "title_en")
# what stood before the first question: consent was given to that
PROMISED = ("organiser_zh", "organiser_en", "purpose_zh", "purpose_en")
ALWAYS = ("enquiries_zh", "enquiries_en", "months_kept")
CHANGEABLE = (
    *TITLES,
    "opens_at",
    "closes_at",
    *PROMISED,
    *ALWAYS,
    "asks_contact",
    "sample",
)


def frozen(survey: Survey) -> dict[str, str]:
    """Return the fields that stay as they are, each with the reason."""
    state = survey.state()
    stays: dict[str, str] = {}
    if survey.responses.exists():
        stays |= dict.fromkeys(PROMISED, say("people have answered, and were told this"))
    if state != "draft":
        stays |= dict.fromkeys(("opens_at", "sample"), say("the survey was opened"))
    if state == "closed":
        text = say("the survey is closed; take back the closing first")
        stays |= dict.fromkeys(("closes_at", "asks_contact"), text)
    if survey.cleaned_at:
        others = [name for name in CHANGEABLE if name not in ALWAYS]
        stays |= dict.fromkeys(others, say("the survey is cleaned"))
    return stays


@transaction.atomic
def change(*, survey: Survey, given: Mapping[str, Any], by: User) -> None:
    """Change fields of a survey, those of CHANGEABLE that are given.

    Raises ValidationError, by field, for what is frozen, and for what cannot be.
    """
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    stays = frozen(locked)
    before = {name: getattr(locked, name) for name in given}
    for name in given:
        if name not in CHANGEABLE:
            raise ValueError(name)
        if name in stays:
            raise ValidationError({name: _("Frozen: %(why)s.") % {"why": _(stays[name])}})
        setattr(locked, name, given[name])
    _require_possible(locked, before)
    locked.clean_fields(exclude={f.name for f in Survey._meta.fields if f.name not in given})
    locked.save(update_fields=list(given))
    if given:
        after = {name: getattr(locked, name) for name in given}
        audit.record(by=by, action="survey.change", target=locked, before=before, after=after)
    forget_pages()


def _require_possible(survey: Survey, before: Mapping[str, Any]) -> None:
    """Raise ValidationError for dates that cannot be, or data kept longer than was promised."""
    now = timezone.now()
    for name in ("opens_at", "closes_at"):
        moment = getattr(survey, name)
        if name in before and moment is not None and moment <= now:
            text = _("This has passed; to open or close it now, use the step below.")
            raise ValidationError({name: text})
    if survey.closes_at is not None and survey.opens_at is None:
        raise ValidationError({"opens_at": _("Say when it opens before you say when it closes.")})
    if survey.opens_at and survey.closes_at and survey.closes_at <= survey.opens_at:
        raise ValidationError({"closes_at": _("A survey closes after it opens.")})
    longer = survey.months_kept > before.get("months_kept", survey.months_kept)
    if longer and survey.responses.exists():
        text = _("People have answered and were told a shorter time; it can only become shorter.")
        raise ValidationError({"months_kept": text})
