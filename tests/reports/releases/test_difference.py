"""What a correction changed is read out of the two files."""

from __future__ import annotations

import json

from reports.releases.difference import Change, differences


def file(**companies) -> bytes:
    rows = [{"name": name, **figures} for name, figures in companies.items()]
    return json.dumps({"companies": rows}).encode()


def test_every_figure_that_differs_is_told_and_no_other():
    before = file(ash={"class": "above", "rank": 1, "score": 80.0, "n": 30}, elm={"score": 50.0})
    after = file(ash={"class": "average", "rank": 1, "score": 80.0, "n": 31}, fir={"score": 70.0})

    assert differences(before, after) == [
        Change("ash", "class", "above", "average"),
        Change("fir", "score", None, 70.0),
        Change("elm", "score", 50.0, None),
    ]


def test_the_same_file_differs_in_nothing():
    assert differences(file(ash={"score": 1.0}), file(ash={"score": 1.0})) == []
