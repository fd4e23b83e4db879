"""Runs of wrong attempts to sign in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WrongAttempts(models.Model):
    """A run of wrong attempts, counted for one key: a keyed hash of an account and a line, of a
    line, or of an account and a browser. Who tried cannot be read from it.
    """

    class Kind(models.TextChoices):
        ACCOUNT = "account"  # an account, tried from one line
        LINE = "line"  # whatever is tried from one line
        BROWSER = "browser"  # an account, in a browser that has been signed in to it
        CODE = "code"  # the second step of an account, from wherever

    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=64, unique=True)
    network = models.CharField(max_length=50, blank=True)  # shortened, for the audit trail
    wrong = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    wait_until = models.DateTimeField()

    class Meta:
        verbose_name = _("run of wrong attempts")
        indexes = [models.Index(name="wrong_attempts_by_age", fields=["last_at"])]

    def __str__(self) -> str:
        return self.network or "–"
