"""Stored files: original bytes under their SHA-256, private, written once. Nothing here is ever
served as it is.

The same bytes may belong to several records, so a file is deleted only where none holds it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterable
from functools import reduce
from operator import or_
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import Q

DAY = 24 * 3600


def keep(content: bytes) -> str:
    """Store bytes so that a power cut leaves all of them or none, and return their SHA-256."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{secrets.token_hex(8)}")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.rename(path)
        _sync(path.parent)
    return digest


def read(digest: str) -> bytes:
    """Return the bytes of a stored file. Raises FileNotFoundError for one that is not there."""
    return _path(digest).read_bytes()


def store_temporary(content: bytes) -> str:
    """Store bytes that are only looked at so far, and return their SHA-256; they go after a day
    (`clear_aside`).
    """
    digest = hashlib.sha256(content).hexdigest()
    path = _temporary() / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)
    return digest


def read_temporary(digest: str) -> bytes:
    """Return bytes that were laid aside, or stored. Raises FileNotFoundError."""
    path = _temporary() / digest
    return path.read_bytes() if path.exists() else read(digest)


def clear_temporary() -> int:
    """Delete what was laid aside more than a day ago; return how many."""
    old = [path for path in _temporary().glob("*") if time.time() - path.stat().st_mtime > DAY]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def forget(digests: Iterable[str]) -> None:
    """Delete files whose records are gone; those that another record holds stay."""
    for digest in digests:
        if digest and not is_held(digest):
            _path(digest).unlink(missing_ok=True)


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


def _temporary() -> Path:
    return Path(settings.VAR) / "aside"


def _path(digest: str) -> Path:
    return Path(settings.VAR) / "files" / digest[:2] / digest


def _sync(folder: Path) -> None:
    """Make the new name itself durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
