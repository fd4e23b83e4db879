"""Paper sheets: numbered when they are printed, keyed twice by different people, settled where
the two differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils import timezone

from config.accounts import audit
from config.accounts.models import User
from surveys.channels.paper.models import Keying, PaperForm
from surveys.collection import services as collection
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey

MOST = 2_000  # copies at a time


# what a reading leads to: flawed is a form that both read alike and that does not count
Outcome = Literal["first", "agreed", "flawed", "differs"]


class TooMany(Exception):
    """More copies than are printed at a time, or none."""


class UnknownSerial(Exception):
    """A number that no sheet of the survey has."""


class NotYours(Exception):
    """A form that this person did not key, or that is a response by now: it cannot be mended."""


class AlreadyKeyed(Exception):
    """A sheet that was keyed by the same person, or twice."""


@transaction.atomic
def number_forms(
    *, survey: Survey, count: int, stratum: str = "", psu: str = "", by: User | None = None
) -> list[str]:
    """Make so many new sheets and return their serial numbers, in order. Raises TooMany."""
    if not 0 < count <= MOST:
        raise TooMany
    Survey.objects.select_for_update().get(
        pk=survey.pk
    )  # two people who print at once get different numbers
    made = survey.paper_forms.count()
    serials = [serial(number) for number in range(made + 1, made + count + 1)]
    PaperForm.objects.bulk_create(
        (
            PaperForm(survey=survey, serial=s, stratum=stratum.strip()[:60], psu=psu.strip()[:60])
            for s in serials
        ),
        batch_size=1000,
    )
    after = {"first": serials[0], "last": serials[-1], "stratum": stratum, "psu": psu}
    audit.record(by=by, action="survey.print_forms", target=survey, after=after)
    return serials


@transaction.atomic
def key(
    *, survey: Survey, number: str, answers: Mapping[str, Any], seconds: float, by: User
) -> Outcome:
    """Keep what one clerk read on a sheet. Where the second reading equals the first, the sheet
    becomes a response.

    Raises UnknownSerial, AlreadyKeyed.
    """
    form = survey.paper_forms.select_for_update().filter(serial=number.strip()).first()
    if form is None:
        raise UnknownSerial
    earlier = list(form.keyings.all())
    if len(earlier) > 1 or any(keying.keyed_by_id == by.pk for keying in earlier):
        raise AlreadyKeyed
    Keying.objects.create(
        form=form,
        turn=len(earlier) + 1,
        answers=dict(answers),
        seconds=min(max(seconds, 0), 3600),
        keyed_by=by,
    )
    return _outcome(form, by)


@transaction.atomic
def mend(
    *, survey: Survey, number: str, answers: Mapping[str, Any], seconds: float, by: User
) -> Outcome:
    """Put right what the same person read on a form, while it is no response. What both read is
    compared again; which questions were mended stands in the audit trail. Raises NotYours.
    """
    form = survey.paper_forms.select_for_update().filter(serial=number.strip()).first()
    keying = form.keyings.filter(keyed_by=by).first() if form else None
    if form is None or keying is None or form.response_id:
        raise NotYours
    # PostgreSQL keeps no order of names
    mended = sorted(differences(keying.answers, answers))
    keying.answers = dict(answers)
    keying.seconds = min(keying.seconds + max(seconds, 0), 3600)
    keying.save(update_fields=["answers", "seconds"])
    after = {"survey": survey.slug, "turn": keying.turn, "questions": mended}
    audit.record(by=by, action="form.mend", target=form, after=after)
    return _outcome(form, by)


def _outcome(form: PaperForm, by: User) -> Outcome:
    """Take in a form that two people read alike, and say what its readings lead to."""
    readings = [keying.answers for keying in form.keyings.all()]
    if len(readings) < 2:
        return "first"
    if differences(*readings):
        return "differs"
    return "flawed" if _accept(form, readings[0], by).flaws else "agreed"


@transaction.atomic
def settle(*, form: PaperForm, answers: Mapping[str, Any], by: User) -> Response:
    """Take in a sheet whose readings differed, as somebody who looked at the paper says. Both
    readings are kept.

    Raises AlreadyKeyed for a sheet that was not keyed twice or is settled.
    """
    locked = PaperForm.objects.select_for_update().get(pk=form.pk)
    if locked.response_id or locked.keyings.count() < 2:
        raise AlreadyKeyed
    audit.record(by=by, action="form.settle", target=locked, after={"survey": locked.survey.slug})
    return _accept(locked, answers, by)


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return the questions that two readings of a sheet answer otherwise; blank and missing are
    the same.
    """
    names = [*one, *(name for name in other if name not in one)]
    return [name for name in names if (one.get(name) or "") != (other.get(name) or "")]


def _accept(form: PaperForm, answers: Mapping[str, Any], by: User) -> Response:
    payload = collection.Payload(
        uid=uuid5(NAMESPACE_URL, f"mingcha:paper:{form.survey_id}:{form.serial}"),
        answers={name: answer for name, answer in answers.items() if answer},
        submitted_at=timezone.now(),
    )
    source = collection.Source(
        Response.Mode.PAPER, flawed="keep", stratum=form.stratum, psu=form.psu
    )
    response = collection.accept(survey=form.survey, payload=payload, source=source, by=by)
    PaperForm.objects.filter(pk=form.pk).update(response=response)
    return response


def serial(number: int) -> str:
    """Return a serial number with its check digit: 12 is 00012-4."""
    digits = f"{number:05}"
    return f"{digits}-{check_digit(digits)}"


def is_serial(written: str) -> bool:
    """Say whether a number as it was typed has the right check digit."""
    digits, dash, check = written.strip().partition("-")
    return bool(dash) and digits.isdecimal() and check == check_digit(digits)


def check_digit(digits: Sequence[str]) -> str:
    """Return the check digit of ISO/IEC 7064, MOD 11,10: every single wrong digit is found."""
    product = 10
    for digit in digits:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)
