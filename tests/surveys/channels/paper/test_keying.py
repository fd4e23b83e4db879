"""Paper keyed twice: two people, the second without seeing the first, and a third look where
they differ.
"""

from __future__ import annotations

import pytest

from config.accounts.models import User
from surveys.channels.paper import services as paper
from surveys.channels.paper.models import Keying
from surveys.companies import services as companies
from tests import field
from tests.people import person

pytestmark = pytest.mark.django_db

# yes; price and late; not sure which company; 9; yes; 3 hours
TYPED = {
    "repaired": "1",
    "problems": "1 2",
    "company": "0",
    "speed": "9",
    "fixed": "1",
    "hours": "3",
}


@pytest.fixture
def survey():
    made = field.survey()
    paper.number_forms(survey=made, count=3, stratum="城区", psu="m1")
    return made


def clerk(client, name):
    known = User.objects.filter(username=name).first()
    client.force_login(known or person(name, "interviewer"))
    client.cookies["django_language"] = "en"
    return client


def key(client, name, serial="00001-6", **changed):
    return clerk(client, name).post(
        "/surveys/repairs/keying/",
        {"serial": serial, "seconds": "31.5", **TYPED, **changed},
        follow=True,
    )


@pytest.fixture
def serial():
    return paper.serial(1)


def test_two_equal_readings_are_a_response_of_the_sheet(client, survey, serial):
    key(client, "ada", serial)
    assert survey.responses.count() == 0
    said = key(client, "ben", serial).content.decode()

    response = survey.responses.get()
    assert "both readings agree" in said
    assert (response.mode, response.stratum, response.psu, response.status) == (
        "paper",
        "城区",
        "m1",
        "accepted",
    )
    assert response.answers["problems"] == ["price", "late"]
    assert response.answers["company"] == "not_sure"
    assert survey.paper_forms.get(serial=serial).response == response
    assert [keying.seconds for keying in Keying.objects.all()] == [31.5, 31.5]


def test_the_second_reading_is_somebody_elses(client, survey, serial):
    key(client, "ada", serial)

    page = key(client, "ada", serial)

    assert page.status_code == 422
    assert "somebody else keys it" in page.content.decode()
    assert 'value="9"' in page.content.decode(), "what was typed is not lost"


def test_readings_that_differ_are_settled_by_who_looks_at_the_paper(client, survey, serial):
    key(client, "ada", serial)
    key(client, "ben", serial, speed="6", hours="")
    form = survey.paper_forms.get(serial=serial)
    page = clerk(client, "eva").get(f"/surveys/repairs/keying/{form.pk}/").content.decode()
    assert page.count("<fieldset") == 2
    assert survey.responses.count() == 0

    client.post(f"/surveys/repairs/keying/{form.pk}/", {"speed": "2", "hours": "1"})

    assert survey.responses.get().answers["speed"] == "6"
    assert survey.responses.get().answers["hours"] == 3
    assert Keying.objects.count() == 2


def test_a_sheet_that_breaks_the_questionnaires_rules_is_kept_as_rejected(client, survey, serial):
    for name in ("ada", "ben"):
        key(client, name, serial, speed="")

    assert survey.responses.get().status == "rejected"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"serial": "00001-0"}, "has a slip in it"),
        ({"serial": paper.serial(99)}, "No form of this survey"),
        ({"repaired": "7"}, "none of the question"),
        ({"problems": "1 9"}, "none of the question"),
        ({"company": "Ash"}, "none of the question"),
    ],
)
def test_a_slip_is_said_and_nothing_is_kept(client, survey, serial, changed, said):
    page = key(client, "ada", **{"serial": serial, **changed})

    assert page.status_code == 422
    assert said in page.content.decode()
    assert Keying.objects.count() == 0


def test_the_code_of_a_company_stays_when_others_come_and_go(client, survey, serial):
    code = str(survey.companies.get(key="ash").pk)
    key(client, "ada", serial, company=code)
    survey.companies.remove(survey.companies.get(key="elm"))
    survey.companies.add(companies.register(key="aaa", name="一号电器"))

    key(client, "ben", serial, company=code)

    assert survey.responses.get().company.key == "ash"


def test_a_blank_and_a_missing_answer_are_the_same():
    assert paper.differences({"a": "", "b": "1"}, {"b": "1"}) == []
    assert paper.differences({"a": "1"}, {"b": "1"}) == ["a", "b"]


def test_the_core_questionnaire_takes_under_forty_seconds_by_design(tmp_path):
    """The keystroke model of Card, Moran and Newell (1980): .28 s a key for an average typist,
    1.2 s to look up.
    """
    from surveys.channels.paper.keyed import cells
    from surveys.channels.paper.skips import numbered
    from surveys.questionnaires.compiling import compile_workbook
    from surveys.workbooks import make

    make.write_all(tmp_path)
    core = compile_workbook(
        (tmp_path / "appliance-core.xlsx").read_bytes(), "core.xlsx"
    ).questionnaire
    asked = cells(core, [(f"c{i}", str(i), f"公司{i}") for i in range(1, 31)], numbered(core), {})
    # the serial number and Enter; a digit where one is enough, else two and Enter; two of several;
    # Ctrl+Enter
    keys = 8 + 2 + sum(1 if cell.jumps else 4 if cell.several else 3 for cell in asked)

    assert len(asked) == 12
    assert keys * 0.28 + 1.2 * (len(asked) + 1) <= 40
