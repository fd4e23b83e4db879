"""One writer at a time on SQLite: processes stand in line at a lock file.

SQLite itself lets whoever finds the database locked ask again after 1, 2, 5 … ms; in line the next
one goes on at once.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

LINE = os.O_WRONLY | os.O_APPEND | os.O_CREAT


@contextmanager
def write_lock() -> Iterator[None]:
    """Wait for this process's turn to write; around a transaction, never within one. Elsewhere than
    on SQLite a no-op.

    Whoever does not stand in line is still kept apart by SQLite's own lock.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with os.fdopen(os.open(Path(settings.VAR) / "turn", LINE, 0o600), "ab") as line:
        fcntl.flock(
            line, fcntl.LOCK_EX
        )  # given back when the file is closed, or when the process dies
        yield
