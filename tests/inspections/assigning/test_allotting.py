"""Who goes where: the rules hold whatever the seed, and the same seed deals the same."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.assigning import allotting
from inspections.assigning.allotting import Person, Place, Rules, Standing, allot

AREAS = ("140105", "140106", "140107", "140108", "140109", "140110")


def people(n: int, **changed) -> list[Person]:
    return [Person(key, home=AREAS[key % len(AREAS)], **changed) for key in range(1, n + 1)]


def places(n: int) -> list[Place]:
    return [Place(1000 + k, AREAS[k % len(AREAS)]) for k in range(n)]


def goes(made) -> list[tuple[int, int]]:
    return [(a.site, key) for a in made for key in (a.lead, a.partner) if key is not None]


def test_205_sites_are_dealt_to_22_volunteers_in_pairs():
    made, unfilled = allot(people(22), places(205), rules=Rules(second_share=0.1), seed=2023)

    together = Counter(frozenset((a.lead, a.partner)) for a in made)
    loads = Counter(key for _site, key in goes(made))
    assert unfilled == []
    assert Counter(a.purpose for a in made) == {"first": 205, "second": 21}
    assert max(together.values()) <= allotting.MOST_TOGETHER
    assert max(loads.values()) - min(loads.values()) <= 2
    led = Counter(a.lead for a in made)
    assert max(led.values()) - min(led.values()) <= 4


@settings(max_examples=40)
@given(st.integers(0, 2**53), st.integers(2, 9), st.integers(1, 25), st.data())
def test_the_rules_hold_whatever_the_seed(seed, n, sites, data):
    targets = places(sites)
    keys = [place.key for place in targets]
    listed = [
        Person(
            person.key,
            home=person.home,
            is_trained=data.draw(st.booleans()),
            load=data.draw(st.integers(0, 3)),
            conflicts=frozenset(data.draw(st.lists(st.sampled_from(keys), max_size=3))),
            seen=frozenset(data.draw(st.lists(st.sampled_from(keys), max_size=3))),
        )
        for person in people(n)
    ]
    rules = Rules(pairs=data.draw(st.booleans()), most=6, second_share=0.3)

    made, unfilled = allot(listed, targets, rules=rules, seed=seed)

    known, area = {p.key: p for p in listed}, {p.key: p.area for p in targets}
    for site, key in goes(made):
        person = known[key]
        assert person.is_trained
        assert not area[site].startswith(person.home)
        assert site not in person.conflicts | person.seen
    assert len(set(goes(made))) == len(goes(made)), "somebody goes twice"
    loads = Counter(key for _site, key in goes(made))
    assert all(known[key].load + n <= 6 for key, n in loads.items())
    pairs = Counter(frozenset((a.lead, a.partner)) for a in made if a.partner)
    assert all(times <= allotting.MOST_TOGETHER for times in pairs.values())
    assert all((a.partner is not None) == rules.pairs for a in made)
    done = {a.site for a in made if a.purpose == "first"}
    assert done | {u.site for u in unfilled if u.purpose == "first"} == set(keys)
    assert allot(listed, targets, rules=rules, seed=seed) == (made, unfilled)


def test_another_seed_deals_otherwise():
    first, second = (allot(people(8), places(20), rules=Rules(), seed=s)[0] for s in (1, 2))

    assert {(a.site, a.lead, a.partner) for a in first} != {
        (a.site, a.lead, a.partner) for a in second
    }


def test_what_is_assigned_already_stays_and_counts():
    standing = Standing(
        first=frozenset({1000, 1001}),
        second=frozenset({1000}),
        together={frozenset((1, 2)): allotting.MOST_TOGETHER},
    )
    pair = [Person(1), Person(2)]

    made, unfilled = allot(
        pair, places(3), rules=Rules(second_share=0.5), seed=1, standing=standing
    )

    assert made == []
    assert [(u.site, u.purpose, dict(u.reasons)) for u in unfilled] == [
        (1002, "first", {"together": 2}),
        (1001, "second", {"together": 2}),
    ]


def test_a_second_visit_goes_to_others():
    listed = [Person(1), Person(2), Person(3)]

    made, unfilled = allot(listed, places(1), rules=Rules(second_share=1), seed=5)

    assert [a.purpose for a in made] == ["first"]
    assert [(u.purpose, dict(u.reasons)) for u in unfilled] == [("second", {"seen": 2})]
    made, unfilled = allot([*listed, Person(4)], places(1), rules=Rules(second_share=1), seed=5)
    assert {key for _site, key in goes(made)} == {1, 2, 3, 4}


def test_everybody_sees_the_calibration_sites_each_alone():
    gold = Place(7, "140105", is_calibration=True)
    listed = [
        Person(1, home="140105", load=99),
        Person(2, seen=frozenset({7})),
        Person(3),
        Person(4, conflicts=frozenset({7})),
    ]
    standing = Standing(calibrated=frozenset({(7, 3)}))

    made, unfilled = allot(listed, [gold], rules=Rules(most=1), seed=1, standing=standing)

    assert [(a.lead, a.partner, a.purpose) for a in made] == [(1, None, "calibration")]
    assert [(u.person, set(u.reasons)) for u in unfilled] == [(2, {"seen"}), (4, {"conflict"})]


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (Person(1, home="1401"), {"home"}),
        (Person(1, areas=("1402",)), {"area"}),
        (Person(1, conflicts=frozenset({9})), {"conflict"}),
        (Person(1, seen=frozenset({9}), is_trained=False), {"seen", "training"}),
        (Person(1, load=5), {"cap"}),
        (Person(1, home="140106", areas=("1401",), load=4), set()),
    ],
)
def test_every_rule_says_its_name(person, why):
    assert allotting.objections(person, Place(9, "140105"), rules=Rules(most=5)) == why


def test_pairs_change_before_they_come_again():
    made, _unfilled = allot([Person(k) for k in range(1, 7)], places(15), rules=Rules(), seed=3)

    # six people make 15 pairs of which three are busy at a time; none comes a third time early
    together = Counter(frozenset((a.lead, a.partner)) for a in made)
    assert max(together.values()) <= 2
    loads = sorted(Counter(key for _site, key in goes(made)).values())
    assert all(b - a <= 1 for a, b in pairwise(loads))
