"""Work that runs in the background."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SILENCE = timedelta(minutes=1)


class Job(models.Model):
    """Work that takes long, done by the worker process; `beat_at` is when it last said
    something.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    BUSY = (State.WAITING, State.RUNNING)

    title = models.CharField(max_length=200)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    message = models.TextField(blank=True)
    # what the worker does for it, so that it can be done again
    task = models.UUIDField(null=True, editable=False, db_index=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    beat_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_busy(self) -> bool:
        """Whether it waits or runs."""
        return self.state in self.BUSY

    @property
    def said(self) -> str:
        """What it said last; what the program itself says of it is in the reader's language."""
        return gettext(self.message) if self.message else ""

    @property
    def is_silent(self) -> bool:
        """Whether the worker should have said something by now."""
        return self.is_busy and timezone.now() - self.beat_at > SILENCE


class FileReading(models.Model):
    """A large file that the worker reads for a room: what for, about what, and what came of it,
    as the room left it.
    """

    purpose = models.CharField(max_length=20)
    about = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    outcome = models.JSONField(default=dict)
    job = models.OneToOneField(Job, models.CASCADE, related_name="reading")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_file_is_read_once_for_a_purpose",
                fields=["purpose", "about", "sha256", "name"],
            )
        ]

    def __str__(self) -> str:
        return self.name
