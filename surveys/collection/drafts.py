"""Sheets that are not sent yet: kept after every section, found again by their address,
forgotten after a month.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from config.language.texts import Language
from config.storage import files
from config.work import raw_sql as statements
from config.work.write_lock import write_lock
from surveys.collection.fill_token import Token
from surveys.collection.models.draft import Draft
from surveys.collection.models.survey import Survey

FORGOTTEN_AFTER = timedelta(days=30)
DIGEST = re.compile(r"[0-9a-f]{64}")
LONGEST_SECTION = 30 * 60  # seconds; who takes longer was away


def keep(
    *,
    survey: Survey,
    token: Token,
    section: str,
    answers: Mapping[str, Any],
    language: Language,
    spent_on: str,
) -> Draft:
    """Keep what was answered so far. `section` is where the person goes now, `spent_on` the section
    that was shown.

    The time since the draft was last touched is added to that section.
    """
    draft = find(survey=survey, token=token) or Draft(
        uid=token.uid,
        survey=survey,
        collector_id=token.collector,
        # begun in two places at once, the invitation leads back to the sheet that was kept first
        invitation_id=None
        if token.invitation and of_invitation(token.invitation)
        else token.invitation,
        started_at=token.started_at,
    )
    draft.seconds = spent(draft.seconds, spent_on, since=draft.touched_at or token.started_at)
    draft.section, draft.answers, draft.language = section, dict(answers), language
    with write_lock():
        draft.save()
    return draft


def spent(seconds: Mapping[str, float], section: str, *, since: datetime) -> dict[str, float]:
    """Return the seconds spent on each section with those from `since` until now added to one."""
    more = min(max((timezone.now() - since).total_seconds(), 0), LONGEST_SECTION)
    return {**seconds, section: round(seconds.get(section, 0) + more, 1)}


def find(*, survey: Survey, token: Token) -> Draft | None:
    """Return the draft of a token, or None where nothing was kept yet."""
    if not statements.is_there(Draft, token.uid):
        return None
    return Draft.objects.filter(survey=survey, uid=token.uid).first()


def of_invitation(invitation: int) -> Draft | None:
    """Return the draft that an invited person began, or None."""
    return Draft.objects.filter(invitation=invitation).first()


def forget_old() -> int:
    """Delete the drafts that nobody touched for a month, with their files; return how many."""
    old = Draft.objects.filter(touched_at__lt=timezone.now() - FORGOTTEN_AFTER)
    uploaded = {
        digest for answers in old.values_list("answers", flat=True) for digest in _digests(answers)
    }
    deleted, _by_model = old.delete()
    files.forget(uploaded)
    return deleted


def _digests(answers: Any) -> Iterator[str]:
    """Yield everything in answers that is called as a stored file is."""
    if isinstance(answers, str) and DIGEST.fullmatch(answers):
        yield answers
    elif isinstance(answers, dict):
        yield from (digest for value in answers.values() for digest in _digests(value))
    elif isinstance(answers, list):
        yield from (digest for value in answers for digest in _digests(value))
