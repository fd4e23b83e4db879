"""Moments as files write them are read whole, or not at all."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from surveys.channels.files.moments import are_days_first, day_of, moment_of

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-11-23 14:05:00", "2026-11-23T14:05:00"),
        ("2026/11/23 14:05", "2026-11-23T14:05:00"),
        ("2026.11.23 14:05", "2026-11-23T14:05:00"),
        ("2026年11月23日 14:05", "2026-11-23T14:05:00"),
        ("2026年11月23日下午2时05分", "2026-11-23T14:05:00"),
        ("2026/3/1 上午9:05", "2026-03-01T09:05:00"),
        ("2026/11/01 12:22:33 上午 GMT+8", "2026-11-01T00:22:33"),
        ("11/01/2026 10:20:00 PM", "2026-11-01T22:20:00"),
        ("Oct 3, 2026", "2026-10-03T00:00:00"),
        ("2026-11-01T09:03:22.456+08:00", "2026-11-01T09:03:22.456"),
        ("2026-11-01T01:03:25.123Z", "2026-11-01T09:03:25.123"),
        ("2026-11-01T01:03:25+00:00", "2026-11-01T09:03:25"),
        ("46327.5", "2026-11-01T12:00:00"),
        ("20261003", "2026-10-03T00:00:00"),
        ("2026年11月1日星期日 14时5分", "2026-11-01T14:05:00"),
        ("2026/11/1 下午2時05分", "2026-11-01T14:05:00"),
    ],
)
def test_a_moment(text, wanted):
    assert moment_of(text, ZONE) == datetime.fromisoformat(wanted).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    "text", ["2026-11-23 xyz", "2026-13-45", "1_2", "²", "23.11.2026x", "", "2026-11-23 25:00", "8"]
)
def test_what_is_none(text):
    assert moment_of(text, ZONE) is None
    assert day_of(text) is None


@pytest.mark.parametrize(
    ("cells", "days_first"),
    [
        (["3/11/2026 10:00", "13/11/2026 10:00", "x"], True),
        (["3/11/2026", "3/13/2026"], False),
        (["13/11/2026", "3/13/2026"], False),
        (["3/11/2026", "2026/11/13"], False),
        ([], False),
    ],
)
def test_a_file_says_itself_whether_days_stand_before_months(cells, days_first):
    assert are_days_first(cells) == days_first


def test_days_before_months_are_read_so_everywhere():
    assert day_of("3/11/2026", days_first=True) == date(2026, 11, 3)
    assert day_of("2026/3/11", days_first=True) == date(2026, 3, 11)
    assert moment_of("13/11/2026 2:05 PM", ZONE, days_first=True).day == 13
    assert day_of("3/13/2026", days_first=True) is None
