"""Rehearsals: what is expected is what simulated surveys show, and more answers show more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from reports.statistics.comparing.rehearsal import Expected, answers_needed, rehearse

SIXTEEN = Expected(np.full(16, 100.0), between=3.0, within=20.0)


def test_sixteen_companies_of_a_hundred_answers_hide_their_order():
    """The joint rank range covers 15 of the 16 places (design 2; notes: 15.1, and 13 may be
    first).
    """
    found = rehearse(SIXTEEN, level=0.95, tau=1, runs=200, seed=1)

    assert found.width == pytest.approx(15.1, abs=0.4)
    assert found.first == pytest.approx(13.0, abs=1.0)
    assert found.reliability == pytest.approx(9 / (9 + 4))
    assert found.half_width == pytest.approx(1.96 * 2, abs=0.01)
    assert found.above + found.below + found.undecided == pytest.approx(16)


def test_more_answers_decide_more():
    undecided = [
        rehearse(
            replace(SIXTEEN, answers=np.full(16, n)), level=0.95, tau=3, runs=200, seed=1
        ).undecided
        for n in (50.0, 400.0, 3200.0)
    ]

    assert undecided == sorted(undecided, reverse=True)


def test_companies_are_rarely_put_on_the_wrong_side():
    found = rehearse(SIXTEEN, level=0.95, tau=3, runs=400, seed=2)

    assert found.wrong < 0.05


def test_companies_all_alike_are_rarely_told_apart():
    alike = replace(SIXTEEN, between=1e-6)

    found = rehearse(alike, level=0.95, tau=3, runs=400, seed=3)

    assert found.undecided > 15.9


def test_few_places_widen_everything():
    few = replace(SIXTEEN, df=4.0)

    found = rehearse(few, level=0.95, tau=3, runs=200, seed=1)

    assert found.half_width == pytest.approx(stats.t.isf(0.025, 4) * 2)
    assert found.above < rehearse(SIXTEEN, level=0.95, tau=3, runs=200, seed=1).above


def test_the_answers_needed_are_those_of_the_normal_power_formula():
    """Two companies are one contrast: n = 2 ((z_a/2 + z_b) sd / d)^2, nothing adjusted."""
    two = Expected(np.full(2, 100.0), between=1e-6, within=20.0)

    found = answers_needed(two, distance=5.0, level=0.95, power=0.8, runs=2000)

    expected = 2 * ((stats.norm.isf(0.05 / 2) + stats.norm.isf(0.2)) * 20 / 5) ** 2
    assert found == pytest.approx(expected, rel=0.08)


def test_what_no_survey_can_show_is_said():
    assert answers_needed(SIXTEEN, distance=0.01, level=0.95, runs=20) is None


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (replace(SIXTEEN, answers=np.full(1, 9.0)), "two companies"),
        (replace(SIXTEEN, within=0.0), "positive"),
        (replace(SIXTEEN, df=-1.0), "positive"),
    ],
)
def test_figures_that_are_none_are_refused(bad, said):
    with pytest.raises(ValueError, match=said):
        rehearse(bad, level=0.95, tau=3, runs=10, seed=1)
