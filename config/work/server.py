"""The command that runs the site; the bench runs the same. Knows no Django."""

from __future__ import annotations

import os
import sys

MOST = 4  # processes; each holds some 350 MB


def site(host: str, port: int) -> list[str]:
    """Return the command: a process for every processor up to four; on SQLite they write in turn
    (work.write_lock).
    """
    command = [
        sys.executable,
        "-m",
        "config.work.site",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--no-ws",
    ]
    command += [
        "--workers",
        str(min(os.cpu_count() or 1, MOST)),
        "--blocking-threads",
        "1",
        "--log-level",
        "warning",
        "--respawn-failed-workers",
        "--workers-kill-timeout",
        "20",  # seconds for a request that is under way when the site is stopped
    ]
    return [*command, "config.wsgi:application"]
