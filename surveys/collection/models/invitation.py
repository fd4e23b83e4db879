"""People who were drawn and invited, known only by a hash of their link and by what became of
them.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.collection.models.survey import Survey
from surveys.companies.models import Company


class Disposition(models.TextChoices):
    """What became of a sampled person: AAPOR Standard Definitions, 10th edition (2023), named
    persons.
    """

    COMPLETE = "1.1", _("1.1 complete")
    PARTIAL = "1.2", _("1.2 partial")
    REFUSAL = "2.1", _("2.1 refusal")
    BREAK_OFF = "2.12", _("2.12 break-off")
    NON_CONTACT = "2.2", _("2.2 not reached")
    OTHER = "2.3", _("2.3 unable, other language")
    UNKNOWN = "3.1", _("3.1 nothing known")
    UNKNOWN_OTHER = "3.2", _("3.2 unknown, other")
    OUT_OF_FRAME = "4.1", _("4.1 not in the population")
    NO_ELIGIBLE = "4.7", _("4.7 nobody eligible")
    QUOTA_FILLED = "4.8", _("4.8 quota filled")


class Invitation(models.Model):
    """One person of a customer list. Who it is stands only in the association's own file, at
    `number` of `batch`.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="invitations")
    batch = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    token_sha256 = models.CharField(max_length=64, unique=True)
    company = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="+")
    stratum = models.CharField(max_length=60, blank=True)
    psu = models.CharField(max_length=60, blank=True)
    weight = models.FloatField(default=1.0)  # 1 over the chance of being drawn
    disposition = models.CharField(max_length=4, choices=Disposition, default=Disposition.UNKNOWN)
    used_on = models.DateField(
        null=True, blank=True
    )  # the day only, so that no answer is found by its moment
    # who has the number on the telephone now, and until when nobody else is given it
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    held_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(
                name="a_number_once_in_a_batch", fields=["survey", "batch", "number"]
            ),
            models.CheckConstraint(
                name="used_if_and_only_if_interviewed",
                condition=models.Q(used_on__isnull=True)
                ^ models.Q(disposition__in=("1.1", "1.2", "4.8")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch} {self.number}"
