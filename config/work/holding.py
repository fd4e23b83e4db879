"""Files that one process holds at a time; the kernel gives them back when it ends, however it ends.
Knows no Django.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from pathlib import Path

HOLD = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW


class Held(Exception):
    """Another process holds it."""


def hold(path: Path, patience: float = 0) -> int:
    """Hold a file and return its descriptor, which keeps it as long as it is open anywhere.

    patience: seconds in which one that is just ending may let go. Raises Held, and OSError where
    the file cannot be made.
    """
    descriptor = os.open(path, HOLD, 0o600)
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() >= end:
                os.close(descriptor)
                raise Held(path) from None
            time.sleep(0.1)


def data_folder(folder: Path) -> Path:
    """Return the file that whoever serves a data folder holds."""
    return folder / "serving"


def port(number: int) -> Path:
    """Return the file that whoever serves on a port holds: sites of one user may listen to the same
    one together (SO_REUSEPORT), those of others may not.
    """
    return Path(tempfile.gettempdir()) / f"mingcha-{os.getuid()}-port-{number}"
