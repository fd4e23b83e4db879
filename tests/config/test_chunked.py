"""Bodies that are sent in chunks arrive whole, behind the server that the site runs on."""

from __future__ import annotations

import http.client
import os
import subprocess
import time

import pytest

from config import chunked
from config.work import server
from tests.conftest import ROOT
from tests.postgresql import free_port

ECHO = """
import hashlib
from config.chunked import with_length

def echo(environ, start):
    content = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start("200 OK", [("Content-Type", "text/plain")])
    return [f"{len(content)} {hashlib.sha256(content).hexdigest()}".encode()]

application = with_length(echo)
"""


@pytest.fixture
def port(socket_enabled, tmp_path):
    (tmp_path / "echo.py").write_text(ECHO)
    port = free_port()
    command = [*server.site("127.0.0.1", port)[:-1], "echo:application"]
    running = subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield port
    running.terminate()
    running.wait()


def send(port, body, **headers):
    """Send a body once the server is there."""
    for _time in range(1200):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("POST", "/", body, headers, encode_chunked=bool(headers))
        except ConnectionRefusedError:
            time.sleep(0.1)
            continue
        answer = connection.getresponse()
        said = answer.status, answer.read().decode()
        connection.close()
        return said
    raise AssertionError("the server did not start")


def test_a_body_in_chunks_is_the_body(port):
    parts = [bytes([n]) * 70_000 for n in range(40)]

    in_chunks = send(port, iter(parts), **{"Transfer-Encoding": "chunked"})
    at_once = send(port, b"".join(parts))

    assert in_chunks == at_once
    assert in_chunks[0] == 200
    assert in_chunks[1].startswith("2800000 ")


class Endless:
    """A body without an end; `given` counts what was taken of it."""

    given = 0

    def read(self, size):
        self.given += size
        return bytes(size)


def test_a_body_without_an_end_is_refused_in_words(monkeypatch):
    said, body = [], Endless()
    given = {"wsgi.input": body, "HTTP_TRANSFER_ENCODING": "chunked"}

    answer = chunked.with_length(None)(given, lambda *head: said.append(head))

    assert said[0][0].startswith("413")
    assert "32 MB" in b"".join(answer).decode()
    assert body.given <= chunked.MOST + 2 * chunked.PART
