"""Fragility: the same number as trying every set of answers, and a number that does what it
says.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.statistics.comparing import fragility as module
from reports.statistics.comparing.classes import compare_with_others
from reports.statistics.comparing.fragility import fragility, strike_out
from reports.statistics.estimates.means import means
from reports.statistics.sampling.totals import Rows
from tests.samples import part, rows_of, totals_of


def verdict_of(j):
    def verdict(estimate):
        found = compare_with_others(estimate.value, estimate.covariance, level=0.95, df=estimate.df)
        return found.classes[j]

    return verdict


def search(rows, j):
    return fragility(rows, totals_of(rows), j, estimate=means, verdict=verdict_of(j))


def brute_force(rows, j, most):
    """Strike out every set of answers, small ones first, with the whole estimate made anew from
    the rows.
    """
    own = np.flatnonzero((rows.company == j) & ~np.isnan(rows.score))
    sizes = {"companies": int(rows.company.max()) + 1}
    original = verdict_of(j)(means(totals_of(rows)))
    for k in range(1, most + 1):
        for chosen in combinations(own, k):
            score = rows.score.copy()
            score[list(chosen)] = np.nan
            left = totals_of(replace(rows, score=score))
            assert left.companies == sizes["companies"]
            if verdict_of(j)(means(left)) != original:
                return k
    return None


def small(seed, *, clustered):
    """Three companies of ten answers, apart by chance and a little more."""
    rng = np.random.default_rng(seed)
    company = np.repeat([0, 1, 2], 10)
    score = np.clip(np.rint(rng.normal(60, 15, 30) + np.array([-14, 0, 12])[company]), 0, 100)
    return rows_of(
        company,
        score,
        weight=rng.uniform(0.5, 2, 30),
        psu=rng.integers(0, 12, 30) if clustered else None,
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.booleans())
def test_small_data_give_what_trying_every_set_gives(seed, clustered):
    rows = small(seed, clustered=clustered)
    for j in range(3):
        found = search(rows, j)

        tried = brute_force(rows, j, 3)  # all sets of up to three; None where none of them does it
        if found.proven:
            assert tried == (found.least if found.least in (1, 2, 3) else None)
        else:
            assert found.least not in (1, 2)
            assert tried not in (1, 2)


@pytest.mark.parametrize("seed", [*range(15), 220, 299, 404, 630, 895, 985])
def test_the_most_influential_answers_alone_come_near_what_every_set_gives(seed):
    """Without the last step, which tries all sets, the search finds a change and is at most two
    answers off.

    Of the seeds 0 to 1000, 685 have three answers or fewer to find: 603 are found exactly, 80 one
    and two (299 and 985) two above; the other four named here are those a search for less spread
    alone did not find at all.
    """
    rows = small(seed, clustered=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "EXHAUSTIVE", 0)
        greedy = search(rows, 0)
    true = brute_force(rows, 0, 3)

    assert greedy.proven is (greedy.least == 1)
    if true is not None:
        assert true <= greedy.least <= true + 2


def test_striking_out_is_estimating_without_the_answers():
    rows = small(1, clustered=True)
    own = part(rows, np.arange(10))
    score = rows.score.copy()
    score[[2, 5]] = np.nan

    struck = means(strike_out(totals_of(rows), own, np.array([2, 5])))

    fresh = means(totals_of(replace(rows, score=score)))
    np.testing.assert_allclose(struck.value, fresh.value, rtol=1e-12)
    np.testing.assert_allclose(struck.covariance, fresh.covariance, rtol=1e-9)
    assert struck.n.tolist() == [8, 10, 10]


def test_a_class_that_hangs_on_one_answer():
    """Nine answers of 40 and a single one of 100 keep the first company from being below the
    others.
    """
    rows = rows_of([0] * 10 + [1] * 30 + [2] * 30, [40] * 4 + [41] * 5 + [100] + [50, 52, 54] * 20)

    found = search(rows, 0)

    assert (found.least, found.of, found.proven) == (1, 10, True)


def test_a_class_that_nothing_short_of_most_answers_changes():
    rows = rows_of([0] * 40 + [1] * 40 + [2] * 40, [10, 12] * 20 + [70, 72] * 20 + [90, 92] * 20)

    found = search(rows, 0)

    assert found.least is None
    assert found.of == 40
    assert not found.proven


def test_answers_of_others_and_missing_ones_are_not_counted():
    rows = small(2, clustered=False)
    more = Rows(
        np.append(rows.company, [0, -1]),
        np.append(rows.score, [np.nan, 50.0]),
        np.append(rows.weight, [1.0, 1.0]),
        np.append(rows.stratum, [0, 0]),
    )

    assert search(more, 0).of == 10
