"""Collection pointsto a survey: what comes by each is told apart, an invitation is used once and leads to
nobody.
"""

from __future__ import annotations

import io
import re

import pandas as pd
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from config.accounts.models import AuditEvent
from config.language.problems import InvalidInput
from config.language.texts import Text
from config.tabular.uploads import table_of
from surveys.channels.invitations import services as invitations
from surveys.channels.links import services as collectors
from surveys.collection import services as collection
from surveys.collection.models.invitation import Disposition
from surveys.collection.models.response import Response
from tests import field
from tests.pages import html
from tests.people import person
from tests.surveys.respondent.test_page import LAST, begun, post

pytestmark = pytest.mark.django_db

PLACES = "名称,英文名,层,站点\n一号商场,Mall 1,城区,m1\n二号商场,,城区,\n"
PEOPLE = "name,phone,company,weight\n张三,13800000001,ash,2\n李四,13800000002,elm,1.5\n王五,13800000003,,\n"


def csv(text, name="list.csv"):
    return SimpleUploadedFile(name, text.encode())


def invited(survey, people=PEOPLE):
    made = invitations.invite(
        survey=survey, batch="a", table=table_of(csv(people)), address=lambda t: f"https://x/i/{t}/"
    )
    return [invitations.token_of(link) for link in made["link"]]


def answered(client, address):
    page = post(client, begun(client, address=address), repaired="yes", problems=["late"])
    return post(client, page, **LAST)


@pytest.fixture
def office(client):
    client.force_login(person("ada"))
    return client


def test_what_comes_by_an_entrance_carries_its_stratum_and_site(client):
    survey = field.survey()
    way = collectors.open_way(
        survey=survey, kind="place", name=Text("商场", "Mall"), stratum="城区", psu="m1"
    )

    answered(client, f"/q/{way.code}/")

    response = survey.responses.get()
    assert (response.collector, response.stratum, response.psu, response.mode) == (
        way,
        "城区",
        "m1",
        "online",
    )


@pytest.mark.parametrize(("kind", "mode"), [("tablet", "interview"), ("telephone", "telephone")])
def test_an_interviewer_answers_in_her_own_mode(client, kind, mode):
    survey = field.survey()
    way = collectors.open_way(survey=survey, kind=kind, name=Text("访员", "Interviewer"))

    answered(client, f"/q/{way.code}/")

    assert survey.responses.get().mode == mode


def test_a_closed_entrance_takes_nobody_in(client):
    way = collectors.open_way(survey=field.survey(), kind="link", name=Text("链接", "Link"))
    collectors.set_active(collector=way, is_active=False)

    assert client.get(f"/q/{way.code}/").status_code == 410
    assert client.get("/q/unknown1/").status_code == 404


def test_two_who_close_a_collection_point_at_once_do_not_undo_each_other(client):
    way = collectors.open_way(survey=field.survey(), kind="link", name=Text("链接", "Link"))
    client.force_login(person("ada"))
    address = f"/collectors/{way.code}/switch/"
    assert 'name="to" value="close"' in html(client.get("/surveys/repairs/collectors/"))

    for _person in ("ada", "ben"):
        client.post(address, {"to": "close"})
    way.refresh_from_db()

    assert not way.is_active
    assert AuditEvent.objects.filter(action="collector.close").count() == 1
    client.post(address, {})
    client.post(address, {"to": "open"})
    way.refresh_from_db()
    assert way.is_active


def test_only_a_link_handed_to_a_company_is_sealed():
    survey = field.survey()
    ash = survey.companies.first()

    with pytest.raises(ValidationError):
        collectors.open_way(survey=survey, kind="company", name=Text("x", "x"))
    with pytest.raises(ValidationError):
        collectors.open_way(survey=survey, kind="link", name=Text("x", "x"), sealed_to=ash)


def test_a_list_of_places_twice_makes_every_poster_once():
    survey = field.survey()

    first = collectors.open_places(survey=survey, table=table_of(csv(PLACES)))
    again = collectors.open_places(survey=survey, table=table_of(csv(PLACES)))

    assert [(way.name_en, way.stratum, way.psu) for way in first] == [
        ("Mall 1", "城区", "m1"),
        ("", "城区", "二号商场"),
    ]
    assert again == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x,y\n1,2\n", "has no column name"),
        ("name,stratum\n,s\n", "row 2, column name: has no name"),
        ("\0", "text"),
    ],
)
def test_a_bad_list_of_places_adds_nothing(text, said):
    survey = field.survey()

    with pytest.raises(InvalidInput, match=said):
        collectors.open_places(survey=survey, table=table_of(csv(text)))
    assert survey.collectors.count() == 0


def test_an_invitation_is_used_once_and_nothing_leads_from_it_to_its_answers(client):
    survey = field.survey()
    token, *_others = invited(survey)

    answered(client, f"/i/{token}/")

    used = survey.invitations.get(number=1)
    assert (used.disposition, used.weight, used.company.key) == (Disposition.COMPLETE, 2.0, "ash")
    assert client.get(f"/i/{token}/").status_code == 409
    assert token not in str(vars(survey.responses.get()))
    assert not [f for f in Response._meta.get_fields() if f.related_model is type(used)]


