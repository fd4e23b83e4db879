"""Partitions are reduced side by side and added up: on threads of this machine, or by Dask on
others.

What is added is exact in any order (design D7), so sums are taken as they come and the bits are the
same either way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import reduce
from importlib import import_module
from operator import add
from typing import Any, Protocol, Self, TypeVar

from django.conf import settings

from config.language.problems import InvalidInput, Problem, say
from reports.data.snapshots.parts import Part

# sums that one task of the tree takes together
FAN_IN = 8
# how long a scheduler may take to answer
PATIENCE = "20 s"


class Addable(Protocol):
    """What a partition is reduced to."""

    def __add__(self, other: Self, /) -> Self:
        """Return what both partitions together are reduced to."""


S = TypeVar("S", bound=Addable)


def map_reduce(kernel: Callable[[Part], S], parts: Iterable[Part]) -> S:
    """Return kernel(part) added up over all parts, at least one.

    With MINGCHA_DASK_SCHEDULER set, the kernel runs on that scheduler's workers, which need this
    program installed; the rows travel to them. Otherwise on MINGCHA_THREADS threads, few parts at a
    time, so memory does not grow with rows.
    """
    if settings.DASK_SCHEDULER:
        return _on_dask(kernel, parts, settings.DASK_SCHEDULER)
    return _on_threads(kernel, parts, settings.THREADS)


def _on_threads(kernel: Callable[[Part], S], parts: Iterable[Part], threads: int) -> S:
    total: S | None = None
    running: set[Future[S]] = set()
    with ThreadPoolExecutor(threads) as pool:
        for part in parts:
            running.add(pool.submit(kernel, part))
            if len(running) > threads:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                total = _plus(total, done)
        total = _plus(total, running)
    if total is None:
        raise ValueError("there is nothing to add up")
    return total


def _plus(total: S | None, done: Iterable[Future[S]]) -> S | None:
    for future in done:
        total = future.result() if total is None else total + future.result()
    return total


def _on_dask(kernel: Callable[[Part], S], parts: Iterable[Part], scheduler: str) -> S:
    try:
        distributed: Any = import_module("distributed")
        client = distributed.Client(scheduler, set_as_default=False, timeout=PATIENCE)
    except ImportError:
        message = say("is set, but the package distributed is not installed")
        raise InvalidInput(Problem("MINGCHA_DASK_SCHEDULER", message)) from None
    except OSError:
        message = say("names {address}, where a scheduler does not answer")
        raise InvalidInput(
            Problem("MINGCHA_DASK_SCHEDULER", message, {"address": scheduler})
        ) from None
    with client:
        level = client.map(kernel, [part.alone() for part in parts], pure=False)
        while len(level) > 1:
            level = [
                client.submit(_sum, level[i : i + FAN_IN], pure=False)
                for i in range(0, len(level), FAN_IN)
            ]
        total: S = level[0].result()
    return total


def _sum(terms: list[Any]) -> Any:
    return reduce(add, terms)
