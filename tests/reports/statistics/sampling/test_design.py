"""Strata of one unit: stopped, left out, counted by distance, given the mean of the others.
Finite populations.
"""

from __future__ import annotations

import numpy as np
import pytest

from reports.statistics.estimates.means import means
from reports.statistics.sampling.design import Design, LonelyStratum
from reports.statistics.sampling.totals import Rows
from tests.samples import rows_of, totals_of

# two strata of two and three places, a third with one
ROWS = rows_of(
    [0, 1] * 6,
    [50, 60, 70, 40, 55, 65, 80, 30, 45, 75, 90, 20],
    stratum=[0] * 4 + [1] * 6 + [2] * 2,
    psu=[0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5],
)
WITHOUT = Rows(
    ROWS.company[:10], ROWS.score[:10], ROWS.weight[:10], ROWS.stratum[:10], ROWS.psu[:10]
)


def variance_by_hand(*, lonely):
    """Return the variance of company 0's mean by its definition."""
    rows = list(zip(ROWS.company, ROWS.score, ROWS.stratum, ROWS.psu, strict=True))
    mean = np.mean([y for g, y, _h, _u in rows if g == 0])
    unit = {
        u: (h, sum((y - mean) / 6 for g, y, _h, v in rows if g == 0 and v == u))
        for _g, _y, h, u in rows
    }
    total, contributions = 0.0, []
    for h in (0, 1):
        z = [value for stratum, value in unit.values() if stratum == h]
        contributions.append(len(z) / (len(z) - 1) * sum((v - np.mean(z)) ** 2 for v in z))
    total = sum(contributions)
    alone = unit[5][1] - np.mean([z for _h, z in unit.values()])
    return total + {"certainty": 0.0, "adjust": alone**2, "average": total / 2}[lonely]


def test_a_lonely_stratum_stops_by_default():
    with pytest.raises(LonelyStratum) as stopped:
        means(totals_of(ROWS))

    assert stopped.value.strata.tolist() == [2]


@pytest.mark.parametrize("lonely", ["certainty", "adjust", "average"])
def test_lonely_rules_are_their_definitions(lonely):
    found = means(totals_of(ROWS), Design(lonely=lonely))

    assert found.covariance[0, 0] == pytest.approx(variance_by_hand(lonely=lonely), rel=1e-12)


def test_a_stratum_of_one_unit_that_is_all_there_is_is_certain():
    size = np.array([np.inf, np.inf, 1.0])

    found = means(totals_of(ROWS), Design(size))

    assert found.covariance[0, 0] == pytest.approx(variance_by_hand(lonely="certainty"), rel=1e-12)


def test_nothing_but_lonely_strata_has_no_average():
    one = rows_of([0, 0], [40, 60], stratum=[0, 1], psu=[0, 1])

    assert np.isnan(means(totals_of(one), Design(lonely="average")).covariance).all()


def test_more_units_than_the_population_are_refused():
    with pytest.raises(ValueError, match="more sampled units"):
        means(totals_of(WITHOUT), Design(np.array([1.0, 9.0])))


def test_a_census_has_no_sampling_error():
    found = means(totals_of(WITHOUT), Design(np.array([2.0, 3.0])))

    np.testing.assert_allclose(found.covariance, 0.0, atol=1e-15)
