"""The site under load, started for a while on a port of this machine and ended by id."""

from __future__ import annotations

import http.client
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.work.server import site as site_command
from tests.postgresql import free_port

ROOT = Path(__file__).resolve().parents[3]


def environment(folder: Path, database: str = "") -> dict[str, str]:
    """Return the variables of a site whose data lie in a folder."""
    variables = {
        **os.environ,
        "MINGCHA_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.collect.settings",
    }
    return {**variables, "DATABASE_URL": database} if database else variables


def start(port: int, variables: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start the site as `serve` does, and wait until it answers."""
    command = site_command("127.0.0.1", port)
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    for _try in range(1200):
        try:
            # the first answer loads the site: 8 s on a busy machine, more than a load may last
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/")
            connection.getresponse().read()
            connection.close()
            return process
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    process.kill()
    raise RuntimeError("the site did not start")


@contextmanager
def site(variables: dict[str, str]) -> Iterator[int]:
    """Run the site and give its port."""
    port = free_port()
    process = start(port, variables)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(20)
