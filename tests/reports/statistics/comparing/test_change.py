"""Change between waves: two samples add their variances, and nobody is said to have changed by
chance.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from reports.statistics.comparing.change import Wave, change

BEFORE, AFTER = np.array([60.0, 70.0, 80.0]), np.array([66.0, 69.0, 80.0])


def wave(value, se=2.0, df=np.inf):
    return Wave(np.asarray(value), np.full(len(value), se), np.full(len(value), df))


def test_two_samples_add_their_variances():
    found = change(wave(BEFORE), wave(AFTER), level=0.95)

    assert found.difference.tolist() == [6.0, -1.0, 0.0]
    np.testing.assert_allclose(found.se, np.sqrt(8))
    assert found.p[0] == pytest.approx(2 * stats.norm.sf(6 / np.sqrt(8)))
    assert found.directions == ("unchanged", "unchanged", "unchanged")


def test_better_and_worse_are_said_of_those_that_rose_and_fell():
    assert change(wave(BEFORE, 1), wave(AFTER, 1), level=0.95).directions[0] == "better"
    assert change(wave(AFTER, 1), wave(BEFORE, 1), level=0.95).directions[0] == "worse"


def test_degrees_of_freedom_are_those_of_welch_and_satterthwaite():
    found = change(wave(BEFORE, 1.0, 4.0), wave(AFTER, 2.0, 9.0), level=0.95)

    # (1 + 4)^2 / (1 / 4 + 16 / 9)
    assert found.df.tolist() == pytest.approx([25 / (0.25 + 16 / 9)] * 3)
    assert found.p[0] == pytest.approx(2 * stats.t.sf(6 / np.sqrt(5), found.df[0]))
    assert found.high[0] - found.low[0] == pytest.approx(
        2 * stats.t.isf(0.025, found.df[0]) * np.sqrt(5)
    )


def test_a_change_that_is_known_exactly_is_certain():
    found = change(wave(BEFORE, 0.0), wave(AFTER, 0.0), level=0.95)

    assert found.directions == ("better", "worse", "unchanged")


def test_chance_alone_is_rarely_called_a_change():
    """All companies of both waves the same: at most one in twenty surveys says otherwise of
    anybody.
    """
    drawn = np.random.default_rng(1).normal(size=(2000, 2, 10))

    wrong = sum(
        set(change(wave(a, 1), wave(b, 1), level=0.95).directions) != {"unchanged"}
        for a, b in drawn
    )

    assert wrong / 2000 < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 2000)


def test_waves_of_different_companies_are_refused():
    with pytest.raises(ValueError, match="same companies"):
        change(wave(BEFORE), wave(AFTER[:2]), level=0.95)
