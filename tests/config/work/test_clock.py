"""A clock that leaps ahead deletes nothing at once; one that is right does as before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.work.clock import is_believed

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("calls", "last_is_believed"),
    [
        ([NOON], True),
        ([NOON, NOON + DAY], True),
        ([NOON, NOON + 70 * DAY], False),
        ([NOON, NOON + 70 * DAY, NOON + 70 * DAY + HOUR], False),
        # set right again
        ([NOON, NOON + 70 * DAY, NOON + DAY], True),
        # the machine was off for so long
        ([NOON, NOON + 70 * DAY, NOON + 71 * DAY], True),
        ([NOON, NOON + 70 * DAY, NOON + 71 * DAY, NOON + 72 * DAY], True),
        # leaps again and again
        ([NOON, NOON + 70 * DAY, NOON + 700 * DAY], False),
        # back a year, and from there on
        ([NOON, NOON - 365 * DAY, NOON - 364 * DAY], True),
    ],
)
def test_what_is_old_goes_only_by_a_clock_that_did_not_leap(tmp_path, calls, last_is_believed):
    believed = [is_believed(tmp_path, now) for now in calls]

    assert believed[-1] is last_is_believed


def test_what_cannot_be_read_is_a_first_call(tmp_path):
    (tmp_path / "clock.json").write_text("{")

    assert is_believed(tmp_path, NOON)
