"""Paper keyed twice: two people, the second without seeing the first, and a third look where
they differ.
"""

from __future__ import annotations

import pytest

from config.accounts.models import AuditEvent, User
from config.language.texts import Text
from surveys.channels.paper import services as paper
from surveys.channels.paper.models import Keying
from surveys.collection import fieldwork
from surveys.companies import services as companies
from surveys.designing import services as questionnaires
from tests import field
from tests.people import person
from tests.sheets import SURVEY, workbook

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

# as a Chinese keyboard may write digits
WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")


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


def test_a_third_answer_is_what_the_paper_says(client, survey, serial):
    key(client, "ada", serial)
    key(client, "ben", serial, speed="6", problems="2")
    address = f"/surveys/repairs/keying/{survey.paper_forms.get(serial=serial).pk}/"
    page = clerk(client, "eva").get(address).content.decode()
    assert "1 Price · 2 Late" in page
    assert "9 9" not in page, "a number stands for itself"

    for given, said in (
        ({"speed": "3", "speed:third": "11"}, "none of the question"),
        ({"speed": "3"}, "Write what the paper says"),
        ({"speed": "1", "speed:third": "7"}, "take this back"),
    ):
        refused = client.post(address, {"problems": "2", **given})
        assert refused.status_code == 422
        assert said in refused.content.decode()
        assert survey.responses.count() == 0
    client.post(address, {"speed": "3", "speed:third": "７", "problems": "2"})

    assert survey.responses.get().answers["speed"] == "7"
    assert survey.responses.get().answers["problems"] == ["late"]


def test_a_question_that_the_paper_leaves_blank_is_settled_as_blank(client, survey, serial):
    key(client, "ada", serial)
    key(client, "ben", serial, hours="5")
    address = f"/surveys/repairs/keying/{survey.paper_forms.get(serial=serial).pk}/"

    clerk(client, "eva").post(address, {"hours": "0"})

    assert "hours" not in survey.responses.get().answers


def test_what_does_not_count_is_said_with_its_reasons(client, survey, serial):
    key(client, "ada", serial, speed="")

    page = key(client, "ben", serial, speed="").content.decode()

    assert f"{serial} is kept and does not count: Speed: please answer this question" in page


def test_a_form_that_is_settled_and_does_not_count_says_so(client, survey, serial):
    key(client, "ada", serial, speed="")
    key(client, "ben", serial, speed="", hours="5")
    address = f"/surveys/repairs/keying/{survey.paper_forms.get(serial=serial).pk}/"

    page = clerk(client, "eva").post(address, {"hours": "1"}, follow=True).content.decode()

    assert "does not count: Speed" in page


def test_the_last_form_is_mended_by_who_keyed_it(client, survey, serial):
    key(client, "ben", serial)
    key(client, "ada", serial, speed="6", company="00", company_other="某家")
    page = clerk(client, "ada").get("/surveys/repairs/keying/").content.decode()
    assert f"Mend {serial}" in page

    mending = client.get("/surveys/repairs/keying/?mend=1").content.decode()
    assert 'value="6"' in mending
    assert 'value="某家"' in mending
    page = client.post(
        "/surveys/repairs/keying/?mend=1", {"serial": serial, **TYPED}, follow=True
    ).content.decode()

    assert "both readings agree" in page
    assert survey.responses.get().answers["speed"] == "9"
    assert AuditEvent.objects.get(action="form.mend").after["questions"] == [
        "company",
        "company_other",
        "speed",
    ]


def test_what_is_taken_in_or_was_keyed_by_another_is_not_mended(client, survey, serial):
    key(client, "ada", serial)
    other = clerk(client, "ben")

    assert other.get("/surveys/repairs/keying/?mend=1").status_code == 302
    with pytest.raises(paper.NotYours):
        paper.mend(survey=survey, number=serial, answers={}, seconds=0, by=User.objects.last())
    key(client, "ben", serial)
    assert client.get("/surveys/repairs/keying/?mend=1").status_code == 302
    assert survey.responses.get().answers["speed"] == "9"


