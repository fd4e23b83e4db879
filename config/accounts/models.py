"""The people of the association, where they are posted, and the trail of what they did."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.accounts.roles import held
from config.accounts.scope import Scope


class User(AbstractUser):
    """Someone of the association, with a name and a password. Its own model, because it cannot be
    swapped later. What a person may do comes from roles (groups) and postings only.
    """

    @property
    def name(self) -> str:
        """What somebody is called on pages: their name, the account's where there is none."""
        return self.get_full_name() or self.get_username()

    @cached_property
    def scope(self) -> Scope:
        """The areas whose part of everything this person sees."""
        return Scope.of(self.postings.values_list("area_id", flat=True))

    @cached_property
    def permissions(self) -> frozenset[str]:
        """What this person may do; read once for one object."""
        roles = self.groups.values_list("name", flat=True)
        return held(roles, posted=not self.scope.is_everywhere)


class Posting(models.Model):
    """An area that limits a person: every role of theirs ends there. Without a posting it is
    all.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="postings")
    area = models.ForeignKey("surveys.Area", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["area"]
        constraints = [
            models.UniqueConstraint(name="posted_to_an_area_once", fields=["user", "area"])
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.area}"


class AuditEvent(models.Model):
    """One line of the audit trail, written by a service in the transaction of what it did.

    `hash` is over the line and the hash of the line before, so that a line which is changed, taken
    out or put in is found (`./mingcha audit verify`). Nothing here is ever changed or deleted.
    """

    number = models.PositiveBigIntegerField(unique=True)  # 1, 2, 3 … without a gap
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField(
        max_length=150, blank=True
    )  # as it was then; "" for the program itself
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=60)  # kind of object: surveys.survey
    target_id = models.CharField(max_length=64)
    target_name = models.CharField(max_length=200)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)
    previous = models.CharField(max_length=64, blank=True)  # "" for the first
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("audit event")
        indexes = [
            models.Index(name="audit_of_an_object", fields=["target", "target_id"]),
            models.Index(name="audit_of_a_person", fields=["by"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.target_name}"


class ApiToken(models.Model):
    """A key with which a device or a program speaks to the API as its owner. Kept as its SHA-256
    only: with the database alone nobody gets in.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)  # the device, in its owner's words
    prefix = models.CharField(max_length=11)  # what it begins with, to tell it from others
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)  # a day, no diary of a person's work
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("API token")
        constraints = [
            models.CheckConstraint(
                name="a_revoked_token_says_by_whom",
                condition=models.Q(revoked_at__isnull=True) ^ models.Q(revoked_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class PersonLink(models.Model):
    """A link by which a person sets a password: shown once, kept as a hash, used once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="links")
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.expires_at:%Y-%m-%d}"
