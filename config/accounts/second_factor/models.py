"""What a person has beside their password: an authenticator app, passkeys, recovery codes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuthenticatorApp(models.Model):
    """An app that shows six digits, a new code every half minute."""

    SEALED = ("sealed",)

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="app")
    sealed = models.TextField()  # the secret, which the database alone does not give away
    last_step = models.BigIntegerField(default=0)  # whose code was used; none is used twice
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("authenticator app")

    def __str__(self) -> str:
        return f"{self.user}"


class Passkey(models.Model):
    """A key that a phone, computer or security key holds; here lies its public half only."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)  # the device, in its owner's words
    host = models.CharField(max_length=255)  # the name of the site it was made for
    credential_id = models.CharField(max_length=1400, unique=True)  # base64url of ≤ 1023 bytes
    credential = models.BinaryField()  # as WebAuthn attests it: identifier and public key
    counter = models.PositiveBigIntegerField(default=0)  # grows with each use, where it is kept
    made_at = models.DateTimeField(auto_now_add=True)
    last_used_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("passkey")

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A code on paper that stands in for a lost device, once; kept as a keyed hash."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes"
    )
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("recovery code")
        constraints = [
            models.UniqueConstraint(
                name="a_recovery_code_of_a_person_once", fields=["user", "digest"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}"
