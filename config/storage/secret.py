"""Keys of an installation that was not given any: made at first use, readable by their owner
only.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def private_folder(path: Path) -> None:
    """Make a folder, and those it lies in, that nobody but their owner can look into; one that is
    there stays as it is.
    """
    for folder in (*reversed(path.parents), path):
        if not folder.exists():
            folder.mkdir(exist_ok=True, mode=0o700)


def close_to_others(database: Path) -> None:
    """Let nobody but its owner read a SQLite database; an empty one is made where there is none.
    What SQLite makes beside it later has the same rights.
    """
    os.close(os.open(database, os.O_WRONLY | os.O_CREAT, 0o600))
    for path in database.parent.glob(f"{database.name}*"):
        path.chmod(0o600)


def secret_key(path: Path) -> str:
    """Return the signing key kept in `path`; make it where there is none."""
    return kept_secret(path, lambda: secrets.token_urlsafe(50))


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """Return the text kept in `path`; where there is none, keep what `make` gives."""
    try:
        private_folder(path.parent)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(make())
    except FileExistsError:
        pass
    return path.read_text()
