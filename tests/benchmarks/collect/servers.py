"""The site under load and a PostgreSQL of its own, started for a while on ports of this machine and ended by id."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(folder: Path, database: str = "") -> dict[str, str]:
    """Return the variables of a site whose data lie in a folder."""
    variables = {
        **os.environ,
        "MINGCHA_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.collect.settings",
    }
    return {**variables, "DATABASE_URL": database} if database else variables


def start(port: int, variables: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start the site as `serve` does, one process with one thread, and wait until it answers."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "1", "--no-ws", "config.wsgi:application"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    for _try in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return process
        except OSError:
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


def postgres_programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Run a PostgreSQL with its usual, durable settings and give its address for DATABASE_URL."""
    programs = postgres_programs()
    assert programs is not None
    # it refuses to run as root, so it runs as the user that Debian makes for it
    own = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    data, port = folder / "pg", free_port()
    for part in (folder, folder.parent):
        part.chmod(0o755)  # another user must reach what lies in it
    data.mkdir()
    if own:
        shutil.chown(data, "postgres", "postgres")
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run([*own, programs / "initdb", "-D", data, "-U", "mingcha", "-A", "trust", "-E", "UTF8"], **quiet)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={data}"
    subprocess.run([*own, programs / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start"], **quiet)
    try:
        yield f"postgres://mingcha@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*own, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **quiet)
