"""Every deterministic estimator equals R's survey package on an invented sample (golden/engine.R
made the values).

One exception: the variance of rake() with unequal design weights, where calibrate(calfun =
"raking") is the reference.
"""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from inspections.agreement.proportions import korn_graubard, logit
from reports.statistics.estimates.adjustment import Adjuster, adjust, wald
from reports.statistics.estimates.means import means
from reports.statistics.estimates.raked import (
    by_raking_cell,
    raked_means,
    reduce_for_raking,
)
from reports.statistics.exact import Grid
from reports.statistics.sampling.design import Design
from reports.statistics.sampling.raking import Margins, rake
from reports.statistics.sampling.totals import Rows, reduce
from reports.statistics.sampling.weights import trim
from tests.conftest import ROOT

GOLDEN = ROOT / "tests" / "golden"
TABLE = pd.read_csv(GOLDEN / "engine.csv", keep_default_na=False, na_values={"item3": ""})
EXPECTED = json.loads((GOLDEN / "engine.json").read_text())
DESIGNS = ["clustered", "finite", "rowwise", "rowfinite"]
STRATA = ["city", "east", "north", "south", "west"]
MARGINS = Margins(
    tuple(
        TABLE["weight"].sum() * np.array(shares)
        for shares in ([0.35, 0.3, 0.2, 0.15], [0.4, 0.25, 0.35], [0.52, 0.48])
    )
)


def codes(name):
    return pd.factorize(TABLE[name], sort=True)[0].astype(np.int64)


COMPANY = np.array(["ABCDEF".find(name) if name else -1 for name in TABLE["company"]])
STRATUM = np.array([STRATA.index(h) for h in TABLE["stratum"]])
PSU = pd.factorize(TABLE["stratum"] + TABLE["place"])[0].astype(np.int64)
CELL = MARGINS.cell_of([codes("region"), codes("age"), codes("sex")])


def rows(name, y, *, company=COMPANY, base=None):
    clustered = name in ("clustered", "finite")
    base = None if base is None else TABLE[base].to_numpy(dtype=float)
    weight = TABLE["weight"].to_numpy(dtype=float)
    return Rows(
        company, np.asarray(y, dtype=float), weight, STRATUM, PSU if clustered else None, base
    )


def design(name):
    column = {"finite": "population", "rowfinite": "rowpopulation"}.get(name)
    if column is None:
        return Design()
    return Design(TABLE.groupby("stratum")[column].first()[STRATA].to_numpy(dtype=float))


def totals(name, y, *, companies=6, centre=50.0, **more):
    drawn = rows(name, TABLE[y] if isinstance(y, str) else y, **more)
    grid = Grid.of(scores=drawn.score, weights=drawn.weight, centre=centre, base=drawn.base)
    return reduce(drawn, companies=companies, strata=5, grid=grid)


def raked(name, y, *, centre=50.0):
    drawn = rows(name, TABLE[y])
    grid = Grid.of(scores=drawn.score, weights=drawn.weight, centre=centre)
    return reduce_for_raking(drawn, CELL, MARGINS, companies=6, strata=5, grid=grid)


def assert_equal(found, expected, *, rtol=1e-9):
    covariance = np.array(expected["covariance"])
    np.testing.assert_allclose(found.value, expected["value"], rtol=rtol)
    np.testing.assert_allclose(
        found.covariance, covariance, rtol=rtol, atol=rtol * np.abs(covariance).max()
    )


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("item", ["item1", "item3"])
def test_means(name, item):
    found = means(totals(name, item), design(name))

    assert_equal(found, EXPECTED[name][item])
    assert found.design_df == EXPECTED[name]["df"]


@pytest.mark.parametrize("name", DESIGNS)
def test_the_whole_sample_and_its_design_effect(name):
    everyone = np.zeros(len(TABLE), dtype=np.int64)

    found = means(totals(name, "item1", company=everyone, companies=1), design(name))

    expected = EXPECTED[name]["whole"]
    assert found.value[0] == pytest.approx(expected["value"], rel=1e-9)
    assert found.se[0] == pytest.approx(expected["se"], rel=1e-9)
    assert found.deff[0] == pytest.approx(expected["deff"], rel=1e-9)


@pytest.mark.parametrize("name", DESIGNS)
def test_ratios(name):
    found = means(totals(name, "cost", centre=40.0, base="hours"), design(name))

    assert_equal(found, EXPECTED[name]["ratio"])


@pytest.mark.parametrize("name", DESIGNS)
def test_shares(name):
    assert_equal(means(totals(name, "repaired", centre=0.5), design(name)), EXPECTED[name]["share"])


