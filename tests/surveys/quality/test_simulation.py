"""The checks against a company that stuffs the box: 15 % planted top scores, twenty worlds of
each pattern.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reports.statistics.comparing.classes import compare_with_others
from reports.statistics.estimates.means import means
from surveys.quality.checks.run import run, suspicious
from tests.samples import rows_of, totals_of
from tests.surveys.quality.worlds import QUALITY, world

SEEDS = range(20)


def estimate(columns, kept):
    score = np.nanmean(columns.items[kept], axis=1)
    return means(totals_of(rows_of(columns.company[kept], score)))


def class_of(found):
    return compare_with_others(found.value, found.covariance, level=0.95, df=found.df).classes[0]


@pytest.fixture(scope="module", params=["bursts", "dripped"])
def outcomes(request):
    """Return, for each world: recall, share of honest sheets flagged, scores and classes with,
    without, cleaned.
    """
    made = []
    for seed in SEEDS:
        columns, planted = world(seed, pattern=request.param)
        looked_at = np.isin(np.arange(len(columns)), list(suspicious(run(columns))))
        with_, clean, cleaned = (
            estimate(columns, kept) for kept in (planted | True, ~planted, ~looked_at)
        )
        made.append(
            {
                "recall": (looked_at & planted).sum() / planted.sum(),
                "false": (looked_at & ~planted).sum() / (~planted).sum(),
                "off": abs(cleaned.value[0] - clean.value[0]) / clean.se[0],
                "classes": (class_of(with_), class_of(clean), class_of(cleaned)),
            }
        )
    return made


def test_four_of_five_planted_sheets_are_found(outcomes):
    assert np.mean([world_["recall"] for world_ in outcomes]) >= 0.8


def test_at_most_one_honest_sheet_in_fifty_is_flagged(outcomes):
    assert np.mean([world_["false"] for world_ in outcomes]) <= 0.02


def test_the_score_after_cleaning_lies_within_one_standard_error_of_the_clean_one(outcomes):
    assert np.mean([world_["off"] for world_ in outcomes]) <= 1
    assert np.mean([world_["off"] <= 1 for world_ in outcomes]) >= 0.9


def test_without_the_check_the_class_would_have_changed(outcomes):
    """The stuffing company is clearly below the others; with its planted sheets it is not, and
    cleaned it is again.
    """
    changed = [world_ for world_ in outcomes if world_["classes"][0] != world_["classes"][1]]

    assert len(changed) >= len(outcomes) / 2
    assert np.mean([world_["classes"][2] == world_["classes"][1] for world_ in changed]) >= 0.9


def test_honest_worlds_are_left_alone():
    shares = []
    for seed in SEEDS:
        columns, _planted = world(seed, planted=0)
        shares.append(len(suspicious(run(columns))) / len(columns))

    assert np.mean(shares) <= 0.02


def test_a_street_day_on_which_all_companies_come_at_once_is_no_burst():
    columns, _planted = world(3, planted=0, quality=QUALITY)
    together = replace(columns, sent=np.random.default_rng(1).permutation(len(columns)) * 2.0)

    assert [flag for flag in run(together) if flag.check == "burst" and flag.strength == 2] == []
