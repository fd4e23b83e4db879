"""Workbooks that designers work on."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from surveys.forms.models import QuestionnaireVersion


class Upload(models.Model):
    """A workbook that somebody works on: the newest content under its file name, not frozen yet."""

    STORED = ("workbook", "files")
    name = models.CharField(max_length=200)
    workbook = models.CharField(max_length=64)
    files = models.JSONField(default=dict)
    uploaded_at = models.DateTimeField(auto_now=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.ForeignKey(
        QuestionnaireVersion, models.PROTECT, null=True, blank=True, related_name="uploads"
    )

    class Meta:
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.name
