"""Freezing: nobody finds a withheld company in the file, and the file alone gives the same
ranking.
"""

from __future__ import annotations

import pytest

from config.language.problems import InvalidInput
from reports.data.snapshots.snapshot import freeze, load, reopen
from reports.data.sources.read import table
from reports.ranking.result import compute
from tests import worlds


def test_a_withheld_company_is_not_in_the_file_but_its_rows_still_count(tmp_path):
    found = worlds.snapshot(tmp_path)

    assert b"Elm" not in found.content
    assert "Elm" not in found.frame["company"].dropna().unique()
    masked = found.frame[found.frame["out"] == "withheld"]
    assert len(masked) == worlds.SHOPS["Elm"][1]
    assert masked.drop(columns=["row", "out", "weight"]).isna().all().all()
    assert len(found.frame) == len(worlds.ratings())
    assert found.manifest.withheld == 1
    assert (
        found.manifest.rows_in + sum(found.manifest.rows_out.values()) == found.manifest.rows_read
    )


def test_strata_and_sampling_places_are_codes(tmp_path):
    found = worlds.snapshot(tmp_path, of=worlds.plan("strata: district\npsu: site"))

    assert b"north" not in found.content
    assert set(found.frame["stratum"].unique()) == {0, 1}


def test_names_are_listed_only_where_the_plan_says_so(tmp_path):
    found = worlds.snapshot(tmp_path, of=worlds.plan("print: {list_withheld: true}"))

    assert found.manifest.withheld_names == ("Elm",)


def test_freezing_twice_gives_the_same_bytes(tmp_path):
    assert worlds.snapshot(tmp_path).content == worlds.snapshot(tmp_path).content


def test_masking_changes_no_figure(tmp_path):
    """The ranking of the published file equals that of the whole data."""
    plan = worlds.plan("strata: district\npsu: site")
    open_plan = worlds.plan("strata: district\npsu: site\ngates: {n: 1}")

    masked = worlds.ranking(tmp_path, of=plan)
    whole = worlds.ranking(tmp_path, of=open_plan)

    figures = {c.name: (c.score, c.se, c.n) for c in whole.companies}
    for company in masked.companies:
        assert (company.score, company.se, company.n) == pytest.approx(
            figures[company.name], rel=1e-12
        )


def test_the_published_file_gives_the_same_ranking(tmp_path):
    plan = worlds.plan()
    frozen = worlds.snapshot(tmp_path, of=plan)
    (tmp_path / "snapshot.parquet").write_bytes(frozen.content)

    again = compute(plan, reopen(plan, tmp_path / "snapshot.parquet"))

    assert again == compute(plan, frozen)


def test_a_snapshot_of_another_plan_is_refused(tmp_path):
    path = tmp_path / "snapshot.parquet"
    path.write_bytes(worlds.snapshot(tmp_path).content)

    with pytest.raises(InvalidInput, match="another plan"):
        reopen(worlds.plan("gates: {n: 11}"), path)


@pytest.mark.parametrize("content", [b"", b"PAR1 nothing", b"{}"])
def test_a_file_that_is_no_snapshot_is_refused(tmp_path, content):
    path = tmp_path / "snapshot.parquet"
    path.write_bytes(content)

    with pytest.raises(InvalidInput, match="not a snapshot"):
        reopen(worlds.plan(), path)


def test_nobody_left_to_name_stops(tmp_path):
    (tmp_path / "ratings.csv").write_text(worlds.as_csv(worlds.ratings({"Ash": (4, 3)})))
    plan = worlds.plan()

    with pytest.raises(InvalidInput, match="no company has the 10 answers .*the most is 3"):
        freeze(plan, table(plan, tmp_path / "ratings.csv"))


def test_a_company_whose_every_row_is_blank_counts_as_withheld(tmp_path):
    rows = [
        *worlds.ratings(),
        {"shop": "Fir", "speed": "", "skill": "0", "district": "north", "site": "n"},
    ]

    assert worlds.snapshot(tmp_path, rows=rows).manifest.withheld == 2


def test_loading_gives_back_what_was_frozen(tmp_path):
    found = worlds.snapshot(tmp_path)

    assert load(found.content).manifest == found.manifest
