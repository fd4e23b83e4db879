"""Sends sheets over connections that stay open, in a process of its own, and says what came back
as JSON.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

CONNECTIONS = 16


def main(port: int, file: Path, seconds: float, path: str) -> None:
    """Post for so many seconds at most: each sheet to its own address, or always to `path` where
    one is given.
    """
    given = json.loads(file.read_text())
    body, queue, lock = urlencode(given["answers"]), iter(given["addresses"]), threading.Lock()
    took: list[float] = []
    receipts: list[str] = []
    others: dict[str, int] = {}
    end = time.monotonic() + seconds

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        while time.monotonic() < end:
            with lock:
                address = path or next(queue, None)
            if address is None:
                return
            begun = time.perf_counter()
            try:
                connection.request(
                    "POST", address, body, {"Content-Type": "application/x-www-form-urlencoded"}
                )
                reply = connection.getresponse()
                reply.read()
                status, location = str(reply.status), reply.headers.get("Location", "")
            except (OSError, http.client.HTTPException) as error:
                status, location = type(error).__name__, ""
                connection.close()
                time.sleep(0.05)
            with lock:
                if status in ("303", "200") and (path or "/thanks/" in location):
                    took.append(time.perf_counter() - begun)
                    receipts.append(location.split("/thanks/")[-1].split("/")[0])
                else:
                    others[status] = others.get(status, 0) + 1

    threads = [threading.Thread(target=work) for _i in range(CONNECTIONS)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took.sort()
    spent = time.monotonic() - begun
    at = lambda share: round(1000 * took[int(share * (len(took) - 1))], 1) if took else None  # noqa: E731
    found = {
        "done": len(took),
        "rate": len(took) / spent,
        "p50": at(0.5),
        "p99": at(0.99),
        "others": others,
    }
    print(json.dumps({**found, "receipts": [] if path else receipts}))


if __name__ == "__main__":
    main(
        int(sys.argv[1]),
        Path(sys.argv[2]),
        float(sys.argv[3]),
        sys.argv[4] if len(sys.argv) > 4 else "",
    )
