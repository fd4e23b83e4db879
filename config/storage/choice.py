"""Which storage the settings choose for stored files."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ImproperlyConfigured

DURABLE = {"BACKEND": "config.storage.durable.DurableStorage"}


def chosen(text: str) -> dict[str, Any]:
    """Return an entry of STORAGES from MINGCHA_STORAGE, the folder on this machine for "".

    Raises ImproperlyConfigured for what is no JSON object with a BACKEND, and perhaps OPTIONS.
    """
    if not text.strip():
        return dict(DURABLE)
    try:
        entry = json.loads(text)
    except json.JSONDecodeError as error:
        raise ImproperlyConfigured(f"MINGCHA_STORAGE is no JSON: {error}") from None
    if (
        not isinstance(entry, dict)
        or not isinstance(entry.get("BACKEND"), str)
        or not isinstance(entry.get("OPTIONS", {}), dict)
        or entry.keys() - {"BACKEND", "OPTIONS"}
    ):
        raise ImproperlyConfigured(
            'MINGCHA_STORAGE must be {"BACKEND": "a.class.of.Storage", "OPTIONS": {…}}'
        )
    return entry
