"""Every response has a stratum, a place and a weight, whatever channel it came by."""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from uuid import uuid4

import pandas as pd
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from config.accounts.models import User
from config.language.texts import Text
from config.tabular.tables import TextTable
from inspections.visits import services as visits
from surveys.channels.files import mapping as mappings
from surveys.channels.files import services as imports
from surveys.channels.invitations import services as invitations
from surveys.channels.links import services as collectors
from surveys.channels.paper import services as paper
from surveys.channels.telephone import services as calls
from surveys.collection import fieldwork, sampling
from surveys.collection.models.response import Response
from surveys.collection.selectors import questionnaire_of
from surveys.designing import services as questionnaires
from tests import field
from tests.people import person
from tests.sheets import workbook
from tests.surveys.respondent.test_page import LAST, begun, post

pytestmark = pytest.mark.django_db

FILE = "repaired,problems,company,speed,fixed,layer\nyes,late,ash,9,no,\nyes,late,ash,9,no,north\n"
MAPPING = """\
mode: telephone
date: 2026-11-20
stratum: layer
questions:
  repaired: {column: repaired}
  problems: {column: problems}
  company: {column: company}
  speed: {column: speed}
  fixed: {column: fixed}
"""


def invite(survey, **columns):
    """Invite one person and return the token of the link."""
    table = TextTable("people.csv", pd.DataFrame({"name": ["a"], **columns}))
    made = invitations.invite(survey=survey, batch="june", table=table, address=lambda t: t)
    return made["link"][0]


def by_page(client, address="/s/repairs/"):
    """Answer the page at an address and return the response."""
    page = post(client, begun(client, address=address), repaired="yes", problems=["late"])
    post(client, page, **LAST)
    return Response.objects.get()


def stands(response):
    return response.stratum, response.psu, response.weight


def test_who_comes_by_the_page_is_a_place_alone_in_the_one_stratum(client):
    field.survey()

    response = by_page(client)

    assert stands(response) == (sampling.ALL, f"own:{response.uid.hex}", 1.0)


def test_who_comes_by_a_poster_stands_where_it_hangs(client):
    way = collectors.open_way(
        survey=field.survey(), kind="place", name=Text("商场", "Mall"), stratum="城区", psu="m1"
    )

    assert stands(by_page(client, f"/q/{way.code}/")) == ("城区", "m1", 1.0)


def test_who_was_invited_has_the_weight_of_the_draw(client):
    token = invite(field.survey(), weight=["2.5"], stratum=["north"])

    response = by_page(client, f"/i/{token}/")

    assert stands(response) == ("north", f"own:{response.uid.hex}", 2.5)


def test_who_was_called_has_the_weight_of_the_draw(client):
    survey, ada = field.survey(sample="probability"), person("ada")
    invite(survey, weight=["3"], psu=["village"])
    client.force_login(ada)
    case = calls.take_next(survey=survey, by=ada)
    sheet = client.post(f"/surveys/{survey.slug}/calls/{case.pk}/interview/").url
    page = post(client, client.get(sheet), repaired="yes", problems=["late"])
    post(client, page, **LAST)

    response = Response.objects.get()

    assert response.mode == "telephone"
    assert stands(response) == (sampling.ALL, "village", 3.0)


def test_a_paper_form_without_a_place_is_one_of_its_own():
    survey = field.survey()
    paper.number_forms(survey=survey, count=2)
    for number in (1, 2):
        for name in ("ada", "ben"):
            clerk, _made = User.objects.get_or_create(username=name)
            paper.key(
                survey=survey,
                number=paper.serial(number),
                answers=field.FULL,
                seconds=30,
                by=clerk,
            )

    one, other = survey.responses.all()

    assert one.stratum == other.stratum == sampling.ALL
    assert one.psu == f"own:{one.uid.hex}" != other.psu


