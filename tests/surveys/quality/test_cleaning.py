"""Cleaning: flags change nothing, a removal takes two people, everything said stays."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config import lists
from config.accounts.models import AuditEvent
from config.language.languages import speaking
from surveys.collection import rights
from surveys.collection.models.response import Response
from surveys.quality import services as cleaning
from surveys.quality.flags import detail
from surveys.quality.models import CleaningCase, Decision, Flag
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
    assert [case.response_id for case in run.cases.order_by("response")] == [r.pk for r in sent]
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


def flagged(survey, strengths, by):
    """Send a response for each strength, and let a run have found it that strong."""
    sent = [field.send(survey) for _strength in strengths]
    run = cleaning.check(survey=survey, by=by)
    run.flags.all().delete()
    run.cases.all().delete()
    for response, strength in zip(sent, strengths, strict=True):
        Flag.objects.create(
            run=run,
            response=response,
            check_name="speed",
            strength=strength,
            detail={"seconds": 1.0, "usual": 9.0},
        )
        CleaningCase.objects.create(run=run, response=response, strength=strength)
    return sent


def shown(page) -> list[str]:
    """Return the responses of a page, in its order, by the key in their forms."""
    return re.findall(r'action="/surveys/repairs/cleaning/(\d+)/', page.content.decode())


def test_the_strongest_case_comes_first_whenever_it_was_sent(client, people):
    survey = field.survey()
    sent = flagged(survey, [2.0, 2.5, 6.0, 3.0], people[0])
    client.force_login(people[0])

    page = client.get("/surveys/repairs/cleaning/")

    assert shown(page) == [str(sent[i].pk) for i in (2, 3, 1, 0)]


def test_every_case_is_on_a_page_and_a_page_asks_the_database_alike(client, people, monkeypatch):
    survey = field.survey()
    sent = flagged(survey, [2.0 + i / 10 for i in range(7)], people[0])
    client.force_login(people[0])
    client.get("/surveys/repairs/cleaning/")
    with CaptureQueriesContext(connection) as whole:
        client.get("/surveys/repairs/cleaning/")
    monkeypatch.setattr(lists, "PAGE", 3)

    with CaptureQueriesContext(connection) as part:
        pages = [shown(client.get(f"/surveys/repairs/cleaning/?page={n}")) for n in (1, 2, 3)]

    assert [key for page in pages for key in page] == [str(r.pk) for r in reversed(sent)]
    assert len(part) == 3 * len(whole)


def test_cases_are_filtered_by_state_and_by_check(client, people):
    survey = field.survey()
    kept, _open = flagged(survey, [2.0, 3.0], people[0])
    cleaning.decide(response=kept, verdict="keep", reason="fine", by=people[0])
    client.force_login(people[0])

    assert shown(client.get("/surveys/repairs/cleaning/?state=kept")) == [str(kept.pk)]
    assert len(shown(client.get("/surveys/repairs/cleaning/?check=speed"))) == 2
    assert shown(client.get("/surveys/repairs/cleaning/?check=night")) == []
    assert len(shown(client.get("/surveys/repairs/cleaning/?state=%00&check=²&page=-1"))) == 2


def test_a_decision_leads_back_to_where_it_was_made(client, people):
    survey = field.survey()
    response, _other = flagged(survey, [2.0, 3.0], people[0])
    client.force_login(people[0])
    given = {"what": "keep", "reason": "fine"}

    answer = client.post(f"/surveys/repairs/cleaning/{response.pk}/?state=open&page=1", given)

    assert answer.headers["Location"] == "/surveys/repairs/cleaning/?state=open&page=1"


def test_what_was_withdrawn_is_no_case_any_more(people):
    survey = field.survey()
    response, _other = flagged(survey, [2.0, 3.0], people[0])
    rights.withdraw(response=response)

    assert cleaning.open_cases(survey) == 1


def test_a_proposed_removal_stays_a_case_whatever_a_new_run_finds(people):
    survey = field.survey()
    response, _other = flagged(survey, [2.0, 3.0], people[0])
    cleaning.decide(response=response, verdict="remove", reason="x", by=people[0])

    run = cleaning.check(survey=survey, by=people[0])

    assert [case.response for case in run.cases.all()] == [response]


def test_cleaning_is_finished_with_a_reason(client, people):
    survey = field.survey()
    sent = flagged(survey, [2.0], people[0])
    cleaning.decide(response=sent[0], verdict="keep", reason="fine", by=people[0])
    client.force_login(people[0])

    client.post("/surveys/repairs/cleaning/finish/", {"reason": " "})
    survey.refresh_from_db()
    assert survey.cleaned_at is None

    client.post("/surveys/repairs/cleaning/finish/", {"reason": "两人看过"})
    survey.refresh_from_db()
    assert survey.cleaned_at is not None
    assert AuditEvent.objects.get(action="survey.clean").reason == "两人看过"


def test_paper_is_no_speeder(people):
    survey = field.survey()
    sent = [field.send(survey, mode=mode) for mode in ("paper", "online") for _n in range(2)]
    now = timezone.now()
    survey.responses.update(started_at=now - timedelta(seconds=1), submitted_at=now)

    run = cleaning.check(survey=survey, by=people[0])

    flagged = set(run.flags.filter(check_name="speed").values_list("response", flat=True))
    assert flagged == {response.pk for response in sent[2:]}


def test_whatever_is_proposed_is_a_case_and_a_cleaned_survey_is_decided(people):
    survey = field.survey()
    response = field.send(survey)
    cleaning.check(survey=survey, by=people[0])

    proposal = cleaning.decide(response=response, verdict="remove", reason="x", by=people[0])

    assert cleaning.open_cases(survey) == 1
    with pytest.raises(cleaning.NotAllowed):
        cleaning.finish(survey=survey, reason="done", by=people[1])
    cleaning.second(decision=proposal, agrees=False, reason="fine", by=people[1])
    cleaning.finish(survey=survey, reason="done", by=people[1])
    with pytest.raises(cleaning.NotAllowed):
        cleaning.decide(response=response, verdict="remove", reason="x", by=people[0])


def test_a_removed_response_stays_where_it_can_be_taken_back(people):
    survey = field.survey()
    response, _other = flagged(survey, [2.0, 3.0], people[0])
    proposal = cleaning.decide(response=response, verdict="remove", reason="x", by=people[0])
    cleaning.second(decision=proposal, agrees=True, reason="", by=people[1])

    run = cleaning.check(survey=survey, by=people[0])

    assert [case.response for case in run.cases.all()] == [response]
