"""Gates do not choose companies by how they did."""

from __future__ import annotations

import numpy as np
import pytest

from reports.ranking.estimation import company_scores
from reports.statistics.disclosure.gates import DEFAULT, Gates, apply_gates, planned_half_width
from reports.statistics.estimates.means import given
from reports.statistics.exact import Grid
from reports.statistics.sampling.design import SIMPLE
from reports.statistics.sampling.totals import Rows, reduce

COMPANIES = 20
WIDTH = Gates(n=30, half_width=5)
# true share of full marks, the worst first
SHARES = np.linspace(0.70, 0.95, COMPANIES)


def survey(rng, answers):
    """Return the scores of companies with so many answers each, (20,) or one number."""
    company = np.repeat(np.arange(COMPANIES), answers)
    low = rng.integers(0, 9, len(company)) / 9 * 100
    score = np.where(rng.uniform(size=len(company)) < SHARES[company], 100.0, low)
    zeros = np.zeros(len(company), dtype=np.int64)
    grid = Grid(rows=len(company), weight=2.0, score=50.0, centre=50.0)
    rows = Rows(company, score, np.ones(len(company)), zeros, None)
    return company_scores(reduce(rows, companies=COMPANIES, strata=1, grid=grid), SIMPLE)


def test_bad_companies_are_ranked_as_often_as_good_ones():
    ranked = np.zeros(COMPANIES)
    for run in range(100):
        rng = np.random.default_rng([3, run])
        # sizes have nothing to do with how good a company is, and lie around the gate
        score = survey(rng, rng.integers(60, 130, COMPANIES))
        ranked += [gate.status == "ranked" for gate in apply_gates(score, WIDTH)]

    bad, good = ranked[:10].mean() / 100, ranked[10:].mean() / 100
    assert 0.1 < bad < 0.9
    # the standard error of the difference of two shares of 1,000 is .022
    assert abs(bad - good) < 0.066


def test_companies_of_one_size_have_one_verdict():
    score = survey(np.random.default_rng(1), 110)

    assert len({gate.status for gate in apply_gates(score, DEFAULT)}) == 1


def test_the_half_width_of_the_gate_is_of_the_pooled_spread():
    score = survey(np.random.default_rng(1), 110)

    expected = 1.9820 * (score.spread.mean() / 110) ** 0.5

    assert planned_half_width(score) == pytest.approx(expected, rel=1e-4)


def test_ready_estimates_keep_their_own_half_width():
    score = given(np.array([1.0, 2.0]), np.array([1.0, 3.0]))

    assert planned_half_width(score) == pytest.approx([1.959964, 5.879892])


def test_exactly_as_many_answers_as_the_gate_asks_are_enough():
    """Rounding leaves n / deff at 100 minus some 1e-10 now and then."""
    gates = Gates(n=30, n_eff=100)
    for run in range(20):
        rng = np.random.default_rng([1, run])
        score = survey(rng, 100)

        assert {gate.status for gate in apply_gates(score, gates)} == {"ranked"}
