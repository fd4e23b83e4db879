"""`serve` as an operating system treats it: killed in part and as a whole, started twice, its
database replaced.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.postgresql import free_port

WORKER = "manage.py\0worker"  # as /proc writes a command

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="not run: processes are looked up in /proc"
)


def command(*arguments):
    return [sys.executable, "manage.py", *arguments]


def variables(var):
    return {**os.environ, "MINGCHA_VAR": str(var), "LC_ALL": "C.UTF-8", "DATABASE_URL": ""}


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """Return a data folder whose database has all its tables."""
    var = tmp_path_factory.mktemp("ready")
    subprocess.run(command("migrate"), cwd=ROOT, env=variables(var), check=True)
    return var


@pytest.fixture
def var(tmp_path, ready):
    return shutil.copytree(ready, tmp_path / "var")


@pytest.fixture
def serve(tmp_path, socket_enabled):
    """Start `serve` on a folder and a port; what it started ends with it."""
    started = []

    def start(var, port):
        with (tmp_path / f"log-{len(started)}").open("wb") as log:
            serving = subprocess.Popen(
                command("serve", "--port", str(port)),
                cwd=ROOT,
                env=variables(var),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        started.append(serving)
        return serving

    yield start
    for serving in started:
        serving.kill()  # its parts notice
        serving.wait()


def until(true):
    """Wait until something is true; a machine may be slow, so for three minutes."""
    end = time.monotonic() + 180
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.2)
    raise AssertionError("never came to be")


def parent_and_state(pid):
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0, "gone"
    return int(fields[1]), fields[0]


def is_running(pid):
    return parent_and_state(pid)[1] not in ("gone", "Z")


def children(pid, word=""):
    """Return running children of a process whose command has a word in it."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        child = int(folder.name)
        if parent_and_state(child)[0] == pid and is_running(child):
            try:
                line = (folder / "cmdline").read_bytes().decode()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if word in line:
                found.append(child)
    return found


def answers(port):
    connection = HTTPConnection("127.0.0.1", port, timeout=180)
    try:
        connection.request("GET", "/login/")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def test_what_is_killed_comes_back_and_nothing_outlives_serve(var, serve):
    port = free_port()
    serving = serve(var, port)
    until(lambda: answers(port))

    [worker] = until(lambda: children(serving.pid, WORKER))
    os.kill(worker, signal.SIGKILL)
    again = until(lambda: [pid for pid in children(serving.pid, WORKER) if pid != worker])
    until(lambda: answers(port))

    [site] = children(serving.pid, "config.work.site")
    web = children(site)
    os.kill(web[0], signal.SIGKILL)
    until(lambda: set(children(site)) - set(web))
    assert children(serving.pid, WORKER) == again
    until(lambda: answers(port))

    web = children(site)
    os.kill(site, signal.SIGKILL)
    until(lambda: not any(map(is_running, web)))
    until(lambda: answers(port))

    everybody = [pid for part in children(serving.pid) for pid in (part, *children(part))]
    assert len(everybody) >= 3
    serving.kill()
    until(lambda: not any(map(is_running, everybody)))
    assert not answers(port)


def test_data_and_ports_are_served_once_and_a_replaced_database_ends_it(tmp_path, var, serve):
    port, other = free_port(), free_port()
    serving = serve(var, port)
    until(lambda: answers(port))

    twice = subprocess.run(
        command("serve", "--port", str(other)),
        cwd=ROOT,
        env=variables(var),
        capture_output=True,
        text=True,
    )
    same_port = subprocess.run(
        command("serve", "--port", str(port)),
        cwd=ROOT,
        env=variables(tmp_path / "second"),
        capture_output=True,
        text=True,
    )

    assert (twice.returncode, same_port.returncode) == (2, 2)
    assert "are being served already" in twice.stderr
    assert f"port {port} cannot be used" in same_port.stderr
    assert not (tmp_path / "second" / "mingcha.sqlite3").exists()

    everybody = [pid for part in children(serving.pid) for pid in (part, *children(part))]
    database = var / "mingcha.sqlite3"
    (var / "copy").write_bytes(database.read_bytes())
    (var / "copy").rename(database)

    assert serving.wait(timeout=180) == 78
    until(lambda: not any(map(is_running, everybody)))
    assert "was replaced" in (tmp_path / "log-0").read_text()
