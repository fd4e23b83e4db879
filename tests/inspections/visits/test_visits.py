"""Visits: through the one entrance, with findings; photographs kept as they were and shown as
copies.
"""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
from PIL import Image

from config.language.problems import InvalidInput
from config.storage import files
from inspections.campaigns.models import Campaign
from inspections.visits import services as visits
from surveys.collection import fieldwork
from surveys.collection import services as collection
from surveys.collection.models.response import Response
from tests import field
from tests.pages import html
from tests.people import person

pytestmark = pytest.mark.django_db
FAULTY = {
    "repaired": "yes",
    "problems": ["late"],
    "company": "not_sure",
    "speed": "1",
    "fixed": "no",
}


def record(campaign, site=0, **changed):
    values = {
        "uid": uuid4(),
        "answers": FAULTY,
        "visited_at": field.noon(20),
        "inspectors": [],
    } | changed
    return visits.record(campaign=campaign, site=campaign.sites.all()[site], **values)


def picture(size=(400, 300)) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "the owner's name"
    Image.new("RGB", size, "white").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_visit_is_a_response_with_findings():
    visit = record(field.campaign(), inspectors=[person("a"), person("b")])

    assert visit.response.mode == Response.Mode.VISIT
    assert [(f.indicator, f.topic, f.critical) for f in visit.findings.all()] == [
        ("repair", "repair", True)
    ]
    assert visit.inspectors.count() == 2


def test_an_opinion_is_no_finding():
    visit = record(field.campaign(), answers={**FAULTY, "fixed": "yes"})

    assert not visit.findings.exists(), "speed has the worst score, but it is an opinion"


def test_the_same_visit_sent_twice_is_one():
    campaign, uid = field.campaign(), uuid4()

    assert record(campaign, uid=uid).pk == record(campaign, uid=uid).pk
    assert campaign.survey.responses.count() == 1


def test_a_second_first_visit_is_refused_and_a_revisit_is_not():
    campaign = field.campaign()
    first = record(campaign)

    with pytest.raises(visits.AlreadyVisited):
        record(campaign)
    assert record(campaign, revisit_of=first, visited_at=field.noon(22)).revisit_of == first


def test_a_flawed_checklist_leaves_nothing_behind():
    campaign = field.campaign()

    with pytest.raises(collection.Refused):
        record(campaign, answers={**FAULTY, "fixed": ""})
    assert campaign.visits.count() == campaign.survey.responses.count() == 0


def test_a_photograph_is_kept_as_it_was_and_shown_without_its_data():
    visit, content = record(field.campaign()), picture()

    evidence = visits.add_evidence(visit=visit, content=content, name="a.jpg")

    assert files.read(evidence.sha256) == content
    assert b"owner" not in visits.copy_of(evidence)
    evidence.refresh_from_db()
    assert files.read(evidence.shown) == visits.copy_of(evidence), "made once, when it is looked at"
    assert visits.add_evidence(visit=visit, content=content, name="again.jpg").pk == evidence.pk


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no picture", "no complete picture"),
        (picture()[:400], "cut off"),
        (b"x" * (21 * 2**20), "larger"),
    ],
    ids=["text", "cut off", "too large"],
)
def test_what_is_no_picture_is_refused(content, words):
    with pytest.raises(InvalidInput, match=words):
        visits.add_evidence(visit=record(field.campaign()), content=content, name="a.jpg")


def test_a_bomb_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")

    with pytest.raises(InvalidInput, match="50 million pixels"):
        visits.add_evidence(visit=record(field.campaign()), content=out.getvalue(), name="a.png")


def test_a_campaign_is_set_up_on_its_page(client):
    made = field.campaign()
    client.force_login(person("sam", "supervisor"))
    given = {
        "title_zh": "体察",
        "title_en": "Visits",
        "organiser_zh": "协会",
        "organiser_en": "Association",
        "slug": "autumn",
        "version": made.survey.version_id,
        "selection": Campaign.Selection.PURPOSIVE,
        "sites": [site.pk for site in made.sites.all()],
    }

    answer = client.post("/campaigns/new/", given)
    again = client.post("/campaigns/new/", given)

    assert answer["Location"] == "/campaigns/autumn/"
    assert Campaign.objects.get(survey__slug="autumn").sites.count() == made.sites.count()
    assert again.status_code == 422
    assert client.post("/campaigns/new/", {"version": "²", "sites": ["x"]}).status_code == 422


def closed():
    """Return a campaign that was closed a moment ago."""
    campaign = field.campaign()
    fieldwork.close_now(survey=campaign.survey)
    return campaign


def not_yet_open():
    """Return a campaign that nobody opened."""
    campaign = field.campaign()
    campaign.survey.opens_at = None
    campaign.survey.save(update_fields=["opens_at"])
    return campaign


SAID = {
    closed: "This campaign is closed and takes no visit any more.",
    not_yet_open: "This campaign is not open yet; it takes visits when it is.",
}


@pytest.mark.parametrize("made", SAID)
def test_a_campaign_that_is_not_open_takes_no_visit(made):
    campaign = made()

    with pytest.raises(visits.NotOpen):
        record(campaign)
    assert campaign.visits.count() == campaign.survey.responses.count() == 0


def test_a_visit_sent_again_after_the_closing_is_the_one_there_is():
    campaign, uid = field.campaign(), uuid4()
    first = record(campaign, uid=uid)
    fieldwork.close_now(survey=campaign.survey)

    assert record(campaign, uid=uid).pk == first.pk


@pytest.mark.parametrize("made", SAID)
def test_the_page_of_a_campaign_that_is_not_open_says_so_and_keeps_what_was_typed(client, made):
    client.cookies["django_language"] = "en"
    campaign = made()
    client.force_login(person("ada", "inspector"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    site = campaign.sites.all()[0]
    given = {"uid": str(uuid4()), "site": site.pk, "visited_at": "2026-11-20T10:00", **FAULTY}

    answer = client.post("/campaigns/visits/record/", given)

    assert answer.status_code == 422
    assert SAID[made] in html(answer)
    assert 'value="2026-11-20T10:00"' in html(answer)
    assert f'<option value="{site.pk}" selected>' in html(answer)
    assert campaign.visits.count() == 0


@pytest.mark.parametrize("made", SAID)
def test_a_campaign_that_is_not_open_offers_no_form(client, made):
    client.cookies["django_language"] = "en"
    made()
    client.force_login(person("ada", "inspector"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    answer = client.get("/campaigns/visits/record/", follow=True)

    assert answer.redirect_chain == [("/campaigns/visits/", 302)]
    assert SAID[made] in html(answer)
    assert "/campaigns/visits/record/" not in html(answer)
