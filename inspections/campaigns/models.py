"""A campaign of visits: which checklist, who runs it. Its responses are those of its survey."""

from __future__ import annotations

from django.db import models

from inspections.campaigns.sites import Site
from surveys.collection.models.survey import Survey


class Campaign(models.Model):
    """A campaign (体察活动). The survey holds title, checklist, time in the field and every answer
    sheet.
    """

    class Selection(models.TextChoices):
        RANDOM = "random", "random"
        PURPOSIVE = "purposive", "purposive"

    survey = models.OneToOneField(Survey, models.PROTECT, related_name="campaign")
    selection = models.CharField(max_length=9, choices=Selection, default=Selection.PURPOSIVE)
    sites = models.ManyToManyField(Site, blank=True, related_name="campaigns")

    class Meta:
        ordering = ["-survey__opens_at"]

    def __str__(self) -> str:
        return str(self.survey)
