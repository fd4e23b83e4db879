"""Outcome rates: AAPOR's formulas on hand-made cases, and what must hold of any dispositions."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.monitoring.aapor import (
    Dispositions,
    casro_e,
    completion_rate,
    participation_rate,
    rates,
)

LETTERS = {
    "I": "complete",
    "P": "partial",
    "R": "refusal",
    "NC": "noncontact",
    "Oo": "other",
    "UH": "unknown_household",
    "UO": "unknown_other",
}
dispositions = st.builds(Dispositions, *[st.integers(0, 500)] * 8)


def naive(d, e):
    """The formulas as AAPOR prints them."""
    i, p, r, nc, o, uh, uo, _ = vars(d).values()
    with_unknown, with_e, known = (
        i + p + r + nc + o + uh + uo,
        i + p + r + nc + o + e * (uh + uo),
        i + p + r + nc + o,
    )
    parts = {
        "rr1": (i, with_unknown),
        "rr2": (i + p, with_unknown),
        "rr3": (i, with_e),
        "rr4": (i + p, with_e),
        "rr5": (i, known),
        "rr6": (i + p, known),
        "coop1": (i, i + p + r + o),
        "coop2": (i + p, i + p + r + o),
        "coop3": (i, i + p + r),
        "coop4": (i + p, i + p + r),
        "ref1": (r, with_unknown),
        "ref2": (r, with_e),
        "ref3": (r, known),
        "con1": (i + p + r + o, with_unknown),
        "con2": (i + p + r + o, with_e),
        "con3": (i + p + r + o, known),
    }
    return {name: a / b if b else math.nan for name, (a, b) in parts.items()}


def test_rates_equal_every_reference_value(beside):
    cases = json.loads(beside("oracles/aapor/aapor_rates.json").read_text())["cases"]
    assert len(cases) == 3

    for case in cases:
        counts = Dispositions(**{LETTERS[k]: v for k, v in case["in"].items() if k != "e"})
        found = vars(rates(counts, sample="probability", e=case["in"]["e"]))
        assert {k.lower(): found[k.lower()] for k in case["out"]} == pytest.approx(
            {k.lower(): v for k, v in case["out"].items()}
        )


def test_e_is_the_share_of_eligible_cases_among_the_known():
    counts = Dispositions(
        complete=50, refusal=30, noncontact=10, other=10, unknown_household=40, ineligible=25
    )

    found = rates(counts, sample="probability")

    assert casro_e(counts) == 100 / 125
    assert found.e == 0.8
    assert found.rr3 == pytest.approx(50 / (100 + 0.8 * 40))


@given(counts=dispositions, e=st.floats(0, 1))
def test_rates_equal_their_formulas(counts, e):
    found = vars(rates(counts, sample="probability", e=e))

    assert {k: v for k, v in found.items() if k != "e"} == pytest.approx(
        naive(counts, e), nan_ok=True
    )


@given(counts=dispositions)
def test_rates_come_in_order(counts):
    found = rates(counts, sample="probability")

    orders = [
        (found.rr1, found.rr3, found.rr5),
        (found.rr2, found.rr4, found.rr6),
        (found.ref1, found.ref2, found.ref3),
        (found.con1, found.con2, found.con3),
        (found.rr1, found.rr2, found.con1),
        (found.coop1, found.coop2, found.coop4),
        (found.coop1, found.coop3, found.coop4),
    ]
    for order in orders:
        known = [x for x in order if not math.isnan(x)]
        assert all(0 <= x <= 1 for x in known)
        assert all(a <= b * (1 + 1e-12) for a, b in zip(known, known[1:], strict=False))


@given(counts=dispositions)
def test_all_or_none_of_the_unknown_counted_are_the_outer_rates(counts):
    all_, none = rates(counts, sample="probability", e=1), rates(counts, sample="probability", e=0)

    assert (all_.rr3, all_.con2) == pytest.approx((all_.rr1, all_.con1), nan_ok=True)
    assert (none.rr3, none.con2) == pytest.approx((none.rr5, none.con3), nan_ok=True)


def test_nobody_at_all_has_no_rate():
    found = rates(Dispositions(complete=0), sample="probability")

    assert all(math.isnan(x) for x in vars(found).values())


def test_cases_of_which_nothing_is_known_leave_the_rates_with_e_open():
    found = rates(Dispositions(complete=0, unknown_other=20), sample="probability")

    assert found.rr1 == 0
    assert math.isnan(found.e)
    assert math.isnan(found.rr3)


def test_a_nonprobability_sample_is_refused_a_response_rate():
    with pytest.raises(ValueError, match="nonprobability sample has no response rate"):
        rates(Dispositions(complete=100), sample="nonprobability")


def test_a_nonprobability_sample_has_completion_and_participation():
    assert completion_rate(2100, 2800) == 0.75
    assert participation_rate(450, 1000) == 0.45
    assert math.isnan(completion_rate(0, 0))


@pytest.mark.parametrize(
    ("part", "whole"), [(3, 2), (-1, 2), (math.nan, 2), (1, math.nan), (1, math.inf)]
)
def test_more_answers_than_starts_are_refused(part, whole):
    for rate in (completion_rate, participation_rate):
        with pytest.raises(ValueError, match="part"):
            rate(part, whole)


@pytest.mark.parametrize("count", [-1, math.nan, math.inf])
def test_a_negative_or_missing_count_is_refused(count):
    with pytest.raises(ValueError, match="dispositions"):
        Dispositions(complete=10, refusal=count)


@pytest.mark.parametrize("e", [-0.1, 1.1, math.nan])
def test_an_e_that_is_no_share_is_refused(e):
    with pytest.raises(ValueError, match="e is a share"):
        rates(Dispositions(complete=10), sample="probability", e=e)
