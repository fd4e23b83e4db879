"""mingcha bench: lists the benchmarks, or runs one. Each prints ratios against a peer measured
in the same run.
"""

from __future__ import annotations

import sys

from tests.benchmarks.collect import bench as collect
from tests.benchmarks.hostile import bench as hostile
from tests.benchmarks.levels import bench as levels
from tests.benchmarks.page import bench as page
from tests.benchmarks.statistics import bench as statistics
from tests.benchmarks.visits import bench as visits

BENCHES = {
    "statistics": statistics,
    "collect": collect,
    "visits": visits,
    "hostile": hostile,
    "page": page,
    "levels": levels,
}


def main(arguments: list[str]) -> int:
    """Run the named benchmark with its options, or say which there are."""
    name, options = (arguments[0], arguments[1:]) if arguments else ("", [])
    if name in BENCHES:
        return BENCHES[name].main(options)
    if name:
        print(f"no such benchmark: {name}", file=sys.stderr)
    for known, bench in BENCHES.items():
        print(f"{known:12}{(bench.__doc__ or '').splitlines()[0]}")
    return 2 if name else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
