"""Campaigns on their pages: rules, sites, draw; and a new version of the checklist."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from config.language.languages import speaking
from inspections.campaigns import drawing
from inspections.campaigns.models import Campaign, CampaignSite
from inspections.campaigns.sites import Site
from inspections.visits import services as visits
from reports.data.sources import platform
from surveys.designing import services as designing
from tests import field
from tests.pages import html, seen
from tests.people import person
from tests.sheets import SETTINGS, SURVEY, replaced, workbook

pytestmark = pytest.mark.django_db
NEXT = replaced(SETTINGS, "|small|1", "|small|2")
DRAWN = {
    "source": "register",
    "source_on": "2026-11-01",
    "method": "simple",
    "size": "2",
    "seed": "7",
}


@pytest.fixture(autouse=True)
def _in_english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    with speaking("en"):
        yield


@pytest.fixture
def campaign():
    return field.campaign()


@pytest.fixture
def office(client):
    client.force_login(person("ada"))
    return client


@pytest.fixture
def drawn(campaign):
    campaign.places.all().delete()
    Campaign.objects.update(selection=Campaign.Selection.RANDOM)
    campaign.refresh_from_db()
    return campaign


def visit(campaign, site, **given):
    return visits.record(
        campaign=campaign,
        site=site,
        uid=uuid4(),
        answers={**field.FULL, "company": "not_sure"},
        visited_at=field.noon(20),
        inspectors=[],
        **given,
    )


def test_rules_are_kept_and_a_share_is_one(office, campaign):
    given = {"kind": "test_purchase", "needs_training": "on", "most_visits": "12"}
    given |= seen(office, "/campaigns/visits/settings/")

    wrong = office.post(
        "/campaigns/visits/settings/", {**given, "second_share": "120", "claim_threshold": "20"}
    )
    office.post(
        "/campaigns/visits/settings/", {**given, "second_share": "15", "claim_threshold": "20"}
    )

    assert wrong.status_code == 422
    campaign.refresh_from_db()
    assert (campaign.kind, campaign.needs_training, campaign.most_visits) == (
        "test_purchase",
        True,
        12,
    )
    assert (campaign.second_share, campaign.claim_threshold) == (0.15, 0.2)


def test_a_purposive_campaign_is_given_sites_and_gives_one_up(office, campaign):
    added = Site.objects.create(name="新场所", kind="shop", area_id="140105")
    office.post("/campaigns/visits/sites/", {"sites": [added.pk]})
    place = CampaignSite.objects.get(site=added)

    empty = office.post(f"/campaigns/visits/sites/{place.pk}/", {"because": ""})
    office.post(f"/campaigns/visits/sites/{place.pk}/", {"because": "closed", "note": "for years"})

    assert empty.status_code == 422
    place.refresh_from_db()
    assert place.dropped_because == "closed for good: for years"
    page = html(office.get("/campaigns/visits/sites/?state=dropped"))
    assert "新场所" in page
    assert "0号停车场" not in page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "no share of all sites is printed" in html(office.get("/campaigns/visits/draw/"))


def test_sites_are_drawn_on_the_page_and_anybody_can_draw_them_again(office, drawn):
    refused = office.post("/campaigns/visits/draw/", {**DRAWN, "size": "9"})
    done = office.post("/campaigns/visits/draw/", DRAWN, follow=True)
    made = drawn.draws.get()
    sent = json.loads(office.get(f"/campaigns/visits/draw/{made.pk}.json").content)

    assert "The frame has 3 sites" in html(refused)
    assert "2 sites were drawn with the seed 7" in html(done)
    assert "the same" in html(done)
    assert (
        drawing.sha256(
            **{name: sent[name] for name in ("frame", "method", "size", "seed", "drawn")}
        )
        == sent["sha256"]
    )
    # what came out is what the method says: the smallest hashes of seed and number
    units = [drawing.Unit(one["site"]) for one in sent["frame"]]
    by_hand = sorted(units, key=lambda unit: drawing.number(7, unit.key))[:2]
    assert {one["site"] for one in sent["drawn"]} == {unit.key for unit in by_hand}
    again = office.post("/campaigns/visits/draw/", DRAWN)
    assert "were in a frame of this campaign before" in html(again)


def test_a_draw_that_was_tampered_with_is_said(office, drawn):
    office.post("/campaigns/visits/draw/", DRAWN)
    made = drawn.draws.get()
    made.drawn = made.drawn[:1]
    made.save()

    assert "not the same" in html(office.get("/campaigns/visits/draw/"))


def test_a_frame_from_a_file_is_drawn_in_proportion_to_size(office, drawn):
    keys = list(Site.objects.values_list("pk", flat=True))
    lines = "id,stratum,size\n" + "".join(f"{key},,{n}\n" for n, key in enumerate(keys, start=1))
    upload = SimpleUploadedFile("frame.csv", lines.encode())
    wrong = SimpleUploadedFile("frame.csv", b"id\n0\n")

    refused = office.post("/campaigns/visits/draw/", {**DRAWN, "frame": wrong})
    office.post("/campaigns/visits/draw/", {**DRAWN, "method": "pps", "size": "1", "frame": upload})

    assert "frame.csv: row 2, column id: there is no site 0" in html(refused)
    place = drawn.places.get()
    assert place.probability == pytest.approx((keys.index(place.site_id) + 1) / 6)


def test_a_campaign_goes_on_with_a_new_checklist_and_old_visits_stay(office, campaign):
    old = campaign.survey.version
    changed = replaced(SURVEY, "速度|Speed", "上门速度|Speed")
    new = designing.freeze(workbook=workbook(changed, settings=NEXT), file="small.xlsx")
    other = replaced(SURVEY, "select_one yes_no|repaired", "text|repaired")
    apart = designing.freeze(
        workbook=workbook(other, settings=replaced(SETTINGS, "|small|1", "|small|3")),
        file="small.xlsx",
    )
    one, two, three = campaign.sites.all()
    before = visit(campaign, one)

    refused = office.post("/campaigns/visits/version/", {"version": apart.pk})
    office.post("/campaigns/visits/version/", {"version": new.pk})
    campaign.survey.refresh_from_db()
    # begun without network before the change, sent after it
    begun_before = visit(campaign, two, fieldwork=visits.Fieldwork(version=old.pk))
    after = visit(campaign, three)

    assert refused.status_code == 422
    assert [v.response.version_id for v in (before, begun_before, after)] == [
        old.pk,
        old.pk,
        new.pk,
    ]
    (frame,) = platform.frames(campaign.survey, campaign=True)
    assert len(frame) == 3
    sent = office.get("/surveys/visits/answers.csv")
    rows = b"".join(sent.streaming_content).decode().strip().splitlines()
    assert len(rows) == 1 + 3
    assert "small@1 → small@2" in html(office.get("/campaigns/visits/version/"))
