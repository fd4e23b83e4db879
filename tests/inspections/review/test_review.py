"""What is decided about a visit: by whom, when, and what can no longer be changed afterwards."""

from __future__ import annotations

import hashlib
from uuid import uuid4

import pytest

from inspections.assigning import selectors as assigning
from inspections.review import services as review
from inspections.review.selectors import findings_to_confirm
from inspections.visits import chain
from inspections.visits import services as visits
from inspections.visits.models import Evidence, Visit, VisitEvent
from surveys.collection.models.response import Response
from tests import field
from tests.inspections.phone.world import Phone, sent_to
from tests.inspections.visits.test_visits import FAULTY, picture, record
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return {name: person(name) for name in ("inspector", "chief", "second")}


@pytest.fixture
def visit(people):
    made = record(field.campaign(), inspectors=[people["inspector"]], by=people["inspector"])
    visits.add_evidence(visit=made, content=picture(), name="a.jpg", by=people["inspector"])
    return made


def kinds(visit):
    return list(visit.events.order_by("number").values_list("kind", flat=True))


def test_a_visit_is_accepted_confirmed_and_sealed(visit, people):
    review.accept(visit=visit, by=people["chief"])
    review.confirm(finding=visit.findings.get(), by=people["second"])

    visit.refresh_from_db()
    assert visit.status == "accepted"
    assert visit.sealed_at is not None
    assert kinds(visit) == [
        "recorded",
        "captured",
        "received",
        "accepted",
        "confirmed",
        "sealed",
    ]
    assert list(chain.breaks(visit)) == []
    sealed = visit.events.get(kind="sealed")
    assert sealed.data["files"] == [visit.evidence.get().sha256]


def test_whoever_was_there_decides_nothing(visit, people):
    with pytest.raises(review.NotAllowed, match="was not there"):
        review.accept(visit=visit, by=people["inspector"])
    review.accept(visit=visit, by=people["chief"])
    with pytest.raises(review.NotAllowed, match="you were there"):
        review.confirm(finding=visit.findings.get(), by=people["inspector"])
    with pytest.raises(review.NotAllowed, match="you accepted"):
        review.confirm(finding=visit.findings.get(), by=people["chief"])
    assert not findings_to_confirm(people["chief"]).exists()
    assert findings_to_confirm(people["second"]).get() == visit.findings.get()


def test_a_visit_whose_files_have_not_arrived_is_not_accepted(visit, people):
    announced = visits.Captured(sha256="0" * 64, size=10, name="b.jpg")
    visits.announce(visit=visit, captured=announced)

    with pytest.raises(review.NotAllowed, match="1 of its files"):
        review.accept(visit=visit, by=people["chief"])


def test_a_finding_without_evidence_cannot_be_confirmed(people):
    made = record(field.campaign(), inspectors=[people["inspector"]])
    review.accept(visit=made, by=people["chief"])

    with pytest.raises(review.NotAllowed, match="no photograph"):
        review.confirm(finding=made.findings.get(), by=people["second"])


def test_nothing_of_a_sealed_visit_can_be_changed(visit, people):
    review.accept(visit=visit, by=people["chief"])
    review.confirm(finding=visit.findings.get(), by=people["second"])

    for step in (
        lambda: review.give_back(visit=visit, note="x", by=people["chief"]),
        lambda: review.declare_void(visit=visit, reason="x", by=people["chief"]),
    ):
        with pytest.raises(review.NotAllowed, match="sealed"):
            step()


def test_what_was_sent_back_is_mended_by_a_new_response(visit, people):
    before = visit.response
    review.give_back(visit=visit, note="Please look at speed again.", by=people["chief"])
    uid = uuid4()

    for _again in range(2):  # a phone without network sends until it is told
        visits.amend(
            visit=visit, uid=uid, answers={**FAULTY, "fixed": "yes"}, by=people["inspector"]
        )

    visit.refresh_from_db()
    before.refresh_from_db()
    assert visit.status == "received"
    assert visit.response.corrects == before
    assert before.status == Response.Status.CORRECTED
    assert not visit.findings.exists()
    changed = visit.events.get(kind="changed")
    assert changed.data["changes"] == [{"question": "fixed", "before": "no", "after": "yes"}]
    assert list(chain.breaks(visit)) == []


def test_only_what_was_sent_back_can_be_mended(visit, people):
    with pytest.raises(visits.NotSentBack):
        visits.amend(visit=visit, uid=uuid4(), answers=FAULTY, by=people["inspector"])


