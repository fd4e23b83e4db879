"""A visit under way on a phone, as far as the server knows it."""

from __future__ import annotations

from django.db import models

from inspections.campaigns.models import Assignment
from inspections.devices.models import Device
from surveys.forms.models import QuestionnaireVersion


class VisitDraft(models.Model):
    """What a phone that is online sends after every tap, so that a page which WeChat threw away
    comes back where it was. It ends when the visit is received.

    question: where the person stood; files: what was captured so far, as the page announces it.
    """

    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="draft")
    device = models.ForeignKey(Device, models.PROTECT, related_name="drafts")
    version = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    files = models.JSONField(default=list)
    question = models.CharField(max_length=120, blank=True)
    revision = models.PositiveBigIntegerField(default=0)  # counted by the page; older ones lose
    begun_at = models.DateTimeField()
    touched_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-touched_at"]

    def __str__(self) -> str:
        return str(self.assignment)
