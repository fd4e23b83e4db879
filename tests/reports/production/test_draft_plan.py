"""The plan that the site drafts for a survey follows the answers there are."""

from __future__ import annotations

import pytest

from config.accounts.models import User
from config.language.texts import Text
from reports.data.snapshots.take import take
from reports.plans.validation import parse
from reports.production.services import draft_plan
from surveys.channels.links import services as collectors
from surveys.channels.paper import services as paper
from surveys.collection import services as collection
from surveys.collection.models.response import Response
from tests import field

pytestmark = pytest.mark.django_db


def drafted(survey):
    """Return the drafted plan, read back."""
    return parse(draft_plan(survey, "2026-11-24").encode(), "plan.yaml")


def by(survey, way):
    """Send a response by a collector."""
    payload = collection.Payload(field.uuid4(), field.FULL, submitted_at=field.timezone.now())
    source = collection.Source(Response.Mode.ONLINE, "refuse", collector=way)
    return collection.accept(survey=survey, payload=payload, source=source)


def test_the_drafted_plan_of_80_keyed_paper_forms_can_be_used():
    survey = field.survey()
    paper.number_forms(survey=survey, count=80)
    clerks = [User.objects.create_user(name) for name in ("ada", "ben")]
    for number in range(1, 81):
        for clerk in clerks:
            paper.key(
                survey=survey,
                number=paper.serial(number),
                answers=field.FULL,
                seconds=30,
                by=clerk,
            )

    _plan, snapshot = take(drafted(survey), None)

    assert survey.responses.filter(status="accepted").count() == 80
    assert snapshot.manifest.rows_in == 80
    assert "psu" not in snapshot.frame  # every form is a place of its own


def test_one_stratum_is_none_and_neither_is_a_place_of_each_response():
    survey = field.survey()
    assert drafted(survey).design.psu is None
    field.send(survey)

    assert drafted(survey).design.strata is None
    assert drafted(survey).design.psu is None


def test_places_are_named_where_somebody_was_asked_at_one():
    survey = field.survey()
    field.send(survey)
    mall = collectors.open_way(survey=survey, kind="place", name=Text("商场", "Mall"), psu="m1")

    by(survey, mall)

    assert drafted(survey).design.psu == "_psu"
    assert drafted(survey).design.strata is None


def test_several_strata_are_named_and_a_lonely_place_is_provided_for():
    survey = field.survey()
    for _i in range(2):
        field.send(survey)
    way = collectors.open_way(
        survey=survey, kind="place", name=Text("商场", "Mall"), stratum="城区", psu="m1"
    )
    by(survey, way)

    lonely = drafted(survey).design
    by(
        survey,
        collectors.open_way(
            survey=survey, kind="place", name=Text("二", "Two"), stratum="城区", psu="m2"
        ),
    )

    assert (lonely.strata, lonely.lonely_psu) == ("_stratum", "adjust")
    assert (drafted(survey).design.strata, drafted(survey).design.lonely_psu) == (
        "_stratum",
        "fail",
    )


def test_weights_are_named_where_they_differ_from_1():
    survey = field.survey()
    response = field.send(survey)
    assert drafted(survey).design.weight is None

    Response.objects.filter(pk=response.pk).update(weight=2.5)

    assert drafted(survey).design.weight == "_weight"
    assert "weight: design" in draft_plan(survey, "2026-11-24")
