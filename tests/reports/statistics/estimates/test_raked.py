"""Raked means: equal to the same figures row by row, additive, and surer where the margins
explain the score.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reports.statistics.estimates.means import means
from reports.statistics.estimates.raked import (
    by_raking_cell,
    raked_means,
    reduce_for_raking,
)
from reports.statistics.exact import Grid
from reports.statistics.sampling.raking import Margins, rake
from tests.samples import part, sample

MARGINS = Margins((np.array([300.0, 250.0, 450.0]), np.array([480.0, 520.0])))


def crossed(rows, seed=1):
    rng = np.random.default_rng(seed)
    return [rng.integers(0, 3, len(rows.score)), rng.integers(0, 2, len(rows.score))]


def raked_sums(rows, cell, *, parts=1):
    grid = Grid.of(scores=rows.score, weights=rows.weight, centre=50.0)
    pieces = [
        reduce_for_raking(part(rows, p), cell[p], MARGINS, companies=5, strata=4, grid=grid)
        for p in np.array_split(np.arange(len(rows.score)), parts)
    ]
    return sum(pieces[1:], start=pieces[0])


def row_by_row(rows, categories):
    """Rake and linearise over rows, units and strata by their definitions."""
    w = rows.weight.copy()
    for _sweep in range(2000):
        for codes, target in zip(categories, MARGINS.targets, strict=True):
            w *= (target / np.bincount(codes, w))[codes]
    x = np.hstack([np.eye(len(t))[c] for c, t in zip(categories, MARGINS.targets, strict=True)])
    values, residuals = [], []
    for g in range(5):
        mine = (rows.company == g) & ~np.isnan(rows.score)
        y = np.where(mine, rows.score, 0.0)
        value = (w * y).sum() / w[mine].sum()
        z = np.where(mine, (y - value) / w[mine].sum(), 0.0)
        root = np.sqrt(rows.weight)
        fit = np.linalg.lstsq(x * root[:, None], z * root, rcond=None)[0]
        values.append(value)
        residuals.append(w * (z - x @ fit))
    e = np.array(residuals).T
    covariance = np.zeros((5, 5))
    units = np.arange(len(w)) if rows.psu is None else rows.psu
    for h in range(4):
        members = np.unique(units[rows.stratum == h])
        sums = np.array([e[units == u].sum(axis=0) for u in members])
        sums -= sums.mean(axis=0)
        covariance += len(members) / (len(members) - 1) * sums.T @ sums
    return np.array(values), covariance


@pytest.mark.parametrize("clustered", [True, False])
def test_raked_means_are_those_of_the_rows(clustered):
    rows = sample(1, n=240, clustered=clustered)
    categories = crossed(rows)
    totals = raked_sums(rows, MARGINS.cell_of(categories))

    found = raked_means(totals, MARGINS)

    value, covariance = row_by_row(rows, categories)
    np.testing.assert_allclose(found.value, value, rtol=1e-9)
    np.testing.assert_allclose(
        found.covariance, covariance, rtol=1e-7, atol=1e-9 * np.abs(covariance).max()
    )


@pytest.mark.parametrize("parts", [2, 7])
def test_any_partitioning_gives_the_same_bits(parts):
    rows = sample(2)
    cell = MARGINS.cell_of(crossed(rows))

    one, many = (raked_means(raked_sums(rows, cell, parts=p), MARGINS) for p in (1, parts))

    assert one.value.tobytes() == many.value.tobytes()
    assert one.covariance.tobytes() == many.covariance.tobytes()


def test_factors_known_beforehand_are_used():
    rows = sample(3)
    totals = raked_sums(rows, MARGINS.cell_of(crossed(rows)))
    known = rake(by_raking_cell(totals, MARGINS), MARGINS)

    assert (
        raked_means(totals, MARGINS, raked=known).value.tobytes()
        == raked_means(totals, MARGINS).value.tobytes()
    )


def test_what_the_margins_explain_is_no_longer_uncertain():
    """Scores that differ by region only are known once the regions are."""
    rows = sample(4, missing=0.0)
    categories = crossed(rows)
    noise = np.random.default_rng(1).normal(0, 1, len(rows.score))
    explained = replace(
        rows,
        score=30.0 + 20.0 * categories[0] + noise,
        company=np.zeros(len(rows.score), dtype=int),
    )
    grid = Grid.of(scores=explained.score, weights=rows.weight, centre=50.0)
    cell = MARGINS.cell_of(categories)
    totals = reduce_for_raking(explained, cell, MARGINS, companies=1, strata=4, grid=grid)

    raked = raked_means(totals, MARGINS)

    everyone = Margins((np.ones(1),))
    plain = means(
        reduce_for_raking(
            explained, np.zeros_like(cell), everyone, companies=1, strata=4, grid=grid
        )
    )
    assert raked.se[0] < plain.se[1] / 5


def test_weights_that_are_raked_cost_precision_in_the_printed_design_effect():
    rows = sample(5, missing=0.0, clustered=False)
    totals = raked_sums(rows, MARGINS.cell_of(crossed(rows)))

    found = raked_means(totals, MARGINS)

    assert (found.kish > 1).all()
    assert found.n.sum() == ((rows.company >= 0) & ~np.isnan(rows.score)).sum()


def test_totals_of_other_margins_are_refused():
    rows = sample(6)
    totals = raked_sums(rows, MARGINS.cell_of(crossed(rows)))

    with pytest.raises(ValueError, match="not made for these margins"):
        raked_means(totals, Margins((np.ones(7),)))
