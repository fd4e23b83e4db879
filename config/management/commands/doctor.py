"""mingcha doctor: what this machine has, what it lacks, and the command that mends it."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from config import __version__
from config.backup import copies
from config.language.problems import say
from config.work.database_file import SAFE, is_safe, sqlite_version
from config.work.spoken import SpokenCommand

PANGO = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
OLD = timedelta(days=2)  # a daily backup that is older did not come
FAMILIES = ("Noto Sans CJK SC", "Noto Serif CJK SC")
# programs that only tests use, with their Debian packages
TEST_PROGRAMS = {
    "pdftotext": "poppler-utils",
    "pdffonts": "poppler-utils",
    "qpdf": "qpdf",
    "chromium": "chromium",
    "shellcheck": "shellcheck",
}


class Command(SpokenCommand):
    help = say(
        "Say what this machine has and lacks. Exit status 1 where the product lacks something."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        lacking = 0
        for state, text in _findings():
            lacking += state == "LACKS"
            self.stdout.write(f"{state:7}{text}")
        if lacking:
            raise CommandError(f"{lacking} things are missing")


def _findings() -> Iterator[tuple[str, str]]:
    yield "ok", f"mingcha {__version__}"
    yield "ok", f"Python {platform.python_version()}"
    yield _state(is_safe()), f"database: {_database()}"
    for library in PANGO if platform.system() == "Linux" else ():
        yield (
            _state(_loads(library)),
            f"{library} (apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)",
        )
    for family in FAMILIES:
        yield _state(_installed(family)), f"font {family} (apt-get install fonts-noto-cjk)"
    folder = settings.VAR
    yield _state(os.access(folder, os.W_OK)), f"data folder {folder} can be written"
    yield _backup()
    for name, package in TEST_PROGRAMS.items():
        there = shutil.which(name) is not None
        yield (
            "ok" if there else "tests",
            name if there else f"{name}: tests that use it say not run (apt-get install {package})",
        )


def _database() -> str:
    if connection.vendor != "sqlite":
        return connection.display_name
    needed = ".".join(map(str, SAFE))
    return f"SQLite {sqlite_version()} (several processes need {needed}; requirements.lock has it)"


def _backup() -> tuple[str, str]:
    """Say how old the last backup is; one that is due and did not come is a lack."""
    last = copies.last_taken()
    if last is None or last["at"] is None:
        return "LACKS" if settings.BACKUP else "note", "backup: none yet (./mingcha backup DIR)"
    age = datetime.now(UTC) - datetime.fromisoformat(last["at"])
    late = bool(settings.BACKUP) and not -OLD < age < OLD
    verified = f"verified {last['verified_at']}" if last["verified_at"] else "never verified"
    hours = int(age / timedelta(hours=1))
    return _state(not late), f"backup: {hours} hours old, {last['folder']}, {verified}"


def _state(fine: bool) -> str:
    return "ok" if fine else "LACKS"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _installed(family: str) -> bool:
    if shutil.which("fc-list") is None:
        return False
    return bool(
        subprocess.run(
            ["fc-list", family, "file"], capture_output=True, text=True, check=False
        ).stdout.strip()
    )
