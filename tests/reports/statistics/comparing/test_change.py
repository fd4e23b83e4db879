"""Change between waves: a panel is surer than two samples, and nobody is said to have changed by
chance.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from reports.statistics.comparing.change import change

BEFORE, AFTER = np.array([60.0, 70.0, 80.0]), np.array([66.0, 69.0, 80.0])


def waves(correlation):
    """Return the covariance of two waves of three companies, standard error 2 each."""
    one = 4.0 * np.eye(3)
    return np.block([[one, correlation * one], [correlation * one, one]])


def test_two_samples_add_their_variances():
    found = change(BEFORE, AFTER, waves(0.0), level=0.95)

    assert found.difference.tolist() == [6.0, -1.0, 0.0]
    np.testing.assert_allclose(found.se, np.sqrt(8))
    assert found.p[0] == pytest.approx(2 * stats.norm.sf(6 / np.sqrt(8)))
    assert found.directions == ("unchanged", "unchanged", "unchanged")


def test_a_panel_takes_away_what_both_waves_have_in_common():
    found = change(BEFORE, AFTER, waves(0.8), level=0.95)

    np.testing.assert_allclose(found.se, np.sqrt(8 * 0.2))
    assert found.directions == ("better", "unchanged", "unchanged")
    assert (found.low < found.difference).all()


def test_worse_is_said_of_those_that_fell():
    assert change(AFTER, BEFORE, waves(0.8), level=0.95).directions[0] == "worse"


def test_few_degrees_of_freedom_make_it_harder():
    assert change(BEFORE, AFTER, waves(0.8), level=0.95, df=2.0).directions[0] == "unchanged"


def test_a_change_that_is_known_exactly_is_certain():
    found = change(BEFORE, AFTER, np.zeros((6, 6)), level=0.95)

    assert found.directions == ("better", "worse", "unchanged")


def test_chance_alone_is_rarely_called_a_change():
    """All companies of all waves the same: at most one in twenty surveys says otherwise of
    anybody.
    """
    rng = np.random.default_rng(1)
    covariance = np.eye(20)
    drawn = rng.normal(size=(2000, 20))

    wrong = sum(
        set(change(z[:10], z[10:], covariance, level=0.95).directions) != {"unchanged"}
        for z in drawn
    )

    assert wrong / 2000 < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 2000)


def test_waves_of_different_companies_are_refused():
    with pytest.raises(ValueError, match="same companies"):
        change(BEFORE, AFTER[:2], waves(0.0), level=0.95)
