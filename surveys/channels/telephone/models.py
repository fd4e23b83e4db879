"""Telephone calls to invited people."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from surveys.collection.models.invitation import Disposition, Invitation


class Call(models.Model):
    """One attempt to reach an invited person by telephone."""

    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="calls")
    outcome = models.CharField(max_length=4, choices=Disposition)
    before = models.CharField(
        max_length=4, choices=Disposition, default=Disposition.UNKNOWN
    )  # what stood at the invitation until then
    call_again_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.invitation} {self.outcome}"
