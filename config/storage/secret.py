"""Keys of an installation that was not given any: made at first use, readable by their owner
only.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


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


def signing_keys(folder: Path) -> list[str]:
    """Return the signing key kept in the data folder, and those before it, which still open what
    they signed. One is made where there are no data yet.

    Raises ImproperlyConfigured where there are data whose key is gone.
    """
    path = folder / "secret-key"
    database = folder / "mingcha.sqlite3"
    if not path.exists() and database.exists() and database.stat().st_size:
        raise ImproperlyConfigured(
            f"{path} is missing, the signing key of the data there; put it back from where keys are"
            " kept, or see docs/operations.md, keys"
        )
    return kept_secret(path, lambda: secrets.token_urlsafe(50)).split()


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """Return the text kept in `path`; where there is none, keep what `make` gives.

    Raises ImproperlyConfigured for a file with nothing in it, and OSError.
    """
    private_folder(path.parent)
    if not path.exists():
        with _alone(path.parent):
            if not path.exists():
                write_whole(path, make())
    if kept := path.read_text().strip():
        return kept
    raise ImproperlyConfigured(
        f"{path} is empty, as a full disk may have left it; put it back from where keys are kept,"
        " or delete it if the installation is new"
    )


def write_whole(path: Path, text: str) -> None:
    """Write a file, readable by its owner only, so that a full disk or a power cut leaves all of it
    or none.
    """
    new = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.rename(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time make something in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
