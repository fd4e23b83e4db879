"""Peers as processes that stay: a line of JSON goes in, a line of JSON with times and numbers
comes back.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.statistics.environment import Missing, r_survey, svy
from tests.benchmarks.statistics.fresh import goes_first
from tests.benchmarks.statistics.records import Findings
from tests.benchmarks.statistics.timing import Once

COMMANDS: dict[str, Callable[[], list[str]]] = {"svy": svy, "R survey": r_survey}


@dataclass
class Peer:
    """A running peer. It times itself, so what goes over the pipe is not in its times."""

    name: str
    process: subprocess.Popen[str]

    def ask(self, *command: object) -> dict[str, Any]:
        """Send a command and return the answer. Raises Missing with the peer's own words where
        it fails.
        """
        assert self.process.stdin
        assert self.process.stdout
        try:
            self.process.stdin.write(json.dumps(command) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise Missing(
                f"{self.name} ended in the middle of {command[0]} (exit {self.process.wait()})"
            )
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise Missing(f"{self.name} failed in {command[0]}: {answer['error']}")
        return answer

    def once(self, *command: object) -> Once:
        """Return a run of a command, timed by the peer itself."""

        def run() -> tuple[float, float]:
            answer = self.ask(*command)
            return answer["wall"], answer["cpu"]

        return run


@contextmanager
def peer(name: str, folder: Path, findings: Findings) -> Iterator[Peer | None]:
    """Start a peer on the data in `folder`; None, with the reason among the findings, where
    there is no such peer.
    """
    try:
        command = COMMANDS[name]()
    except Missing as why:
        _note(findings.not_run, f"{name}: {why}")
        yield None
        return
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        goes_first(process.pid)
        started = Peer(name, process)
        started.ask("load", str(folder))
        _note(findings.versions, started.ask("version")["version"])
        yield started
    finally:
        process.kill()
        process.communicate()


def _note(lines: list[str], words: str) -> None:
    if words not in lines:
        lines.append(words)
