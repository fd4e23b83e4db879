"""What an inspector's visit says, and what many visits say together. Each test is a paragraph;
together they are the rules.

The checklist has four questions. Three are facts, one is an opinion:

    menu       Is there a menu on paper?                yes 100, no 0            critical
    account    Must one follow an account to order?     no 100, skippable 50, forced 0
    invoice    Was an invoice given?                    yes 100, no 0, not asked for: does not apply
    staff      How friendly was it, from 1 to 10?       an opinion
"""

from __future__ import annotations

from math import sqrt
from uuid import uuid4

import pytest

from config.language.texts import Text
from inspections.agreement.proportions import wilson
from inspections.campaigns import services as campaigns
from inspections.campaigns.sites import Site
from inspections.revisits import services as revisits
from inspections.visits import services as visits
from inspections.visits.scoring import findings
from reports.inspection import result, snapshot
from surveys.collection import fieldwork
from surveys.designing import services as questionnaires
from surveys.questionnaires.compiling import compile_workbook
from tests import field
from tests.people import person
from tests.sheets import workbook

SURVEY = [
    "type|name|label::zh|label::en|required",
    "select_one yes_no|menu|有纸质菜单吗？|Is there a menu on paper?|yes",
    "select_one account|account|必须关注公众号吗？|Must one follow an account?|yes",
    "select_one invoice|invoice|开了发票吗？|Was an invoice given?|yes",
    "select_one ten|staff|态度如何？|How friendly was it?",
]
CHOICES = [
    "list_name|name|label::zh|label::en",
    "yes_no|yes|是|Yes",
    "yes_no|no|否|No",
    "account|no|不用|No",
    "account|skippable|可以跳过|It can be skipped",
    "account|forced|必须|Yes",
    "invoice|yes|开了|Yes",
    "invoice|no|没开|No",
    "invoice|na|没有要|Not asked for",
    *(f"ten|{i}|{i}|{i}" for i in range(1, 11)),
]
INDICATORS = [
    "indicator|parent|label::zh|label::en|weight|question|kind|score|critical|legal_basis",
    "choice||自主选择|Free choice|60",
    "paper|choice|纸质菜单|Menu on paper|50|menu|fact|yes=100 no=0|yes|",
    "follow|choice|不强制关注|No forced account|50|account|fact|no=100 skippable=50 forced=0||",
    "receipt||发票|Invoice|20|invoice|fact|yes=100 no=0 na=na||",
    "service||服务|Service|20|staff|satisfaction|linear 1 10||",
]
SETTINGS = ["form_title|form_id|version", "点餐清单 / Ordering checklist|ordering|1"]
CONTENT = workbook(SURVEY, CHOICES, SETTINGS, INDICATORS)
GOOD = {"menu": "yes", "account": "no", "invoice": "yes", "staff": "9"}


@pytest.fixture(scope="module")
def checklist():
    return compile_workbook(CONTENT, "ordering.xlsx").questionnaire


def found(checklist, **changed):
    """Return what is found at a restaurant that is good but for the answers given."""
    return [
        (finding.indicator, finding.topic, finding.critical)
        for finding in findings(checklist, GOOD | changed)
    ]


def test_where_everything_is_as_it_should_be_nothing_is_found(checklist):
    assert found(checklist) == []


def test_a_fact_that_scores_nothing_is_a_finding(checklist):
    """No menu on paper: 0 points, a finding under the topic of free choice, and a critical one. No
    invoice: 0 points, a finding that is not critical.
    """
    assert found(checklist, menu="no") == [("paper", "choice", True)]
    assert found(checklist, invoice="no") == [("receipt", "receipt", False)]


def test_what_scores_half_is_no_finding(checklist):
    """An account that is suggested and can be skipped scores 50 of 100: nobody was forced. Only the
    forced one is found.
    """
    assert found(checklist, account="skippable") == []
    assert found(checklist, account="forced") == [("follow", "choice", False)]


def test_what_does_not_apply_is_no_finding(checklist):
    """Who asked for no invoice cannot say that none was given."""
    assert found(checklist, invoice="na") == []


def test_an_opinion_is_no_finding(checklist):
    """The worst mark for friendliness scores 0 as well, but it is what one visitor felt."""
    assert found(checklist, staff="1") == []


def test_one_visit_can_find_several_things(checklist):
    assert found(checklist, menu="no", account="forced", staff="1") == [
        ("paper", "choice", True),
        ("follow", "choice", False),
    ]


