"""mingcha bench: lists the benchmarks, or runs one. Each prints ratios against a peer measured in the same run."""

from __future__ import annotations

import sys

from tests.benchmarks import estimates, ranks

BENCHES = {"estimates": estimates, "ranks": ranks}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or say which there are."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}", file=sys.stderr)
    if unknown or not names:
        for name, bench in BENCHES.items():
            print(f"{name:12}{(bench.__doc__ or '').splitlines()[0]}")
        return 2 if unknown else 0
    for name in names:
        BENCHES[name].main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
