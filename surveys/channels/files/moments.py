"""Days and moments as files write them: ISO, Chinese, Google, American, serial numbers of Excel.
PURE.

A text is read whole or not at all. An offset is converted to the zone of the survey. 3/11/2026 is
the 11th of March, as Americans write it, but in a file that also has a 13/11/2026 somewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Literal

# 1899-12-30: day 0 of Excel's serial numbers, which count a 29 February 1900 that never was
EXCEL = datetime(1899, 12, 30)  # noqa: DTZ001  # a serial number has no zone
SERIAL = re.compile(r"[2-7]\d{4}(\.\d+)?")  # 1954 to 2118
DAY = re.compile(
    r"(?P<year>\d{4})(?:-(?P<m1>\d{1,2})-(?P<d1>\d{1,2})|/(?P<m2>\d{1,2})/(?P<d2>\d{1,2})"
    r"|\.(?P<m3>\d{1,2})\.(?P<d3>\d{1,2})|年\s*(?P<m4>\d{1,2})月\s*(?P<d4>\d{1,2})[日号]?"
    r"(?:\s*(?:星期|周)[一二三四五六日天])?"
    r"|(?P<m5>[01]\d)(?P<d5>[0-3]\d)(?!\d))"
)
AMERICAN = re.compile(
    r"(?:(?P<month>\d{1,2})/(?P<day>\d{1,2})/|(?P<mon>[A-Za-z]{3})[a-z]*\.? (?P<day2>\d{1,2}), )"
    r"(?P<year>\d{4})"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
CLOCK = re.compile(
    r"(?P<before>上午|下午|中午|晚上|凌晨)?\s*(?P<h>\d{1,2})(?::|时|時|点|點)"
    r"(?P<m>\d{2}|\d(?=分))(?:分)?"
    r"(?:(?::|(?<=分))(?P<s>\d{2})(?:\.(?P<f>\d+))?秒?)?\s*(?P<after>上午|下午|AM|PM|am|pm|a\.m\.|p\.m\.)?"
)
OFFSET = re.compile(r"(?:Z|(?:GMT|UTC)?\s*(?P<sign>[+-])(?P<h>\d{1,2})(?::?(?P<m>\d{2}))?|GMT|UTC)")
LATER = ("下午", "晚上", "PM", "pm", "p.m.")
EARLIER = ("上午", "凌晨", "AM", "am", "a.m.")


def are_days_first(cells: Iterable[str]) -> bool:
    """Say whether cells have the day before the month: a first number that is no month, and no
    second one that is none.
    """
    found = [part for cell in cells if (part := AMERICAN.match(cell.strip())) and part["month"]]
    first, second = ({int(part[key]) > 12 for part in found} for key in ("month", "day"))
    return True in first and True not in second


def day_of(text: str, *, days_first: bool = False) -> date | None:
    """Return the day that a text says, with or without a time after it; None for none."""
    moment = moment_of(text, None, days_first=days_first)
    return moment.date() if moment else None


def moment_of(
    text: str, zone: tzinfo | None, pattern: str | None = None, *, days_first: bool = False
) -> datetime | None:
    """Return the moment that a text says, aware in `zone` where one is given; None for none.

    pattern: one of strptime, which is then the only one. days_first: 3/11/2026 is in November.
    """
    text = text.strip()
    if pattern:
        try:
            return _in_zone(datetime.strptime(text, pattern), zone)  # noqa: DTZ007
        except ValueError:
            return None
    if SERIAL.fullmatch(text):
        moment = EXCEL + timedelta(days=float(text))
        return _in_zone(moment.replace(microsecond=0), zone)
    found = DAY.match(text) or AMERICAN.match(text)
    if found is None:
        return None
    parts = {key: value for key, value in found.groupdict().items() if value}
    month = _month(next(value for key, value in parts.items() if key.startswith("m")))
    day = int(next(value for key, value in parts.items() if key.startswith("d")))
    if days_first and "month" in parts:
        month, day = day, month
    rest = re.sub(r"^[T,]", "", text[found.end() :].strip()).strip()
    clock = CLOCK.match(rest)
    if rest and clock is None:
        return None
    offset = _offset(rest[clock.end() :].strip()) if clock else None
    if offset is False:
        return None
    try:
        when = datetime.combine(date(int(parts["year"]), month, day), _time(clock))
    except ValueError:
        return None
    return _in_zone(when.replace(tzinfo=offset or None), zone)


def _month(text: str) -> int:
    """Return the number of a month, 0 for a word that is none."""
    if text.isdecimal():
        return int(text)
    word = text.lower()
    return MONTHS.index(word) + 1 if word in MONTHS else 0


def _time(clock: re.Match[str] | None) -> time:
    """Return the time of a clock; midnight where there is none. Raises ValueError."""
    if clock is None:
        return time()
    hour, word = int(clock["h"]), clock["before"] or clock["after"] or ""
    if word in LATER and hour < 12:
        hour += 12
    if word in EARLIER and hour == 12:
        hour = 0
    fraction = int((clock["f"] or "0")[:6].ljust(6, "0"))
    return time(hour, int(clock["m"]), int(clock["s"] or 0), fraction)


def _offset(rest: str) -> timezone | Literal[False] | None:
    """Return the offset at the end of a text, None for none, False for what is no offset."""
    if not rest:
        return None
    found = OFFSET.fullmatch(rest)
    if found is None:
        return False
    if not found["sign"]:
        return UTC
    away = timedelta(hours=int(found["h"]), minutes=int(found["m"] or 0))
    return timezone(away if found["sign"] == "+" else -away)


def _in_zone(moment: datetime, zone: tzinfo | None) -> datetime:
    if zone is None:
        return moment
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
