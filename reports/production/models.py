"""A report: its kind, what it is about, its plan as it was, and the job that makes it. Its files
lie in a folder.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.work.models import Job
from surveys.collection.models.survey import Survey

PLAN = "plan.yaml"


class Report(models.Model):
    """A ranking, a topline or an inspection report of one survey."""

    class Kind(models.TextChoices):
        RANKING = "ranking", _("ranking")
        TOPLINE = "topline", _("topline")
        INSPECTION = "inspection", _("inspection report")

    kind = models.CharField(max_length=10, choices=Kind)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="reports")
    plan = models.TextField(blank=True)
    job = models.OneToOneField(Job, models.PROTECT, related_name="report")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.job)

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return Path(settings.VAR) / "reports" / str(self.pk)

    @property
    def files(self) -> list[str]:
        """The names of its files, once they are there; a plan is there from the beginning."""
        made = {path.name for path in self.folder.iterdir()} if self.folder.is_dir() else set()
        return sorted(made | ({PLAN} if self.plan else set()))

    def content(self, name: str) -> bytes:
        """Return a file; of the plan the very bytes that its hash is of. Raises KeyError for a name
        that none of them has.
        """
        if name not in self.files:
            raise KeyError(name)
        if name == PLAN and self.plan:
            return self.plan.encode()
        return (self.folder / name).read_bytes()
