"""Two things timed in turns, so that a busy machine slows both alike."""

from __future__ import annotations

import time
from collections.abc import Callable


def in_turns(ours: Callable[[], object], peer: Callable[[], object], *, runs: int = 7) -> tuple[float, float]:
    """Return the least CPU seconds of each over `runs` alternating runs."""
    best = [float("inf"), float("inf")]
    for _run in range(runs):
        for i, call in enumerate((ours, peer)):
            start = time.process_time()
            call()
            best[i] = min(best[i], time.process_time() - start)
    return best[0], best[1]


def report(what: str, ours: float, peer: float, name: str) -> None:
    """Print one line: our time, the peer's, their ratio."""
    print(f"{what:46}{ours * 1e3:10.1f} ms   {name} {peer * 1e3:10.1f} ms   ratio {ours / peer:6.2f}")