def test_a_void_visit_counts_nowhere_and_its_site_can_be_visited_anew(visit, people):
    review.declare_void(visit=visit, reason="the wrong car park", by=people["chief"])

    visit.refresh_from_db()
    assert visit.response.status == Response.Status.REMOVED
    again = record(visit.campaign)
    assert visits.first_visit(visit.campaign, visit.site) == again


def test_a_void_visit_ends_its_assignment_so_that_others_can_be_sent(people):
    campaign, ann = field.campaign(), people["inspector"]
    sent = sent_to(campaign, ann)
    made = record(campaign, inspectors=[ann], assignment=sent, by=ann)

    review.declare_void(visit=made, reason="the wrong car park", by=people["chief"])

    sent.refresh_from_db()
    assert (bool(sent.cancelled_at), sent.cancelled_because) == (True, "the wrong car park")
    assert sent.site_id not in assigning.standing_of(campaign).first
    (told,) = Phone(ann).get().json()["assignments"]
    assert told["state"] == "void", "the phone still says what became of it"


def test_sending_back_needs_a_note(visit, people):
    with pytest.raises(review.NotAllowed):
        review.give_back(visit=visit, note=" ", by=people["chief"])
    assert Visit.objects.get().status == "received"


def test_a_blurred_copy_is_a_piece_of_its_own(visit, people):
    original = visit.evidence.get()

    copy = review.blur(evidence=original, areas=[(0, 0, 500, 500)], by=people["chief"])

    assert (copy.kind, copy.of) == (Evidence.Kind.BLURRED, original)
    assert copy.sha256 != original.sha256
    assert visit.events.get(kind="blurred").data["areas"] == [[0, 0, 500, 500]]
    with pytest.raises(review.NotAllowed):
        review.blur(evidence=original, areas=[], by=people["chief"])


def test_a_look_is_told_once_an_hour(visit, people):
    for _reload in range(3):
        review.look(visit=visit, by=people["chief"])

    assert kinds(visit).count(VisitEvent.Kind.LOOKED_AT) == 1


def test_the_page_of_a_visit_takes_it_to_the_seal(visit, people, client):
    client.cookies["django_language"] = "en"
    client.force_login(people["chief"])
    page = client.get(f"/visits/{visit.pk}/").content.decode()
    assert "Accept the visit" in page
    client.post(f"/visits/{visit.pk}/accept/")
    client.force_login(people["second"])
    assert "Confirm as the second person" in client.get(f"/visits/{visit.pk}/").content.decode()
    client.post(f"/findings/{visit.findings.get().pk}/confirm/")

    page = client.get(f"/visits/{visit.pk}/").content.decode()
    assert "evidence sealed" in page
    assert "Declare it void" not in page


def test_a_change_is_told_in_the_words_of_the_checklist(visit, people, client):
    review.give_back(visit=visit, note="Please look again.", by=people["chief"])
    answers = {**FAULTY, "fixed": "yes", "problems": ["price", "late"]}
    visits.amend(visit=visit, uid=uuid4(), answers=answers, by=people["inspector"])
    client.cookies["django_language"] = "en"
    client.force_login(people["chief"])

    page = client.get(f"/visits/{visit.pk}/").content.decode()

    assert "Fixed?: No → Yes" in page
    assert "Late → Price, Late" in page


def test_a_visit_names_its_people_its_place_and_the_others_there(visit, people, client):
    visit.site.latitude, visit.site.longitude, visit.site.datum = 37.87, 112.55, "WGS-84"
    visit.site.save()
    Visit.objects.update(latitude=37.871, longitude=112.55, datum="WGS-84", accuracy=12)
    sent = sent_to(visit.campaign, people["second"], purpose="second")
    again = record(visit.campaign, inspectors=[people["second"]], assignment=sent)
    review.accept(visit=visit, by=people["chief"])
    review.confirm(finding=visit.findings.get(), by=person("careful"))
    client.cookies["django_language"] = "en"
    client.force_login(people["chief"])

    page = client.get(f"/visits/{visit.pk}/").content.decode()

    assert "confirmed by careful" in page
    assert "111 m from the site" in page
    assert f'href="/visits/{again.pk}/"' in page


def test_who_came_second_is_not_told_so(visit, client):
    bob = person("bob", "inspector")
    sent = sent_to(visit.campaign, bob, purpose="second")
    again = record(visit.campaign, inspectors=[bob], assignment=sent)
    client.cookies["django_language"] = "en"
    client.force_login(bob)

    page = client.get(f"/visits/{again.pk}/").content.decode()
    listed = client.get("/campaigns/visits/").content.decode()

    assert "second visit" not in page + listed
    assert f'href="/visits/{visit.pk}/"' not in page


