"""The fieldwork page: counts against targets, each city its part, no response rate where there
is none.
"""

from __future__ import annotations

import io

import pandas as pd
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from config.accounts.models import Posting, User
from config.accounts.scope import EVERYWHERE
from config.language.problems import InvalidInput
from config.tabular.uploads import table_of
from surveys.collection import selectors
from surveys.collection.models.invitation import Disposition
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.monitoring import figures, targets
from tests import field
from tests.pages import html, seen
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    client.force_login(person("ada"))
    client.cookies["django_language"] = "en"
    return client


def placed(survey, area, **changed):
    response = field.send(survey, **changed)
    Response.objects.filter(pk=response.pk).update(area=area)
    return response


def csv(text):
    return table_of(SimpleUploadedFile("targets.csv", text.encode()))


def test_targets_are_counted_by_every_field_they_set():
    survey = field.survey()
    placed(survey, "140100", company="ash")
    placed(survey, "140200", company="ash")
    targets.take_in(
        survey=survey,
        table=csv(
            "area,company,wanted,soft_cap,hard_cap\n太原市,,10,,\n,ash,2,1,3\n140100,elm,5,,\n"
        ),
    )

    cells = {
        cell.label: (cell.done, cell.wanted, cell.is_near)
        for cell in figures.cells(survey, EVERYWHERE)
    }

    assert cells == {
        "太原市": (1, 10, False),
        "白蜡电器": (2, 2, True),
        "太原市 × 榆树电器": (0, 5, False),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("area,wanted\n火星,3\n", "row 2, column area: there is no area “火星”"),
        ("company,wanted\noak,3\n", "there is no company"),
        ("collector,wanted\nxxx,3\n", "no collection point with the code"),
        ("area,wanted\n,many\n", "row 2, column wanted: “many” is no whole number"),
        ("area\n太原市\n", "has no column wanted"),
        ("area,wanted\n太原市,3\n太原市,4\n", "targets.csv"),
        ("area,wanted,hard_cap\n太原市,3,1\n", "targets.csv"),
    ],
)
def test_a_wrong_table_changes_no_target(text, said):
    survey = field.survey()
    targets.take_in(survey=survey, table=csv("area,wanted\n大同市,7\n"))

    with pytest.raises(InvalidInput, match=said):
        targets.take_in(survey=survey, table=csv(text))
    assert [target.wanted for target in survey.targets.all()] == [7]


def test_the_table_that_is_sent_can_be_taken_in_again(office):
    survey = field.survey()
    targets.take_in(survey=survey, table=csv("area,company,wanted,hard_cap\n太原市,ash,10,12\n"))

    file = office.get("/surveys/repairs/targets.xlsx").content
    address = "/surveys/repairs/targets/"
    given = {"targets": SimpleUploadedFile("t.xlsx", file), **seen(office, address)}
    back = office.post(address, given)

    assert back.status_code == 302
    assert [(t.area_id, t.company.key, t.wanted, t.hard_cap) for t in survey.targets.all()] == [
        ("140100", "ash", 10, 12)
    ]


def test_a_city_sees_its_part_whatever_it_asks_for(office):
    survey = field.survey()
    placed(survey, "140105")
    placed(survey, "140200")
    Posting.objects.create(user=User.objects.get(), area_id="140100")

    page = office.get("/surveys/repairs/fieldwork/?area=140200").content.decode()
    exported = office.get("/surveys/repairs/answers.csv?codes=1").getvalue().decode("utf-8-sig")

    assert "<b>1</b> accepted" in page
    assert len(exported.strip().splitlines()) == 2


def test_a_sample_of_volunteers_has_no_response_rate_on_its_page(office):
    survey = field.survey()
    field.send(survey)

    english = office.get("/surveys/repairs/fieldwork/").content.decode()
    office.cookies["django_language"] = "zh-hans"
    chinese = office.get("/surveys/repairs/fieldwork/").content.decode()

    assert not any(word in english.lower() for word in ("response rate", "margin of error", "rr1"))
    assert not any(word in chinese for word in ("应答率", "误差范围", "RR1"))


def test_a_probability_sample_has_every_rate_of_aapor(office):
    survey = field.survey(sample=Survey.Sample.PROBABILITY)
    for number, code in enumerate(
        [
            Disposition.REFUSAL,
            Disposition.NON_CONTACT,
            Disposition.UNKNOWN,
            Disposition.OUT_OF_FRAME,
        ]
    ):
        survey.invitations.create(
            batch="a", number=number, token_sha256=str(number), disposition=code
        )

    page = office.get("/surveys/repairs/fieldwork/").content.decode()

    assert "RR1 <b>0.000</b>" in page
    assert "e <b>0.667</b>" in page  # 2 known eligible of 3 known
    assert "CON1 <b>0.333</b>" in page


def test_the_figures_refresh_by_themselves_as_a_part_of_the_page(office):
    field.send(field.survey())

    part = office.get(
        "/surveys/repairs/fieldwork/figures/", headers={"HX-Request": "true"}
    ).content.decode()

    assert "<html" not in part
    assert "refreshes by itself" in part


def test_sheets_that_were_left_are_counted_where_they_were_left(client, office):
    from tests.surveys.respondent.test_page import begun, post

    survey = field.survey()
    post(client, begun(client), repaired="yes", problems=["late"])
    page = post(client, begun(client), repaired="yes", problems=["late"])
    assert post(client, page, go="keep", company="ash", speed="9").status_code == 204
    field.send(survey)

    left = figures.drop_off(
        survey, sent=figures.sent_by_page(selectors.responses_of(survey, EVERYWHERE))
    )

    assert [(x.question.name, x.n, x.share) for x in left] == [
        ("company", 1, 1 / 3),
        ("fixed", 1, 1 / 3),
    ]


def test_the_helper_says_538(office):
    field.survey()

    assert "<b>538</b>" in office.get("/surveys/repairs/targets/").content.decode()
    assert "do not go together" in office.get("/surveys/repairs/targets/?points=0").content.decode()


def test_the_page_of_many_sheets_takes_few_queries(office, django_assert_max_num_queries):
    survey = field.survey()
    for _i in range(3):
        field.send(survey)
    office.get("/surveys/repairs/fieldwork/")

    with django_assert_max_num_queries(26):
        office.get("/surveys/repairs/fieldwork/")


def test_strangers_see_nothing(client):
    field.survey()

    for address in ("fieldwork/", "targets/", "answers.csv", "targets.xlsx"):
        assert client.get(f"/surveys/repairs/{address}").status_code == 302


def test_excel_has_answers_codebook_and_labels(office):
    survey = field.survey()
    field.send(survey, comment="=1+1")

    book = pd.read_excel(
        io.BytesIO(office.get("/surveys/repairs/answers.xlsx").content), sheet_name=None
    )

    assert list(book) == ["answers", "codebook"]
    assert book["answers"]["repaired"].tolist() == ["Yes"]
    assert "comment" not in book["answers"]


@pytest.mark.django_db
def test_rejected_responses_say_what_was_wrong_in_words(client):
    survey = field.survey()
    field.send(survey, flawed="keep", speed="11")
    client.force_login(person("eva"))
    client.cookies["django_language"] = "en"

    page = html(client.get("/surveys/repairs/"))

    assert "Speed <span" in page
    assert "is not among the answers to choose from" in page
