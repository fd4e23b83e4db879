"""How many answers are wanted, and what happens to those above a cap. Each test is a paragraph;
together they are the rules.

A survey wants 2 answers about Ash and counts at most 3; the poster at the market counts for at most
2. Seven people answer, one after the other:

    1  about Ash, by the poster           5  about Ash, by the open link
    2  about Elm, by the poster           6  about Ash, by the open link
    3  about Ash, by the poster           7  about Elm, by the open link
    4  about Ash, by the open link
"""

from __future__ import annotations

import pytest

from config.accounts.scope import EVERYWHERE
from config.language.texts import Text
from surveys.channels.links import services as collectors
from surveys.collection import quotas, rights
from surveys.collection.models.collector import Collector
from surveys.collection.models.response import Response
from surveys.collection.models.target import Target
from surveys.companies.models import Company
from surveys.monitoring import figures
from tests import field

pytestmark = pytest.mark.django_db

ARRIVALS = [
    ("ash", "poster"),
    ("elm", "poster"),
    ("ash", "poster"),
    ("ash", "link"),
    ("ash", "link"),
    ("ash", "link"),
    ("elm", "link"),
]


@pytest.fixture
def survey():
    made = field.survey()
    poster = collectors.open_way(survey=made, kind="place", name=Text("集市", "Market"))
    ash = Company.objects.get(key="ash")
    quotas.replace(
        survey=made,
        targets=[
            Target(company=ash, wanted=2, soft_cap=2, hard_cap=3),
            Target(collector=poster, wanted=0, hard_cap=2),
        ],
    )
    return made


def arrive(survey, company, way) -> Response:
    poster = Collector.objects.get() if way == "poster" else None
    return field.send(survey, company=company, collector=poster)


def everybody(survey) -> list[Response]:
    return [arrive(survey, company, way) for company, way in ARRIVALS]


def counted(survey) -> list[int]:
    """Return how many count: about Ash, and by the poster."""
    targets = [survey.targets.get(company__key="ash"), survey.targets.get(collector__kind="place")]
    return [quotas.accepted_in(target).count() for target in targets]


def test_who_counts_and_who_came_too_late(survey):
    """Person 3 finds a place left for Ash (1 of 3) but none for the poster (2 of 2), and one full
    cell is enough. Persons 4 and 5 fill Ash (3 of 3); person 6 is above it. Elm by the open link
    lies in no cell, so person 7 always counts.
    """
    assert [response.status for response in everybody(survey)] == [
        "accepted",
        "accepted",
        "over_quota",
        "accepted",
        "accepted",
        "over_quota",
        "accepted",
    ]


def test_an_answer_counts_in_every_cell_that_it_fits(survey):
    """Person 1 counts for Ash and for the poster. Ash: persons 1, 4, 5. Poster: persons 1, 2."""
    everybody(survey)

    assert counted(survey) == [3, 2]


def test_nobody_is_turned_away_and_nothing_is_thrown_away(survey):
    """All 7 answers are kept as they were given and all 7 people get a receipt; 5 answers count."""
    sent = everybody(survey)

    assert [response.answers["speed"] for response in survey.responses.all()] == ["9"] * 7
    assert len({response.receipt for response in sent}) == 7
    assert figures.by_status(survey.responses.all()) == {"accepted": 5, "over_quota": 2}


def test_a_target_is_a_wish_and_a_cap_a_limit(survey):
    """2 are wanted about Ash. From the second on the fieldwork page warns; at the third the cell
    is full.
    """
    seen = []
    for _person in range(3):
        arrive(survey, "ash", "link")
        (ash,) = (cell for cell in figures.cells(survey, EVERYWHERE) if cell.wanted == 2)
        seen.append((ash.done, ash.is_near, ash.is_full))

    assert seen == [(1, False, False), (2, True, False), (3, False, True)]


def test_who_takes_an_answer_back_leaves_a_place_for_the_next(survey):
    """Person 5 withdraws: 2 of 3 for Ash. The next person fills it. Person 6, who came while it was
    full, stays above it: otherwise a withdrawal would decide whose answer counts.
    """
    sent = everybody(survey)
    rights.withdraw(response=sent[4])

    late = arrive(survey, "ash", "link")

    assert late.status == "accepted"
    assert survey.responses.get(pk=sent[5].pk).status == "over_quota"
    assert counted(survey) == [3, 2]


def test_new_caps_do_not_judge_what_came_before(survey):
    """The cap of Ash is raised from 3 to 4: person 6 stays above it, the next one counts, the one
    after that does not.
    """
    sent = everybody(survey)
    ash = Company.objects.get(key="ash")
    quotas.replace(survey=survey, targets=[Target(company=ash, wanted=2, hard_cap=4)])

    more = [arrive(survey, "ash", "link").status for _person in range(2)]

    assert survey.responses.get(pk=sent[5].pk).status == "over_quota"
    assert more == ["accepted", "over_quota"]


def test_a_flawed_answer_takes_no_place(survey):
    """A paper form about Ash with an impossible speed of 12 is kept as rejected; 3 good ones still
    find their places.
    """
    field.send(survey, mode="paper", flawed="keep", speed="12")

    assert [arrive(survey, "ash", "link").status for _person in range(3)] == ["accepted"] * 3
