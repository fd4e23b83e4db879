"""Contenders are timed in turns, so that a machine that others use as well slows all of them
alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

Once = Callable[[], tuple[float, float]]


@dataclass(frozen=True)
class Timing:
    """Wall and CPU seconds of every run; CPU is that of all threads of the process."""

    wall: tuple[float, ...]
    cpu: tuple[float, ...]

    @property
    def runs(self) -> int:
        """How often it was timed."""
        return len(self.wall)

    @property
    def best(self) -> tuple[float, float]:
        """The least wall and CPU seconds."""
        return min(self.wall), min(self.cpu)

    @property
    def median(self) -> tuple[float, float]:
        """The median wall and CPU seconds."""
        return median(self.wall), median(self.cpu)


def here(call: Callable[[], object]) -> Once:
    """Return a run of `call` in this process, timed."""

    def once() -> tuple[float, float]:
        wall, cpu = time.perf_counter(), time.process_time()
        call()
        return time.perf_counter() - wall, time.process_time() - cpu

    return once


def in_turns(contenders: Mapping[str, tuple[Once, int]]) -> dict[str, Timing]:
    """Time each contender as often as it says, one run of each before the next of any."""
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
    for turn in range(max(runs for _once, runs in contenders.values())):
        for name, (once, runs) in contenders.items():
            if turn < runs:
                seen[name].append(once())
    return {name: Timing(*map(tuple, zip(*found, strict=True))) for name, found in seen.items()}
