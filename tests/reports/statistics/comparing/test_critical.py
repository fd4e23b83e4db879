"""Critical values by pruning: the same number as from every pair of every draw."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics.comparing import critical as module
from reports.statistics.comparing.critical import Sidak, Simulated, draw


def silent(done, all_):
    """Progress that nobody watches."""


def problem(seed, *, g=None, draws=400):
    """Draw a covariance of one of three kinds (independent, few shared places, a strong common
    shift) and draws.
    """
    rng = np.random.default_rng(seed)
    g = g or int(rng.integers(2, 90))
    f = np.diag(rng.uniform(0.1, 2, g))
    if seed % 3:
        f = rng.normal(size=(int(rng.integers(2, 150)), g)) * rng.uniform(0.1, 3, g)
    if seed % 3 == 2:
        f = f + 3 * rng.normal(size=(len(f), 1))
    v = f.T @ f / len(f)
    sd = np.sqrt(np.maximum(np.diag(v)[:, None] + np.diag(v) - 2 * v, 0.0))
    sd[sd <= 1e-9 * np.sqrt(np.diag(v).max())] = 0.0
    return rng, v, sd, draw(v, draws, seed)


def every_pair(z, sd, pairs, level=0.95):
    """Return the quantile of the largest ratio over all pairs, by its definition."""
    largest = np.zeros(len(z))
    for j, k in zip(*np.nonzero(pairs & (sd > 0)), strict=True):
        largest = np.maximum(largest, (z[:, j] - z[:, k]) / sd[j, k])
    return np.quantile(largest, level, method="higher")


@pytest.fixture(autouse=True)
def no_problem_is_too_small_to_prune(monkeypatch):
    monkeypatch.setattr(module, "FEW", 0)


def test_few_companies_are_computed_in_full(monkeypatch):
    _rng, v, sd, z = problem(7, g=40)
    pairs = ~np.eye(40, dtype=bool)
    pruned = Simulated(z.copy(), v, sd, silent).of_pairs(pairs, 0.95)

    monkeypatch.setattr(module, "FEW", 64)

    assert Simulated(z.copy(), v, sd, silent).of_pairs(pairs, 0.95) == pytest.approx(
        pruned, rel=1e-12
    )


@given(st.integers(0, 10_000), st.sampled_from([1.0, 0.9, 0.4]))
def test_pruning_finds_what_every_pair_gives(seed, share):
    rng, v, sd, z = problem(seed)
    pairs = (rng.uniform(size=sd.shape) < share) & ~np.eye(len(sd), dtype=bool)

    found = Simulated(z.copy(), v, sd, silent).of_pairs(pairs, 0.95)

    assert found == pytest.approx(every_pair(z, sd, pairs), rel=1e-10)


@given(st.integers(0, 10_000))
def test_pruning_finds_what_every_pair_of_one_company_gives(seed):
    rng, v, sd, z = problem(seed)
    j = int(rng.integers(0, len(sd)))
    own = (rng.uniform(size=(2, len(sd))) < 0.8) & (np.arange(len(sd)) != j)
    pairs = np.zeros_like(sd, dtype=bool)
    pairs[j], pairs[:, j] = own

    found = Simulated(z.copy(), v, sd, silent).of_company(j, own, 0.95)

    assert found == pytest.approx(every_pair(z, sd, pairs), rel=1e-10)


@pytest.mark.parametrize("near", [1, 2, 5])
def test_looking_at_fewer_companies_first_changes_nothing(monkeypatch, near):
    _rng, v, sd, z = problem(7, g=60)
    pairs = ~np.eye(60, dtype=bool)
    usual = Simulated(z.copy(), v, sd, silent).of_pairs(pairs, 0.95)

    monkeypatch.setattr(module, "NEAR", near)

    assert Simulated(z.copy(), v, sd, silent).of_pairs(pairs, 0.95) == pytest.approx(
        usual, rel=1e-12
    )


def test_blocks_change_no_draw(monkeypatch):
    _rng, v, _sd, z = problem(7, g=60)

    monkeypatch.setattr(module, "BLOCK", 600)

    # the same normals; a matrix product of other shape may differ in its last digit
    np.testing.assert_allclose(draw(v, 400, 7), z, rtol=1e-9, atol=1e-12)


def test_draws_have_the_covariance_asked_for():
    _rng, v, _sd, _z = problem(4, g=5)

    found = np.cov(draw(v, 200_000, 1).T)

    np.testing.assert_allclose(found, v, atol=0.02 * np.diag(v).max())


def test_a_covariance_that_is_none_is_refused():
    with pytest.raises(ValueError, match="negative eigenvalue"):
        draw(np.array([[1.0, 2.0], [2.0, 1.0]]), 100, 1)


def test_sidak_of_one_pair_is_the_plain_quantile():
    """The normal distribution: 1.960 two-sided, 1.645 one-sided, from any table."""
    both = np.array([[False, True], [True, False]])
    one = np.array([[False, True], [False, False]])

    assert Sidak().of_pairs(both, 0.95) == pytest.approx(1.960, abs=1e-3)
    assert Sidak().of_pairs(one, 0.95) == pytest.approx(1.645, abs=1e-3)
    assert Sidak().of_company(0, np.array([[False, True], [False, True]]), 0.95) == pytest.approx(
        1.960, abs=1e-3
    )
