"""A test purchase over its days: bought, taken back on day 3 to 6, refunded within seven working
days. What is due next, from the answers so far. PURE.

The names are those of the shipped checklist surveys/workbooks/purchase.py; another checklist
of test purchases uses the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

What = Literal["buy", "return", "refund"]
BOUGHT, RETURNED, OUTCOME = "bought_on", "returned_on", "outcome"
REFUNDED, IN_TIME = "refunded_on", "in_time"
# the promise is seven days: before the third one nobody would have tried the goods
FIRST_DAY, LAST_DAY = 3, 6
# that a refund may take after the goods came back
WORKING_DAYS = 7
# outcomes after which money is to come
MONEY = frozenset({"refunded", "partly"})


@dataclass(frozen=True)
class Step:
    """What is to be done next, from which day until which; None: no day is set."""

    what: What
    since: date | None = None
    until: date | None = None

    def is_due(self, today: date) -> bool:
        """Whether it can be done today."""
        return self.since is None or self.since <= today

    def is_late(self, today: date) -> bool:
        """Whether its time is over."""
        return self.until is not None and self.until < today


def next_step(answers: Mapping[str, Any]) -> Step | None:
    """Return what is due next by the answers so far, None where all is done."""
    bought, returned = _day(answers.get(BOUGHT)), _day(answers.get(RETURNED))
    if bought is None:
        return Step("buy")
    if returned is None and not answers.get(OUTCOME):
        return Step("return", bought + timedelta(days=FIRST_DAY), bought + timedelta(days=LAST_DAY))
    is_over = answers.get(IN_TIME) or _day(answers.get(REFUNDED))
    if is_over or (answers.get(OUTCOME) and answers[OUTCOME] not in MONEY):
        return None
    return Step(
        "refund", returned, working_days_after(returned, WORKING_DAYS) if returned else None
    )


def working_days_after(day: date, count: int) -> date:
    """Return the day that lies so many working days, Monday to Friday, after another. Public
    holidays move the end further away; they are decreed anew each year and not known here.
    """
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