def test_a_visit_without_all_its_files_has_no_button_that_only_refuses(visit, people, client):
    visits.announce(visit=visit, captured=visits.Captured(sha256="0" * 64, size=10, name="b.jpg"))
    client.cookies["django_language"] = "en"
    client.force_login(people["chief"])

    page = client.get(f"/visits/{visit.pk}/").content.decode()

    assert "can be accepted when it is here" in page
    assert "Accept the visit" not in page


def test_the_figures_of_the_board_lead_to_as_many_visits(visit, people, client):
    other = record(visit.campaign, site=1, inspectors=[people["inspector"]])
    visits.announce(visit=other, captured=visits.Captured(sha256="0" * 64, size=10, name="b.jpg"))
    third = record(visit.campaign, site=2, inspectors=[people["inspector"]])
    review.declare_void(visit=third, reason="nobody there", by=people["chief"])
    client.force_login(people["chief"])

    total = client.get("/campaigns/visits/board/").context["total"]

    for state in ("received", "incomplete", "returned", "accepted"):
        listed = client.get(f"/campaigns/visits/?state={state}").context["visits"].rows
        assert len(listed) == getattr(total, state), state
    by_person = client.get(f"/campaigns/visits/?who={people['inspector'].pk}").context["visits"]
    assert len(by_person.rows) == 3


def test_an_item_that_two_visits_do_not_agree_on_names_not_even_a_site(visit, people, client):
    second = person("bob", "inspector")
    sent = sent_to(visit.campaign, second, purpose="second")
    again = record(
        visit.campaign,
        inspectors=[second],
        assignment=sent,
        answers={**FAULTY, "fixed": "yes"},
    )
    for made in (visit, again):
        review.accept(visit=made, by=people["chief"])
    review.confirm(finding=visit.findings.get(), by=people["second"])
    client.force_login(people["chief"])

    page = client.get("/campaigns/visits/claims/")

    assert page.context["allowed"] == []
    assert [(row.claim.scope, row.claim.support.refusals) for row in page.context["refused"]] == [
        ("site", ("unreliable",))
    ]


def test_the_board_counts_and_the_claims_are_explained(visit, people, client):
    client.force_login(people["chief"])
    board = client.get("/campaigns/visits/board/")
    assert board.status_code == 200
    assert client.get("/campaigns/visits/board/?by=area").status_code == 200
    assert client.get("/campaigns/visits/claims/").status_code == 200


def test_a_file_that_will_never_arrive_is_given_up_with_a_reason(visit, people, client):
    missing = visits.announce(
        visit=visit, captured=visits.Captured(sha256="0" * 64, size=10, name="b.jpg")
    )
    with pytest.raises(review.NotAllowed, match="Say why"):
        review.give_up(evidence=missing, reason=" ", by=people["chief"])
    with pytest.raises(review.NotAllowed, match="was not there"):
        review.give_up(evidence=missing, reason="phone lost", by=people["inspector"])
    here = visit.evidence.exclude(received_at=None).get()
    with pytest.raises(review.NotAllowed, match="has arrived"):
        review.give_up(evidence=here, reason="blurry", by=people["chief"])

    chief = person("office", "supervisor")
    client.force_login(chief)
    client.post(f"/evidence/{missing.pk}/give-up/", {"reason": "the phone fell into the river"})
    review.accept(visit=visit, by=people["chief"])

    missing.refresh_from_db()
    assert missing.given_up_because == "the phone fell into the river"
    assert visit.events.get(kind="given_up").data["sha256"] == "0" * 64
    page = client.get(f"/visits/{visit.pk}/?language=en").content.decode()
    assert "the phone fell into the river" in page
    assert list(chain.breaks(visit)) == []


def test_a_file_that_was_given_up_and_arrives_is_taken_in(visit, people):
    content = picture((40, 40))
    captured = visits.Captured(sha256=hashlib.sha256(content).hexdigest(), size=1, name="b.jpg")
    lost = visits.announce(visit=visit, captured=captured)
    review.give_up(evidence=lost, reason="phone lost", by=people["chief"])

    visits.receive(visit=visit, content=content)

    lost.refresh_from_db()
    assert lost.received_at is not None
    assert visit.events.filter(kind="received").count() == 2