def test_an_invitation_brings_back_to_the_sheet_that_was_begun(client):
    survey = field.survey()
    token = invited(survey)[0]
    post(client, begun(client, address=f"/i/{token}/"), repaired="yes", problems=["late"])
    client.cookies.clear()

    page = html(begun(client, address=f"/i/{token}/"))

    assert 'name="section" value="visit"' in page
    assert survey.drafts.count() == 1


def test_two_sheets_of_one_invitation_are_one_response(client):
    survey = field.survey()
    token = invited(survey)[0]
    pages = [begun(client, address=f"/i/{token}/") for _tab in range(2)]
    first, second = (post(client, page, repaired="yes", problems=["late"]) for page in pages)

    assert survey.drafts.count() == 2
    assert post(client, first, **LAST).status_code == 303
    assert post(client, second, **LAST).status_code == 409
    assert survey.responses.count() == 1


def test_who_refuses_is_not_reminded_and_who_answered_neither(client):
    survey = field.survey()
    made = invitations.invite(
        survey=survey, batch="a", table=table_of(csv(PEOPLE)), address=lambda t: f"https://x/i/{t}/"
    )
    first, second, third = made["link"]
    answered(client, f"/i/{invitations.token_of(first)}/")
    client.post(f"/i/{invitations.token_of(second)}/", {"go": "refuse"})

    left = invitations.reminders(
        survey=survey, table=table_of(csv(made.to_csv(index=False))), message="请填：{link}"
    )

    assert list(left["phone"]) == ["13800000003"]
    assert list(left["text"]) == [f"请填：{third}"]


def test_the_list_is_not_kept():
    survey = field.survey()
    token = invited(survey)[0]

    stored = str(list(survey.invitations.values()))

    assert token not in stored
    assert "张三" not in stored
    assert "1380000" not in stored


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ("name,weight\n张三,heavy\n", "row 2, column weight: “heavy” is no weight"),
        ("name,weight\n张三,-1\n", "is no weight"),
        ("name,company\n张三,oak\n", "there is no company “oak”"),
        ("name,link\n张三,x\n", "has a column link already"),
    ],
)
def test_a_bad_list_invites_nobody(people, said):
    survey = field.survey()

    with pytest.raises(InvalidInput, match=said):
        invited(survey, people)
    assert survey.invitations.count() == 0


def test_a_batch_is_not_invited_twice():
    survey = field.survey()
    invited(survey)

    with pytest.raises(InvalidInput, match="is there already"):
        invited(survey)


def test_the_page_gives_the_list_back_with_links_and_posters_with_codes(office):
    survey = field.survey()
    collectors.open_way(survey=survey, kind="place", name=Text("商场", "Mall"))

    back = office.post(
        "/surveys/repairs/collectors/invite/", {"people": csv(PEOPLE), "batch": "六月"}
    )
    poster = office.get("/surveys/repairs/collectors/posters.pdf")
    page = html(office.get("/surveys/repairs/collectors/"))

    frame = pd.read_excel(io.BytesIO(back.content), dtype=str)
    assert list(frame.columns) == ["name", "phone", "company", "weight", "mingcha_no", "link"]
    assert frame["link"].str.contains("/i/").all()
    assert poster.content.startswith(b"%PDF")
    assert "六月" in page


def test_a_bad_file_is_said_on_the_page_and_loses_nothing(office):
    survey = field.survey()

    page = office.post("/surveys/repairs/collectors/invite/", {"people": csv("\0\0", "x.xlsx")})

    assert page.status_code == 422
    assert survey.invitations.count() == 0


def test_strangers_see_no_ways_and_an_unknown_link_says_so(client):
    field.survey()

    assert client.get("/surveys/repairs/collectors/").status_code == 302
    assert client.get("/i/nobody/").status_code == 404


def test_the_network_is_kept_as_a_hash_only(client):
    survey = field.survey()

    page = post(client, begun(client), repaired="yes", problems=["late"])
    address = re.search(r'method="post" action="([^"]+)"', html(page))[1]
    client.post(
        address,
        {"section": "visit", "go": "next", **LAST},
        REMOTE_ADDR="192.0.2.77",
        headers={"user-agent": "x"},
    )

    response = survey.responses.get()
    assert re.fullmatch("[0-9a-f]{32}", response.network)
    assert re.fullmatch("[0-9a-f]{32}", response.browser)


def test_a_full_cell_keeps_the_answer_as_over_quota(client):
    survey = field.survey()
    way = collectors.open_way(survey=survey, kind="link", name=Text("链接", "Link"))
    survey.targets.create(collector=way, wanted=1, hard_cap=1)

    answered(client, f"/q/{way.code}/")
    answered(client, f"/q/{way.code}/")
    answered(client, "/s/repairs/")

    assert [r.status for r in survey.responses.all()] == ["accepted", "over_quota", "accepted"]
    assert collection.takes(survey, started_at=None)
