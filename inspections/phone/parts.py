"""Files on their way from a phone: parts of them, until they are whole.

They lie beside the database on this machine, readable by its owner only, under the visit's number
and the SHA-256 that was announced; no name that a phone gives is ever one of a file here.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

LIVES = 30 * 86_400  # seconds after the last part; then a phone begins anew


class NotNext(Exception):
    """A part that begins after what is here; `have` bytes are."""

    def __init__(self, have: int) -> None:
        super().__init__(have)
        self.have = have


def have(visit: int, sha256: str) -> int:
    """Return how many bytes of a file are here, from its beginning on."""
    try:
        return _path(visit, sha256).stat().st_size
    except FileNotFoundError:
        return 0


def add(visit: int, sha256: str, *, start: int, content: bytes) -> int:
    """Put one part in its place and return how many bytes are here now; a part that is here
    already changes nothing.

    It is not synced: what a power cut takes away, the phone has and sends again, since the whole
    is compared with its hash. Raises NotNext for a part that would leave a gap.
    """
    with _opened(visit, sha256) as file:
        size = file.seek(0, os.SEEK_END)
        if start > size:
            raise NotNext(size)
        file.seek(start)
        file.write(content)
        return max(size, start + len(content))


def completed(visit: int, sha256: str, *, start: int, content: bytes) -> bytes:
    """Return the bytes that are here with the last part behind them; it is written nowhere.

    Raises NotNext for a part that would leave a gap.
    """
    here = have(visit, sha256)
    if start > here:
        raise NotNext(here)
    return (_path(visit, sha256).read_bytes()[:start] if start else b"") + content


def drop(visit: int, sha256: str) -> None:
    """Delete what is here of a file."""
    _path(visit, sha256).unlink(missing_ok=True)


def clear_old() -> int:
    """Delete what has not grown for a long time, and return how many files that were."""
    before = time.time() - LIVES
    old = [path for path in _folder().glob("*") if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


@contextmanager
def _opened(visit: int, sha256: str) -> Iterator[BinaryIO]:
    """Open a file for one writer at a time."""
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(_path(visit, sha256), os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file is closed
        yield file


def _folder() -> Path:
    return Path(settings.VAR) / "parts"


def _path(visit: int, sha256: str) -> Path:
    return _folder() / f"{visit}-{sha256}"