def test_another_form_keyed_since_is_not_mended_in_place_of_the_one_that_was_open(client, survey):
    key(client, "ada", paper.serial(1))
    key(client, "ada", paper.serial(2))

    page = client.post("/surveys/repairs/keying/?mend=1", {"serial": paper.serial(1), **TYPED})

    assert page.status_code == 422
    assert "keyed another form since" in page.content.decode()


def test_a_company_that_is_not_listed_is_keyed_as_it_is_written(client, survey, serial):
    for name in ("ada", "ben"):
        key(client, name, serial, company="00", company_other="某家小店")

    response = survey.responses.get()
    assert response.status == "accepted"
    assert response.answers["company_other"] == "某家小店"
    page = key(client, "ada", paper.serial(2), company="0", company_other="某家")
    assert page.status_code == 422
    assert "only with the code 00" in page.content.decode()


def test_every_company_stands_beside_its_code_and_is_found_by_its_name(client, survey):
    made = [companies.register(key=f"c{i}", name=f"企业{i}") for i in range(40)]
    survey.companies.add(*made)
    codes = {str(c.pk): c.name_en or c.name for c in survey.companies.all()}

    page = clerk(client, "ada").get("/surveys/repairs/keying/").content.decode()
    for code, name in codes.items():
        assert f"<b>{code}</b> {name}" in " ".join(page.split())

    found = key(client, "ada", company="baila")
    listed = found.content.decode().split("<details")[1].split("</details>")[0]
    assert listed.count("<li") == 1
    assert "Ash" in listed


def test_the_code_of_a_company_that_was_merged_is_that_of_the_other(client, survey, serial):
    ash, elm = (survey.companies.get(key=key) for key in ("ash", "elm"))
    companies.merge(company=ash, into=elm, reason="同一家", by=None)

    for name in ("ada", "ben"):
        key(client, name, serial, company=str(ash.pk))

    assert survey.responses.get().company == elm


def test_digits_of_a_chinese_keyboard_are_digits_and_the_order_of_several_says_nothing(
    client, survey, serial
):
    key(client, "ada", serial, problems="2，1", speed="９")
    key(client, "ben", serial.translate(WIDE), problems="1、2")

    assert survey.responses.get().answers["problems"] == ["price", "late"]


def test_a_question_may_be_called_as_a_field_of_the_page(client):
    asked = [*SURVEY[:-1], "text|serial|机身号|Serial", SURVEY[-1]]
    version = questionnaires.freeze(workbook=workbook(asked), file="serial.xlsx")
    survey = fieldwork.set_up(
        slug="serial", title=field.ORGANISER, organiser=field.ORGANISER, version=version
    )
    fieldwork.open_now(survey=survey)
    number = paper.number_forms(survey=survey, count=1)[0]

    clerk(client, "ada").post(
        "/surveys/serial/keying/", {"serial": number, **TYPED, "q:serial": "A-1"}
    )

    assert Keying.objects.get().answers["serial"] == "A-1"


def test_a_blank_and_a_missing_answer_are_the_same():
    assert paper.differences({"a": "", "b": "1"}, {"b": "1"}) == []
    assert paper.differences({"a": "1"}, {"b": "1"}) == ["a", "b"]


def test_the_core_questionnaire_takes_under_forty_seconds_by_design(tmp_path):
    """The keystroke model of Card, Moran and Newell (1980): .28 s a key for an average typist,
    1.2 s to look up.
    """
    from surveys.channels.paper.keyed import Coded, cells
    from surveys.channels.paper.skips import numbered
    from surveys.questionnaires.compiling import compile_workbook
    from surveys.workbooks import make

    make.write_all(tmp_path)
    core = compile_workbook(
        (tmp_path / "appliance-core.xlsx").read_bytes(), "core.xlsx"
    ).questionnaire
    offered = [Coded(f"c{i}", str(i), Text(f"企业{i}", f"Company {i}")) for i in range(1, 31)]
    # who wrote another company is passed over where there is none
    asked = [c for c in cells(core, offered, numbered(core), "zh-Hans") if not c.follows]
    # the serial number and Enter; a digit where one is enough, else two and Enter; two of several;
    # Ctrl+Enter
    keys = 8 + 2 + sum(1 if cell.jumps else 4 if cell.several else 3 for cell in asked)

    assert len(asked) == 12
    assert keys * 0.28 + 1.2 * (len(asked) + 1) <= 40
