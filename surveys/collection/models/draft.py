"""A response that is not sent yet, kept after every section so that its address brings
people back.
"""

from __future__ import annotations

from django.db import models

from surveys.collection.models.collector import Collector
from surveys.collection.models.invitation import Invitation
from surveys.collection.models.survey import Survey


class Draft(models.Model):
    """What was answered so far, under the uid that the response will have; gone when it is sent."""

    STORED = ("answers",)
    uid = models.UUIDField(primary_key=True)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="drafts")
    collector = models.ForeignKey(Collector, models.SET_NULL, null=True, related_name="drafts")
    # as long as nothing is sent; afterwards nothing leads from an invitation to its answers
    invitation = models.OneToOneField(Invitation, models.CASCADE, null=True, related_name="draft")
    language = models.CharField(max_length=7)
    section = models.CharField(max_length=120)  # where the person is
    answers = models.JSONField(default=dict)
    seconds = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    touched_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(name="drafts_of_a_survey", fields=["survey", "touched_at"])]

    def __str__(self) -> str:
        return str(self.uid)
