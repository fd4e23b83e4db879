"""A test purchase over its days, and the shipped checklist that asks for them."""

from __future__ import annotations

from datetime import date

import pytest

from inspections.campaigns import purchase
from inspections.campaigns.purchase import Step, next_step
from surveys.questionnaires.answers import check
from surveys.questionnaires.compiling import compile_workbook
from surveys.workbooks import make

BOUGHT = {"bought_on": "2026-11-02"}  # a Monday
RETURNED = {**BOUGHT, "returned_on": "2026-11-06", "outcome": "refunded"}


@pytest.fixture(scope="module")
def checklist(tmp_path_factory):
    folder = tmp_path_factory.mktemp("workbooks")
    make.write_all(folder)
    content = (folder / "test-purchase.xlsx").read_bytes()
    return compile_workbook(content, "test-purchase.xlsx").questionnaire


@pytest.mark.parametrize(
    ("answers", "step"),
    [
        ({}, Step("buy")),
        ({"bought_on": "someday"}, Step("buy")),
        (BOUGHT, Step("return", date(2026, 11, 5), date(2026, 11, 8))),
        # seven working days after a Friday end on the Tuesday after next
        (RETURNED, Step("refund", date(2026, 11, 6), date(2026, 11, 17))),
        ({**RETURNED, "outcome": "partly"}, Step("refund", date(2026, 11, 6), date(2026, 11, 17))),
        ({**RETURNED, "outcome": "coupon"}, None),
        ({**BOUGHT, "outcome": "refused"}, None),
        ({**RETURNED, "refunded_on": "2026-11-10"}, None),
        ({**RETURNED, "in_time": "no"}, None),
    ],
)
def test_what_is_due_next(answers, step):
    assert next_step(answers) == step


def test_a_step_is_due_from_its_first_day_and_late_after_its_last():
    step = next_step(BOUGHT)

    found = [(step.is_due(day), step.is_late(day)) for day in map(_november, (4, 5, 8, 9))]

    assert found == [(False, False), (True, False), (True, False), (True, True)]
    assert not Step("buy").is_late(_november(30))


def test_the_names_that_are_read_are_asked_by_the_checklist(checklist):
    names = (purchase.BOUGHT, purchase.RETURNED, purchase.OUTCOME, purchase.REFUNDED, "in_time")

    assert set(names) <= set(checklist.questions)
    outcomes = {choice.name for choice in checklist.questions["outcome"].choices}
    assert outcomes > purchase.MONEY


def test_the_checklist_counts_the_days_and_refuses_a_return_before_the_purchase(checklist):
    given = {
        **RETURNED,
        "goods": "a kettle",
        "price": "99.9",
        "promised": "yes",
        "told": "no",
        "fee": "no",
        "reason_asked": "no",
        "in_time": "yes",
        "refunded_on": "2026-11-11",
    }

    whole = check(checklist, given, today=_november(20))
    early = check(checklist, {**given, "returned_on": "2026-11-01"}, today=_november(20))
    refused = check(checklist, {**given, "outcome": "refused", "in_time": ""}, today=_november(20))

    assert whole.flaws == ()
    assert (str(whole.answers["return_day"]), str(whole.answers["refund_days"])) == ("4", "5")
    assert [flaw.question for flaw in early.flaws] == ["returned_on"]
    assert refused.flaws == ()
    assert "refunded_on" not in refused.answers


def _november(day: int) -> date:
    return date(2026, 11, day)
