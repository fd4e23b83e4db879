"""The ranking: figures as a plain loop gives them, order and ties, what a gate leaves empty."""

from __future__ import annotations

import pytest

from config.language.problems import InvalidInput
from reports.data.snapshots.snapshot import freeze
from reports.data.sources.read import table
from reports.ranking import comparison
from reports.ranking.result import compute
from tests import reference, worlds

ITEMS = ["speed", "skill"]


def test_scores_and_errors_equal_a_plain_loop(tmp_path):
    rows = worlds.ratings()
    expected = reference.scores(rows, "shop", ITEMS, 1, 5)

    found = worlds.ranking(tmp_path, rows=rows)

    assert [c.name for c in found.companies] == ["Ash", "Birch", "Cedar", "Doum"]
    for company in found.companies:
        values = expected[company.name]
        assert company.n == len(values)
        assert company.score == pytest.approx(reference.mean(values), rel=1e-12)
        assert company.se == pytest.approx(reference.standard_error(values), rel=1e-9)


def test_item_scores_equal_a_plain_loop(tmp_path):
    rows = worlds.ratings()

    found = worlds.ranking(tmp_path, rows=rows)

    for index, item in enumerate(ITEMS):
        expected = reference.scores(rows, "shop", [item], 1, 5)
        for company in found.companies:
            assert company.items[index].score == pytest.approx(
                reference.mean(expected[company.name]), rel=1e-12
            )
            assert company.items[index].n == len(expected[company.name])


def test_classes_and_ranges_of_the_small_world(tmp_path):
    found = worlds.ranking(tmp_path)

    assert [(c.rank, c.rank_low, c.rank_high, c.cls) for c in found.companies] == [
        (1, 1, 1, "above"),
        (2, 2, 3, "average"),
        (3, 2, 3, "average"),
        (4, 4, 4, "below"),
    ]
    assert found.lines == (1, 3)
    assert found.top == ("Ash", "Birch", "Cedar")
    assert found.manifest.withheld == 1


def test_ranks_lie_inside_their_ranges_and_order_of_rows_does_not_matter(tmp_path):
    rows = worlds.ratings({name: (3 + i / 9, 30 + i) for i, name in enumerate("ABCDEFGH")})

    forward, backward = (
        worlds.ranking(tmp_path, rows=rows),
        worlds.ranking(tmp_path, rows=rows[::-1]),
    )

    for a, b in zip(forward.companies, backward.companies, strict=True):
        assert a.rank_low <= a.rank <= a.rank_high
        assert (a.name, a.rank, a.rank_low, a.rank_high, a.cls) == (
            b.name,
            b.rank,
            b.rank_low,
            b.rank_high,
            b.cls,
        )
        assert a.score == b.score


def test_a_score_without_certainty_has_no_rank_and_no_class(tmp_path):
    found = worlds.ranking(tmp_path, of=worlds.plan("gates: {n: 10, n_eff: 45, half_width: 50}"))

    cedar = next(c for c in found.companies if c.name == "Cedar")
    assert (cedar.status, cedar.reasons) == ("score_only", ("n_eff",))
    assert cedar.score is not None
    assert cedar.rank is cedar.rank_low is cedar.cls is cedar.p_adjusted is None
    assert [c.name for c in found.companies] == ["Ash", "Birch", "Doum", "Cedar"]
    assert {c.rank_high for c in found.ranked} <= {1, 2, 3}


def test_a_withheld_company_is_listed_without_figures_where_the_plan_says_so(tmp_path):
    found = worlds.ranking(tmp_path, of=worlds.plan("print: {list_withheld: true}"))

    last = found.companies[-1]
    assert (last.name, last.status) == ("Elm", "withheld")
    assert last.n is last.score is last.se is last.rank is None


def test_one_ranked_company_is_compared_with_nobody(tmp_path):
    found = worlds.ranking(tmp_path, of=worlds.plan("gates: {n: 55}"))

    assert [(c.name, c.rank, c.rank_low, c.rank_high, c.cls) for c in found.companies] == [
        ("Ash", None, None, None, None)
    ]
    assert "no_comparison" in [note.code for note in found.notes]


def test_no_ranked_company_is_a_ranking_of_scores_only(tmp_path):
    found = worlds.ranking(tmp_path, of=worlds.plan("gates: {n: 10, half_width: 0.001}"))

    assert {c.status for c in found.companies} == {"score_only"}
    assert found.average is None
    assert found.top == ()


