"""Codes of an authenticator app: HOTP (RFC 4226) over time (RFC 6238). PURE.

SHA-1, six digits and 30 seconds, because that is what every app can do; the strength is that of
the secret (160 bits) and of the limits on attempts.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from urllib.parse import quote, urlencode

SECONDS = 30
DIGITS = 6
EARLIER_OR_LATER = 1  # steps by which a phone's clock may be off


def new_secret() -> str:
    """Return 160 random bits as apps take them, in base32 without padding."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """Return the code of a step (RFC 4226, 5.3)."""
    mac = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), "sha1")
    start = mac[-1] & 0xF
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_at(seconds: float) -> int:
    """Return the step that a moment lies in, in seconds since 1970."""
    return int(seconds // SECONDS)


def matching_step(secret: str, code: str, *, seconds: float, after: int) -> int | None:
    """Return the step near a moment whose code was given; None where there is none.

    after is the step that was used last: its code and earlier ones are used up (RFC 6238, 5.2).
    """
    now = step_at(seconds)
    found = None
    for step in range(now - EARLIER_OR_LATER, now + EARLIER_OR_LATER + 1):
        # every step is compared, so that the time it takes says nothing
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and step > after:
            found = step
    return found


def address(secret: str, *, issuer: str, account: str) -> str:
    """Return what the QR code says: otpauth, as Google wrote it down and all apps read it."""
    label = f"{quote(issuer)}:{quote(account, safe='')}"
    return f"otpauth://totp/{label}?" + urlencode({"secret": secret, "issuer": issuer})
