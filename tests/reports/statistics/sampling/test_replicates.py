"""Replicates: the jackknife of a linear figure is the linear variance, the bootstrap agrees by
chance alone.
"""

from __future__ import annotations

import numpy as np
import pytest

from reports.statistics.estimates.means import means
from reports.statistics.estimates.raked import raked_means
from reports.statistics.estimates.replicated import raked_replicated_means, replicated_means
from reports.statistics.sampling import replicates as module
from reports.statistics.sampling.design import Design, LonelyStratum
from reports.statistics.sampling.replicates import jackknife, rao_wu
from tests.reports.statistics.estimates.test_raked import MARGINS, crossed, raked_sums
from tests.samples import rows_of, sample, totals_of


def factors(replicates):
    return np.concatenate([block for block, _share in replicates.blocks()])


@pytest.mark.parametrize("population", [None, np.array([20.0, 9.0])])
def test_bootstrap_factors_have_the_moments_of_rao_and_wu(population):
    """Mean 1 and variance 1 - f; inside a stratum they add up to its units."""
    stratum, sampled = np.repeat([0, 1], [6, 5]), np.array([6, 5])
    found = factors(rao_wu(stratum, sampled, count=40_000, seed=1, design=Design(population)))

    left = np.ones(2) if population is None else 1 - sampled / population
    np.testing.assert_allclose(found.mean(axis=0), 1.0, atol=0.03)
    np.testing.assert_allclose(found.var(axis=0), left[stratum] * 1.0, atol=0.05)
    np.testing.assert_allclose(found[:, :6].sum(axis=1), 6.0, rtol=1e-12)


def test_the_same_seed_gives_the_same_replicates_in_any_blocks(monkeypatch):
    stratum, sampled = np.repeat([0, 1], [6, 5]), np.array([6, 5])
    whole = factors(jackknife(stratum, sampled))

    monkeypatch.setattr(module, "HELD", 22)

    np.testing.assert_array_equal(factors(jackknife(stratum, sampled)), whole)


def test_the_bootstrap_agrees_with_linearisation_within_its_monte_carlo_error():
    totals = totals_of(sample(1, n=2000, psus=60))
    linear = means(totals)

    found = replicated_means(
        totals, rao_wu(totals.unit_stratum, totals.sampled, count=4000, seed=1)
    )

    np.testing.assert_allclose(found.value, linear.value, rtol=1e-12)
    # a standard deviation of 4,000 draws has a relative error of 1 / sqrt(8,000); 5 of them
    np.testing.assert_allclose(found.se, linear.se, rtol=5 / np.sqrt(8000))


def test_the_raked_bootstrap_agrees_with_the_raked_variance_rule():
    rows = sample(2, n=3000, psus=80, companies=5)
    totals = raked_sums(rows, MARGINS.cell_of(crossed(rows)))

    found = raked_replicated_means(
        totals, MARGINS, rao_wu(totals.unit_stratum, totals.sampled, count=3000, seed=1)
    )

    linear = raked_means(totals, MARGINS)
    np.testing.assert_allclose(found.value, linear.value, rtol=1e-7)
    np.testing.assert_allclose(found.se, linear.se, rtol=5 / np.sqrt(6000))


def test_the_jackknife_of_equal_clusters_is_the_linear_variance():
    """With the same weight of every company in every place the mean is linear, and both are
    exact.
    """
    rng = np.random.default_rng(3)
    rows = rows_of(
        np.tile([0, 1], 40),
        rng.uniform(20, 90, 80),
        stratum=np.repeat([0, 1], [48, 32]),
        psu=np.repeat(np.arange(10), 8),
    )
    totals = totals_of(rows)
    design = Design(np.array([30.0, 12.0]))

    found = replicated_means(totals, jackknife(totals.unit_stratum, totals.sampled, design=design))

    np.testing.assert_allclose(found.covariance, means(totals, design).covariance, rtol=1e-10)


def test_the_jackknife_is_its_definition():
    rows = sample(4, n=120, psus=12)
    totals = totals_of(rows)

    found = replicated_means(totals, jackknife(totals.unit_stratum, totals.sampled))

    full, away = means(totals).value, np.zeros((5, 5))
    for u in totals.unit:
        h = rows.stratum[rows.psu == u][0]
        n = totals.sampled[h]
        weight = np.where(
            rows.psu == u, 0.0, np.where(rows.stratum == h, rows.weight * n / (n - 1), rows.weight)
        )
        known = ~np.isnan(rows.score)
        left = np.array(
            [
                np.average(rows.score[m], weights=weight[m])
                for g in range(5)
                for m in [(rows.company == g) & known]
            ]
        )
        away += (n - 1) / n * np.outer(left - full, left - full)
    np.testing.assert_allclose(found.covariance, away, rtol=1e-9)


def test_a_company_of_one_place_is_lost_in_the_replicates_that_miss_it():
    rows = rows_of([0, 0, 0, 0, 1], [50, 60, 70, 80, 40], psu=[0, 1, 2, 3, 0])
    totals = totals_of(rows)

    found = replicated_means(totals, jackknife(totals.unit_stratum, totals.sampled))

    assert found.lost.tolist() == [0, 1]
    assert found.covariance[1, 1] == pytest.approx(0.0, abs=1e-20)


def test_rows_as_units_have_no_replicates():
    totals = totals_of(sample(5, clustered=False))

    with pytest.raises(ValueError, match="PSU code"):
        replicated_means(totals, rao_wu(totals.unit_stratum, totals.sampled, count=10, seed=1))


@pytest.mark.parametrize("make", [lambda *a, **k: rao_wu(*a, count=10, seed=1, **k), jackknife])
def test_lonely_strata_cannot_be_drawn_again(make):
    with pytest.raises(LonelyStratum):
        make(np.array([0, 0, 1]), np.array([2, 1]))
    with pytest.raises(LonelyStratum):
        make(np.array([0, 0, 1]), np.array([2, 1]), design=Design(lonely="adjust"))


def test_deviations_from_the_mean_of_the_replicates_are_smaller():
    totals = totals_of(sample(6))
    replicates = rao_wu(totals.unit_stratum, totals.sampled, count=200, seed=1)

    about_estimate, about_mean = (
        replicated_means(totals, replicates, centre=centre) for centre in ("estimate", "replicates")
    )

    assert (about_mean.se < about_estimate.se).all()