def test_a_company_with_equal_answers_is_not_certainly_first(tmp_path):
    rows = (
        worlds.ratings({"Ash": (4.8, 60), "Doum": (2.1, 50)})
        + [{"shop": "Gum", "speed": "5", "skill": "5", "district": "north", "site": "x"}] * 10
    )

    found = worlds.ranking(tmp_path, rows=rows)

    gum = next(c for c in found.companies if c.name == "Gum")
    assert gum.score == 100
    assert gum.se == pytest.approx(6.586989)  # not 0: half an answer at either end of the scale
    assert (gum.rank, gum.rank_high) == (1, 2)
    assert gum.ci_high == 100
    assert [n.values for n in found.notes if n.code == "floored"] == [("Gum",)]


def test_clusters_widen_and_are_noted_where_there_are_few(tmp_path):
    found = worlds.ranking(tmp_path, of=worlds.plan("psu: site"))

    assert found.design_df == 11
    assert "few_degrees" in [note.code for note in found.notes]
    assert all(c.deff != 1 for c in found.companies)


def test_lonely_strata_stop_with_a_way_out(tmp_path):
    rows = [
        *worlds.ratings(),
        {"shop": "Ash", "speed": "5", "skill": "5", "district": "island", "site": "i"},
    ]

    with pytest.raises(InvalidInput, match="1 strata have a single sampled unit.*lonely_psu"):
        worlds.ranking(tmp_path, rows=rows, of=worlds.plan("strata: district"))
    adjusted = worlds.ranking(
        tmp_path, rows=rows, of=worlds.plan("strata: district\nlonely_psu: adjust")
    )
    assert "lonely_adjust" in [note.code for note in adjusted.notes]


@pytest.mark.parametrize(
    "rule", ["average", "certainty", "{collapse: {island: south, south: south}}"]
)
def test_lonely_strata_have_other_ways_out_and_print_them(tmp_path, rule):
    rows = [
        *worlds.ratings(),
        {"shop": "Ash", "speed": "5", "skill": "5", "district": "island", "site": "i"},
    ]

    found = worlds.ranking(
        tmp_path, rows=rows, of=worlds.plan(f"strata: district\nlonely_psu: {rule}")
    )

    assert all(c.se > 0 for c in found.ranked)
    code = "lonely_collapse" if "collapse" in rule else f"lonely_{rule}"
    assert code in [note.code for note in found.notes]


def test_merged_strata_are_one_with_the_sum_of_their_populations(tmp_path):
    districts = sorted({row["district"] for row in worlds.ratings()})
    rows = [
        {**row, "size": str(200 + 100 * districts.index(row["district"]))}
        for row in worlds.ratings()
    ]
    whole = [{**row, "district": "all", "size": "500"} for row in rows]
    names = ", ".join(f"{d}: all" for d in districts)

    merged = worlds.ranking(
        tmp_path,
        rows=rows,
        of=worlds.plan(
            f"strata: district\npopulation: size\nlonely_psu: {{collapse: {{{names}}}}}"
        ),
    )

    one = worlds.ranking(tmp_path, rows=whole, of=worlds.plan("strata: district\npopulation: size"))
    assert len(districts) == 2
    assert [c.se for c in merged.companies] == [c.se for c in one.companies]


def test_each_class_says_how_many_answers_it_hangs_on(tmp_path):
    found = worlds.ranking(tmp_path)

    assert {company.name: company.fragile for company in found.ranked} == {
        "Ash": None,
        "Birch": 5,
        "Cedar": 8,
        "Doum": None,
    }


def test_a_population_smaller_than_its_sample_stops(tmp_path):
    rows = [{**row, "size": "3"} for row in worlds.ratings()]

    with pytest.raises(InvalidInput, match="more sampled units than its population"):
        worlds.ranking(tmp_path, rows=rows, of=worlds.plan("strata: district\npopulation: size"))


def test_a_population_that_differs_inside_a_stratum_stops(tmp_path):
    rows = [{**row, "size": str(1000 + i)} for i, row in enumerate(worlds.ratings())]

    with pytest.raises(InvalidInput, match="population differs inside a stratum"):
        worlds.ranking(tmp_path, rows=rows, of=worlds.plan("strata: district\npopulation: size"))


def test_the_same_place_name_in_two_strata_is_two_sampling_units(tmp_path):
    rows = [{**row, "site": row["site"][-1]} for row in worlds.ratings()]

    renamed = worlds.ranking(tmp_path, rows=rows, of=worlds.plan("strata: district\npsu: site"))
    original = worlds.ranking(tmp_path, of=worlds.plan("strata: district\npsu: site"))

    assert [c.se for c in renamed.companies] == pytest.approx(
        [c.se for c in original.companies], rel=1e-12
    )


def test_dropped_rows_stay_in_the_design(tmp_path):
    """A domain is not a smaller sample: 16 sites stay sampled though one has only dropped rows."""
    rows = [
        {**row, "site": "other" if i % 9 == 0 else row["site"]}
        for i, row in enumerate(worlds.ratings())
    ]

    found = worlds.ranking(
        tmp_path, rows=rows, of=worlds.plan("psu: site\ndrop: [{column: site, in: [other]}]")
    )

    assert found.design_df == 12


