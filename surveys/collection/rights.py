"""What a respondent may do after sending: leave a telephone number, take it back, withdraw the
answers.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from config.accounts import audit
from config.storage import encryption, files
from surveys.collection.models.contact import Contact
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey

HASHES_KEPT = timedelta(days=30)  # after the survey was cleaned
TELEPHONE = re.compile(r"\+?[0-9]{6,15}")


class NoTelephone(Exception):
    """Not a telephone number."""


def find(receipt: str) -> Response | None:
    """Return the response of a receipt as people write it: in groups, small letters, O for 0, I
    and L for 1.
    """
    plain = re.sub(r"[\s-]", "", receipt).upper().translate(str.maketrans("OIL", "011"))
    return Response.objects.select_related("survey").filter(receipt=plain).first()


@transaction.atomic
def leave_contact(*, response: Response, name: str, telephone: str, consent: str) -> Contact:
    """Keep how a respondent may be reached, with the sentence that was agreed to; a second time
    replaces the first.

    Raises NoTelephone.
    """
    number = re.sub(r"[\s()-]", "", telephone)
    if not TELEPHONE.fullmatch(number):
        raise NoTelephone
    Contact.objects.filter(response=response).delete()
    return Contact.objects.create(
        response=response,
        sealed=encryption.seal({"name": name.strip()[:80], "telephone": number}),
        digest=encryption.digest(number, "contact"),
        consent=consent,
    )


@transaction.atomic
def delete_contact(*, response: Response) -> bool:
    """Delete what a respondent left; the answers stay. Return whether there was anything."""
    deleted, _by_model = Contact.objects.filter(response=response).delete()
    if deleted:
        audit.record(by=None, action="response.delete_contact", target=response)
    return bool(deleted)


@transaction.atomic
def withdraw(*, response: Response) -> None:
    """Take answers back: they are blanked, with contact, pictures and hashes; id and disposition
    stay (design D5).

    A snapshot that was published keeps what it has; the next one has not. A second time changes
    nothing.
    """
    locked = Response.objects.select_for_update().get(pk=response.pk)
    if locked.status == Response.Status.WITHDRAWN:
        return
    Contact.objects.filter(response=locked).delete()
    kept = [digest for pair in locked.attachments.values_list("sha256", "shown") for digest in pair]
    locked.attachments.all().delete()
    transaction.on_commit(partial(files.forget, kept))
    locked.status, locked.withdrawn_at = Response.Status.WITHDRAWN, timezone.now()
    locked.answers, locked.flaws, locked.seconds = {}, [], {}
    locked.network = locked.browser = ""
    locked.company = locked.area = None
    locked.save()
    audit.record(by=None, action="response.withdraw", target=locked)


def forget_hashes() -> int:
    """Blank the hashes of networks and browsers of surveys cleaned 30 days ago; return of how
    many responses.
    """
    cleaned = Survey.objects.filter(cleaned_at__lt=timezone.now() - HASHES_KEPT)
    kept = Response.objects.filter(survey__in=cleaned).exclude(network="", browser="")
    with transaction.atomic():
        of_surveys = list(Survey.objects.filter(responses__in=kept).distinct())
        forgotten = kept.update(network="", browser="")
        for survey in of_surveys:
            audit.record(by=None, action="survey.forget_hashes", target=survey)
    return forgotten


def kept_until(survey: Survey) -> date:
    """Return the day until which what people left about themselves is kept: some months after
    the survey closes.
    """
    begin = timezone.localdate(survey.closes_at) if survey.closes_at else timezone.localdate()
    months = begin.month - 1 + survey.months_kept
    return date(begin.year + months // 12, months % 12 + 1, min(begin.day, 28))


def forget_contacts() -> int:
    """Delete the contact details of surveys that were closed long enough ago; return how many."""
    closed = Survey.objects.filter(closes_at__isnull=False)
    due = [survey for survey in closed if kept_until(survey) < timezone.localdate()]
    count = 0
    for survey in due:
        with transaction.atomic():
            deleted, _by_model = Contact.objects.filter(response__survey=survey).delete()
            if deleted:
                after = {"contacts": deleted}
                audit.record(by=None, action="survey.forget_contacts", target=survey, after=after)
        count += deleted
    return count
