"""What is frozen of a campaign: a row a site, people as codes, small types of site as the rest."""

from __future__ import annotations

import io
from uuid import uuid4

import pyarrow.parquet as pq
import pytest
from django.core.management import call_command

from config.accounts.models import User
from config.language.problems import InvalidInput
from inspections.visits import services as visits
from reports.inspection import result as inspection
from reports.inspection import snapshot as inspection_snapshot
from surveys.collection.models.response import Response
from tests import field

pytestmark = pytest.mark.django_db

FAULTY = {**field.FULL, "company": "not_sure"}


@pytest.fixture
def campaign():
    return field.campaign()


def visit(campaign, site, day=20, **changed):
    values = {
        "uid": uuid4(),
        "answers": FAULTY,
        "visited_at": field.noon(day),
        "inspectors": [],
        "site": campaign.sites.all()[site],
    }
    return visits.record(campaign=campaign, **{**values, **changed})


def frame(campaign):
    content = inspection_snapshot.freeze(campaign).content
    return pq.read_table(io.BytesIO(content)).to_pandas()


def test_a_revisit_stands_in_the_row_of_its_first_visit(campaign):
    first = visit(campaign, 0)
    visit(campaign, 0, day=22, revisit_of=first)
    visit(campaign, 0, day=25, revisit_of=first, answers={**FAULTY, "fixed": "yes"})
    visit(campaign, 1)

    found = frame(campaign)
    result = inspection.compute(inspection_snapshot.freeze(campaign))

    assert found["_findings"].tolist() == ["repair", "repair"]
    assert found["_critical"].tolist() == ["repair", "repair"]
    assert found["_revisits"].tolist() == ["2", "0"]
    assert found["_findings_left"].tolist() == ["", ""]
    again, fixed = result.revisits[0].figures
    assert (again.x, again.n, fixed.x, fixed.n) == (1, 2, 1, 1)


def test_people_are_codes_and_counted_once(campaign):
    ada, ben, cleo = (User.objects.create_user(name) for name in ("ada", "ben", "cleo"))
    visit(campaign, 0, inspectors=[ada, cleo])
    visit(campaign, 1, inspectors=[cleo, ben])

    found = frame(campaign)

    assert sorted(" ".join(found["_inspectors"]).split()) == ["1", "2", "2", "3"]
    assert inspection.compute(inspection_snapshot.freeze(campaign)).inspectors == 3


def test_a_type_of_site_with_few_visits_goes_with_the_others(campaign):
    campaign.sites.filter(name__startswith="0").update(kind="petrol_station")
    for site in range(3):
        visit(campaign, site)

    snapshot = inspection_snapshot.freeze(campaign)

    assert set(frame(campaign)["_site_type"]) == {"其他场所 Other sites"}
    assert b"petrol" not in snapshot.content
    assert b"car park" not in snapshot.content


def test_a_visit_that_was_removed_in_cleaning_does_not_count(campaign):
    gone = visit(campaign, 0)
    visit(campaign, 1)
    Response.objects.filter(pk=gone.response_id).update(status="removed")

    manifest = inspection_snapshot.freeze(campaign).manifest

    assert (manifest.rows_read, manifest.rows_in, manifest.rows_out) == (2, 1, {"removed": 1})


def test_a_revisit_that_was_removed_in_cleaning_mends_nothing(campaign):
    first = visit(campaign, 0)
    gone = visit(campaign, 0, day=22, revisit_of=first, answers={**FAULTY, "fixed": "yes"})
    Response.objects.filter(pk=gone.response_id).update(status="removed")

    assert frame(campaign)["_revisits"].tolist() == ["0"]


def test_a_campaign_without_visits_is_an_error(campaign):
    with pytest.raises(InvalidInput, match="no visits yet"):
        inspection_snapshot.freeze(campaign)


def test_the_command_makes_the_same_files_from_the_published_snapshot(campaign, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    first = visit(campaign, 0)
    visit(campaign, 0, day=22, revisit_of=first)
    call_command("inspection", "visits", out=one)
    first.findings.all().delete()

    call_command("inspection", str(one / "snapshot.parquet"), out=two)

    assert {path.name: path.read_bytes() for path in one.iterdir()} == {
        path.name: path.read_bytes() for path in two.iterdir()
    }
