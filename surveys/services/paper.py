"""Paper sheets: numbered when they are printed. A number carries a digit that a slip of the finger breaks."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from surveys.models import PaperSheet, Survey

MOST = 2_000  # copies at a time


class TooMany(Exception):
    """More copies than are printed at a time, or none."""


@transaction.atomic
def number_sheets(*, survey: Survey, count: int, stratum: str = "", psu: str = "") -> list[str]:
    """Make so many new sheets and return their serial numbers, in order. Raises TooMany."""
    if not 0 < count <= MOST:
        raise TooMany
    Survey.objects.select_for_update().get(pk=survey.pk)  # two people who print at once get different numbers
    made = survey.paper_sheets.count()
    serials = [serial(number) for number in range(made + 1, made + count + 1)]
    PaperSheet.objects.bulk_create(
        (PaperSheet(survey=survey, serial=s, stratum=stratum.strip()[:60], psu=psu.strip()[:60]) for s in serials),
        batch_size=1000,
    )
    return serials


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
