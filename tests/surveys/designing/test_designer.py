"""The designer's pages: upload, see what is wrong, try, compare, freeze, put in the field, move
on.
"""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from surveys.collection import fieldwork
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.designing import services as questionnaires
from surveys.designing.forms import MoveForm
from surveys.designing.models import Upload
from surveys.forms.models import QuestionnaireVersion
from surveys.questionnaires.comparing import compare
from surveys.questionnaires.compiling import compile_workbook
from tests import field
from tests.pages import html, seen
from tests.people import person
from tests.sheets import CHOICES, INDICATORS, RICH_FILES, SETTINGS, SURVEY, replaced, rich, workbook

NEXT = replaced(SETTINGS, "|small|1", "|small|2")


def compiled(**sheets):
    return compile_workbook(workbook(**sheets), "small.xlsx").questionnaire


def differences(**sheets):
    return {
        d.name: (d.outcome, d.adds_up)
        for d in compare(compiled(), compiled(**sheets))
        if d.outcome != "same"
    }


def test_the_same_questionnaire_differs_in_nothing():
    assert differences(settings=NEXT) == {}


@pytest.mark.parametrize(
    ("sheets", "found"),
    [
        (
            {"survey": replaced(SURVEY, "速度|Speed", "上门速度|Speed")},
            {"speed": ("reworded", True)},
        ),
        ({"survey": replaced(SURVEY, ". >= 0", ". >= 1")}, {"hours": ("reworded", True)}),
        ({"choices": [*CHOICES, "problem|rude|粗鲁|Rude"]}, {"problems": ("reworded", True)}),
        (
            {"choices": [c for c in CHOICES if not c.startswith("problem|price")]},
            {"problems": ("apart", False)},
        ),
        (
            {"survey": replaced(SURVEY, "integer|hours", "decimal|hours")},
            {"hours": ("apart", False)},
        ),
        (
            {"indicators": replaced(INDICATORS, "linear 1 10", "linear 10 1")},
            {"speed": ("apart", False)},
        ),
        ({"survey": replaced(SURVEY, "> 24", "> 48")}, {"late": ("apart", False)}),
        (
            {"survey": [row for row in SURVEY if "comment|" not in row]},
            {"comment": ("removed", False)},
        ),
        (
            {"survey": [*SURVEY[:4], "integer|age|几岁？|Age?", *SURVEY[4:]]},
            {"age": ("added", True)},
        ),
    ],
)
def test_what_changed_and_whether_answers_add_up(sheets, found):
    assert differences(**sheets) == found


def test_a_condition_of_a_group_parts_every_question_in_it():
    found = differences(survey=replaced(SURVEY, "${repaired} = 'yes'", "${repaired} = 'no'"))

    assert found["speed"] == ("apart", False)
    assert "problems" not in found


@pytest.fixture
def office(client, db):
    client.force_login(person("ada"))
    client.cookies["django_language"] = "en"
    return client


def send(client, content, name="small.xlsx", **others):
    files = [
        SimpleUploadedFile(name, content),
        *(SimpleUploadedFile(n, c) for n, c in others.items()),
    ]
    return client.post("/questionnaires/upload/", {"files": files}, follow=True)


def test_problems_stand_at_their_cells_and_nothing_can_be_frozen(office):
    page = send(
        office, workbook(replaced(SURVEY, "${repaired} = 'yes'", "${repared} = 'yes'"))
    ).content.decode()

    assert "row 6, column F (relevant)" in page
    assert "Try it" not in page
    office.post(f"/questionnaires/uploads/{Upload.objects.get().pk}/freeze/")
    assert QuestionnaireVersion.objects.count() == 0


def test_an_upload_of_the_same_name_takes_the_place_of_the_earlier(office):
    send(office, workbook(replaced(SURVEY, "${repaired} = 'yes'", "${x} = 'yes'")))
    page = send(office, workbook()).content.decode()

    assert Upload.objects.count() == 1
    assert "Try it" in page
    assert "修过吗？" in page
    assert "Repaired?" in page


def test_a_step_that_cannot_be_taken_back_asks_first_without_any_script(office):
    survey = field.survey()
    page = html(send(office, workbook(settings=NEXT)))
    freeze = f"/questionnaires/uploads/{Upload.objects.get().pk}/freeze/"
    office.post(freeze)
    version = QuestionnaireVersion.objects.get(version="2")
    after = html(office.get(f"/questionnaires/{version.pk}/"))

    for shown, address, question in (
        (page, freeze, "Freeze it? From then on this version stays as it is."),
        (
            after,
            f"/questionnaires/{version.pk}/move/{survey.slug}/",
            "Let the survey go on with this version?",
        ),
    ):
        asking = re.search(r'<details class="confirm".*?</details>', shown)[0]
        assert f'action="{address}"' in asking
        assert question in asking
        assert "hx-" not in asking


def test_a_preview_says_in_words_what_is_given(office):
    page = html(send(office, workbook()))

    assert '<span class="blank">a whole number</span>' in page
    assert '<span class="blank">整数</span>' in page
    assert "integer" not in page


def test_lists_and_pictures_come_with_the_workbook(office):
    assert "shops.csv did not come" in send(office, rich(), "rich.xlsx").content.decode()
    assert "Try it" in send(office, rich(), "rich.xlsx", **RICH_FILES).content.decode()


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04broken"])
def test_a_file_that_is_no_workbook_is_said(office, content):
    page = send(office, content)

    assert page.status_code == 200
    assert "Excel" in html(page)