@pytest.fixture
def campaign(db):
    """Ten restaurants. At four something is found; three of these four are visited again, and at
    two of the three it was put right.

        0  no menu            put right           2  no menu       still no menu
        1  forced account     put right           3  no invoice    not visited again
        4-9  nothing found

    Somebody who was not there decides about each revisit.
    """
    sites = [
        Site.objects.create(name=f"{n}号餐馆", kind="restaurant", area_id="140105")
        for n in range(10)
    ]
    made = campaigns.set_up(
        slug="ordering",
        title=Text("点餐", "Ordering"),
        organiser=field.ORGANISER,
        version=questionnaires.freeze(workbook=CONTENT, file="ordering.xlsx"),
        sites=sites,
    )
    fieldwork.open_now(survey=made.survey)
    wrong = {
        0: {"menu": "no"},
        1: {"account": "forced"},
        2: {"menu": "no"},
        3: {"invoice": "no"},
    }
    first = [visit(made, site, 20, **wrong.get(n, {})) for n, site in enumerate(sites)]
    chief = person("chief")
    for n, after, outcome in ((0, {}, "fixed"), (1, {}, "fixed"), (2, {"menu": "no"}, "not_fixed")):
        again = visit(made, sites[n], 27, revisit_of=first[n], **after)
        again.status = again.Status.ACCEPTED
        again.save()
        revisits.conclude(revisit=again, outcome=again.Outcome(outcome), reason="", by=chief)
    return made


def inspection(campaign):
    return result.compute(snapshot.freeze(campaign))


def visit(campaign, site, day, *, revisit_of=None, **changed):
    return visits.record(
        campaign=campaign,
        site=site,
        uid=uuid4(),
        answers=GOOD | changed,
        visited_at=field.noon(day),
        inspectors=[],
        revisit_of=revisit_of,
    )


def test_sites_with_findings_are_counted_by_their_first_visits(campaign):
    """4 of 10 restaurants, although 5 of 13 visits found something: a restaurant is not counted
    twice because it was bad.
    """
    everywhere = inspection(campaign).found[0].counts[0]

    assert (everywhere.x, everywhere.n) == (4, 10)


def test_of_restaurants_that_were_chosen_no_share_of_all_is_told(campaign):
    """Nobody drew these ten: 4 of 10 says nothing of the other restaurants of the city."""
    assert inspection(campaign).found[0].counts[0].prevalence is None


def test_a_share_of_ten_is_far_from_exact():
    """Wilson's interval: (p + z²/2n ± z sqrt(p (1 - p) / n + z²/4n²)) / (1 + z²/n) with z = 1.96,
    z² = 3.84.

    For 4 of 10: (.4 + .192 ± 1.96 sqrt(.024 + .0096)) / 1.384 = (.592 ± .359) / 1.384: from 17 % to
    69 %.
    """
    assert (0.592 - 1.96 * sqrt(0.0336)) / 1.384 == pytest.approx(0.168, abs=0.001)
    assert wilson(4, 10) == pytest.approx((0.168, 0.687), abs=0.001)


def test_a_topic_is_hit_once_however_much_is_found_under_it(campaign):
    """Free choice: restaurants 0, 1 and 2, so 3 of 10. Under it the menu 2 of 10, the account 1 of
    10. The invoice 1 of 10. Service never, because it is an opinion.
    """
    found = inspection(campaign)

    assert {line.label.en: line.counts[0].x for line in found.topics} == {
        "Free choice": 3,
        "Invoice": 1,
    }
    assert {item.requirement.en: item.counts[0].x for item in found.items} == {
        "Menu on paper": 2,
        "No forced account": 1,
        "Invoice": 1,
    }


def test_what_was_put_right_is_a_share_of_what_was_seen_again(campaign):
    """3 of the 4 restaurants with findings were visited again; at 2 of these 3 nothing was found
    any more. Nobody knows about the fourth, and nothing is said about the six that were good.
    """
    seen = inspection(campaign).revisits[0]

    assert (seen.again, seen.failed) == (3, 4)
    assert (seen.fixed.x, seen.fixed.n) == (2, 3)


def test_the_inspection_of_2023_by_the_same_formula():
    """65 of 205 places that charge by QR code had problems: 31.7 %, and between 25.7 and 38.4 % if
    205 others of the kind had been drawn. Car parks 30 of 113: 26.5 % (19.3 to 35.4). Restaurants
    35 of 87: 40.2 % (30.6 to 50.7). The two ranges overlap from 30.6 to 35.4.
    """
    percent = {
        of: tuple(round(100 * share, 1) for share in (of[0] / of[1], *wilson(*of)))
        for of in ((65, 205), (30, 113), (35, 87))
    }

    assert percent == {
        (65, 205): (31.7, 25.7, 38.4),
        (30, 113): (26.5, 19.3, 35.4),
        (35, 87): (40.2, 30.6, 50.7),
    }
