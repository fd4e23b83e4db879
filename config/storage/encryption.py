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
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Model

from config.storage.secret import kept_secret

CONTACTS, DIGEST = "contact-keys", "digest-key"  # files of the data folder


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

    It hangs on a key of its own, which never changes, and on the purpose, so hashes of two purposes
    cannot be compared.
    """
    key = digest_key(str(settings.VAR))
    return hmac.new(key.encode(), f"{purpose}\x1f{text}".encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=1)
def digest_key(folder: str) -> str:
    """Return the key of hashes; it began as the signing key, with which there were hashes before
    it had a file of its own.
    """
    given = os.environ.get("MINGCHA_DIGEST_KEY")
    return given or kept_secret(Path(folder) / DIGEST, lambda: settings.SECRET_KEY)


def require_keys() -> None:
    """Raise ImproperlyConfigured where something is sealed and its keys are gone: they are never
    made anew over it.
    """
    path = settings.VAR / CONTACTS
    if not os.environ.get("MINGCHA_CONTACT_KEYS") and not path.exists() and _is_any_sealed():
        raise ImproperlyConfigured(
            f"{path} is missing, the key of sealed contact details and second factors; put it back"
            " from where keys are kept, or see docs/operations.md, keys"
        )


@transaction.atomic
def reseal() -> tuple[int, int]:
    """Seal everything with the first key; return how many were, and how many no key opens."""
    _box.cache_clear()
    done = unreadable = 0
    for model, name in _sealed():
        for row in model._default_manager.select_for_update().exclude(**{name: ""}).iterator():
            try:
                sealed = _box().rotate(getattr(row, name).encode()).decode()
            except InvalidToken:
                unreadable += 1
                continue
            setattr(row, name, sealed)
            row.save(update_fields=[name])
            done += 1
    return done, unreadable


def _sealed() -> list[tuple[type[Model], str]]:
    """Return the fields that hold something sealed: models name them under SEALED."""
    return [(model, name) for model in apps.get_models() for name in getattr(model, "SEALED", ())]


def _is_any_sealed() -> bool:
    return any(model._default_manager.exclude(**{name: ""}).exists() for model, name in _sealed())


@lru_cache(maxsize=1)
def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in _keys()])


def _keys() -> list[str]:
    if given := os.environ.get("MINGCHA_CONTACT_KEYS"):
        return given.split(",")
    require_keys()
    return kept_secret(settings.VAR / CONTACTS, lambda: Fernet.generate_key().decode()).split()