def test_a_trial_is_kept_nowhere_and_shows_what_would_be(office):
    send(office, workbook())
    address = f"/questionnaires/uploads/{Upload.objects.get().pk}/try/"

    def go(page, **answers):
        state = re.search(r'name="state" value="([^"]+)"', html(page))[1]
        return office.post(
            address, {"state": state, "go": "next", "shown": list(answers), **answers}
        )

    page = go(office.get(address), repaired="yes", problems=["late"])
    assert go(page, company="not_sure", speed="", fixed="").status_code == 422
    done = html(go(page, company="not_sure", speed="10", fixed="no"))

    assert "What would be kept" in done
    assert "<th>Repaired?</th> <td>Yes</td>" in done
    assert "100.0" in done
    assert Response.objects.count() == 0


def test_frozen_and_put_in_the_field(office):
    send(office, workbook())
    office.post(f"/questionnaires/uploads/{Upload.objects.get().pk}/freeze/")
    version = QuestionnaireVersion.objects.get()

    context = {
        "slug": "repairs",
        "title_zh": "维修",
        "title_en": "Repairs",
        "organiser_zh": "协会",
        "organiser_en": "Association",
    }
    made = office.post(
        f"/questionnaires/{version.pk}/survey/", {**context, "sample": "nonprobability"}
    )

    assert made["Location"] == "/surveys/repairs/"
    assert Survey.objects.get().version == version


def test_a_survey_goes_on_with_a_version_whose_answers_add_up(office):
    survey = field.survey()
    changed = replaced(SURVEY, "速度|Speed", "上门速度|Speed")
    version = questionnaires.freeze(workbook=workbook(changed, settings=NEXT), file="small.xlsx")

    page, move = f"/questionnaires/{version.pk}/", f"/questionnaires/{version.pk}/move/repairs/"
    office.post(move, seen(office, page, move))

    survey.refresh_from_db()
    assert survey.version == version
    assert survey.version_changes.get().apart == ["speed"]


def test_a_survey_does_not_go_on_where_answers_would_not_add_up(office):
    survey = field.survey()
    version = questionnaires.freeze(
        workbook=workbook(replaced(SURVEY, "integer|hours", "decimal|hours"), settings=NEXT),
        file="small.xlsx",
    )

    page = html(office.get(f"/questionnaires/{version.pk}/"))
    opened = MoveForm(survey=survey)["seen"].value()  # the page offers no such step
    office.post(f"/questionnaires/{version.pk}/move/repairs/", {"seen": opened})

    survey.refresh_from_db()
    assert (survey.version.version, version.version) == ("1", "2")
    assert "another kind of question" in page
    with pytest.raises(fieldwork.NotPossible):
        fieldwork.change_version(survey=survey, version=survey.version, by=None)


def test_strangers_see_no_questionnaire(client, db):
    for address in (
        "/questionnaires/",
        "/questionnaires/1/",
        "/questionnaires/uploads/1/",
        "/questionnaires/uploads/1/try/",
    ):
        assert client.get(address).status_code == 302


@pytest.mark.django_db
def test_the_command_finds_lists_beside_the_workbook_and_takes_no_other_file(tmp_path, capsys):
    (tmp_path / "rich.xlsx").write_bytes(rich())
    with pytest.raises(CommandError):
        call_command("questionnaire", "check", str(tmp_path / "rich.xlsx"))
    assert "shops.csv did not come" in capsys.readouterr().out
    (tmp_path / "shops.csv").write_bytes(RICH_FILES["shops.csv"])
    (tmp_path / "secret.csv").write_bytes(b"name,label\n")

    call_command("questionnaire", "freeze", str(tmp_path / "rich.xlsx"))

    assert list(QuestionnaireVersion.objects.get().files) == ["shops.csv"]


def test_the_preview_shows_what_is_asked_inside_a_repeat(office):
    sent = [
        SimpleUploadedFile(name, content)
        for name, content in {"rich.xlsx": rich(), **RICH_FILES}.items()
    ]
    page = html(office.post("/questionnaires/upload/", {"files": sent}, follow=True))
    assert "<code>cost</code>" in page


def test_a_directory_of_workbooks_is_a_table_with_counts(tmp_path, capsys):
    (tmp_path / "good.xlsx").write_bytes(workbook())
    (tmp_path / "deeper").mkdir()
    bad = replaced(SURVEY, "integer|hours", "osm|hours")
    (tmp_path / "deeper" / "bad.xlsx").write_bytes(workbook(survey=bad))
    (tmp_path / "notes.txt").write_text("no workbook")

    with pytest.raises(CommandError) as error:
        call_command("questionnaire", "check", str(tmp_path))

    said = capsys.readouterr().out.splitlines()
    assert said[0] == "deeper/bad.xlsx: refused"
    assert "row 10, column A (type): the type osm is not supported" in said[1]
    assert said[-2:] == [
        "good.xlsx: compiles",
        "2 workbooks: 1 compile, 1 refused, 0 cannot be read",
    ]
    assert error.value.returncode == 1


def test_a_directory_in_which_every_workbook_compiles_is_fine(tmp_path, capsys):
    (tmp_path / "good.xlsx").write_bytes(workbook())

    call_command("questionnaire", "check", str(tmp_path))

    assert "1 workbooks: 1 compile" in capsys.readouterr().out
