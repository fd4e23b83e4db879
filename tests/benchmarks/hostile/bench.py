"""Hostile uploads, each with what it is told, and the memory of the largest process of the site
afterwards.
"""

from __future__ import annotations

import http.client
import io
import json
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from PIL import Image

from tests.benchmarks.collect import servers
from tests.benchmarks.visits.load import API, announced
from tests.benchmarks.visits.photographs import photograph
from tests.postgresql import free_port

GOAL_MB = 500  # more than the site takes before anything hostile came
GIB = 2**30
NINE = "".join(f'<!ENTITY l{n} "{10 * f"&l{n - 1};"}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE d [<!ENTITY l0 "ha">{NINE}]><data>&l9;</data>'
TEN_THOUSAND = f"<data>{''.join(f'<q{n}><a>1</a></q{n}>' for n in range(10_000))}</data>"
WHOLE = (
    '<data id="small" version="1"><mingcha_assignment>UID</mingcha_assignment>'
    "<meta><instanceID>uuid:UID</instanceID></meta></data>"
)
Reply = tuple[int, str]


def main(options: Sequence[str] = ()) -> int:
    """Send each, print what comes back and the memory; 1 where one was taken or took too much."""
    with tempfile.TemporaryDirectory(prefix="mingcha-bench-") as name:
        folder = Path(name)
        variables, given = servers.environment(folder), folder / "visits.json"
        command = [sys.executable, "-m", "tests.benchmarks.visits.prepare", "30", str(given)]
        subprocess.run(command, cwd=servers.ROOT, env=variables, check=True)
        port = free_port()
        site = servers.start(port, variables)
        try:
            return _all(Sender(port, json.loads(given.read_text())), site.pid)
        finally:
            site.terminate()
            site.wait(20)


def _all(sender: Sender, pid: int) -> int:
    for number in range(4):  # every process has decoded a picture and read a form
        sender.picture(photograph(0, number))
    before, wrong = _peak(pid), 0
    print(f"{'':38}{'':>5}{'MB':>6}  the site takes {before:.0f} MB before")
    for name, send in attacks(sender).items():
        status, said = send()
        peak = _peak(pid)
        is_fine = 400 <= status < 500 and bool(said) and peak - before < GOAL_MB
        wrong += not is_fine
        print(f"{name:38}{status:>5}{peak:>6.0f}  {said[:90]}{'' if is_fine else '  *'}")
    status, _said = sender.picture(_large())
    print(f"{'the largest picture that is taken':38}{status:>5}{_peak(pid):>6.0f}")
    print(f"{wrong} taken, without words, or with {GOAL_MB} MB more than before")
    return 1 if wrong else 0


class Sender:
    """A phone that means harm; every attempt is another visit."""

    def __init__(self, port: int, given: dict) -> None:
        self.port, self.given, self.visits = port, given, iter(given["visits"])

    def ask(self, method: str, path: str, body=b"", **headers: str) -> Reply:
        """Return the status and what was said, in one line."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        with suppress(BrokenPipeError):  # refused before all of it was sent
            in_chunks = "Transfer-Encoding" in headers
            connection.request(method, path, body, headers, encode_chunked=in_chunks)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        return answer.status, _words(text)

    def visit(self, *files: dict) -> tuple[Reply, str, dict[str, str]]:
        """Send a visit that announces files; return also its address and the headers."""
        uid, token = next(self.visits)
        now = announced(b"", 0)["at"]
        moments = {"begun_at": now, "ended_at": now, "sent_at": now}
        told = {"version": self.given["version"], "answers": self.given["answers"]}
        body = json.dumps({**told, **moments, "files": files}).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        reply = self.ask("POST", f"{API}/{uid}/visit/", body, **headers)
        headers["Content-Type"] = "application/octet-stream"
        return reply, f"{API}/{uid}/files/", headers

    def picture(self, content: bytes, **changed: object) -> Reply:
        """Announce a picture and send it."""
        one = {**announced(content, 0), **changed}
        reply, address, headers = self.visit(one)
        for start in range(0, len(content) if reply[0] == 201 else 0, 2**20):
            part = content[start : start + 2**20]
            where = f"bytes {start}-{start + len(part) - 1}/{len(content)}"
            reply = self.ask(
                "PUT", f"{address}{one['sha256']}/", part, **headers, **{"Content-Range": where}
            )
        return reply

    def collect(self, xml: str, **files: bytes) -> Reply:
        """Post a submission as ODK Collect does; UID in it is the number of a visit."""
        uid, token = next(self.visits)
        xml = xml.replace("UID", uid)
        parts = [("xml_submission_file", "s.xml", xml.encode())]
        parts += [
            (name.replace("_SLASH_", "/"), "a.jpg", content) for name, content in files.items()
        ]
        body = b"".join(
            f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n\r\n'.encode()
            + content
            + b"\r\n"
            for name, file, content in parts
        )
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        path = f"/openrosa/{token}/submission"
        return self.ask("POST", path, body + b"--x--\r\n", **kind)

    def huge(self, path: str, **headers: str) -> Reply:
        """Announce 2 GB by the length of the body, and send none of it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        connection.putrequest("POST", path)
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        for name, value in {**kind, "Content-Length": str(2 * GIB), **headers}.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, _words(answer.read().decode(errors="replace"))

    def endless(self) -> Reply:
        """Send chunks of which there is no end."""
        kind = {"Content-Type": "multipart/form-data; boundary=x", "Transfer-Encoding": "chunked"}
        return self.ask("POST", self._submission(), (bytes(2**16) for _n in range(520)), **kind)

    def _submission(self) -> str:
        _uid, token = next(self.visits)
        return f"/openrosa/{token}/submission"


def attacks(sender: Sender) -> dict[str, Callable[[], Reply]]:
    """Return each attack by its name."""
    jpeg = photograph(1, 0)
    page = jpeg[:2] + b"\xff\xfe\x00\x0a<script>" + jpeg[2:]
    return {
        "PNG of 400 million pixels": lambda: sender.picture(_bomb()),
        "truncated JPEG": lambda: sender.picture(jpeg[:-5000]),
        "JPEG that is a page too": lambda: sender.picture(page),
        "a page, named a.jpg": lambda: sender.picture(b"<html><script>" * 99),
        "other bytes than announced": lambda: sender.picture(jpeg, sha256="0" * 64),
        "path in a name (phone)": lambda: sender.picture(jpeg, name="../../etc/passwd"),
        "path in a name (Collect)": lambda: sender.collect(WHOLE, **{".._SLASH_passwd": jpeg}),
        "2 GB announced (phone)": lambda: sender.picture(b"x", size=2 * GIB),
        "2 GB announced (Collect)": lambda: sender.huge(sender._submission()),
        "chunks without an end": sender.endless,
        "10,000 questions": lambda: sender.collect(TEN_THOUSAND),
        "billion laughs": lambda: sender.collect(LAUGHS),
    }


def _words(text: str) -> str:
    """Return the words of an answer: JSON of our API, XML of OpenRosa, or plain."""
    try:
        content = json.loads(text)
    except ValueError:
        try:
            content = None
            text = " ".join(ET.fromstring(text.strip()).itertext())
        except ET.ParseError:
            pass
    if isinstance(content, dict):
        errors = content.get("errors") or [{}]
        text = " ".join(str(errors[0].get(key, "")) for key in ("where", "en")).strip()
    return re.sub(r"\s+", " ", text)


def _peak(pid: int) -> float:
    """Return the most memory that a process of the site ever had, in MB."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        said = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
        if int(said["PPid"]) == pid or int(said["Pid"]) == pid:
            found.append(int(said.get("VmHWM", "0 kB").split()[0]) / 1024)
    return max(found)


def _bomb() -> bytes:
    return _png(20_000)


def _large() -> bytes:
    return _png(7_000)


def _png(edge: int) -> bytes:
    out = io.BytesIO()
    Image.new("1", (edge, edge)).save(out, "PNG")
    return out.getvalue()
