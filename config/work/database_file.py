"""The file of an embedded database, watched while it is served.

A process that has it open goes on writing into the file it opened; whoever puts another one in its
place loses what is sent from then on, and the log beside it (-wal) belongs to the old one.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from django.conf import settings
from django.db import connection

# up to 3.51.2 two connections that write and checkpoint at once can damage a database with a
# write-ahead log: https://sqlite.org/wal.html, "The WAL-Reset Bug"
SAFE = (3, 51, 3)


def sqlite_version() -> str:
    """Return the version of the SQLite that opens the embedded database."""
    return str(sqlite3.sqlite_version)


def is_safe() -> bool:
    """Say whether several processes may write to the database."""
    return connection.vendor != "sqlite" or sqlite3.sqlite_version_info >= SAFE


class DatabaseFile:
    """The file as it is now; on PostgreSQL there is none, and it stays the same."""

    def __init__(self) -> None:
        self.path = Path(settings.DATABASES["default"]["NAME"])
        self.is_file = connection.vendor == "sqlite"
        self.first = self._identity()

    def is_the_same(self) -> bool:
        """Say whether there is still the same file under its name."""
        return self._identity() == self.first

    def _identity(self) -> tuple[int, int] | None:
        if not self.is_file:
            return None
        try:
            there = self.path.stat()
        except FileNotFoundError:
            return None
        return there.st_dev, there.st_ino
