"""Phones that send visits with their photographs, as the page does: python -m ... PORT FILE. It
runs in a process of its own and knows no Django.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.visits.photographs import PHOTOS, photograph

CONNECTIONS = 8
PART = 262_144  # as static/inspections/sending.js parts a file
API = "/api/v1/phone/assignments"


def main(port: int, file: Path) -> None:
    """Send every visit once and print how long it took, and which answers were not as hoped."""
    given = json.loads(file.read_text())
    queue, lock = iter(enumerate(given["visits"])), threading.Lock()
    others: dict[str, int] = {}
    sent = [0, 0]

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while True:
            with lock:
                number, (uid, token) = next(queue, (0, ("", "")))
            if not uid:
                return
            phone = Phone(connection, token, uid)
            problems = phone.send(given, [photograph(number, i) for i in range(PHOTOS)])
            with lock:
                sent[0] += not problems
                sent[1] += phone.requests
                for problem in problems:
                    others[problem] = others.get(problem, 0) + 1

    threads = [threading.Thread(target=work) for _i in range(CONNECTIONS)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.monotonic() - begun
    print(json.dumps({"done": sent[0], "requests": sent[1], "seconds": spent, "others": others}))


class Phone:
    """One visit on its way."""

    def __init__(self, connection: http.client.HTTPConnection, token: str, uid: str) -> None:
        self.connection, self.uid, self.requests = connection, uid, 0
        self.headers = {"Authorization": f"Bearer {token}"}

    def send(self, given: dict, photographs: list[bytes]) -> list[str]:
        """Send the visit, then its files; return what went wrong."""
        problems = self._ask("POST", "visit/", _visit(given, photographs), 201)
        for content in photographs:
            path = f"files/{hashlib.sha256(content).hexdigest()}/"
            for start in range(0, len(content), PART):
                part = content[start : start + PART]
                last = start + len(part) - 1
                problems += self._ask("PUT", path, part, 200, f"{start}-{last}/{len(content)}")
        return problems

    def _ask(self, method: str, path: str, body, expected: int, range_: str = "") -> list[str]:
        kind = "application/json" if method == "POST" else "application/octet-stream"
        headers = {**self.headers, **({"Content-Type": kind} if body else {})}
        if range_:
            headers["Content-Range"] = f"bytes {range_}"
        self.connection.request(method, f"{API}/{self.uid}/{path}", body, headers)
        reply = self.connection.getresponse()
        said = reply.read()
        self.requests += 1
        return [] if reply.status == expected else [f"{reply.status} {said[:200]!r}"]


def announced(content: bytes, number: int) -> dict:
    """Return how a photograph is announced."""
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "name": f"IMG_{number:04}.jpg",
        "kind": "photo",
        "source": "camera",
        "question": "",
        "media_type": "image/jpeg",
        "at": datetime.now(UTC).isoformat(),
        "place": {"latitude": 37.87, "longitude": 112.55, "accuracy": 12.5, "age": 3},
    }


def _visit(given: dict, photographs: list[bytes]) -> bytes:
    now = datetime.now(UTC).isoformat()
    files = [announced(content, number) for number, content in enumerate(photographs)]
    moments = {"begun_at": now, "ended_at": now, "sent_at": now, "files": files}
    return json.dumps(
        {"version": given["version"], "answers": given["answers"], **moments}
    ).encode()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
