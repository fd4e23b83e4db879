"""Adjusted scores: what an even mix would show, with the sandwich by its definition; outcomes
are refused.
"""

from __future__ import annotations

import numpy as np
import pytest

from reports.statistics.estimates.adjustment import Adjuster, adjust, wald
from reports.statistics.sampling.design import Design

N, PSUS, STRATA, COMPANIES = 600, 40, 4, 4


def survey(seed=1, *, effect=15.0):
    """Company 3 is asked mostly by phone, and people on the phone are kinder by `effect` points."""
    rng = np.random.default_rng(seed)
    company = rng.integers(0, COMPANIES, N)
    phone = (rng.uniform(size=N) < np.where(company == 3, 0.9, 0.2)).astype(np.int64)
    age = rng.uniform(0, 15, N)
    psu = rng.integers(0, PSUS, N)
    score = 60.0 + effect * phone - 1.0 * age + rng.normal(0, 8, N) + rng.normal(0, 3, PSUS)[psu]
    return {
        "company": company,
        "score": score,
        "weight": rng.uniform(0.5, 2, N),
        "psu": psu,
        "stratum": psu % STRATA,
    }, (
        Adjuster("mode", phone, 2),
        Adjuster("age", age),
    )


def adjusted(data, adjusters, **more):
    return adjust(adjusters=adjusters, companies=COMPANIES, strata=STRATA, **{**data, **more})


def test_companies_alike_but_for_their_mix_come_out_alike():
    data, adjusters = survey()

    found = adjusted(data, adjusters)

    assert found.raw[3] - found.raw[:3].mean() > 7
    assert abs(found.value[3] - found.value[:3].mean()) < 2.5
    assert found.names == ("mode=1", "age")


@pytest.mark.parametrize("clustered", [True, False])
def test_the_fit_and_its_covariance_are_their_definitions(clustered):
    data, adjusters = survey(2)
    psu = data["psu"] if clustered else np.arange(N)

    found = adjusted(data, adjusters, psu=data["psu"] if clustered else None)

    x = np.column_stack(
        [np.eye(COMPANIES)[data["company"]], adjusters[0].values, adjusters[1].values]
    )
    w, y = data["weight"], data["score"]
    inverse = np.linalg.inv(x.T @ (x * w[:, None]))
    beta = inverse @ x.T @ (w * y)
    z = x * (w * (y - x @ beta))[:, None]
    middle = np.zeros((6, 6))
    for h in range(STRATA):
        sums = np.array([z[psu == u].sum(axis=0) for u in np.unique(psu[data["stratum"] == h])])
        sums -= sums.mean(axis=0)
        middle += len(sums) / (len(sums) - 1) * sums.T @ sums
    full = inverse @ middle @ inverse
    mix = np.average(x[:, COMPANIES:], axis=0, weights=w)
    contrast = np.hstack([np.eye(COMPANIES), np.tile(mix, (COMPANIES, 1))])
    np.testing.assert_allclose(found.value, contrast @ beta, rtol=1e-10)
    np.testing.assert_allclose(found.covariance, contrast @ full @ contrast.T, rtol=1e-8)


def test_a_mode_with_an_effect_is_found_and_one_without_is_not():
    with_effect, without = (wald(adjusted(*survey(3, effect=e)), "mode") for e in (15.0, 0.0))

    assert with_effect.p < 1e-6
    assert without.p > 0.01
    assert with_effect.df1 == 1


def test_rows_without_an_adjuster_stay_sampled_units():
    data, (mode, age) = survey(4)
    unknown = np.where(np.arange(N) < 30, np.nan, age.values)

    found = adjusted(data, (mode, Adjuster("age", unknown)))

    assert found.rows == N - 30
    assert found.df == PSUS - STRATA


def test_an_adjuster_that_is_the_company_cannot_be_told_from_it():
    data, _adjusters = survey()

    with pytest.raises(ValueError, match="told from"):
        adjusted(data, (Adjuster("brand", data["company"], COMPANIES),))


def test_a_company_without_complete_rows_is_refused():
    data, (mode, _age) = survey()
    codes = np.where(data["company"] == 1, -1, mode.values)

    with pytest.raises(ValueError, match="no row"):
        adjusted(data, (Adjuster("mode", codes, 2),))


def test_a_census_has_no_sampling_error_after_adjustment_either():
    data, adjusters = survey(5)
    size = np.array(
        [len(np.unique(data["psu"][data["stratum"] == h])) for h in range(STRATA)], dtype=float
    )

    found = adjusted(data, adjusters, design=Design(size))

    np.testing.assert_allclose(found.covariance, 0.0, atol=1e-15)


def test_a_test_needs_an_adjuster_and_degrees_of_freedom():
    data, adjusters = survey()

    with pytest.raises(ValueError, match="not among"):
        wald(adjusted(data, adjusters), "region")
    few = {**data, "psu": data["stratum"] * 2 + data["psu"] // 4 % 2}
    with pytest.raises(ValueError, match="too few sampled units"):
        wald(adjusted(few, adjusters), "mode")
