"""A file that was taken in is taken back as a whole: none of its responses counts any more, and all
of them stay, with the reason. The same file can then come in again, read as before or otherwise.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from config.accounts import audit
from config.accounts.models import User
from config.language.problems import InvalidInput, Problem, say
from surveys.collection.models.response import ImportedFile, Response
from surveys.collection.models.survey import Survey
from surveys.quality.models import Decision

Status = Response.Status


@transaction.atomic
def take_back(*, file: ImportedFile, reason: str, by: User) -> int:
    """Take an import back; return how many responses do not count any more.

    What a respondent withdrew stays withdrawn. Raises InvalidInput without a reason, and for an
    import that has to stay (`hindrance`).
    """
    # imports, cleaning and closing change the survey or wait for it: it is locked first
    Survey.objects.select_for_update().get(pk=file.survey_id)
    files = ImportedFile.objects.select_for_update(of=("self",))
    locked = files.select_related("survey", "job").get(pk=file.pk)
    if not reason.strip():
        raise InvalidInput(Problem(locked.name, say("needs a reason to be taken back")))
    if problem := hindrance(locked):
        raise InvalidInput(problem)
    standing = locked.responses.exclude(status=Status.WITHDRAWN)
    counts = standing.order_by().values_list("status").annotate(n=Count("pk"))
    before = dict(counts)
    taken = standing.update(status=Status.TAKEN_BACK)
    locked.taken_back_at, locked.taken_back_by = timezone.now(), by
    locked.taken_back_why = reason.strip()[:300]
    locked.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_why"])
    audit.record(
        by=by,
        action="responses.take_back",
        target=locked,
        before={"survey": locked.survey.slug, "sha256": locked.sha256, **before},
        after={"taken_back": taken},
        reason=locked.taken_back_why,
    )
    return taken


def hindrance(file: ImportedFile) -> Problem | None:
    """Return why an import cannot be taken back, None where it can.

    Figures that somebody may have seen rest on what was frozen or cleaned, and a decision about a
    response takes two people, whom this would pass by.
    """
    survey, accepted = file.survey, file.responses.filter(status=Status.ACCEPTED)
    if file.taken_back_at:
        return Problem(file.name, say("was taken back already"))
    if file.job and file.job.is_busy:
        return Problem(file.name, say("is being taken in; wait until it has ended"))
    if survey.cleaned_at:
        message = say("stays: the survey was cleaned on {day}, and what it says rests on this file")
        return Problem(file.name, message, {"day": _day(survey.cleaned_at)})
    if survey.frozen_at and accepted.filter(received_at__lte=survey.frozen_at).exists():
        message = say(
            "stays: a report froze its answers on {day}; remove single responses in cleaning"
        )
        return Problem(file.name, message, {"day": _day(survey.frozen_at)})
    if (
        n := Decision.objects.filter(response__imported_from=file)
        .values("response")
        .distinct()
        .count()
    ):
        message = say(
            "stays: people decided about {n} of its responses; remove others in cleaning as well"
        )
        return Problem(file.name, message, {"n": n})
    return None


def _day(moment: datetime) -> str:
    return timezone.localdate(moment).isoformat()
