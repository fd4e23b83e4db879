"""Personal details sealed with a key that does not lie in the database; a list of keys, so that
they can be changed.

Fernet (AES-128-CBC, HMAC-SHA-256). The first key seals, all of them open. Keys stand in
MINGCHA_CONTACT_KEYS, separated by commas, or in a file that is made at first use and readable by
its owner only.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from config.storage.secret import kept_secret


class Unreadable(Exception):
    """Sealed with a key that is not at hand."""


def seal(details: dict[str, Any]) -> str:
    """Return details as text that only the keys open."""
    return _box().encrypt(json.dumps(details, ensure_ascii=False).encode()).decode()


def unseal(sealed: str) -> dict[str, Any]:
    """Return what was sealed. Raises Unreadable where the key is not at hand."""
    try:
        details: dict[str, Any] = json.loads(_box().decrypt(sealed.encode()))
    except InvalidToken:
        raise Unreadable from None
    return details


def digest(text: str, purpose: str) -> str:
    """Return a keyed hash (HMAC-SHA-256, 64 hex digits) by which equal texts are found without
    knowing them.

    It hangs on the signing key of the site and on the purpose, so hashes of two purposes cannot be
    compared.
    """
    return hmac.new(
        settings.SECRET_KEY.encode(), f"{purpose}\x1f{text}".encode(), hashlib.sha256
    ).hexdigest()


@lru_cache(maxsize=1)
def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in _keys()])


def _keys() -> list[str]:
    if given := os.environ.get("MINGCHA_CONTACT_KEYS"):
        return given.split(",")
    return kept_secret(
        settings.VAR / "contact-keys", lambda: Fernet.generate_key().decode()
    ).split()
