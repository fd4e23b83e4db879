"""Files of answers, read back with the programs that they are for."""

from __future__ import annotations

import gzip
import io

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from config.accounts.models import User
from config.language.languages import speaking
from surveys.collection import fieldwork
from surveys.collection import services as collection
from surveys.collection.answer_table import KNOWN
from surveys.designing import services as questionnaires
from surveys.responses.exports import made
from tests import field
from tests.people import person
from tests.sheets import RICH_FILES, SURVEY, rich, workbook

pytestmark = pytest.mark.django_db


def file(survey, form, **options):
    user, _made = User.objects.get_or_create(username="ada")
    return b"".join(made(survey, user, form, **{"with_text": True, "codes": True, **options}))


@pytest.fixture
def survey():
    made_ = field.survey()
    field.send(made_, comment="很好", hours="30")
    field.send(made_, speed="na", company="elm", comment="-5 与 =SUM(A1)")
    return made_


def test_csv_has_a_column_for_every_choice_of_several(survey):
    frame = pd.read_csv(io.BytesIO(file(survey, "csv")), encoding="utf-8-sig", dtype=str)

    assert frame["problems/late"].tolist() == ["1", "1"]
    assert frame["problems/price"].tolist() == ["0", "0"]
    assert frame["company"].tolist() == ["ash", "elm"]
    assert frame["late"].tolist() == ["1", "0"]
    assert "receipt" not in frame


def test_what_a_spreadsheet_would_run_is_made_harmless(survey):
    frame = pd.read_csv(io.BytesIO(file(survey, "csv")), encoding="utf-8-sig", dtype=str)

    assert frame["comment"].tolist() == ["很好", "'-5 与 =SUM(A1)"]


def test_what_people_wrote_is_left_out_unless_it_is_asked_for(survey):
    frame = pd.read_csv(io.BytesIO(file(survey, "csv", with_text=False)), encoding="utf-8-sig")

    assert "comment" not in frame


def test_spss_reads_labels_and_numbers(survey, tmp_path):
    path = tmp_path / "answers.sav"
    with speaking("zh-Hans"):
        path.write_bytes(file(survey, "sav"))

    frame, meta = pyreadstat.read_sav(str(path))

    assert frame["speed"].tolist() == [9.0, 999.0]
    assert meta.variable_value_labels["speed"][999.0] == "说不清"
    assert meta.column_names_to_labels["speed"] == "速度"
    assert frame["comment"].tolist() == ["很好", "-5 与 =SUM(A1)"]
    assert meta.variable_measure["speed"] == "nominal"
    assert frame["hours"].tolist()[0] == 30.0


def test_the_codebook_counts_every_value(survey):
    book = pd.read_excel(
        io.BytesIO(file(survey, "xlsx")), sheet_name="codebook", dtype=str, keep_default_na=False
    )

    at = book.index[book["column"] == "repaired"][0]
    assert book.loc[at + 1, ["value", "value_zh", "value_en", "n"]].tolist() == [
        "yes",
        "是",
        "Yes",
        "2",
    ]


def test_a_repeat_has_a_table_of_its_own():
    version = questionnaires.freeze(workbook=rich(), file="rich.xlsx", files=RICH_FILES)
    survey = fieldwork.set_up(
        slug="rich", title=field.ORGANISER, organiser=field.ORGANISER, version=version
    )
    fieldwork.open_now(survey=survey)
    payload = collection.Payload(
        field.uuid4(),
        {"repairs": [{"cost": "3"}, {"cost": "900", "why": "贵"}]},
        field.timezone.now(),
    )
    collection.accept(survey=survey, payload=payload, source=collection.Source("online", "refuse"))

    book = pd.read_excel(io.BytesIO(file(survey, "xlsx")), sheet_name="repairs")

    assert book["cost"].tolist() == [3, 900]
    assert book["_instance"].tolist() == [1, 2]


def test_what_the_platform_knows_has_the_names_of_the_one_table(survey):
    frame = pd.read_csv(io.BytesIO(file(survey, "csv")), encoding="utf-8-sig", dtype=str)

    assert list(frame.columns[:12]) == ["_response", *KNOWN]
    assert frame["_response"].tolist() == ["1", "2"]
    assert frame["_company"].tolist() == ["白蜡电器", "榆树电器"]
    assert frame["_stratum"].tolist() == ["all", "all"]
    assert frame["_weight"].tolist() == ["1", "1"]


def test_a_survey_without_answers_has_its_heads():
    empty = field.survey()

    for form in ("csv", "xlsx", "sav"):
        assert file(empty, form)
    assert b"_company" in file(empty, "csv")


