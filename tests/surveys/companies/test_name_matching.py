"""Names that may mean one company: by hand."""

from __future__ import annotations

import pytest

from surveys.companies.name_matching import core, likely


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("白蜡电器有限公司", "白蜡"),
        ("太原市白蜡家电维修有限责任公司", "白蜡"),
        ("白蜡（集团）股份有限公司", "白蜡"),
        ("Ash Co., Ltd", "ash"),
        ("电器", "电器"),
        ("Cooper", "cooper"),
    ],
)
def test_the_part_that_people_say(name, bare):
    assert core(name) == bare


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("白蜡电器", "白蜡家电维修有限公司", "same"),
        ("辰兴电器", "晨星电器", "sound"),
        ("大白蜡树", "白蜡树", "slip"),
        ("kestrel", "kestrl", "slip"),
        ("白蜡电器", "榆树电器", None),
        ("ash", "asp", None),
        ("白蜡树1店", "白蜡树2店", None),
        ("Branch 1 North", "Branch 12 North", None),
        ("Branh 1 North", "Branch 1 North", "slip"),
    ],
)
def test_pairs(one, other, why):
    assert [reason for _a, _b, reason in likely({1: [one], 2: [other]})] == ([why] if why else [])


def test_ten_thousand_names_are_compared_in_a_moment():
    """The work grows with the number of names: each pair of one slip is found among many."""
    names = {
        i: [f"{chr(0x4E00 + i % 5000)}{chr(0x5E00 + i // 5000)}牌子{i:05d}"] for i in range(10_000)
    }
    names[10_000] = [names[7][0] + "号"]
    assert (7, 10_000) in {(a, b) for a, b, _why in likely(names)}
