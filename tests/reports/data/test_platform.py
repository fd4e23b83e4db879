"""A survey of the platform as a table of texts."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pandas as pd
import pytest

from config.language.problems import InvalidInput
from reports.data.snapshots.snapshot import freeze
from reports.data.sources import platform
from reports.plans.plan import KINDS
from reports.plans.validation import parse
from reports.production.services import draft_plan
from reports.ranking.result import compute
from reports.topline import result as topline
from reports.topline import snapshot as topline_snapshot
from surveys.collection import fieldwork
from surveys.collection import services as collection
from surveys.collection.models.response import Response
from surveys.companies.models import Company
from surveys.designing import services as questionnaires
from tests import field
from tests.sheets import RICH_FILES, rich

pytestmark = pytest.mark.django_db


def test_a_day_is_the_day_in_china():
    survey = field.survey()
    evening = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)  # half past one on the 21st in Taiyuan
    payload = collection.Payload(uuid4(), field.FULL, submitted_at=evening)
    collection.accept(
        survey=survey, payload=payload, source=collection.Source(Response.Mode.PAPER, "keep")
    )

    assert platform.answers(survey).table.frame["_day"].tolist() == ["2026-11-21"]


def test_rejected_sheets_and_written_answers_are_not_in_it():
    survey = field.survey()
    field.send(survey, comment="my name is")
    field.send(survey, mode="paper", flawed="keep", speed="12")

    frame = platform.answers(survey).table.frame

    assert len(frame) == 1
    assert "comment" not in frame
    assert frame["_company"].tolist() == ["白蜡电器"]
    assert frame["_scored.repair"].tolist() == ["0"]


def test_what_people_wrote_where_they_are_and_their_pictures_stay_in_the_database():
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

    frame = platform.answers(survey).table.frame

    assert frame["city"].tolist() == ["ty"]
    assert frame["total"].tolist() == ["3"]
    assert not {"place", "photo", "last", "repairs"} & set(frame.columns)
    assert "写的话" not in frame.to_csv()
    assert "place" not in {
        result.question.name for result in topline.compute(topline_snapshot.freeze(survey)).results
    }


PLAN = """title: {zh-Hans: 维修, en: Repairs}
date: 2026-11-24
sample: nonprobability
source: {kind: survey, survey: repairs}
questionnaire: NAME
company: {kinds: [street]}
"""


def test_the_plan_says_which_kind_of_company_is_ranked():
    survey = field.survey()
    Company.objects.filter(key="elm").update(kind="street")
    for key in ("ash", "ash", "elm", "not_sure"):
        field.send(survey, company=key)
    plan = parse(PLAN.replace("NAME", str(survey.version)).encode(), "plan.yaml")

    _whole, table = platform.table(plan)

    assert [None if pd.isna(x) else x for x in table.frame["out"]] == [
        "other_kind",
        "other_kind",
        None,
        "no_company",
    ]
    assert table.frame["company"][2] == "榆树电器"


def test_a_first_plan_names_a_kind_where_there_are_several():
    survey = field.survey()
    assert "kinds" not in draft_plan(survey, "2026-11-24")
    Company.objects.filter(key="elm").update(kind="street")
    drafted = draft_plan(survey, "2026-11-24")
    assert parse(drafted.encode(), "plan.yaml").company.kinds == ("brand",)
    assert "street" in drafted


def test_plans_know_the_kinds_that_companies_have():
    assert tuple(Company.Kind.values) == KINDS


@pytest.mark.parametrize(
    ("company", "source", "said"),
    [
        ("{kinds: [palace]}", "{kind: survey, survey: repairs}", "must be one of"),
        ("{column: brand}", "{kind: survey, survey: repairs}", "kinds"),
        ("{kinds: [brand]}", "{kind: campaign, campaign: visits, unit: vendor}", "source.unit"),
    ],
)
def test_what_a_plan_cannot_say_about_companies_of_the_platform(company, source, said):
    text = PLAN.replace("{kind: survey, survey: repairs}", source).replace(
        "{kinds: [street]}", company
    )
    with pytest.raises(InvalidInput, match=said):
        parse(text.replace("NAME", "small@1").encode(), "plan.yaml")


def test_a_survey_is_weighted_and_adjusted_by_its_mode():
    survey = field.survey()
    for i in range(60):
        mode = "paper" if i % 3 else "online"
        speed = 4 + i % 3 + (3 if mode == "paper" else 0)
        field.send(survey, mode=mode, company=("ash", "elm")[i % 2], speed=str(speed))
    asked = (
        "adjust: _mode\nanalyses: [consistency, sensitivity]\ngates: {n: 10}\n"
        "weights: {margins: {_mode: {online: 1, paper: 1}}}\n"
    )
    text = PLAN.replace("NAME", str(survey.version)).replace("company: {kinds: [street]}\n", asked)

    whole, table = platform.table(parse(text.encode(), "plan.yaml"))
    found = compute(whole, freeze(whole, table)).beside

    assert [(c.name, c.before, c.after) for c in found.weights.margins[0].categories] == [
        ("online", pytest.approx(1 / 3), pytest.approx(1 / 2)),
        ("paper", pytest.approx(2 / 3), pytest.approx(1 / 2)),
    ]
    (mode,) = found.adjusted.adjusters
    assert [(effect.category, effect.reference) for effect in mode.effects] == [("online", "paper")]
    assert mode.effects[0].points < 0
    assert mode.p < 0.001
    assert [part.label for part in found.consistency] == [None]
    # the parts weigh 40 and 60
    assert [v.without.en if v.without else None for v in found.sensitivity] == [
        *(None, "Response", "Repair")
    ]


def test_who_was_never_asked_is_told_from_who_named_nobody():
    survey = field.survey()
    field.send(survey)
    field.send(survey, company="not_sure")
    field.send(survey, repaired="no", company=None, speed=None, fixed=None)
    plan = parse(
        PLAN.replace("company: {kinds: [street]}\n", "")
        .replace("NAME", str(survey.version))
        .encode(),
        "plan.yaml",
    )

    _whole, table = platform.table(plan)

    found = [None if pd.isna(x) else x for x in table.frame["out"]]
    assert found == [None, "no_company", "never_asked"]
    assert table.english == {"白蜡电器": "Ash", "榆树电器": "Elm"}
