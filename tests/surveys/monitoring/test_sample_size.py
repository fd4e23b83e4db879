"""How many answers it takes, against the numbers that associations and textbooks quote."""

from __future__ import annotations

import pytest

from surveys.monitoring.sample_size import for_mean, for_share


@pytest.mark.parametrize(
    ("asked", "n"),
    [
        ({"half_width": 0.05, "deff": 1.4}, 538),  # 中国消费者协会 2018: 384.16 x 1.4
        ({"half_width": 0.05}, 385),
        ({"half_width": 0.03}, 1068),
        ({"half_width": 0.05, "population": 1000}, 278),
        ({"half_width": 0.05, "level": 0.99}, 666),
        ({"half_width": 0.05, "share": 0.1}, 139),
    ],
)
def test_a_share(asked, n):
    assert for_share(**asked) == n


def test_a_mean_with_its_spread():
    assert for_mean(2, sd=20) == 385


@pytest.mark.parametrize(
    "wrong", [{"half_width": 0}, {"half_width": 0.1, "level": 1}, {"half_width": 0.1, "deff": 0}]
)
def test_numbers_that_do_not_go_together_are_refused(wrong):
    with pytest.raises(ValueError, match="above 0"):
        for_share(**wrong)
