"""Keeps the parts of the site running, each apart from the others. Knows no Django.

A part that ends is started again after 1, 2, 4 … 60 seconds; one that ran for a minute counts as
well again. Work that is due every so often is a part too.
"""

from __future__ import annotations

import logging
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.work import lifeline

log = logging.getLogger("config.serve")

FIRST, LONGEST = 1.0, 60.0  # seconds until a part is started again
STOPPING = 30  # seconds for what is under way when the site is stopped
LOOK = 0.5  # seconds between two looks


@dataclass
class Part:
    """A process to keep running, or one to run every so many seconds."""

    name: str
    command: Sequence[str]
    every: float | None = None
    process: subprocess.Popen[bytes] | None = None
    due: float = 0.0  # when it is started, by the clock that never goes back
    started: float = field(default=0.0, repr=False)
    pause: float = FIRST

    def ended(self, code: int, now: float) -> None:
        """Note that it ended, and when it is due again."""
        self.process = None
        if now - self.started >= LONGEST:
            self.pause = FIRST
        if self.every is not None and code == 0:
            self.due, self.pause = self.started + self.every, FIRST
            return
        self.due = now + self.pause
        log.error("%s ended with %s; started again in %d s", self.name, code, self.pause)
        self.pause = min(2 * self.pause, LONGEST)


def run(
    parts: Sequence[Part],
    *,
    environment: Mapping[str, str],
    folder: Path,
    keep: Sequence[int],
    look: Callable[[], None],
) -> None:
    """Keep parts running until an exception, such as SystemExit, ends it; then stop them.

    keep: descriptors that every part holds as well. look: called at every look; what it raises ends
    all parts at once.
    """
    theirs, ours = os.pipe()
    told = {**environment, lifeline.NAME: str(theirs)}
    try:
        while True:
            look()
            for part in parts:
                _tend(part, told, folder, (theirs, *keep))
            time.sleep(LOOK)
    except (KeyboardInterrupt, SystemExit):
        _stop(parts)
        raise
    finally:
        os.close(ours)  # whatever still runs ends now


def _tend(part: Part, environment: Mapping[str, str], folder: Path, keep: tuple[int, ...]) -> None:
    now = time.monotonic()
    if part.process and (code := part.process.poll()) is not None:
        part.ended(code, now)
    if part.process is None and now >= part.due:
        part.started = now
        try:
            part.process = subprocess.Popen(
                part.command, cwd=folder, env=environment, pass_fds=keep
            )
        except OSError as error:  # no memory, no more processes
            log.error("%s cannot be started: %s", part.name, error)
            part.ended(-1, now)


def _stop(parts: Sequence[Part]) -> None:
    """Let every part finish what is under way, for a while."""
    running = [part.process for part in parts if part.process]
    for process in running:
        process.terminate()
    end = time.monotonic() + STOPPING
    for process in running:
        try:
            process.wait(timeout=max(0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
