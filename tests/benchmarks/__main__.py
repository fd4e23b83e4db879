"""mingcha bench: lists the benchmarks, or runs one. Each prints ratios against a peer measured in the same run."""

from __future__ import annotations

import sys
from itertools import takewhile

from tests.benchmarks import estimates, ranks
from tests.benchmarks.statistics import bench as statistics

BENCHES = {"estimates": estimates, "ranks": ranks, "statistics": statistics}


def main(arguments: list[str]) -> int:
    """Run the named benchmarks, or say which there are; what begins with a dash goes to the one that takes options."""
    names = list(takewhile(lambda argument: not argument.startswith("-"), arguments))
    options = arguments[len(names) :]
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}", file=sys.stderr)
    if options and names != ["statistics"]:
        print("only the benchmark statistics takes options, by itself", file=sys.stderr)
        return 2
    if unknown or not names:
        for name, bench in BENCHES.items():
            print(f"{name:12}{(bench.__doc__ or '').splitlines()[0]}")
        return 2 if unknown else 0
    return max(statistics.main(options) if name == "statistics" else BENCHES[name].main() or 0 for name in names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
