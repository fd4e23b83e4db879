"""Cleaning: flags change nothing, a removal takes two people, everything said stays."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from config.language.languages import speaking
from surveys.collection.models.response import Response
from surveys.quality import services as cleaning
from surveys.quality.flags import detail
from surveys.quality.models import Decision, Flag
from tests import field
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return [person(name) for name in ("ada", "ben")]


def status(response):
    return Response.objects.get(pk=response.pk).status


def stuffed(survey):
    """Send three sheets from one device."""
    sent = [field.send(survey, hours=str(i)) for i in range(3)]
    survey.responses.update(network="n", browser="b")
    return sent


def test_the_checks_flag_and_change_nothing(people):
    survey = field.survey()
    sent = stuffed(survey)

    run = cleaning.check(survey=survey, by=people[0])

    assert run.responses == 3
    assert {flag.check_name for flag in run.flags.all()} == {"device"}
    assert run.limits["looked_at"] == [response.pk for response in sent]
    assert {status(response) for response in sent} == {"accepted"}


def test_a_removal_counts_when_a_second_person_agrees(people):
    ada, ben = people
    response = field.send(field.survey())

    proposal = cleaning.decide(response=response, verdict="remove", reason="同一设备", by=ada)
    assert status(response) == "accepted"
    with pytest.raises(cleaning.NotAllowed):
        cleaning.second(decision=proposal, agrees=True, reason="", by=ada)
    cleaning.second(decision=proposal, agrees=True, reason="", by=ben)

    assert status(response) == "removed"
    assert Decision.objects.get().seconded_by == ben


def test_a_second_person_who_disagrees_keeps_the_sheet(people):
    response = field.send(field.survey())
    proposal = cleaning.decide(response=response, verdict="remove", reason="太快", by=people[0])

    cleaning.second(decision=proposal, agrees=False, reason="老用户，熟练", by=people[1])

    assert status(response) == "accepted"
    assert [d.reason for d in Decision.objects.all()] == ["太快", "老用户，熟练"]
    with pytest.raises(cleaning.NotAllowed):
        cleaning.second(decision=proposal, agrees=True, reason="", by=people[1])


def test_a_removal_can_be_taken_back_with_a_reason(people):
    response = field.send(field.survey())
    proposal = cleaning.decide(response=response, verdict="remove", reason="x", by=people[0])
    cleaning.second(decision=proposal, agrees=True, reason="", by=people[1])

    with pytest.raises(cleaning.NotAllowed):
        cleaning.restore(response=response, reason=" ", by=people[0])
    cleaning.restore(response=response, reason="弄错了", by=people[0])

    assert status(response) == "accepted"


@pytest.mark.parametrize(("verdict", "reason"), [("remove", " "), ("delete", "x")])
def test_a_decision_without_a_reason_or_of_no_kind_is_refused(people, verdict, reason):
    with pytest.raises(cleaning.NotAllowed):
        cleaning.decide(
            response=field.send(field.survey()), verdict=verdict, reason=reason, by=people[0]
        )


def test_the_database_itself_wants_two_people(people):
    response = field.send(field.survey())

    with pytest.raises(IntegrityError):
        Decision.objects.create(
            response=response,
            verdict="remove",
            reason="x",
            decided_by=people[0],
            seconded_by=people[0],
        )


def test_before_and_after_by_company(people):
    survey = field.survey()
    low = field.send(survey, company="ash", speed="1", fixed="no")
    field.send(survey, company="ash", speed="10", fixed="yes")
    proposal = cleaning.decide(response=low, verdict="remove", reason="x", by=people[0])
    cleaning.second(decision=proposal, agrees=True, reason="", by=people[1])

    effect = cleaning.effects(survey)[0]

    assert (effect.before, effect.after, effect.score_before, effect.score_after) == (
        2,
        1,
        50.0,
        100.0,
    )
    # 0 and 100: standard deviation 70.7, over the root of two
    assert (round(effect.se_before, 9), effect.se_after, effect.is_far) == (50, None, False)


def test_the_page_shows_no_company_and_no_score(client, people):
    survey = field.survey()
    stuffed(survey)
    client.force_login(people[0])
    client.post("/surveys/repairs/cleaning/run/")

    page = client.get("/surveys/repairs/cleaning/").content.decode()

    assert page.count('class="case"') == 3
    assert "白蜡" not in page
    assert "Ash" not in page


def test_two_people_remove_a_sheet_on_the_page(client, people):
    survey = field.survey()
    response = stuffed(survey)[0]
    address = f"/surveys/repairs/cleaning/{response.pk}/"
    client.force_login(people[0])
    client.post("/surveys/repairs/cleaning/run/")
    client.post(address, {"what": "remove", "reason": "同一设备三份"})
    client.post(address, {"what": "agree", "reason": ""})
    assert status(response) == "accepted"

    client.force_login(people[1])
    client.post(address, {"what": "agree", "reason": ""})

    assert status(response) == "removed"


@pytest.mark.parametrize(
    ("check", "seen", "words"),
    [
        ("speed", {"seconds": 1.2, "usual": 6.5}, "1.2 s a question, usual 6.5"),
        ("attention", {"question": "speed"}, "“Speed”"),
        ("answers", {"alike": 0.96}, "96% of the answers"),
        ("night", {"hour": 3.5}, "at 3:30"),
        ("burst", {"responses": 12, "high": 1.0}, "12 responses"),
        ("sealed", {}, ""),
    ],
)
def test_a_flag_says_in_words_what_it_saw(check, seen, words):
    survey = field.survey()
    flag = Flag(check_name=check, detail=seen)
    with speaking("en"):
        assert detail(flag, survey) == words


def test_companies_show_only_when_every_case_is_decided(client, people):
    survey = field.survey()
    sent = stuffed(survey)
    cleaning.check(survey=survey, by=people[0])
    client.force_login(people[0])
    page = "/surveys/repairs/cleaning/?effects=1"

    assert cleaning.open_cases(survey) == len(sent)
    assert "白蜡电器" not in client.get(page).content.decode()

    cleaning.decide(response=sent[0], verdict="remove", reason="same", by=people[0])
    for response in sent[1:]:
        cleaning.decide(response=response, verdict="keep", reason="fine", by=people[0])
    assert cleaning.open_cases(survey) == 1

    cleaning.second(
        decision=cleaning.open_removal(sent[0]), agrees=True, reason="same", by=people[1]
    )
    assert cleaning.open_cases(survey) == 0
    assert "白蜡电器" in client.get(page).content.decode()
