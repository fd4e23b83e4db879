"""Paper sheets: numbered when printed, keyed twice by different people, settled where the two
differ.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey


class PaperForm(models.Model):
    """One printed copy. `response` is what it became when both keyings agreed or were settled."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="paper_forms")
    serial = models.CharField(max_length=20)
    stratum = models.CharField(max_length=60, blank=True)
    psu = models.CharField(max_length=60, blank=True)
    filled_on = models.DateField(null=True, blank=True)
    response = models.OneToOneField(
        Response, models.PROTECT, null=True, blank=True, related_name="paper_form"
    )
    printed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(name="a_serial_number_once", fields=["survey", "serial"])
        ]

    def __str__(self) -> str:
        return self.serial


class Keying(models.Model):
    """What one clerk read on a sheet: the first time, or the second, by somebody else who did
    not see the first.
    """

    form = models.ForeignKey(PaperForm, models.PROTECT, related_name="keyings")
    turn = models.PositiveSmallIntegerField()
    answers = models.JSONField()
    seconds = models.FloatField()
    keyed_at = models.DateTimeField(auto_now_add=True)
    keyed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["form", "turn"]
        constraints = [
            models.UniqueConstraint(name="each_turn_once", fields=["form", "turn"]),
            models.UniqueConstraint(name="two_turns_are_two_people", fields=["form", "keyed_by"]),
            models.CheckConstraint(
                name="first_or_second_turn", condition=models.Q(turn__in=(1, 2))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} ({self.turn})"
