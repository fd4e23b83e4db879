"""Parts of the site end with what started them. Knows no Django.

`serve` keeps one end of a pipe and every part the other; the kernel closes it when `serve` ends,
by kill -9 too. Whatever a part was doing is what a kill would have left, and mended as that is.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from multiprocessing import parent_process
from threading import Thread

NAME = "MINGCHA_LIFELINE"  # where a part is told its end of the pipe


def end_with_serve() -> None:
    """End this process when the `serve` that started it is gone; one that nobody started so goes
    on.
    """
    if line := os.environ.pop(NAME, ""):
        _end_after(lambda: os.read(int(line), 1))


def end_with_parent() -> None:
    """End this process when the one that forked it is gone (multiprocessing)."""
    if parent := parent_process():
        _end_after(parent.join)


def _end_after(wait: Callable[[], object]) -> None:
    def end() -> None:
        wait()
        os._exit(1)

    Thread(target=end, name="lifeline", daemon=True).start()
