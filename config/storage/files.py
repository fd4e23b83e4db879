"""Stored files: original bytes under their SHA-256, private, written once. Nothing here is ever
served as it is.

They lie in the storage that the settings call "evidence": a folder of this machine, or one that
several machines share. What is only looked at lies there too, since another machine may be asked
for it next. The same bytes may belong to several records, so a file is deleted only where none
holds it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import timedelta
from functools import reduce
from operator import or_

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db.models import Q
from django.utils import timezone

DAY = timedelta(days=1)
ASIDE = "aside"  # a folder that no SHA-256 begins like
DIGEST = re.compile(r"[0-9a-f]{64}")


def keep(content: bytes) -> str:
    """Store bytes, all of them or none, and return their SHA-256."""
    digest = hashlib.sha256(content).hexdigest()
    _store(_name(digest), content)
    return digest


def read(digest: str) -> bytes:
    """Return the bytes of a stored file. Raises FileNotFoundError for one that is not there."""
    with _storage().open(_name(digest)) as file:
        content: bytes = file.read()
    return content


def store_temporary(content: bytes) -> str:
    """Store bytes that are only looked at so far, and return their SHA-256; they go after a day
    (`clear_temporary`).
    """
    digest = hashlib.sha256(content).hexdigest()
    name = f"{ASIDE}/{digest}"
    _storage().delete(name)  # looked at again, its day begins again
    _store(name, content)
    return digest


def read_temporary(digest: str) -> bytes:
    """Return bytes that were laid aside, or stored. Raises FileNotFoundError."""
    try:
        with _storage().open(f"{ASIDE}/{digest}") as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return read(digest)
    return content


def clear_temporary() -> int:
    """Delete what was laid aside more than a day ago; return how many."""
    storage = _storage()
    try:
        _folders, names = storage.listdir(ASIDE)
    except FileNotFoundError:  # nothing was ever laid aside
        return 0
    before = timezone.now() - DAY
    old = [name for name in names if storage.get_modified_time(f"{ASIDE}/{name}") < before]
    for name in old:
        storage.delete(f"{ASIDE}/{name}")
    return len(old)


def forget(digests: Iterable[str]) -> None:
    """Delete files whose records are gone; those that another record holds stay."""
    for digest in digests:
        if digest and not is_held(digest):
            _storage().delete(_name(digest))


def is_held(digest: str) -> bool:
    """Say whether a record holds a file: models name under STORED the fields that do, by
    themselves or within JSON.
    """
    for model in apps.get_models():
        if names := getattr(model, "STORED", ()):
            held = reduce(or_, (Q(**{f"{name}__icontains": digest}) for name in names))
            if model._default_manager.filter(held).exists():
                return True
    return False


def _store(name: str, content: bytes) -> None:
    storage = _storage()
    if storage.exists(name):
        return
    saved = storage.save(name, ContentFile(content))
    if saved != name:  # the same bytes came in between, and this storage keeps both
        storage.delete(saved)


def _storage() -> Storage:
    return storages["evidence"]


def _name(digest: str) -> str:
    return f"{digest[:2]}/{digest}"
