"""A visit (体察记录): the checklist's answers, who was there and when, what was found, and the
photographs.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from inspections.campaigns.models import Campaign
from inspections.campaigns.sites import Site
from surveys.collection.models.response import Response


class Visit(models.Model):
    """One visit to one site. A revisit points at the visit whose findings it looks at again."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="visits")
    site = models.ForeignKey(Site, models.PROTECT, related_name="visits")
    response = models.OneToOneField(Response, models.PROTECT, related_name="visit")
    inspectors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="visits")
    visited_at = models.DateTimeField()
    revisit_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="revisits"
    )

    class Meta:
        ordering = ["-visited_at"]
        constraints = [
            models.UniqueConstraint(
                name="one_first_visit_a_site",
                fields=["campaign", "site"],
                condition=models.Q(revisit_of__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.visited_at:%Y-%m-%d}"


class Finding(models.Model):
    """One item of the checklist that was not as it should be; `topic` is the branch of the index
    it is under.
    """

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="findings")
    indicator = models.CharField(max_length=60)
    topic = models.CharField(max_length=60)
    critical = models.BooleanField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="one_finding_an_indicator", fields=["visit", "indicator"])
        ]

    def __str__(self) -> str:
        return self.indicator


class Evidence(models.Model):
    """A photograph: the original under its SHA-256, and a smaller copy without its data for
    looking at.
    """

    STORED = ("sha256", "shown")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="evidence")
    sha256 = models.CharField(max_length=64)
    shown = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(name="one_file_once_a_visit", fields=["visit", "sha256"])
        ]

    def __str__(self) -> str:
        return self.name
