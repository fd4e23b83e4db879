"""Means and covariances: equal to R, equal to the definition, the same for any partitioning."""

from __future__ import annotations

import csv
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics.estimates.means import means, with_floor
from reports.statistics.exact import Grid
from reports.statistics.sampling.design import Design, LonelyStratum
from reports.statistics.sampling.totals import Rows, reduce
from tests import reference
from tests.conftest import ROOT
from tests.samples import rows_of, totals_of

GOLDEN = ROOT / "tests" / "golden"


def golden_rows(*, clustered: bool) -> tuple[Rows, np.ndarray]:
    with (GOLDEN / "survey.csv").open() as file:
        table = list(csv.DictReader(file))
    code = {key: sorted({r[key] for r in table}) for key in ("company", "stratum")}
    psus = sorted({(r["stratum"], r["psu"]) for r in table})
    rows = rows_of(
        [code["company"].index(r["company"]) for r in table],
        [float(r["score"]) for r in table],
        weight=[float(r["weight"]) for r in table],
        stratum=[code["stratum"].index(r["stratum"]) for r in table],
        psu=[psus.index((r["stratum"], r["psu"])) for r in table] if clustered else None,
    )
    size = {r["stratum"]: float(r["population"]) for r in table}
    return rows, np.array([size[h] for h in code["stratum"]])


@pytest.mark.parametrize("case", ["clustered", "finite", "rowwise"])
def test_means_equal_r_survey(case):
    expected = json.loads((GOLDEN / "survey.json").read_text())[case]
    rows, population = golden_rows(clustered=case != "rowwise")

    found = means(totals_of(rows), Design(population if case == "finite" else None))

    np.testing.assert_allclose(found.value, expected["value"], rtol=1e-9)
    np.testing.assert_allclose(found.covariance, expected["covariance"], rtol=1e-9, atol=1e-11)
    assert found.design_df == expected["df"]


def api(path, *, by, strata=None, psu=None, fpc=False):
    """Estimate api00 of the api data by a column, as R's survey package does in its
    documentation.
    """
    table = pd.read_csv(path, keep_default_na=False)
    codes = {
        name: pd.factorize(table[name], sort=True)[0] if name else None
        for name in (by, strata, psu)
    }
    company = codes[by] if by else np.zeros(len(table), dtype=np.int64)
    rows = rows_of(
        company, table["api00"], weight=table["pw"], stratum=codes[strata], psu=codes[psu]
    )
    population = None
    if fpc:
        population = np.array(
            [table["fpc"][rows.stratum == h].iloc[0] for h in range(rows.stratum.max() + 1)], float
        )
    return means(totals_of(rows, centre=600.0), Design(population)), population, table


@pytest.mark.parametrize("fpc", [True, False], ids=["fpc", "nofpc"])
@pytest.mark.parametrize(
    ("name", "design"), [("apistrat", {"strata": "stype"}), ("apiclus1", {"psu": "dnum"})]
)
def test_means_equal_the_documented_api_data(beside, name, design, fpc):
    path = beside(f"oracles/survey/{name}.csv")
    expected = json.loads(beside("oracles/survey/expected.json").read_text())[
        f"{name}_{'fpc' if fpc else 'nofpc'}"
    ]

    whole, _population, table = api(path, by=None, fpc=fpc, **design)
    np.testing.assert_allclose(whole.value[0], expected["svymean_api00"]["est"]["api00"], rtol=1e-9)
    np.testing.assert_allclose(whole.se[0], expected["svymean_api00"]["se"]["api00"], rtol=1e-9)
    assert whole.design_df == expected["degf"]
    # R compares with a simple random sample without replacement out of sum(weights)
    without_replacement = 1 - len(table) / table["pw"].sum()
    np.testing.assert_allclose(
        whole.deff[0] / without_replacement, expected["svymean_api00"]["deff"], rtol=1e-9
    )

    wide, _population, _table = api(path, by="sch.wide", fpc=fpc, **design)
    np.testing.assert_allclose(wide.covariance, expected["svyby_schwide"]["vcov"], rtol=1e-9)
    by_type, _population, _table = api(path, by="stype", fpc=fpc, **design)
    blocks = np.array(expected["svyby_stype"]["vcov"])[3:, 3:]
    np.testing.assert_allclose(
        by_type.covariance, blocks, rtol=1e-9, atol=1e-9 * np.abs(blocks).max()
    )


@pytest.mark.parametrize("name", ["apistrat", "apiclus1"])
def test_covariance_between_two_variables_comes_from_stacked_rows(beside, name):
    """A respondent who rates two things is the sampling unit of both."""
    table = pd.read_csv(beside(f"oracles/survey/{name}.csv"), keep_default_na=False)
    expected = json.loads(beside("oracles/survey/expected.json").read_text())[f"{name}_nofpc"][
        "svymean_api99_api00"
    ]
    unit = np.arange(len(table)) if name == "apistrat" else pd.factorize(table["dnum"])[0]
    stratum = (
        pd.factorize(table["stype"], sort=True)[0]
        if name == "apistrat"
        else np.zeros(len(table), dtype=int)
    )
    rows = rows_of(
        np.repeat([0, 1], len(table)),
        np.concatenate([table["api99"], table["api00"]]),
        weight=np.tile(table["pw"], 2),
        stratum=np.tile(stratum, 2),
        psu=np.tile(unit, 2),
    )

    found = means(totals_of(rows, centre=600.0))

    np.testing.assert_allclose(found.covariance, expected["vcov"], rtol=1e-9)


