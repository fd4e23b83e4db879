"""A PostgreSQL of its own, started for a while on a port of this machine and ended by id."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest, or None."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run a PostgreSQL with its usual, durable settings and give its address for DATABASE_URL."""
    found = programs()
    assert found is not None
    # it refuses to run as root, so it runs as the user that Debian makes for it
    own = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    data, port = folder / "pg", free_port()
    folder.mkdir(exist_ok=True)
    for part in (folder, folder.parent):
        part.chmod(0o755)  # another user must reach what lies in it
    data.mkdir()
    if own:
        shutil.chown(data, "postgres", "postgres")
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run(
        [*own, found / "initdb", "-D", data, "-U", "mingcha", "-A", "trust", "-E", "UTF8"], **quiet
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={data}"
    subprocess.run(
        [*own, found / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start"],
        **quiet,
    )
    try:
        yield f"postgres://mingcha@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*own, found / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **quiet)
