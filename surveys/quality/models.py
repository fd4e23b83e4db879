"""What looks wrong with responses, and what two people decided about them. A flag never
deletes.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey


class QualityRun(models.Model):
    """The checks run once over the accepted sheets of a survey, with the settings they had."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="quality_runs")
    limits = models.JSONField(default=dict)
    responses = models.PositiveIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.survey} {self.made_at:%Y-%m-%d %H:%M}"


class Flag(models.Model):
    """One check that a response did not pass."""

    run = models.ForeignKey(QualityRun, models.CASCADE, related_name="flags")
    response = models.ForeignKey(Response, models.PROTECT, related_name="flags")
    check_name = models.CharField(max_length=40)
    strength = models.FloatField()
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-strength", "id"]
        indexes = [models.Index(name="flags_of_a_check", fields=["run", "check_name"])]

    def __str__(self) -> str:
        return f"{self.response} {self.check_name}"


class CleaningCase(models.Model):
    """A response that a run put to people: its flags together were strong enough."""

    run = models.ForeignKey(QualityRun, models.CASCADE, related_name="cases")
    response = models.ForeignKey(Response, models.PROTECT, related_name="cleaning_cases")
    strength = models.FloatField()

    class Meta:
        ordering = ["-strength", "id"]
        constraints = [
            models.UniqueConstraint(name="one_case_a_response", fields=["run", "response"])
        ]

    def __str__(self) -> str:
        return f"{self.response} {self.strength}"


class Decision(models.Model):
    """Whether a flagged sheet stays. A removal counts when a second person agrees; nothing here
    is ever changed.
    """

    class Verdict(models.TextChoices):
        KEEP = "keep"
        REMOVE = "remove"

    response = models.ForeignKey(Response, models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=6, choices=Verdict)
    reason = models.CharField(max_length=300)
    decided_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    seconded_at = models.DateTimeField(null=True, blank=True)
    seconded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="a_removal_takes_two_people",
                condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=F("decided_by")),
            ),
            models.CheckConstraint(name="a_decision_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.response} {self.verdict}"
