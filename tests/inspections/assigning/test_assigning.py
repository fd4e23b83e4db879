"""Assignments: dealt by what the database knows, changed by hand with a reason, seen by those who
go, printed with a code for each visit.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pypdfium2
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from config.accounts.models import AuditEvent
from config.language.languages import speaking
from inspections.assigning import selectors, services, views
from inspections.assigning.services import NotPossible
from inspections.campaigns import services as campaigns
from inspections.campaigns import site_services
from inspections.campaigns.models import Assignment, Campaign, CampaignSite
from inspections.campaigns.sites import Site
from inspections.visits import services as visits
from inspections.visits.models import Visit
from surveys.channels.links.poster import code
from surveys.collection.models.area import Area
from surveys.companies import services as companies
from tests import field
from tests.pages import html, seen
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    with speaking("en"):
        yield


@pytest.fixture
def campaign():
    return field.campaign()


@pytest.fixture
def chief():
    return person("chief", "supervisor")


def volunteers(*names):
    return [person(name, "inspector") for name in names]


def visit(campaign, site, *who, at=None, assignment=None, **changed):
    return visits.record(
        campaign=campaign,
        site=site,
        uid=uuid4(),
        answers={**field.FULL, "company": "not_sure", **changed},
        visited_at=at or timezone.now(),
        inspectors=who,
        assignment=assignment,
    )


def whys(campaign, who, site) -> set[str]:
    return set(selectors.objections_to(campaign, who, site))


def test_sites_are_dealt_once(campaign, chief):
    people = volunteers("ann", "bob", "cid", "dan")
    campaign.second_share = 0.3
    campaign.save()

    seed, made, unfilled = services.deal(campaign=campaign, people=people, seed=7, by=chief)
    again = services.deal(campaign=campaign, people=people, by=chief)

    assert (seed, made, unfilled) == (7, 4, [])
    assert again[1:] == (0, [])
    assert sorted(a.purpose for a in campaign.assignments.all()) == ["first"] * 3 + ["second"]
    for site in campaign.sites.all():
        went = [p for a in campaign.assignments.filter(site=site) for p in (a.lead, a.partner)]
        assert len(set(went)) == len(went)
    line = AuditEvent.objects.filter(action="campaign.assign").order_by("number").first()
    assert line.after == {"seed": 7, "pairs": True, "made": 4, "unfilled": 0}


def test_home_conflict_six_months_training_posting_and_load_keep_people_away(campaign, chief):
    ann, bob, cid, dan, eva, fay = volunteers("ann", "bob", "cid", "dan", "eva", "fay")
    gus = person("gus", "inspector", areas=["140200"])
    site, other, third = campaign.sites.all()
    oak = companies.register(key="oak", name="橡树")
    site_services.change(site=site, given={"operator": "橡树"}, by=None)
    campaign.needs_training, campaign.most_visits = True, 1
    campaign.save()
    for one in (ann, bob, cid, eva, fay, gus):
        services.prepare(person=one, home=None, quiz_score=90, quiz_on=None, by=chief)
    xiaodian = Area.objects.get(pk="140105")
    services.prepare(person=ann, home=xiaodian, quiz_score=89.9, quiz_on=None, by=chief)
    services.declare(person=bob, company=oak, text="works there", by=chief)
    services.declare(person=bob, site=other, text="a dispute", by=chief)
    visit(campaign, site, cid)
    visit(campaign, other, cid, at=timezone.now() - timedelta(days=184))
    Assignment.objects.create(campaign=campaign, site=third, lead=eva, partner=fay)

    assert whys(campaign, ann, site) == {"home", "training"}
    assert whys(campaign, bob, site) == whys(campaign, bob, other) == {"conflict"}
    assert whys(campaign, cid, site) == {"seen"}
    assert whys(campaign, cid, other) == set()
    assert whys(campaign, dan, site) == {"training"}
    assert whys(campaign, eva, third) == whys(campaign, fay, third) == {"seen", "cap"}
    assert whys(campaign, fay, site) == {"cap"}
    assert whys(campaign, gus, site) == {"area"}


def test_a_site_that_was_merged_was_seen_under_its_other_name(campaign):
    (ann,) = volunteers("ann")
    site, other, _third = campaign.sites.all()
    visit(campaign, site, ann)

    site_services.merge(site=site, into=other, reason="one gate", by=None)

    assert whys(campaign, ann, other) == {"seen"}


def test_a_void_visit_keeps_nobody_away(campaign):
    (ann,) = volunteers("ann")
    site = campaign.sites.first()
    visit(campaign, site, ann)
    Visit.objects.update(status=Visit.Status.VOID)

    assert whys(campaign, ann, site) == set()


def test_calibration_sites_are_seen_by_everybody(campaign, chief):
    people = volunteers("ann", "bob", "cid")
    gold = Site.objects.create(name="练习点", kind="shop", area_id="140105")
    campaigns.add_sites(campaign=campaign, sites=[gold], is_calibration=True, by=chief)

    services.deal(campaign=campaign, people=people, by=chief)

    seen = campaign.assignments.filter(site=gold)
    assert {a.lead for a in seen} == set(people)
    assert {(a.purpose, a.partner) for a in seen} == {("calibration", None)}


def test_by_hand_a_reason_lifts_soft_limits_and_no_hard_ones(campaign, chief):
    ann, bob = volunteers("ann", "bob")
    site, other, third = campaign.sites.all()
    campaign.most_visits = 1
    campaign.save()
    services.declare(person=bob, site=other, text="family", by=chief)
    given = {"campaign": campaign, "purpose": "first", "lead": ann, "by": chief}
    services.send_there(site=site, reason="lives next door to the bus", **given)

    services.send_there(site=third, reason="nobody else is free", **given)
    refusals = [
        ({"site": other, "reason": " "}, "reason"),
        ({"site": other, "reason": "x", "partner": ann}, "pair"),
        ({"site": other, "reason": "x", "partner": bob}, "rule"),
        ({"site": site, "reason": "x"}, "taken"),
        (
            {"site": Site.objects.create(name="x", kind="shop", area_id="140105"), "reason": "x"},
            "site",
        ),
    ]
    for changed, reason in refusals:
        with pytest.raises(NotPossible) as refused:
            services.send_there(**{**given, **changed})
        assert refused.value.reason == reason
    assert refused.value.person is None
    assert AuditEvent.objects.filter(action="assignment.make").first().reason


def test_others_are_sent_by_a_new_assignment_and_the_old_one_stays(campaign, chief):
    ann, bob, cid = volunteers("ann", "bob", "cid")
    site = campaign.sites.first()
    first = Assignment.objects.create(campaign=campaign, site=site, lead=ann, partner=bob)
    given = {"lead": ann, "partner": cid, "due_on": date(2026, 12, 1), "by": chief}

    made = services.move(assignment=first, reason="bob is ill", **given)
    later = services.move(assignment=made, reason="rain", **{**given, "due_on": date(2026, 12, 2)})

    first.refresh_from_db()
    assert (first.cancelled_because, first.partner) == ("bob is ill", bob)
    assert (made.partner, made.uid != first.uid, later.pk) == (cid, True, made.pk)
    assert later.due_on == date(2026, 12, 2)
    with pytest.raises(NotPossible, match="cancelled"):
        services.cancel(assignment=first, reason="x", by=chief)
    visit(campaign, site, ann, cid, assignment=made)
    with pytest.raises(NotPossible, match="visited"):
        services.move(assignment=made, reason="x", **given)


def test_one_person_twice_is_no_pair_in_the_database_either(campaign):
    (ann,) = volunteers("ann")

    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(
            campaign=campaign, site=campaign.sites.first(), lead=ann, partner=ann
        )


@pytest.mark.parametrize("purpose", ["second", "calibration"])
def test_an_inspector_sees_only_her_own_and_no_word_of_a_comparison(
    client, campaign, chief, purpose
):
    ann, bob = volunteers("ann", "bob")
    one, other, _third = campaign.sites.all()
    hers = Assignment.objects.create(campaign=campaign, site=one, lead=ann, purpose=purpose)
    his = Assignment.objects.create(campaign=campaign, site=other, lead=bob)
    client.force_login(ann)

    page = client.get("/campaigns/visits/assignments/")

    assert one.name in html(page)
    assert other.name not in html(page)
    assert str(Assignment.Purpose(purpose).label) not in html(page)
    narrowed = client.get("/campaigns/visits/assignments/?purpose=first")
    assert one.name in html(narrowed), "what she may not know is no filter either"
    assert "Deal" not in html(page)
    assert client.get(f"/campaigns/visits/assignments/{his.uid}/").status_code == 404
    assert client.get(f"/campaigns/visits/assignments/{hers.uid}/").status_code == 200
    assert client.post("/campaigns/visits/assignments/", {}).status_code == 403
    client.force_login(chief)
    assert str(Assignment.Purpose(purpose).label) in html(
        client.get("/campaigns/visits/assignments/")
    )


def test_sites_are_dealt_and_moved_on_the_page(client, campaign, chief):
    ann, bob, cid = volunteers("ann", "bob", "cid")
    client.force_login(chief)
    everybody = [p.pk for p in (ann, bob, cid)]

    form = {"people": everybody, "pairs": "on", "due_on": "2026-12-01", "seed": "5"}
    dealt = client.post("/campaigns/visits/assignments/", form, follow=True)
    first = campaign.assignments.filter(purpose="first").first()
    address = f"/campaigns/visits/assignments/{first.uid}/"
    services.declare(person=bob, site=first.site, text="family", by=chief)
    given = {"reason": "he asked", **seen(client, address)}
    refused = client.post(address, {**given, "lead": bob.pk})
    moved = client.post(address, {**given, "lead": cid.pk, "due_on": "2026-12-02"})
    cancelled = client.post(moved["Location"] + "cancel/", {"reason": "closed"})

    assert "assignments were made with the seed 5" in html(dealt)
    # three people: whoever goes second would have to be a pair of the one who is left
    assert "could not be dealt" in html(dealt)
    assert refused.status_code == 422
    assert "bob: declared a conflict" in html(refused)
    assert moved.status_code == cancelled.status_code == 302
    page = html(client.get("/campaigns/visits/assignments/?state=cancelled"))
    assert "he asked" in page
    assert "closed" in page


def test_people_are_prepared_on_their_page(client, chief):
    (ann,) = volunteers("ann")
    client.force_login(chief)

    address = f"/inspectors/{ann.pk}/"
    client.post(address, {"home": "140105", "quiz_score": "95", **seen(client, address)})
    neither = client.post(f"/inspectors/{ann.pk}/conflicts/", {"text": "family"})
    site = Site.objects.create(name="甲", kind="shop", area_id="140105")
    client.post(f"/inspectors/{ann.pk}/conflicts/", {"text": "family", "site": site.pk})

    assert (ann.preparation.home_id, ann.preparation.quiz_score) == ("140105", 95)
    assert neither.status_code == 422
    assert "甲: family" in html(client.get(f"/inspectors/{ann.pk}/"))
    assert "Taiyuan Xiaodian" in html(client.get("/inspectors/"))


def test_a_route_sheet_has_a_page_a_person_and_a_code_a_visit(client, campaign, chief, settings):
    settings.PUBLIC_ADDRESS = "https://visits.example.cn"
    ann, bob = volunteers("ann", "bob")
    for site in campaign.sites.all():
        Assignment.objects.create(campaign=campaign, site=site, lead=ann, partner=bob)
    client.force_login(chief)

    everybody = client.get("/campaigns/visits/assignments/routes.pdf")
    client.force_login(ann)
    own = client.get(f"/campaigns/visits/assignments/routes.pdf?person={bob.pk}")

    assert len(pypdfium2.PdfDocument(everybody.content)) == 2
    (only,) = pypdfium2.PdfDocument(own.content)
    text = only.get_textpage().get_text_range()
    assert "ann" in text
    for site in campaign.sites.all():
        assert site.name in text


def test_the_code_of_a_visit_opens_it_on_the_phone(client, campaign, chief, settings, monkeypatch):
    settings.PUBLIC_ADDRESS = "https://visits.example.cn"
    (ann,) = volunteers("ann")
    one = Assignment.objects.create(campaign=campaign, site=campaign.sites.first(), lead=ann)
    printed = []
    monkeypatch.setattr(
        views, "route_sheets", lambda routes, **_given: printed.extend(routes) or b""
    )
    client.force_login(chief)

    client.get("/campaigns/visits/assignments/routes.pdf?person=" + "9" * 5000)

    ((stop,),) = [route.stops for route in printed]
    assert stop.link == f"https://visits.example.cn/i/#visit={one.uid}"
    assert stop.picture == code(stop.link)


def test_nothing_is_printed_that_no_phone_can_follow(client, campaign, chief):
    client.force_login(chief)

    page = client.get(
        "/campaigns/visits/assignments/routes.pdf", HTTP_HOST="localhost", follow=True
    )

    assert "No phone can follow" in html(page)


def test_the_next_step_of_a_test_purchase_is_on_the_page(client, campaign, chief, monkeypatch):
    (ann,) = volunteers("ann")
    Campaign.objects.update(kind=Campaign.Kind.TEST_PURCHASE)
    site = campaign.sites.first()
    sent = Assignment.objects.create(campaign=campaign, site=site, lead=ann)
    made = visit(campaign, site, ann, assignment=sent)
    bought = timezone.localdate() - timedelta(days=7)
    made.response.answers = {"bought_on": bought.isoformat()}
    made.response.save()
    client.force_login(ann)

    page = html(client.get("/campaigns/visits/assignments/"))

    assert "to be taken back to the shop" in page
    assert "overdue" in page


def test_visits_stand_beside_the_truth(client, campaign, chief):
    (ann,) = volunteers("ann")
    gold = Site.objects.create(name="练习点", kind="shop", area_id="140105")
    campaigns.add_sites(campaign=campaign, sites=[gold], is_calibration=True, by=chief)
    place = CampaignSite.objects.get(site=gold)
    client.force_login(chief)
    address = f"/campaigns/visits/sites/{place.pk}/"

    wrong = client.post(f"{address}truth/", {"fixed": "perhaps"})
    client.post(f"{address}truth/", {"fixed": "yes", "problems": ["late"]})
    sent = Assignment.objects.create(campaign=campaign, site=gold, lead=ann, purpose="calibration")
    visit(campaign, gold, ann, assignment=sent)
    page = html(client.get("/campaigns/visits/truth/"))

    assert wrong.status_code == 422
    assert "there is no such choice" in html(wrong)
    place.refresh_from_db()
    assert place.truth == {"fixed": "yes", "problems": ["late"]}
    assert 'name="fixed" value=""' in html(client.get(address)), "nothing can be left open again"
    assert "1 / 2 (50 %)" in page
    assert "No (in truth Yes)" in page
