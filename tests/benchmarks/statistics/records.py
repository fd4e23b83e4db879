"""What a section of the bench found, judged against its goal, as lines for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.benchmarks.statistics.timing import Timing

Kind = Literal["faster", "slower", "memory", "times the memory"]


@dataclass(frozen=True)
class Goal:
    """faster: so many times as fast as the peer at least; slower: so many times its time at most;
    memory: MB at most; times the memory: of the peer at most. Times are judged by the best run, by
    wall and by CPU both.
    """

    kind: Kind
    limit: float

    def __str__(self) -> str:
        context = {
            "faster": "≥ {}x",
            "slower": "≤ {}x",
            "memory": "≤ {} MB",
            "times the memory": "≤ {}x MB",
        }
        return context[self.kind].format(f"{self.limit:g}")


@dataclass(frozen=True)
class Record:
    """One comparison. near: the ratio is ours over the peer's, a bound that nobody passes; memory:
    peak MB of a fresh process, ours and the peer's; rows: to give rows per second.
    """

    what: str
    ours: Timing | None = None
    peer: str = ""
    theirs: Timing | None = None
    goal: Goal | None = None
    memory: float | None = None
    their_memory: float | None = None
    rows: int | None = None
    near: bool = False
    note: str = ""

    @property
    def ratios(self) -> tuple[float, float] | None:
        """The peer's best time over ours, or ours over the peer's: wall, CPU."""
        if self.ours is None or self.theirs is None:
            return None
        pairs = list(zip(self.theirs.best, self.ours.best, strict=True))
        if self.near:
            pairs = [(ours, theirs) for theirs, ours in pairs]
        return pairs[0][0] / pairs[0][1], pairs[1][0] / pairs[1][1]

    @property
    def per_second(self) -> float | None:
        """Rows per second of the best run by wall."""
        return self.rows / self.ours.best[0] if self.rows and self.ours else None

    @property
    def reached(self) -> bool | None:
        """Whether the goal was reached; None without one."""
        if self.goal is None:
            return None
        if self.goal.kind == "memory":
            return self.memory is not None and self.memory <= self.goal.limit
        if self.goal.kind == "times the memory":
            assert self.memory
            assert self.their_memory
            return self.memory / self.their_memory <= self.goal.limit
        assert self.ratios
        if self.goal.kind == "slower":
            return max(self.ratios) <= self.goal.limit
        return min(self.ratios) >= self.goal.limit

    def as_json(self) -> dict[str, Any]:
        """Return everything that was measured and what follows from it."""
        return {
            "what": self.what,
            "ours": _as_json(self.ours),
            "peer": self.peer,
            "theirs": _as_json(self.theirs),
            "ratio_wall_cpu": self.ratios,
            "goal": str(self.goal) if self.goal else None,
            "reached": self.reached,
            "memory_mb": self.memory,
            "their_memory_mb": self.their_memory,
            "rows_per_second": self.per_second,
            "note": self.note,
        }


@dataclass
class Findings:
    """What all sections found: records, the peers' versions, how equal numbers were, what was
    not run and why.
    """

    records: list[Record] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    equal: list[str] = field(default_factory=list)
    not_run: list[str] = field(default_factory=list)


HEAD = ("", "ours: wall", "CPU", "peer", "wall", "CPU", "ratio wall", "CPU", "MB", "goal", "")


def table(records: Iterable[Record]) -> list[str]:
    """Return the records as lines: seconds as best / median, ratios of the best."""
    rows = [HEAD, *(_cells(record) for record in records)]
    wide = [max(len(row[i]) for row in rows) for i in range(len(HEAD))]
    return [
        "  ".join(_set(cell, wide[i], i) for i, cell in enumerate(row)).rstrip() for row in rows
    ]


def _cells(record: Record) -> Sequence[str]:
    ratios, (wall, cpu), (their_wall, their_cpu) = (
        record.ratios,
        _both(record.ours),
        _both(record.theirs),
    )
    memory = f"{record.memory:.0f}" if record.memory else ""
    if record.memory and record.their_memory:
        memory += f" / {record.their_memory:.0f} = {record.memory / record.their_memory:.2f}"
    note = record.note
    if record.per_second:
        note = f"{record.per_second:,.0f} rows/s{'; ' if note else ''}{note}"
    verdict = {None: "", True: "yes", False: "NO"}[record.reached]
    return (
        record.what,
        wall,
        cpu,
        record.peer,
        their_wall,
        their_cpu,
        _ratio(ratios[0]) if ratios else "",
        _ratio(ratios[1]) if ratios else "",
        memory,
        f"{record.goal} {verdict}" if record.goal else "",
        note,
    )


def _set(cell: str, wide: int, column: int) -> str:
    return cell.ljust(wide) if HEAD[column] in ("", "peer", "goal") else cell.rjust(wide)


def _both(timing: Timing | None) -> tuple[str, str]:
    if timing is None:
        return "", ""
    if timing.runs == 1:
        return f"{_seconds(timing.wall[0])} once", f"{_seconds(timing.cpu[0])} once"
    (wall, cpu), (wall_2, cpu_2) = timing.best, timing.median
    runs = f" of {timing.runs}"
    return f"{_seconds(wall)} / {_seconds(wall_2)}{runs}", f"{_seconds(cpu)} / {_seconds(cpu_2)}"


def _seconds(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.1f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} µs"


def _ratio(ratio: float) -> str:
    return f"{ratio:.1f}" if ratio < 100 else f"{ratio:.0f}"


def _as_json(timing: Timing | None) -> dict[str, Any] | None:
    return {"wall_s": timing.wall, "cpu_s": timing.cpu} if timing else None
