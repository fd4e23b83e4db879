"""A function in a process of its own, so that its peak memory is its own: python -m ... MODULE
FUNCTION ARGUMENTS.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

from tests.benchmarks.statistics.environment import ROOT
from tests.benchmarks.statistics.timing import Timing

PACKAGE = "tests.benchmarks.statistics"


@dataclass(frozen=True)
class Ran:
    """What a function returned, and the most memory its process ever held, in MB."""

    result: Any
    peak: float


@dataclass(frozen=True)
class Often:
    """Several processes: what the last returned, the times each gave of itself, and the largest
    peak, in MB.
    """

    result: Any
    timing: Timing
    peak: float


class Failed(Exception):
    """The process of a function ended before it returned, with the last lines it wrote."""


def run(module: str, function: str, *arguments: object, environment: Mapping[str, str]) -> Ran:
    """Call `function` of a module of this package in a new process. Arguments and result are
    JSON.
    """
    command = [sys.executable, "-m", f"{PACKAGE}.fresh", module, function, json.dumps(arguments)]
    variables = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **environment}
    done = subprocess.run(
        command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise Failed(f"{module}.{function} ended with {done.returncode}\n{last}")
    answer = json.loads(done.stdout.splitlines()[-1])
    return Ran(answer["result"], answer["peak"])


def together(runs: Sequence[Ran]) -> Often:
    """Put runs together whose results hold their own `wall` and `cpu` seconds."""
    results = [one.result for one in runs]
    timing = Timing(tuple(one["wall"] for one in results), tuple(one["cpu"] for one in results))
    return Often(results[-1], timing, max(one.peak for one in runs))


def peak() -> float:
    """Return the peak memory of this process in MB; ru_maxrss would count that of the process
    which started it.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def goes_first(process: int) -> None:
    """Let the kernel end this process, and nothing else on the machine, where memory runs out."""
    score = Path(f"/proc/{process}/oom_score_adj")
    if score.exists():
        score.write_text("1000", encoding="ascii")


def main(module: str, function: str, arguments: str) -> None:
    """Call the function and print what it returned with the peak memory."""
    goes_first(os.getpid())
    django.setup()
    result = getattr(importlib.import_module(f"{PACKAGE}.{module}"), function)(
        *json.loads(arguments)
    )
    print(json.dumps({"result": result, "peak": peak()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
