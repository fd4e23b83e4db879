"""Pictures of fieldwork: places of axes, columns, lines and bars; a template draws them and prints
the same figures as a table behind. Knows no query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from unicodedata import east_asian_width

from config.charts.scale import fit, label

WIDTH = 480
LEFT, RIGHT, TOP, BOTTOM = 34, 472, 12, 132  # of the plot over days
DAILY = 62  # days that are shown one by one; of more, weeks
NAMES, END, ROW = 150, 440, 22  # of bars: where they begin and end, and the height of one
SIGN = 7  # room for a sign of the figure behind a bar
FIRST = 18  # where the first bar begins, under the words of the marks
LONGEST = 22  # half widths of a name beside its bar; the table has all of it
# answers below which a company is not named, and effective answers below which it has no rank,
# where a plan does not say otherwise (design D8; `reports.statistics.disclosure.gates.DEFAULT`)
NAMED, RANKED = 30, 100


@dataclass(frozen=True)
class Series:
    """Counts by day, with what they count."""

    label: str
    counts: Mapping[date, int]


@dataclass(frozen=True)
class Tick:
    """A mark of an axis: where, and what is written there."""

    at: float
    label: str


@dataclass(frozen=True)
class Column:
    """The column of a day or a week."""

    x: float
    y: float
    width: float
    height: float
    said: str


@dataclass(frozen=True)
class Line:
    """One line over the days, told from others by its dashes and not only by its colour."""

    label: str
    points: str
    number: int


@dataclass(frozen=True)
class DaysChart:
    """Counts over time: the first series as columns, others as lines; `rows` is the table."""

    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    weekly: bool
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP
    bottom: int = BOTTOM


def over_days(title: str, series: Sequence[Series]) -> DaysChart | None:
    """Return counts over time, None where there are none; of more than two months weeks, each under
    its Monday. A line of nothing is left out.
    """
    series = [series[0], *(one for one in series[1:] if one.counts)]
    days = sorted({day for one in series for day in one.counts})
    if not days:
        return None
    weekly = (days[-1] - days[0]).days >= DAILY
    starts = _starts(days[0], days[-1], weekly)
    summed = [_summed(one.counts, starts, weekly) for one in series]
    scale = fit([0, *(n for counts in summed for n in counts)], left=BOTTOM, right=TOP, ticks=4)
    step = (RIGHT - LEFT) / max(len(starts), 14)
    middles = [LEFT + (i + 0.5) * step for i in range(len(starts))]
    columns = tuple(
        Column(
            x=round(middle - step * 0.4, 1),
            y=round(scale(n), 1),
            width=round(step * 0.8, 1),
            height=round(BOTTOM - scale(n), 1),
            said=f"{start.isoformat()}: {n}",
        )
        for start, middle, n in zip(starts, middles, summed[0], strict=True)
    )
    lines = tuple(
        Line(
            label=one.label,
            points=" ".join(
                f"{middle:.1f},{scale(n):.1f}" for middle, n in zip(middles, counts, strict=True)
            ),
            number=number,
        )
        for number, (one, counts) in enumerate(zip(series[1:], summed[1:], strict=True), start=1)
    )
    named = range(0, len(starts), max(1, -(-len(starts) // 6)))
    return DaysChart(
        title=title,
        columns=columns,
        lines=lines,
        across=tuple(Tick(round(middles[i], 1), f"{starts[i]:%m-%d}") for i in named),
        up=tuple(Tick(round(scale(t), 1), label(t)) for t in scale.ticks if t == int(t)),
        heads=tuple(one.label for one in series),
        rows=tuple(
            (start.isoformat(), tuple(counts[i] for counts in summed))
            for i, start in enumerate(starts)
        ),
        weekly=weekly,
    )


def _starts(first: date, last: date, weekly: bool) -> list[date]:
    if weekly:
        first -= timedelta(days=first.weekday())
    step = 7 if weekly else 1
    return [first + timedelta(days=n) for n in range(0, (last - first).days + 1, step)]


def _summed(counts: Mapping[date, int], starts: Sequence[date], weekly: bool) -> list[int]:
    places = {start: i for i, start in enumerate(starts)}
    found = [0] * len(starts)
    for day, n in counts.items():
        found[places[day - timedelta(days=day.weekday()) if weekly else day]] += n
    return found


def _short(name: str) -> str:
    """Return as much of a name as has room; Chinese signs are twice as wide as Latin ones."""
    room, kept = LONGEST, ""
    for sign in name:
        room -= 2 if east_asian_width(sign) in "WF" else 1
        if room < 0:
            return f"{kept[:-1]}…"
        kept += sign
    return kept


@dataclass(frozen=True)
class Bar:
    """One row of bars; `said` is what stands behind it."""

    label: str
    short: str
    value: int
    said: str
    y: int
    width: float

    @property
    def middle(self) -> int:
        """Where its words stand."""
        return self.y + ROW // 2 + 3

    @property
    def end(self) -> float:
        """Where its figure stands."""
        return NAMES + self.width + 4


@dataclass(frozen=True)
class BarsChart:
    """Figures of several things from a common zero, with marks they are held against."""

    title: str
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Tick, ...]
    height: int
    bottom: int
    left: int = NAMES
    thick: int = ROW - 8


def bars(
    title: str,
    rows: Sequence[tuple[str, int, str]],
    *,
    marks: Sequence[tuple[int, str]] = (),
    full: int = 0,
) -> BarsChart | None:
    """Return bars of rows (label, value, what is written beside it), None for no rows; the axis
    reaches to `full` and to every mark.
    """
    if not rows:
        return None
    values = [0, full, *(value for _label, value, _said in rows), *(at for at, _text in marks)]
    widest = max(len(said) for _label, _value, said in rows)
    scale = fit(values, left=NAMES, right=min(END, WIDTH - 4 - SIGN * widest), ticks=5)
    bottom = FIRST + len(rows) * ROW + 2
    return BarsChart(
        title=title,
        bars=tuple(
            Bar(
                label=name,
                short=_short(name),
                value=value,
                said=said,
                y=FIRST + i * ROW,
                width=round(scale(value) - NAMES, 1),
            )
            for i, (name, value, said) in enumerate(rows)
        ),
        ticks=tuple(Tick(round(scale(t), 1), label(t)) for t in scale.ticks),
        marks=tuple(Tick(round(scale(at), 1), text) for at, text in marks),
        height=bottom + 20,
        bottom=bottom,
    )
