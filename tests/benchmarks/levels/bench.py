"""Joint coverage of rank ranges and family-wise error of classes, where all companies are equal."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from tests.benchmarks.levels.levels import Levels, levels
from tests.benchmarks.levels.worlds import WORLDS

REPLICATES, MOST = 400, 20_000
# what a world must keep to: of 0.95 and 0.05, with what the methods themselves fall short
LEAST_COVERAGE, MOST_ERROR = 0.93, 0.06


def main(options: Sequence[str] = ()) -> int:
    """Print a line for every world; 1 where one misses its level by more than three standard errors
    of the simulation.
    """
    asked = _parse(options)
    print(f"{asked.replicates:,} surveys a world, seed {asked.seed}; nominal .950 and .050")
    print(f"{'world':38}{'coverage':>16}{'class error':>16}{'ranked':>8}{'width':>7}{'s':>6}")
    missed = False
    for world in WORLDS:
        if asked.only and asked.only not in world.name:
            continue
        start = time.process_time()
        found = levels(world, replicates=asked.replicates, seed=asked.seed)
        print(_line(world.name, found, time.process_time() - start), flush=True)
        missed |= _missed(found)
    return int(missed)


def _line(name: str, found: Levels, seconds: float) -> str:
    coverage, error = found.coverage, found.error
    sign = "  missed" if _missed(found) else ""
    return (
        f"{name:38}{coverage.share:9.3f} ±{coverage.error:.3f}{error.share:9.3f} ±{error.error:.3f}"
        f"{found.ranked:8.1f}{found.width:7.1f}{seconds:6.0f}{sign}"
    )


def _missed(found: Levels) -> bool:
    return (
        found.coverage.share + 3 * found.coverage.error < LEAST_COVERAGE
        or found.error.share - 3 * found.error.error > MOST_ERROR
    )


def _parse(options: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mingcha bench levels", description=__doc__)
    parser.add_argument("--replicates", type=_count, default=REPLICATES, help="surveys a world")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="worlds whose name has this in it")
    return parser.parse_args(list(options))


def _count(text: str) -> int:
    number = int(text)
    if not 2 <= number <= MOST:
        raise argparse.ArgumentTypeError(f"from 2 to {MOST:,}")
    return number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
