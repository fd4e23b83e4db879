"""Two people who change one record: at every form of the site that changes one, the second is told
who changed what, keeps what was typed, and may save knowingly.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from config.accounts import editing, people
from config.accounts.models import User
from config.accounts.second_factor import services as second_factor
from config.accounts.second_factor.models import Passkey
from inspections.assigning import services as assigning
from inspections.campaigns import services as campaigns
from inspections.campaigns import site_services as sites
from inspections.campaigns.models import Assignment, Campaign, Preparation
from inspections.revisits import services as revisits
from inspections.visits.models import Visit
from reports.releases import services as releases
from reports.releases.models import Release, Reply
from surveys.collection import changing, fieldwork
from surveys.collection.models.survey import Survey
from surveys.companies.models import Company
from surveys.designing import services as designing
from surveys.directory import lists as company_lists
from surveys.monitoring import targets
from tests import office
from tests.pages import html, seen, seen_in
from tests.people import person
from tests.sheets import SETTINGS, SURVEY, replaced, workbook
from tests.surveys.monitoring.test_fieldwork import csv

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Edit:
    """What is typed at an address; page: where its form stands; said: what is told of the change
    that `theirs` makes; typed: how the page still has one's own; kept: what holds at the end.
    """

    page: str
    given: dict[str, Any] | Callable[[], dict[str, Any]]
    theirs: Any
    said: str
    typed: str
    kept: Any


def changed_person(by):
    ada = User.objects.get(username="ada")
    people.change(person=ada, name="Ada L.", roles=["legal"], areas=[], by=by)


def changed_company(by):
    company_lists.change(given={"key": "oak", "name": "橡木电器"}, by=by)


def changed_offer(by):
    fieldwork.offer(company=Company.objects.get(key="oak"), surveys=[], by=by)


def changed_targets(by):
    table = csv("area,wanted\n大同市,7\n")
    targets.take_in(survey=Survey.objects.get(slug="repairs"), table=table, by=by)


def changed_version(by):
    survey = Survey.objects.get(slug="repairs")
    third = replaced(SETTINGS, "|small|1", "|small|3")
    version = designing.freeze(
        workbook=workbook(replaced(SURVEY, "速度|Speed", "快慢|Speed"), settings=third),
        file="small.xlsx",
    )
    fieldwork.change_version(survey=survey, version=version, by=by)


def changed_passkey(_by):
    second_factor.rename_passkey(passkey=Passkey.objects.get(), name="office 2")


def changed_settings(by):
    survey = Survey.objects.get(slug="repairs")
    changing.change(survey=survey, given={"title_zh": "家电维修"}, by=by)


def changed_site(by):
    site = Visit.objects.earliest("pk").site
    sites.change(site=site, given={"address": "迎泽大街1号"}, by=by)


def changed_rules(by):
    campaign = Campaign.objects.get()
    rules = {name: getattr(campaign, name) for name in campaigns.RULES}
    campaigns.change_rules(campaign=campaign, rules=rules | {"most_visits": 7}, by=by)


def changed_assignment(by):
    task = Assignment.objects.get()
    day = date(2030, 5, 1)
    assigning.move(assignment=task, lead=task.lead, partner=None, due_on=day, reason="rain", by=by)


def changed_preparation(by):
    mia = User.objects.get(username="mia")
    assigning.prepare(person=mia, home=None, quiz_score=70.0, quiz_on=None, by=by)


def changed_outcome(by):
    revisit = Visit.objects.latest("pk")
    revisits.conclude(revisit=revisit, outcome=Visit.Outcome.PARTLY, reason="", by=by)


def changed_release(by):
    release = Release.objects.get(state="draft")
    releases.change(release=release, texts={"title_en": "Repair services"}, by=by)


def changed_reply(by):
    releases.record_reply(
        reply=Reply.objects.get(), text="that is so", replied_on=date(2026, 11, 2), by=by
    )


def settings_of_a_survey():
    survey = Survey.objects.get(slug="repairs")
    names = ("title_en", "organiser_zh", "organiser_en", "months_kept", "sample")
    return {name: getattr(survey, name) for name in names} | {"title_zh": "维修服务"}


EDITS = {
    "person": Edit(
        "person",
        {"name": "Ada Lovelace", "roles": ["designer"], "everywhere": "on"},
        changed_person,
        "it says now: Ada L.",
        'value="Ada Lovelace"',
        lambda: User.objects.get(username="ada").first_name == "Ada Lovelace",
    ),
    "passkey": Edit(
        "passkey",
        {"name": "my phone"},
        changed_passkey,
        "it says now: office 2",
        'value="my phone"',
        lambda: Passkey.objects.get().name == "my phone",
    ),
    "company": Edit(
        "company",
        {"name": "橡树家电", "name_en": "Oak"},
        changed_company,
        "it says now: 橡木电器",
        'value="橡树家电"',
        lambda: Company.objects.get(key="oak").name == "橡树家电",
    ),
    "company-offer": Edit(
        "company",
        {"surveys": ["repairs"]},
        changed_offer,
        "company offered in surveys (Surveys that offer it)",
        'value="repairs"[^>]* checked',
        lambda: Company.objects.get(key="oak").surveys.count() == 1,
    ),
    "targets": Edit(
        "targets",
        {"targets": lambda: SimpleUploadedFile("t.csv", "area,wanted\n太原市,9\n".encode())},
        changed_targets,
        "targets replaced",
        "",  # no browser keeps a file that was chosen
        lambda: Survey.objects.get(slug="repairs").targets.get().wanted == 9,
    ),
    "survey-move": Edit(
        "version",
        {},
        changed_version,
        "survey moved to another version (Questionnaire)",
        "",
        lambda: Survey.objects.get(slug="repairs").version.version == "2",
    ),
    "survey-settings": Edit(
        "survey-settings",
        settings_of_a_survey,
        changed_settings,
        "it says now: 家电维修",
        'value="维修服务"',
        lambda: Survey.objects.get(slug="repairs").title_zh == "维修服务",
    ),
    "site": Edit(
        "site",
        lambda: {**sites.as_texts(Visit.objects.earliest("pk").site), "address": "府西街2号"},
        changed_site,
        "it says now: 迎泽大街1号",
        'value="府西街2号"',
        lambda: Visit.objects.earliest("pk").site.address == "府西街2号",
    ),
    "campaign-settings": Edit(
        "campaign-settings",
        {"kind": "observation", "most_visits": 9, "second_share": 20, "claim_threshold": 5},
        changed_rules,
        "it says now: 7",
        'value="9"',
        lambda: Campaign.objects.get().most_visits == 9,
    ),
    "assignment": Edit(
        "assignment",
        lambda: {"lead": Assignment.objects.get().lead_id, "due_on": "2030-06-01", "reason": "sun"},
        changed_assignment,
        "it says now: 2030-05-01",
        'value="2030-06-01"',
        lambda: Assignment.objects.get().due_on == date(2030, 6, 1),
    ),
    "inspector": Edit(
        "inspector",
        {"quiz_score": 85, "quiz_on": "2026-03-01"},
        changed_preparation,
        "it says now: 70.0",
        'value="85"',
        lambda: Preparation.objects.get().quiz_score == 85,
    ),
    "visit-outcome": Edit(
        "visit-outcome",
        {"outcome": "fixed", "reason": "a new sign"},
        changed_outcome,
        "it says now: partly",
        'value="fixed"[^>]* selected',
        lambda: Visit.objects.latest("pk").outcome == "fixed",
    ),
    "release-change": Edit(
        "release-change",
        {"title_zh": "维修", "title_en": "Fixes", "summary_zh": "有差别", "summary_en": "differ"},
        changed_release,
        "it says now: Repair services",
        'value="Fixes"',
        lambda: Release.objects.get(state="draft").title_en == "Fixes",
    ),
    "release-reply": Edit(
        "release-reply",
        {"text": "we disagree", "replied_on": "2026-11-03"},
        changed_reply,
        "it says now: that is so",
        "we disagree</textarea>",
        lambda: Reply.objects.get().text == "we disagree",
    ),
}


def forms_of_the_site(kind=editing.EditForm):
    for form in kind.__subclasses__():
        yield form
        yield from forms_of_the_site(form)


@pytest.fixture
def chief(client):
    made = User.objects.create_superuser("chief", password="a-long-password")
    client.force_login(made)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return made


@pytest.fixture
def parts(client, chief):
    # one's own passkey is renamed by who said the password a moment ago, before there was one
    client.post("/account/confirm/", {"password": "a-long-password", "next": "/account/"})
    made = office.build(chief)
    fieldwork.offer(
        company=Company.objects.get(key="oak"),
        surveys=Survey.objects.filter(slug="repairs"),
        by=None,
    )
    return made


def filled_in(edit: Edit) -> dict[str, Any]:
    given = edit.given() if callable(edit.given) else edit.given
    return {name: value() if callable(value) else value for name, value in given.items()}


@pytest.mark.parametrize("name", EDITS)
def test_the_second_to_save_is_told_and_may_save_knowingly(client, parts, name):
    edit, ben = EDITS[name], person("Benjamin")
    page = reverse(edit.page, args=parts[edit.page])
    address = reverse(name, args=parts[name])
    opened = seen(client, page, address)

    edit.theirs(ben)
    second = client.post(address, {**filled_in(edit), **opened})

    assert second.status_code == 422
    said = unescape(html(second))
    assert "Somebody changed this while you had it open." in said
    assert edit.said in said
    assert re.search(edit.typed, said)
    if name != "passkey":  # which nobody but its owner renames
        assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d Benjamin: ", said)
    assert not edit.kept()

    third = client.post(address, {**filled_in(edit), **seen_in(second, address)})
    assert third.status_code == 302
    assert edit.kept()


@pytest.mark.parametrize("name", EDITS)
def test_what_nobody_else_changed_is_saved_at_once(client, parts, name):
    edit = EDITS[name]
    page = reverse(edit.page, args=parts[edit.page])
    address = reverse(name, args=parts[name])

    answer = client.post(address, {**filled_in(edit), **seen(client, page, address)})

    assert answer.status_code == 302
    assert edit.kept()


@pytest.mark.parametrize("name", EDITS)
def test_a_form_that_does_not_say_what_it_showed_saves_nothing(client, parts, name):
    edit = EDITS[name]
    before = list(Company.objects.values()), list(Survey.objects.values())
    address = reverse(name, args=parts[name])

    for sent in ({}, {"seen": ""}, {"seen": "²"}, {"seen": "1 a:b c"}, {"seen": "a\0b" * 5000}):
        answer = client.post(address, {**filled_in(edit), **sent})
        assert answer.status_code == 422, sent
    assert (list(Company.objects.values()), list(Survey.objects.values())) == before
    assert client.post(address, {**filled_in(edit), **seen_in(answer, address)}).status_code == 302


def test_every_form_that_changes_a_record_is_tried_here():
    tried = {
        "PersonForm",
        "PasskeyRenameForm",
        "CompanyForm",
        "OfferForm",
        "TargetsForm",
        "MoveForm",
        "SettingsForm",
        "SiteEditForm",
        "RulesForm",
        "ReassignForm",
        "PreparationForm",
        "OutcomeForm",
        "ChangeForm",
        "ReplyForm",
    }

    # tests/reports/production/test_plan_form.py tries those of a plan
    of_plans = {"OfPlan", "PlanForm", "PlanTextForm"}
    assert {form.__name__ for form in forms_of_the_site()} == tried | of_plans
    assert len(tried) == len(EDITS)


# addresses whose forms come filled in without there being a record that they change
NEW = {
    "survey-new": "a new survey, with what may suit it",
    "campaign-new": "a new campaign",
    "visit-record": "a new visit, with the time it is now",
    "import-look": "a file that is not taken in yet, with a guess",
    "company-merge": "chooses nothing but what the address asked for",
    "collector-add": "a new collection point, the first kind chosen",
    "paper": "how many forms are printed",
    "settle": "two readings of a paper form side by side; it is settled once",
    "token-revoke": "a token ends once",
    "tokens": "a new token, the shortest life chosen",
    "call": "a new call",
    "visit-mend": "people who are sent to look again, with the usual reason",
    "release-new": "a new release, called as its survey is",
    "phones": "a new phone",
    "campaign-assignments": "a new dealing, with a seed",
}


def test_a_form_that_comes_filled_in_says_what_it_showed(client, chief, parts):
    """Walk all pages: a form with something in it is one of EDITS, or there is no record."""
    client.logout()  # the passkey of the office is none that could be asked
    client.force_login(chief)
    found = set()
    for name in sorted(office.names()):
        answer = client.get(reverse(name, args=parts.get(name, [])))
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            continue
        for form in re.findall(r'<form[^>]*method="post".*?</form>', html(answer)):
            target = re.search(r'<form[^>]*\baction="([^"]*)"', form)
            if 'name="seen"' in form or not is_filled_in(form):
                continue
            found.add((name, target[1] if target else ""))

    allowed = {reverse(name, args=parts.get(name, [])) for name in NEW}
    assert {(name, at) for name, at in found if at not in allowed and name not in NEW} == set()


def is_filled_in(form: str) -> bool:
    """Say whether a field that is seen has a value: words in it, a choice or a tick."""
    inputs = re.findall(r"<input[^>]*>", form)
    typed = any(
        re.search(r'type="(?:text|number|date|datetime-local|email)"', one)
        and re.search(r'\bvalue="[^"]', one)
        for one in inputs
    )
    ticked = any(re.search(r"\bchecked\b", one) for one in inputs)
    chosen = re.search(r'<option value="[^"]+"[^>]*\bselected', form)
    words = re.search(r"<textarea[^>]*>\s*[^\s<]", form)
    return bool(typed or ticked or chosen or words)
