"""The models of the ground floor, under the name by which Django looks for them."""

from __future__ import annotations

from config.accounts.models import ApiToken, AuditEvent, PersonLink, Posting, User
from config.accounts.second_factor.models import AuthenticatorApp, Passkey, RecoveryCode
from config.accounts.signing_in.models import BrowserSession, WrongAttempts
from config.work.models import FileReading, Job

__all__ = [
    "ApiToken",
    "AuditEvent",
    "AuthenticatorApp",
    "BrowserSession",
    "FileReading",
    "Job",
    "Passkey",
    "PersonLink",
    "Posting",
    "RecoveryCode",
    "User",
    "WrongAttempts",
]
