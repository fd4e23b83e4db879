"""The command that runs the site; the bench runs the same. Knows no Django."""

from __future__ import annotations

import os
import sys


def site(host: str, port: int, *, on_sqlite: bool) -> list[str]:
    """Return the command. With one writer SQLite waits least, PostgreSQL uses every processor (measured)."""
    workers = 1 if on_sqlite else os.cpu_count() or 2
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws"]
    command += ["--workers", str(workers), "--blocking-threads", "1", "--log-level", "warning"]
    return [*command, "config.wsgi:application"]
