"""Samples of sites: who comes, with what chance, and that anybody can draw them again."""

from __future__ import annotations

import hashlib
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.campaigns import drawing
from inspections.campaigns.drawing import CannotDraw, Unit


def frame(n: int, **stratum_or_size) -> list[Unit]:
    return [Unit(key, **stratum_or_size) for key in range(1, n + 1)]


def keys(drawn) -> list[int]:
    return [one.key for one in drawn if one.is_drawn]


def test_a_number_is_a_hash_that_any_tool_works_out():
    # printf '7:12' | sha256sum
    digest = "0d6236236f75c17979109c89e05c4bebfa428e1b3ef11b4d4f14487201b02b2b"

    assert drawing.number(7, 12) == Fraction(int(digest, 16), 2**256)


def test_a_simple_sample_is_the_beginning_of_the_random_order():
    units = frame(40)

    drawn = drawing.draw(units, method="simple", size=12, seed=2026)

    by_hand = sorted(range(1, 41), key=lambda k: hashlib.sha256(f"2026:{k}".encode()).hexdigest())
    assert keys(drawn) == by_hand[:12]
    assert {one.probability for one in drawn} == {Fraction(12, 40)}


def test_the_order_of_the_frame_and_a_new_run_change_nothing():
    units = [Unit(k, "ab"[k % 2], Fraction(k)) for k in range(1, 31)]

    for method in ("simple", "stratified", "pps"):
        one = drawing.draw(units, method=method, size=9, seed=5)
        assert drawing.draw(units[::-1], method=method, size=9, seed=5) == one
        assert keys(drawing.draw(units, method=method, size=9, seed=6)) != keys(one)


def test_strata_share_the_sample_in_proportion_and_each_has_two():
    sizes = drawing.allocation({"car parks": 113, "restaurants": 87, "others": 5}, 40)

    assert sizes == {"car parks": 22, "restaurants": 16, "others": 2}
    assert drawing.allocation({"a": 1, "b": 50}, 10) == {"a": 1, "b": 9}
    with pytest.raises(CannotDraw) as refused:
        drawing.allocation({"a": 9, "b": 9, "c": 9}, 5)
    assert refused.value.reason == "strata"
    assert refused.value.values == {"least": 6}


@given(st.dictionaries(st.text("abcde", min_size=1), st.integers(1, 40), min_size=1), st.data())
def test_an_allocation_adds_up_and_takes_no_more_than_there_are(strata, data):
    least = sum(min(drawing.LEAST, n) for n in strata.values())
    size = data.draw(st.integers(least, sum(strata.values())))

    sizes = drawing.allocation(strata, size)

    assert sum(sizes.values()) == size
    assert all(min(drawing.LEAST, strata[name]) <= n <= strata[name] for name, n in sizes.items())


def test_chances_in_a_stratum_are_its_own():
    units = [*frame(10, stratum="a"), *(Unit(k, "b") for k in range(11, 41))]

    drawn = drawing.draw(units, method="stratified", size=8, seed=1)

    chances = {one.stratum: one.probability for one in drawn}
    assert chances == {"a": Fraction(2, 10), "b": Fraction(6, 30)}
    assert Counter(one.stratum for one in drawn if one.is_drawn) == {"a": 2, "b": 6}


@given(st.lists(st.integers(1, 500), min_size=2, max_size=60), st.integers(0, 2**53), st.data())
def test_a_systematic_draw_has_its_size_and_chances_that_add_up(sizes, seed, data):
    size = data.draw(st.integers(1, len(sizes)))
    units = [Unit(k, size=Fraction(s)) for k, s in enumerate(sizes, start=1)]

    drawn = drawing.draw(units, method="pps", size=size, seed=seed)

    assert len(keys(drawn)) == size
    assert sum(one.probability for one in drawn) == size
    assert all(one.is_drawn for one in drawn if one.probability == 1)


def test_a_site_comes_as_often_as_its_chance_says():
    units = [Unit(k, size=Fraction(k)) for k in range(1, 11)]
    seeds = range(2000)
    came = Counter(
        k for seed in seeds for k in keys(drawing.draw(units, method="pps", size=4, seed=seed))
    )

    chances = drawing.draw(units, method="pps", size=4, seed=0)

    for one in chances:
        spread = (one.probability * (1 - one.probability) / len(seeds)) ** 0.5
        assert abs(came[one.key] / len(seeds) - one.probability) < 4 * spread


def test_what_is_larger_than_the_step_is_certain_to_come():
    units = [Unit(1, size=Fraction(900)), *(Unit(k, size=Fraction(10)) for k in range(2, 12))]

    drawn = drawing.draw(units, method="pps", size=3, seed=9)

    chances = {one.key: one.probability for one in drawn}
    assert chances[1] == 1
    assert chances[2] == Fraction(2, 10)


@pytest.mark.parametrize(
    ("units", "method", "size", "reason"),
    [
        ([], "simple", 1, "empty"),
        ([Unit(1), Unit(1)], "simple", 1, "twice"),
        ([Unit(1)], "simple", 0, "size"),
        ([Unit(1)], "simple", 2, "larger"),
        ([Unit(1), Unit(2, size=Fraction(0))], "pps", 1, "sizes"),
    ],
)
def test_what_cannot_be_drawn_says_why(units, method, size, reason):
    with pytest.raises(CannotDraw) as refused:
        drawing.draw(units, method=method, size=size, seed=1)

    assert refused.value.reason == reason
    assert reason in drawing.REASONS


def test_who_takes_a_place_is_the_next_of_the_stratum_in_the_random_order():
    units = [*frame(6, stratum="a"), *(Unit(k, "b") for k in range(7, 11))]
    drawn = drawing.draw(units, method="stratified", size=4, seed=3)
    order = [one.key for one in drawn if one.stratum == "a"]
    taken = set(keys(drawn))

    first = drawing.replacement(drawn, order[0], taken)
    second = drawing.replacement(drawn, order[1], taken | {first.key})

    assert [first.key, second.key] == order[2:4]
    assert first.probability == drawn[0].probability
    assert drawing.replacement(drawn, order[0], range(1, 11)) is None


def test_the_hash_of_a_draw_holds_all_of_it():
    whole = {
        "frame": [{"site": 1, "size": "1"}],
        "method": "simple",
        "size": 1,
        "seed": 7,
        "drawn": [{"site": 1, "probability": "1"}],
    }
    known = drawing.sha256(**whole)
    text = (
        '{"drawn":[{"probability":"1","site":1}],"frame":[{"site":1,"size":"1"}],'
        '"method":"simple","seed":7,"size":1}'
    )

    assert known == hashlib.sha256(text.encode()).hexdigest()
    for name, other in (("frame", []), ("method", "pps"), ("size", 2), ("seed", 8), ("drawn", [])):
        assert drawing.sha256(**{**whole, name: other}) != known