def test_a_row_of_a_file_has_the_stratum_of_its_column_or_the_one_there_is():
    survey = field.survey()
    mapping = mappings.parse(MAPPING.encode(), "m.yaml", questionnaire_of(survey))
    imports.take_in(survey=survey, content=FILE.encode(), name="rows.csv", mapping=mapping)

    without, given = survey.responses.all()

    assert stands(without) == (sampling.ALL, f"own:{without.uid.hex}", 1.0)
    assert given.stratum == "north"


def test_a_rejected_row_stands_in_the_sample_too():
    response = field.send(field.survey(), mode="paper", flawed="keep", speed="12")

    assert response.status == "rejected"
    assert response.stratum == sampling.ALL


def test_a_visit_stands_with_its_type_of_site_and_its_day():
    campaign = field.campaign()
    site = campaign.sites.first()

    visit = visits.record(
        campaign=campaign,
        site=site,
        uid=uuid4(),
        answers={**field.FULL, "company": "not_sure"},
        visited_at=field.noon(20),
        inspectors=[],
    )

    assert stands(visit.response) == ("car_park", f"{site.pk}:2026-11-20", 1.0)


def test_a_name_of_blanks_is_no_name_and_a_long_one_is_cut():
    uid = uuid4()

    found = sampling.place(uid, stratum=" \t", psu="x" * 80)

    assert (found.stratum, found.psu) == (sampling.ALL, "x" * 60)


@pytest.mark.parametrize("wrong", [{"stratum": ""}, {"psu": ""}, {"weight": 0.0}, {"weight": -1}])
def test_the_database_itself_wants_a_place_in_the_sample(wrong):
    response = field.send(field.survey())

    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.filter(pk=response.pk).update(**wrong)


@contextmanager
def without_the_constraint():
    """Let the database take responses of before, as the migration finds them."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
    else:
        with connection.schema_editor() as editor:
            constraint = next(c for c in Response._meta.constraints if "sample" in c.name)
            editor.remove_constraint(Response, constraint)
    try:
        yield import_module("surveys.migrations.0009_sampling")
    finally:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA ignore_check_constraints = OFF")


def old_responses():
    """Return a survey of before in which four responses came without a place of their own."""
    version = questionnaires.freeze(workbook=workbook(), file="small.xlsx")
    survey = fieldwork.set_up(
        slug="old", title=field.ORGANISER, organiser=field.ORGANISER, version=version
    )
    collector = collectors.open_way(
        survey=survey, kind="place", name=Text("商场", "Mall"), psu="m1"
    )
    made = []
    for stratum, psu, way in (
        ("", "", None),
        ("online", "online:{}", None),
        ("online", "m1", collector),
        ("online", "online:7", None),
    ):
        uid = uuid4()
        made.append(
            Response.objects.create(
                uid=uid,
                survey=survey,
                version=version,
                status="accepted",
                receipt=uid.hex[:12],
                answers={},
                mode="online",
                stratum=stratum,
                psu=psu.format(uid),
                collector=way,
                submitted_at=timezone.now(),
            )
        )
    return survey, made


def test_responses_of_before_are_given_their_place():
    with without_the_constraint() as migration:
        survey, made = old_responses()
        survey.targets.create(stratum="online", wanted=5)
        migration.fill(apps, None)

    found = [(r.stratum, r.psu) for r in Response.objects.order_by("pk")]
    assert found == [
        ("all", f"own:{made[0].uid.hex}"),
        ("all", f"online:{made[1].uid}"),
        ("all", "m1"),
        ("online", "online:7"),
    ]
    assert survey.targets.get().stratum == "all"


def test_a_stratum_that_somebody_named_online_stays():
    with without_the_constraint() as migration:
        survey, _made = old_responses()
        collectors.open_way(survey=survey, kind="link", name=Text("网", "Net"), stratum="online")
        migration.fill(apps, None)

    assert Response.objects.filter(stratum="online").count() == 3