def test_equal_scores_share_a_rank_whatever_the_noise(tmp_path):
    answers = {"A": ["242", "345", "134", "551"], "B": ["544", "352", "244", "114"]}
    rows = [
        {"shop": s, **dict(zip("abc", a, strict=True))}
        for s, sheets in answers.items()
        for a in sheets
    ]
    items = "items: [" + ", ".join(f"{{column: {c}, scale: [1, 5]}}" for c in "abc") + "]"
    text = "\n".join(
        line for line in worlds.PLAN.splitlines() if "items" not in line and "  - " not in line
    )

    found = worlds.ranking(
        tmp_path, rows=rows, of=worlds.plan(items + "\ngates: {n: 1}", text=text)
    )

    assert [(c.name, c.rank) for c in found.companies] == [("A", 1), ("B", 1)]


def test_a_company_of_tiny_weights_is_as_uncertain_as_with_large_ones(tmp_path):
    equal = [{**row, "w": "1000"} for row in worlds.ratings()]
    tiny = [{**row, "w": "0.00001" if row["shop"] == "Ash" else "1000"} for row in worlds.ratings()]

    plain, spread = (
        worlds.ranking(tmp_path, rows=rows, of=worlds.plan("weight: w")) for rows in (equal, tiny)
    )

    assert spread.companies[0].se == pytest.approx(plain.companies[0].se, rel=1e-9)
    assert spread.companies[0].score == pytest.approx(plain.companies[0].score, rel=1e-12)


def test_a_census_leaves_no_doubt_in_ranks_and_in_classes(tmp_path):
    rows = [{**row, "size": str(len(worlds.ratings())), "all": "x"} for row in worlds.ratings()]

    found = worlds.ranking(tmp_path, rows=rows, of=worlds.plan("strata: all\npopulation: size"))

    assert all(c.se == 0 and c.rank_low == c.rank_high for c in found.companies)
    assert {c.cls for c in found.companies} <= {"above", "below"}


@pytest.mark.parametrize("decimals", [0, 1, 4])
def test_printed_decimals_change_no_rank_no_range_and_no_class(tmp_path, decimals):
    usual = worlds.ranking(tmp_path)

    found = worlds.ranking(tmp_path, of=worlds.plan(f"print: {{decimals: {decimals}}}"))

    assert found.decimals == decimals
    assert [vars(c) for c in found.companies] == [vars(c) for c in usual.companies]


def estimates(tmp_path, lines):
    path = tmp_path / "e.csv"
    path.write_text("c,v,s\n" + lines, encoding="utf-8")
    plan = worlds.plan(text=worlds.ESTIMATES)
    return compute(plan, freeze(plan, table(plan, path)))


def test_one_scale_in_percent_and_as_a_share_gives_one_report(tmp_path):
    percent = estimates(tmp_path, "A,71.04,1.2\nB,71.01,1.2\nC,58.3,1.4\nD,66,1.1\n")
    share = estimates(tmp_path, "A,.7104,.012\nB,.7101,.012\nC,.583,.014\nD,.66,.011\n")

    said = [
        [(c.name, c.rank, c.rank_low, c.rank_high, c.cls) for c in found.companies]
        for found in (percent, share)
    ]
    assert said[0] == said[1]
    assert [c[1] for c in said[0]] == [1, 1, 3, 4]
    assert (percent.decimals, share.decimals) == (1, 3)


def test_an_item_that_few_answered_has_no_score(tmp_path):
    rows = worlds.ratings()
    ash = [row for row in rows if row["shop"] == "Ash"]
    for row in ash[9:]:
        row["skill"] = ""

    found = {c.name: c for c in worlds.ranking(tmp_path, rows=rows).companies}

    assert [item.item for item in found["Ash"].items] == [0]
    assert [item.item for item in found["Birch"].items] == [0, 1]


def test_what_a_class_hangs_on_has_a_budget_of_companies_too(tmp_path, monkeypatch):
    rows = len(worlds.ratings())
    # four ranked companies of four named ones
    monkeypatch.setattr(comparison, "BUDGET", 4 * (rows + 16))
    within = worlds.ranking(tmp_path)
    monkeypatch.setattr(comparison, "BUDGET", 4 * (rows + 16) - 1)
    beyond = worlds.ranking(tmp_path)

    codes = [[note.code for note in found.notes] for found in (within, beyond)]
    assert ["not_tried" in each for each in codes] == [False, True]
    assert any(c.fragile for c in within.ranked)
    assert not any(c.fragile for c in beyond.ranked)
