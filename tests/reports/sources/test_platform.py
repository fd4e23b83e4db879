"""A survey of the platform as a table of texts."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from reports import topline
from reports.sources import platform
from surveys.models import Response
from surveys.services import collection, fieldwork, questionnaires
from tests import field
from tests.sheets import RICH_FILES, rich

pytestmark = pytest.mark.django_db


def test_a_day_is_the_day_in_china():
    survey = field.survey()
    evening = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)  # half past one on the 21st in Taiyuan
    payload = collection.Payload(uuid4(), field.FULL, submitted_at=evening)
    collection.accept(survey=survey, payload=payload, source=collection.Source(Response.Mode.PAPER, "keep"))

    assert platform.answers(survey).table.frame["_day"].tolist() == ["2026-11-21"]


def test_rejected_sheets_and_written_answers_are_not_in_it():
    survey = field.survey()
    field.send(survey, comment="my name is")
    field.send(survey, mode="paper", flawed="keep", speed="12")

    frame = platform.answers(survey).table.frame

    assert len(frame) == 1
    assert "comment" not in frame or frame["comment"].tolist() == [""]
    assert frame["_company"].tolist() == ["白蜡电器"]
    assert frame["_scored.repair"].tolist() == ["0"]


def test_what_people_wrote_where_they_are_and_their_pictures_stay_in_the_database():
    version = questionnaires.freeze(workbook=rich(), file="rich.xlsx", files=RICH_FILES)
    survey = fieldwork.set_up(slug="rich", title=field.ORGANISER, organiser=field.ORGANISER, version=version)
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

    frame = platform.answers(survey).table.frame

    assert frame["city"].tolist() == ["ty"]
    assert frame["total"].tolist() == ["3"]
    assert not {"place", "photo", "last", "repairs"} & set(frame.columns)
    assert "写的话" not in frame.to_csv()
    assert "place" not in {result.question.name for result in topline.compute(platform.answers(survey)).results}
