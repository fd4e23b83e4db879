"""Pictures: an axis that holds everything, marks where the values are, words read aloud."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from config.charts.scale import fit, label
from reports.publishing.charts import intervals


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ([33.7, 76.5], 30, 80),
        ([0.012, 0.031], 0.01, 0.035),
        ([5.0, 5.0], 4, 6),
        ([-3, 4], -4, 4),
        ([480, 540], 480, 540),
    ],
)
def test_an_axis_ends_at_round_numbers(values, low, high):
    scale = fit(values, left=0, right=100)

    assert scale.low <= min(values)
    assert scale.high >= max(values)
    assert (scale.low, scale.high) == pytest.approx((low, high))
    assert all(len(label(t)) <= 6 for t in scale.ticks)


def test_nothing_to_show_still_has_an_axis():
    assert fit([], left=0, right=10).ticks


def test_a_strip_shows_score_interval_and_mean():
    scale = fit([0, 100], left=0, right=100)

    svg = intervals.strip(
        scale, score=70, low=60, high=80, average=50, cls="above", width=100, title="A <1>"
    )
    root = ElementTree.fromstring(svg)

    assert root.attrib["role"] == "img"
    assert root[0].text == "A <1>"
    assert re.search(r'cx="70"', svg)
    assert 'd="M60 9L80 9"' in svg
    assert 'd="M50 0L50 18"' in svg


@pytest.mark.parametrize(
    ("low", "high", "left", "width"), [(1, 1, 0, 25), (2, 4, 25, 75), (1, 4, 0, 100)]
)
def test_a_rank_range_fills_its_places(low, high, left, width):
    svg = intervals.rank_range(low, high, 4, cls=None, width=100)
    bar = list(ElementTree.fromstring(svg))[1]

    assert (float(bar.attrib["x"]), float(bar.attrib["width"])) == (left, width)
