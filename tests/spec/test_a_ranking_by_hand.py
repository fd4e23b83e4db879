"""A ranking small enough to be followed with a pencil. Each test is a paragraph; together they are
the rules.

Three shops were rated by two people each on one question from 1 (worst) to 5 (best):

    Ash     5, 5        Birch   5, 3        Cedar   2, 1
"""

from __future__ import annotations

import pytest

from tests import worlds

PLAN = """\
title: {zh-Hans: 三家店, en: Three shops}
date: 2026-11-23
sample: nonprobability
source: {kind: ratings, file: ratings.csv}
company: {column: shop}
items: [{column: stars, scale: [1, 5], single_instrument: true}]
gates: {n: 2}
"""
ROWS = [("Ash", 5), ("Ash", 5), ("Birch", 5), ("Birch", 3), ("Cedar", 2), ("Cedar", 1)]


@pytest.fixture
def shops(tmp_path):
    rows = [{"shop": shop, "stars": str(stars)} for shop, stars in ROWS]
    found = worlds.ranking(tmp_path, rows=rows, of=worlds.plan(text=PLAN))
    return {company.name: company for company in found.companies}


def test_a_rating_becomes_a_score_from_0_to_100(shops):
    """1 star is 0, 5 stars are 100, each star between is worth 25. Birch: (100 + 50) / 2 = 75.
    Cedar: (25 + 0) / 2.
    """
    assert {name: c.score for name, c in shops.items()} == {"Ash": 100, "Birch": 75, "Cedar": 12.5}


def test_how_unsure_a_score_is_comes_from_how_much_its_raters_disagree(shops):
    """Birch's two raters lie 25 above and 25 below its mean: (25² + 25²) / (2 - 1) = 1250, and
    sqrt(1250 / 2) = 25. How many rated other shops has nothing to do with it.
    """
    assert shops["Birch"].se == pytest.approx(25)


def test_agreement_of_two_is_not_certainty(shops):
    """Ash's raters agree, so its own spread is 0. Half an answer is added at either end: (100 + 100
    + 50) / 3.

    The spread of that, 8333.3 - 83.3² = 1388.9, is more than the spread inside the other two shops,
    (625 + 156.25) / 2, and the larger of both counts.
    """
    assert shops["Ash"].se == pytest.approx((1388.888889 / 2) ** 0.5)


def test_the_best_score_is_rank_1(shops):
    assert {name: c.rank for name, c in shops.items()} == {"Ash": 1, "Birch": 2, "Cedar": 3}


def test_with_two_raters_each_nobody_can_say_who_is_first(shops):
    """The ranges say what the ranks alone hide, and no shop is called better or worse than the
    others.
    """
    assert {name: (c.rank_low, c.rank_high) for name, c in shops.items()} == {
        "Ash": (1, 3),
        "Birch": (1, 3),
        "Cedar": (1, 3),
    }
    assert {c.cls for c in shops.values()} == {"average"}


def test_an_interval_ends_where_the_scale_ends(shops):
    assert shops["Ash"].ci_high == 100
    assert shops["Cedar"].ci_low == 0
