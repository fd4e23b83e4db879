"""Runs of wrong attempts to sign in, and the browsers in which somebody is signed in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions.models import Session
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


class BrowserSession(models.Model):
    """A browser in which a person is signed in; it goes with Django's session, whenever that
    goes. What it says of browser and network is no more than its owner needs to know it again.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="browser_sessions"
    )
    session = models.OneToOneField(Session, models.CASCADE, related_name="+")
    browser = models.CharField(max_length=30, blank=True)  # "" for one that is not known
    system = models.CharField(max_length=30, blank=True)
    network = models.CharField(max_length=50, blank=True)  # shortened: 203.0.113.0/24
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()  # to some ten minutes, no diary of a person's work

    class Meta:
        ordering = ["-last_at", "-pk"]
        verbose_name = _("signed-in browser")

    def __str__(self) -> str:
        return " · ".join(filter(None, (self.browser, self.system))) or "–"
