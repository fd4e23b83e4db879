"""What ODK Collect sent."""

from __future__ import annotations

from django.db import models

from inspections.devices.models import Device
from inspections.visits.models import Visit


class Submission(models.Model):
    """One submission by its instance ID. It may come in several posts, each with the same XML; the
    visit is recorded when the last one is here.
    """

    STORED = ("xml", "files")
    device = models.ForeignKey(Device, models.PROTECT, related_name="submissions")
    instance = models.CharField(max_length=64, unique=True)  # uuid:…
    replaces = models.CharField(max_length=64, blank=True)  # its deprecatedID
    xml = models.CharField(max_length=64)  # SHA-256 of the stored bytes
    files = models.JSONField(default=dict)  # name → SHA-256
    visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="submissions"
    )
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.instance
