"""The first page says what a person must do now, and nothing that is another's."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pandas as pd
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.accounts.models import User
from config.accounts.scope import EVERYWHERE
from config.language.languages import speaking
from config.tabular.tables import TextTable
from config.work.models import Job
from inspections.campaigns.models import Assignment, Campaign
from inspections.visits import services as visits
from reports.production.models import Report
from reports.today.waiting import waiting
from surveys.channels.invitations import services as invitations
from surveys.channels.paper import services as paper
from surveys.channels.telephone import services as calls
from surveys.collection import fieldwork
from surveys.collection.models.area import Area
from surveys.collection.models.invitation import Disposition
from surveys.collection.models.target import Target
from surveys.monitoring.standing import planned, standing
from surveys.quality import services as cleaning
from tests import field
from tests.people import nobody, person

pytestmark = pytest.mark.django_db


def lines(who):
    with speaking("en"):
        return [line.text for line in waiting(who)]


def test_a_survey_that_was_not_opened_waits_for_its_designer_only():
    field.survey(is_open=False)

    assert lines(person("ada", "designer")) == ["Set up and not open yet"]
    assert lines(person("ivy", "interviewer")) == []


def test_a_removal_waits_for_everybody_but_who_proposed_it():
    survey = field.survey()
    sent = [field.send(survey, hours=str(i)) for i in range(3)]
    survey.responses.update(network="n", browser="b")
    ada, ben = person("ada", "analyst"), person("ben", "analyst")
    cleaning.check(survey=survey, by=ada)
    cleaning.decide(response=sent[0], verdict="remove", reason="x", by=ada)

    assert lines(ada) == ["2 flagged responses are to be decided"]
    assert lines(ben) == [
        "1 removal waits for a second person",
        "2 flagged responses are to be decided",
    ]


def test_a_closed_survey_waits_to_be_looked_through():
    survey = field.survey()
    field.send(survey)
    ada = person("ada", "analyst")
    assert lines(ada) == []

    fieldwork.close_now(survey=survey, by=ada)

    assert lines(ada) == ["Closed, and its responses were not looked through yet"]


def test_paper_waits_for_the_second_keying_by_another_and_then_to_be_settled():
    survey = field.survey()
    (number,) = paper.number_forms(survey=survey, count=1)
    ann, bob = person("ann", "interviewer"), person("bob", "interviewer")
    answers = field.FULL
    paper.key(survey=survey, number=number, answers=answers, seconds=60, by=ann)
    assert lines(ann) == []
    assert lines(bob) == ["1 paper form waits for its second keying"]

    answers = {**answers, "speed": "1"}
    paper.key(survey=survey, number=number, answers=answers, seconds=60, by=bob)

    assert lines(ann) == ["1 paper form was read in two ways and has to be settled"]


def test_a_promised_call_waits_when_it_is_due():
    survey = field.survey()
    ivy = person("ivy", "interviewer")
    table = TextTable("people.csv", pd.DataFrame({"name": ["a"]}))
    invitations.invite(survey=survey, batch="june", table=table, address=str, by=ivy)
    invited = survey.invitations.get()
    soon = timezone.now() + timedelta(seconds=30)
    call = calls.record(invitation=invited, outcome=Disposition.UNKNOWN, by=ivy, call_again_at=soon)
    assert lines(ivy) == []

    type(call).objects.update(call_again_at=timezone.now() - timedelta(minutes=1))

    assert lines(ivy) == ["1 promised call is due"]


def test_sites_wait_that_nobody_visited():
    field.campaign()

    assert lines(person("iris", "inspector")) == ["3 sites were not visited yet"]
    assert lines(person("ivan", "inspector", areas=["140200"])) == []


def test_twelve_surveys_take_as_many_queries_as_one():
    eva = person("eva", "analyst", "interviewer")
    first = field.survey("first")
    _something_waits(first, eva)
    lines(eva)  # her permissions are read once
    with CaptureQueriesContext(connection) as of_one:
        lines(eva)

    for n in range(11):
        _something_waits(_like(first, f"more-{n}"), eva)
    with CaptureQueriesContext(connection) as of_twelve:
        found = lines(eva)

    assert sorted(set(found)) == [
        "1 paper form was read in two ways and has to be settled",
        "1 removal waits for a second person",
        "2 flagged responses are to be decided",
    ]
    assert len(found) == 36
    assert len(of_twelve) == len(of_one)


def _like(survey, slug):
    made = fieldwork.set_up(
        slug=slug,
        title=survey.title,
        organiser=survey.organiser,
        version=survey.version,
        companies=survey.companies.all(),
    )
    fieldwork.open_now(survey=made)
    return made


def _something_waits(survey, eva):
    """Let two flagged responses, of which one is proposed to be removed, and a form wait."""
    other = User.objects.create(username=f"other-{survey.slug}")
    sent = [field.send(survey, hours=str(i)) for i in range(3)]
    survey.responses.update(network="n", browser="b")
    cleaning.check(survey=survey, by=other)
    cleaning.decide(response=sent[0], verdict="remove", reason="x", by=other)
    (number,) = paper.number_forms(survey=survey, count=1)
    for clerk, speed in ((other, "2"), (eva, "6")):
        answers = {**field.FULL, "speed": speed}
        paper.key(survey=survey, number=number, answers=answers, seconds=60, by=clerk)


def test_a_report_that_failed_waits_for_who_started_it():
    ada, ben = person("ada", "analyst"), person("ben", "analyst")
    job = Job.objects.create(title="x", state=Job.State.FAILED, started_by=ada)
    Report.objects.create(survey=field.survey(), kind="topline", job=job)

    assert lines(ada) == ["A report was not made"]
    assert lines(ben) == []


def test_somebody_without_a_role_waits_for_an_administrator():
    nobody("new")

    assert lines(person("eve", "administrator")) == ["1 person has no role yet"]


def test_the_sum_of_targets_counts_no_answer_twice():
    taiyuan, datong = Area.objects.filter(code__in=("140100", "140200")).order_by("code")
    by_city = [Target(area=taiyuan, wanted=60), Target(area=datong, wanted=40)]
    by_stratum = [Target(stratum="a", wanted=50), Target(stratum="b", wanted=30)]

    assert planned([*by_city, *by_stratum]) == 100
    assert planned([]) == 0


def test_how_far_a_survey_is_and_how_long_it_takes():
    survey = field.survey()
    now = timezone.now()
    survey.opens_at = now - timedelta(days=10)
    survey.save()
    Target.objects.create(survey=survey, area_id="140100", wanted=20)
    for _n in range(6):
        field.send(survey)
    survey.responses.update(area="140100")
    old = survey.responses.order_by("pk").values("pk")[:3]
    survey.responses.filter(pk__in=list(old.values_list("pk", flat=True))).update(
        submitted_at=now - timedelta(days=9)
    )

    found = standing(survey, EVERYWHERE)

    assert (found.done, found.wanted, found.day) == (6, 20, 11)
    assert found.pace == pytest.approx(3 / 7)
    assert found.days_left == 33  # 14 more at three a week
    tile = next(tile for tile in found.cities if tile.wanted)
    assert (tile.done, tile.wanted, tile.shade) == (6, 20, 0.25)


def test_without_targets_nothing_is_forecast():
    found = standing(field.survey(), EVERYWHERE)

    assert (found.days_left, found.cities) == (None, ())


def test_the_page_shows_what_waits_and_how_far_it_is(client):
    survey = field.survey()
    Target.objects.create(survey=survey, area_id="140100", wanted=20)
    field.send(survey)
    client.force_login(person("ada", "designer"))
    client.cookies["django_language"] = "en"

    page = client.get("/").content.decode()

    assert "Nothing waits for you." in page
    assert "accepted of those wanted" in page
    assert "Taiyuan 0/20" in page


def test_an_inspector_is_told_of_her_visits_and_of_the_next_step_of_a_purchase():
    campaign, ann = field.campaign(), person("ann", "inspector")
    one, two, three = campaign.sites.all()
    for site in (one, two):
        Assignment.objects.create(campaign=campaign, site=site, lead=ann)
    Assignment.objects.create(campaign=campaign, site=three, lead=person("bob", "inspector"))
    before = lines(ann)
    Campaign.objects.update(kind=Campaign.Kind.TEST_PURCHASE)
    visit = visits.record(
        campaign=campaign,
        site=one,
        uid=uuid4(),
        answers=field.FULL | {"company": "not_sure"},
        visited_at=timezone.now(),
        inspectors=[ann],
        assignment=ann.assignments.first(),
    )
    visit.response.answers = {"bought_on": (timezone.localdate() - timedelta(days=4)).isoformat()}
    visit.response.save()
    campaign.places.filter(site=two).update(dropped_at=timezone.now())

    assert before == ["2 visits are yours to make", "3 sites were not visited yet"]
    assert lines(ann) == [
        "The next step of 1 test purchase is due",
        "1 visit is yours to make",
        "1 site was not visited yet",
    ]