def random_rows(seed: int, *, clustered: bool) -> Rows:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(40, 120))
    stratum = rng.integers(0, 2, n)
    return rows_of(
        np.concatenate([[0, 1, 2], rng.integers(-1, 3, n - 3)]),
        rng.uniform(0, 100, n),
        weight=rng.uniform(0.2, 5, n),
        stratum=stratum,
        psu=stratum * 100 + rng.integers(0, 8, n) if clustered else None,
    )


@given(seed=st.integers(0, 10**6), parts=st.integers(1, 12), clustered=st.booleans())
def test_a_partition_changes_no_bit(seed, parts, clustered):
    rows = random_rows(seed, clustered=clustered)

    whole, map_reduce = means(totals_of(rows)), means(totals_of(rows, parts=parts))

    assert (whole.covariance == map_reduce.covariance).all()
    assert (whole.value == map_reduce.value).all()


@given(seed=st.integers(0, 10**6))
def test_covariance_equals_its_definition(seed):
    rows = random_rows(seed, clustered=True)
    plain = [
        (str(h), str(u), str(c), float(y), float(w))
        for h, u, c, y, w in zip(
            rows.stratum, rows.psu, rows.company, rows.score, rows.weight, strict=True
        )
    ]

    found = means(totals_of(rows))

    expected = reference.domain_covariance(plain, ["0", "1", "2"])
    np.testing.assert_allclose(found.covariance, expected, rtol=1e-9, atol=1e-9)


@given(seed=st.integers(0, 10**6), order=st.permutations([0, 1, 2]))
def test_relabelling_companies_relabels_the_estimate(seed, order):
    rows = random_rows(seed, clustered=False)
    renamed = np.where(rows.company >= 0, np.array(order)[rows.company], -1)

    found = means(totals_of(rows_of(renamed, rows.score, weight=rows.weight, stratum=rows.stratum)))

    expected = means(totals_of(rows))
    np.testing.assert_allclose(found.value[order], expected.value, rtol=1e-12)
    np.testing.assert_allclose(
        found.covariance[np.ix_(order, order)], expected.covariance, rtol=1e-9, atol=1e-12
    )


def test_equal_weights_without_clusters_have_a_design_effect_of_one():
    rng = np.random.default_rng(1)
    found = means(totals_of(rows_of(rng.integers(0, 3, 200), rng.uniform(0, 100, 200))))

    np.testing.assert_allclose(found.deff, 1.0)
    np.testing.assert_allclose(found.n_eff, found.n)


def test_kish_effective_sample_of_weights_1_1_2():
    found = means(totals_of(rows_of([0, 0, 0, 1, 1], [50, 50, 50, 10, 20], weight=[1, 1, 2, 1, 1])))

    assert found.n[0] / found.kish[0] == pytest.approx(16 / 6)


def test_a_company_with_equal_answers_is_not_certain():
    rows = rows_of([0] * 30 + [1] * 40, [100.0] * 30 + [20.0, 80.0] * 20)

    raw = means(totals_of(rows))
    floored = with_floor(raw, low=0, high=100)

    assert raw.se[0] == 0
    assert floored.floored.tolist() == [True, False]
    assert floored.se[0] == pytest.approx(np.sqrt(raw.spread[1] / 30))
    assert floored.covariance[0, 1] == 0
    assert floored.se[1] == raw.se[1]


def test_companies_with_equal_answers_only_are_not_certain_either():
    floored = with_floor(
        means(totals_of(rows_of([0] * 30 + [1] * 30, [100.0] * 30 + [0.0] * 30))), low=0, high=100
    )

    assert (floored.se > 1).all()


def test_a_company_met_in_one_psu_gets_the_floor():
    rows = rows_of(
        [0] * 20 + [1] * 40, [10.0, 90.0] * 30, psu=[0] * 20 + [1 + i % 5 for i in range(40)]
    )

    found = with_floor(means(totals_of(rows)), low=0, high=100)

    assert found.units.tolist() == [1, 5]
    assert found.floored.tolist() == [True, False]
    assert found.se[0] > 5


def test_a_lonely_psu_stops_unless_it_is_adjusted():
    rows = rows_of(
        [0, 0, 1, 1, 0, 1], [1.0, 2, 3, 4, 5, 9], stratum=[0, 0, 0, 0, 0, 1], psu=[0, 1, 2, 0, 1, 3]
    )

    with pytest.raises(LonelyStratum) as stopped:
        means(totals_of(rows))

    assert stopped.value.strata.tolist() == [1]
    assert np.isfinite(means(totals_of(rows), Design(lonely="adjust")).covariance).all()


def test_a_stratum_sampled_whole_adds_no_variance():
    rows = rows_of([0, 0, 0], [1.0, 2, 9], stratum=[0, 0, 1], psu=[0, 1, 2])

    found = means(totals_of(rows), Design(np.array([2.0, 1.0])))

    assert found.se[0] == pytest.approx(0, abs=1e-9)


def test_a_company_without_rows_has_no_estimate():
    rows = rows_of([0, 0, 2, 2], [1.0, 2, 3, 5])

    found = means(totals_of(rows))

    assert np.isnan(found.value[1])
    assert np.isfinite(found.covariance[np.ix_([0, 2], [0, 2])]).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weight": [1, 0, 1]}, "positive"),
        ({"company": [0, 5, 1]}, "company code"),
        ({"stratum": [0, 3, 0]}, "stratum code"),
        ({"stratum": [0, 1, 0], "psu": [4, 4, 5]}, "two strata"),
    ],
)
def test_rows_that_do_not_fit_are_refused(change, words):
    given_ = {"company": [0, 1, 1], "score": [1.0, 2, 3], **change}
    rows = rows_of(given_.pop("company"), given_.pop("score"), **given_)

    with pytest.raises(ValueError, match=words):
        reduce(rows, companies=2, strata=2, grid=Grid(3, 1.0, 100.0))