def test_a_workbook_holds_numbers_as_numbers(survey):
    book = openpyxl.load_workbook(io.BytesIO(file(survey, "xlsx")))["answers"]
    heads = [cell.value for cell in book[1]]

    cell = book[2][heads.index("hours")]

    assert (cell.value, cell.data_type) == (30, "n")


def test_more_answers_than_a_workbook_holds_lead_back_with_words(survey, client, monkeypatch):
    monkeypatch.setattr("config.tabular.writers.MOST_ROWS", 2)
    client.force_login(person("ben"))
    client.cookies["django_language"] = "en"

    page = client.get(f"/surveys/{survey.slug}/answers.xlsx", follow=True)

    assert page.redirect_chain
    assert "take it as CSV" in page.content.decode()


def test_the_page_sends_csv_in_pieces(survey, client):
    client.force_login(person("ben"))

    answer = client.get(f"/surveys/{survey.slug}/answers.csv")

    packed = client.get(f"/surveys/{survey.slug}/answers.csv", headers={"Accept-Encoding": "gzip"})

    assert answer.streaming
    assert (
        gzip.decompress(packed.getvalue())
        == client.get(f"/surveys/{survey.slug}/answers.csv").getvalue()
    )
    assert answer.getvalue().startswith(b"\xef\xbb\xbf_response,_day")


def test_a_row_says_what_became_of_it_and_leads_back(survey):
    clerk = person("eva", "interviewer")
    last = survey.responses.last()
    survey.responses.filter(pk=last.pk).update(
        entered_by=clerk, seconds={"you": 12.5, "visit": 30}, row=7
    )
    for number in (1, 2):
        run = survey.quality_runs.create(responses=2)
        run.flags.create(response=last, check_name=f"check_{number}", strength=1)

    frame = pd.read_csv(io.BytesIO(file(survey, "csv")), encoding="utf-8-sig", dtype=str)

    row = frame.iloc[1]
    assert row["_id"] == str(last.uid)
    assert row["_status"] == "accepted"
    assert row["_questionnaire"] == "small@1"
    assert row["_flags"] == "check_2", "of the last time that the checks ran"
    assert row["_submitted_at"].endswith("+08:00")
    assert (row["_seconds"], row["_seconds/you"], row["_seconds/visit"]) == ("42.5", "12.5", "30")
    assert (row["_entered_by"], row["_row"]) == ("eva", "7")
    assert last.receipt not in file(survey, "csv").decode()


def test_what_does_not_count_goes_out_when_it_is_asked_for(survey):
    field.send(survey, flawed="keep", speed="99")
    gone = field.send(survey)
    survey.responses.filter(pk=gone.pk).update(
        status="withdrawn", answers={}, withdrawn_at=field.timezone.now()
    )

    counting, every = (
        pd.read_csv(io.BytesIO(file(survey, "csv", every=every)), encoding="utf-8-sig", dtype=str)
        for every in (False, True)
    )

    assert len(counting) == 2
    assert every["_status"].tolist() == ["accepted", "accepted", "rejected"]
    assert every["speed"].tolist()[2] == "99"


def test_a_calculation_that_quotes_what_people_wrote_is_left_out_with_it():
    quoting = [*SURVEY[:-1], "calculate|quoted|||||||||concat('x', ${comment})", SURVEY[-1]]
    version = questionnaires.freeze(workbook=workbook(quoting), file="quoting.xlsx")
    survey = fieldwork.set_up(
        slug="quoting", title=field.ORGANISER, organiser=field.ORGANISER, version=version
    )

    with_text, without = (file(survey, "csv", with_text=asked) for asked in (True, False))

    assert b"quoted" in with_text
    assert b"quoted" not in without


def test_the_api_sends_the_table_of_a_repeat(client):
    version = questionnaires.freeze(workbook=rich(), file="rich.xlsx", files=RICH_FILES)
    survey = fieldwork.set_up(
        slug="rich", title=field.ORGANISER, organiser=field.ORGANISER, version=version
    )
    fieldwork.open_now(survey=survey)
    payload = collection.Payload(
        field.uuid4(), {"repairs": [{"cost": "3"}, {"cost": "900"}]}, field.timezone.now()
    )
    collection.accept(survey=survey, payload=payload, source=collection.Source("online", "refuse"))
    client.force_login(person("ben"))

    sent = client.get("/api/v1/surveys/rich/responses.csv?repeat=repairs")
    wrong = client.get("/api/v1/surveys/rich/responses.csv?repeat=cost")

    frame = pd.read_csv(io.BytesIO(sent.getvalue()), encoding="utf-8-sig", dtype=str)
    assert frame["cost"].tolist() == ["3", "900"]
    assert frame["_response"].tolist() == ["1", "1"]
    assert wrong.status_code == 400
    assert "repeat" in wrong.content.decode()
