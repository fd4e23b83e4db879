"""The one table of answers: its names, what stays out of it, merged companies, chunks."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pandas as pd
import pytest

from reports.data.sources import platform
from surveys.collection import answer_table, fieldwork
from surveys.collection import services as collection
from surveys.collection.models.response import Response
from surveys.collection.selectors import questionnaire_of
from surveys.companies.models import Company
from surveys.designing import services as questionnaires
from surveys.quality import services as cleaning
from surveys.responses import frames
from tests import field
from tests.sheets import RICH_FILES, SURVEY, rich, workbook

pytestmark = pytest.mark.django_db


def table(survey, **options):
    """Return the whole table of a survey."""
    found = answer_table.chunks(survey.responses.all(), questionnaire_of(survey), **options)
    return pd.concat([chunk.frame for chunk in found])


def test_a_response_is_a_row_of_texts_under_the_one_set_of_names():
    survey = field.survey()
    response = field.send(survey, problems=["late", "price"])

    frame = table(survey)

    assert list(frame.columns) == answer_table.columns(questionnaire_of(survey))
    assert frame.iloc[0][list(answer_table.KNOWN)].to_dict() == {
        "_day": response.submitted_at.astimezone(field.timezone.get_current_timezone())
        .date()
        .isoformat(),
        "_mode": "online",
        "_language": "",
        "_area": "",
        "_city": "",
        "_company": "白蜡电器",
        "_company_kind": "brand",
        "_stratum": "all",
        "_psu": f"own:{response.uid.hex}",
        "_weight": "1",
        "_collector": "",
    }
    assert frame["problems"].tolist() == ["late price"]
    assert frame["speed"].tolist() == ["9"]


def test_a_rating_is_scored_as_it_was_given_and_a_choice_by_its_points():
    survey = field.survey()
    field.send(survey)
    field.send(survey, speed="na", fixed="yes")

    frame = table(survey)
    leaves = {leaf.name: leaf for leaf in questionnaire_of(survey).leaves()}

    assert frame["_scored.quick"].tolist() == ["9", ""]
    assert frame["_scored.repair"].tolist() == ["0", "100"]
    points = answer_table.points(leaves["quick"], frame)
    assert points.iloc[0] == pytest.approx(100 * 8 / 9)
    assert pd.isna(points.iloc[1])


def test_chunks_number_their_rows_through_and_say_the_same():
    survey = field.survey()
    for hours in range(5):
        field.send(survey, hours=str(hours))

    whole, parts = table(survey), table(survey, size=2)

    assert parts.index.tolist() == [1, 2, 3, 4, 5]
    assert parts["hours"].tolist() == ["0", "1", "2", "3", "4"]
    pd.testing.assert_frame_equal(whole, parts, check_index_type=False)


def test_only_as_many_responses_as_a_chunk_are_held_at_a_time():
    survey = field.survey()
    for _i in range(5):
        field.send(survey)

    chunks = answer_table.chunks(survey.responses.all(), questionnaire_of(survey), size=2)

    assert [len(chunk.responses) for chunk in chunks] == [2, 2, 1]


def rich_survey():
    """Return a survey with one response that says who and where somebody is."""
    version = questionnaires.freeze(workbook=rich(), file="rich.xlsx", files=RICH_FILES)
    survey = fieldwork.set_up(
        slug="rich", title=field.ORGANISER, organiser=field.ORGANISER, version=version
    )
    fieldwork.open_now(survey=survey)
    given = {
        "city": "ty",
        "place": "37.87 112.55",
        "photo": "a" * 64,
        "last": "写的话",
        "repairs": [{"cost": "3", "why": ""}],
    }
    payload = collection.Payload(uuid4(), given, datetime.now(UTC))
    collection.accept(survey=survey, payload=payload, source=collection.Source("online", "refuse"))
    return survey


def test_what_may_say_who_or_where_somebody_is_comes_only_when_it_is_asked_for():
    survey = rich_survey()

    public, private = table(survey), table(survey, private=True)

    assert not {"place", "photo", "last", "repairs"} & set(public.columns)
    assert private["last"].tolist() == ["写的话"]
    assert private["place"].tolist() == ["37.87 112.55 0 0"]
    assert "repairs" not in private


def test_no_receipt_is_in_it():
    survey = rich_survey()

    assert survey.responses.get().receipt not in table(survey, private=True).to_csv()


def test_answers_about_a_merged_company_count_for_the_other_one_everywhere():
    survey = field.survey()
    field.send(survey, company="ash")
    field.send(survey, company="elm")
    elm = Company.objects.get(key="elm")
    Company.objects.filter(key="ash").update(merged_into=elm)

    exported = pd.concat(
        frames.frames(survey.responses.all(), survey, frames.columns_of(survey, with_text=False))
    )
    _keys, checked = cleaning.columns_of(survey.responses.all(), questionnaire_of(survey))

    assert table(survey)["_company"].tolist() == ["榆树电器"] * 2
    assert exported["_company"].tolist() == ["榆树电器"] * 2
    assert platform.answers(survey).table.frame["_company"].tolist() == ["榆树电器"] * 2
    assert [(effect.company, effect.before) for effect in cleaning.effects(survey)] == [
        ("榆树电器", 2)
    ]
    assert checked.company.tolist() == [0, 0]


def test_the_points_of_cleaning_are_those_of_the_table():
    survey = field.survey()
    field.send(survey)

    keys, checked = cleaning.columns_of(survey.responses.all(), questionnaire_of(survey))

    expected = [
        answer_table.points(leaf, table(survey)).iloc[0]
        for leaf in questionnaire_of(survey).leaves()
    ]
    assert keys == [Response.objects.get().pk]
    assert checked.items[0].tolist() == expected


def test_a_survey_without_answers_has_no_chunk_and_nothing_to_check():
    survey = field.survey()

    keys, checked = cleaning.columns_of(survey.responses.all(), questionnaire_of(survey))

    assert list(answer_table.chunks(survey.responses.all(), questionnaire_of(survey))) == []
    assert keys == []
    assert len(checked) == 0


def test_a_calculation_that_quotes_what_was_written_stays_with_it():
    quoting = [
        "calculate|quote|||||||||concat(${comment}, '!')",
        "calculate|again|||||||||concat(${quote}, '?')",
    ]
    made = questionnaires.freeze(
        workbook=workbook(survey=[*SURVEY, *quoting]), file="small.xlsx"
    ).questionnaire

    public, private = (answer_table.questions(made, private=given) for given in (False, True))

    assert "late" in public
    assert {"quote", "again"} & set(public) == set()
    assert {"quote", "again"} <= set(private)