@pytest.mark.parametrize("name", DESIGNS)
def test_intervals_of_a_share(name):
    everyone = np.zeros(len(TABLE), dtype=np.int64)
    found = means(totals(name, "repaired", company=everyone, companies=1, centre=0.5), design(name))
    share, se, df = found.value[0], found.se[0], found.design_df

    assert logit(share, se, df=df) == pytest.approx(EXPECTED[name]["ciprop"]["logit"], rel=1e-9)
    beta = korn_graubard(share, share * (1 - share) / se**2, n=len(TABLE), df=df)
    assert beta == pytest.approx(EXPECTED[name]["ciprop"]["beta"], rel=1e-9)


@pytest.mark.parametrize("name", DESIGNS)
def test_waves_are_companies_of_their_own(name):
    """R puts the companies of the second wave behind those of the first, rows of no company as
    the seventh.
    """
    seven = np.where(COMPANY < 0, 6, COMPANY)
    found = means(
        totals(name, "item1", company=(TABLE["wave"].to_numpy() - 1) * 7 + seven, companies=14),
        design(name),
    )

    assert_equal(found, EXPECTED[name]["waves"])


@pytest.mark.parametrize("name", DESIGNS)
def test_raked_weights(name):
    cells = by_raking_cell(raked(name, "item1"), MARGINS)

    found = TABLE["weight"].to_numpy() * rake(cells, MARGINS).factor[CELL]

    np.testing.assert_allclose(found, EXPECTED[name]["raked"]["weights"], rtol=1e-8)


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("item", ["item1", "item3"])
def test_raked_means(name, item):
    assert_equal(
        raked_means(raked(name, item), MARGINS, design(name)), EXPECTED[name]["raked"][item]
    )


def test_raked_means_of_equal_weights_equal_rake_itself():
    drawn = replace(rows("clustered", TABLE["item1"]), weight=np.full(len(TABLE), 9.0))
    grid = Grid.of(scores=drawn.score, weights=drawn.weight, centre=50.0)
    margins = Margins(tuple(t * 9 * len(TABLE) / TABLE["weight"].sum() for t in MARGINS.targets))
    sums = reduce_for_raking(drawn, CELL, margins, companies=6, strata=5, grid=grid)

    # R projects on each margin ten times in turn, so its residuals end a little short of the
    # regression's
    assert_equal(raked_means(sums, margins), EXPECTED["alike"], rtol=1e-7)


@pytest.mark.parametrize("name", DESIGNS)
def test_adjusted_means_and_the_test_of_the_mode(name):
    """R keeps those who name no company as a seventh level; so do we."""
    drawn = rows(name, TABLE["item1"])
    adjusters = (
        Adjuster("mode", codes("mode"), 3),
        Adjuster("warranty", codes("warranty"), 2),
        Adjuster("years", TABLE["years"].to_numpy(dtype=float)),
    )
    found = adjust(
        np.where(COMPANY < 0, 6, COMPANY),
        drawn.score,
        drawn.weight,
        adjusters,
        companies=7,
        stratum=STRATUM,
        psu=drawn.psu,
        strata=5,
        design=design(name),
    )
    expected, test = EXPECTED[name]["adjusted"], wald(found, "mode")

    np.testing.assert_allclose(found.value[:6], expected["value"], rtol=1e-9)
    np.testing.assert_allclose(
        found.covariance[:6, :6], expected["covariance"], rtol=1e-9, atol=1e-9
    )
    np.testing.assert_allclose(found.coefficients, expected["coefficients"], rtol=1e-9)
    assert test.f == pytest.approx(expected["f"], rel=1e-9)
    assert (test.df1, test.df2) == (expected["df1"], expected["df2"])
    assert test.p == pytest.approx(
        stats.f.sf(expected["f"], expected["df1"], expected["df2"]), rel=1e-8
    )


def test_trimmed_weights():
    found = trim(TABLE["weight"].to_numpy(dtype=float), low=0.5, high=2.0)

    np.testing.assert_allclose(found, EXPECTED["trimmed"], rtol=1e-9)


@pytest.mark.parametrize("rule", ["certainty", "adjust", "average"])
def test_strata_of_one_place(rule):
    kept = (TABLE["company"] != "F") & (
        ~TABLE["stratum"].isin(["east", "west"]) | (TABLE["place"] == "p1")
    )
    kept = kept.to_numpy()
    y = TABLE["item1"].to_numpy(dtype=float)[kept]
    few = Rows(
        COMPANY[kept], y, TABLE["weight"].to_numpy(dtype=float)[kept], STRATUM[kept], PSU[kept]
    )
    grid = Grid.of(scores=few.score, weights=few.weight, centre=50.0)

    found = means(reduce(few, companies=5, strata=5, grid=grid), Design(lonely=rule))

    assert_equal(found, EXPECTED[f"lonely_{rule}"]["item1"])
