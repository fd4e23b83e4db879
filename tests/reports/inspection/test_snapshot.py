"""What is frozen of a campaign: a row a site, people as codes, small types of site as the rest."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from uuid import uuid4

import pyarrow.parquet as pq
import pytest
from django.core.management import call_command
from django.template.loader import render_to_string

from config.accounts.models import User
from config.language.languages import speaking as language
from config.language.problems import InvalidInput
from inspections.campaigns.sites import Vendor
from inspections.visits import services as visits
from reports.inspection import presenter
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


def concluded(campaign, first, outcome, day=22, **changed):
    """Record a revisit about which somebody decided."""
    again = visit(campaign, first, day=day, **changed)
    type(again).objects.filter(pk=again.pk).update(outcome=outcome)
    return again


def test_a_revisit_stands_in_the_row_of_its_first_visit(campaign):
    first = visit(campaign, 0)
    concluded(campaign, 0, "not_fixed", revisit_of=first)
    concluded(campaign, 0, "fixed", day=25, revisit_of=first, answers={**FAULTY, "fixed": "yes"})
    visit(campaign, 1)

    found = frame(campaign)
    result = inspection.compute(inspection_snapshot.freeze(campaign))

    assert found["_findings"].tolist() == ["repair", "repair"]
    assert found["_critical"].tolist() == ["repair", "repair"]
    assert found["_revisits"].tolist() == ["2", "0"]
    assert found["_outcome"].tolist() == ["fixed", ""]
    assert found["_findings_again"].tolist() == ["", ""]
    every = result.revisits[0]
    assert (every.failed, every.again, every.outcomes["fixed"], every.undecided) == (2, 1, 1, 0)
    assert (every.fixed.x, every.fixed.n, every.fixed.interval) == (1, 1, None)


def test_a_revisit_about_which_nobody_decided_is_neither_fixed_nor_not(campaign):
    first = visit(campaign, 0)
    visit(campaign, 0, day=22, revisit_of=first)

    every = inspection.compute(inspection_snapshot.freeze(campaign)).revisits[0]

    assert (every.again, every.undecided, every.fixed) == (1, 1, None)


def test_a_finding_that_was_not_borne_out_does_not_count(campaign):
    first = visit(campaign, 0)
    visit(campaign, 1)
    first.findings.update(refused_because="the picture shows otherwise")

    result = inspection.compute(inspection_snapshot.freeze(campaign))

    assert (result.with_findings, result.findings) == (1, 1)


def test_a_visit_that_was_mended_later_keeps_its_day(campaign):
    first = visit(campaign, 0)
    Response.objects.filter(pk=first.response_id).update(submitted_at=field.noon(29))

    manifest = inspection_snapshot.freeze(campaign).manifest

    assert (manifest.first_day, manifest.last_day) == ("2026-11-20", "2026-11-20")


def test_sites_that_were_not_drawn_give_counts_and_no_share(campaign):
    for site in range(3):
        visit(campaign, site)

    result = inspection.compute(inspection_snapshot.freeze(campaign))
    text = presented(result)

    counts = [*result.found[0].counts, *(c for item in result.items for c in item.counts)]
    assert result.drawn is None
    assert all(count.prevalence is None for count in counts if count)
    assert "%" not in text.split('id="revisits"')[0].replace("100%", "")
    assert set(result.groups) == {"_area"}, "nothing is said of a vendor or brand"


def presented(result) -> str:
    """Return what the page of the report shows, without the pictures."""
    with language("en"):
        html = render_to_string(
            "reports/inspection/on_page.html", presenter.inspection(result, "en")
        )
    return re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)


def test_no_row_leads_to_a_district_vendor_or_brand(campaign):
    vendor = Vendor.objects.create(name="云栈停车")
    campaign.sites.update(vendor=vendor)
    visit(campaign, 0)

    snapshot = inspection_snapshot.freeze(campaign)

    assert not {"_area", "_vendor", "_brand", "_psu"} & set(frame(campaign).columns)
    assert vendor.name.encode() not in snapshot.content


def test_what_an_earlier_version_froze_is_refused_in_words(campaign):
    visit(campaign, 0)
    snapshot = inspection_snapshot.freeze(campaign)
    more = {name: v for name, v in snapshot.manifest.more.items() if name != "design"}

    with pytest.raises(InvalidInput, match="an earlier version"):
        inspection.compute(replace(snapshot, manifest=replace(snapshot.manifest, more=more)))


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
    first.events.all().delete()

    call_command("inspection", str(one / "snapshot.parquet"), out=two)

    assert {path.name: path.read_bytes() for path in one.iterdir()} == {
        path.name: path.read_bytes() for path in two.iterdir()
    }
