"""What stands out about a visit, in one datum and less what a fix may be off; nothing is refused."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from inspections.campaigns.geo import wgs84_to_gcj02
from inspections.devices import services as devices
from inspections.review.flags import flags_of
from inspections.visits import services as visits
from inspections.visits.services import Captured, Fieldwork, Place
from tests import field
from tests.inspections.visits.test_visits import picture, record
from tests.people import person

pytestmark = pytest.mark.django_db
HERE = (37.87059, 112.55067)


@pytest.fixture
def device():
    return devices.enrol(owner=person("inspector", "inspector"), name="红米", by=person("chief"))[0]


def at_site(campaign, *, datum="WGS-84"):
    site = campaign.sites.first()
    site.latitude, site.longitude = HERE if datum == "WGS-84" else wgs84_to_gcj02(*HERE)
    site.datum = datum
    site.save()


def visited(campaign, device, place, **changed):
    return record(campaign, fieldwork=Fieldwork(device=device, place=place, **changed))


def test_a_visit_at_the_site_has_no_flag(device):
    campaign = field.campaign()
    at_site(campaign)

    assert list(flags_of(visited(campaign, device, Place(*HERE, accuracy=20)))) == []


def test_positions_are_compared_in_one_datum(device):
    campaign = field.campaign()
    at_site(campaign, datum="GCJ-02")  # some 550 m away, were the numbers compared as they are

    assert list(flags_of(visited(campaign, device, Place(*HERE, accuracy=20)))) == []


@pytest.mark.parametrize(("accuracy", "flagged"), [(20, True), (900, False)])
def test_far_is_what_is_far_for_sure(device, accuracy, flagged):
    campaign = field.campaign()
    at_site(campaign)
    place = Place(HERE[0] + 0.009, HERE[1], accuracy=accuracy)  # a kilometre north

    flags = list(flags_of(visited(campaign, device, place)))

    assert any("from the site" in flag for flag in flags) == flagged


def test_a_clock_that_is_off_and_no_position_are_said(device):
    flags = list(flags_of(visited(field.campaign(), device, None, skew=-720)))

    assert flags == [
        "The clock of the phone was 12 minutes off.",
        "No position: the phone had none, or was not allowed to tell it.",
    ]


def drawn(shade):
    out = io.BytesIO()
    Image.linear_gradient("L").rotate(shade).save(out, "JPEG", quality=90)
    return out.getvalue()


def test_the_same_file_and_pictures_that_look_alike_are_found_across_visits():
    campaign = field.campaign()
    first, second = record(campaign), record(campaign, site=1)
    visits.add_evidence(visit=first, content=drawn(0), name="a.jpg")
    visits.add_evidence(visit=second, content=drawn(0), name="b.jpg")
    visits.add_evidence(visit=first, content=drawn(90), name="c.jpg")
    visits.add_evidence(visit=second, content=drawn(91), name="d.jpg")

    flags = list(flags_of(second))

    assert flags == [
        "A file of this visit is in the visit to 0号停车场 as well.",
        "A picture looks like one of the visit to 0号停车场.",
    ]


def test_photographs_from_the_gallery_are_counted():
    visit = record(field.campaign())
    visits.announce(
        visit=visit, captured=Captured(sha256="0" * 64, size=9, name="a.jpg", source="gallery")
    )
    visits.add_evidence(visit=visit, content=picture(), name="b.jpg")

    assert list(flags_of(visit)) == [
        "1 photograph was chosen from the phone, not taken in the page."
    ]
