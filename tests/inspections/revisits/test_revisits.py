"""Revisits: a deadline that was decided, other people than the first time, what they saw."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from inspections.assigning import services as assigning
from inspections.review import services as review
from inspections.revisits import services as revisits
from inspections.revisits.selectors import fixed, to_mend
from inspections.visits import services as visits
from tests import field
from tests.inspections.visits.test_visits import FAULTY, picture, record
from tests.people import person

pytestmark = pytest.mark.django_db
TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture
def people():
    return {name: person(name) for name in ("inspector", "chief", "second", "other")}


@pytest.fixture
def visit(people):
    made = record(field.campaign(), inspectors=[people["inspector"]])
    visits.add_evidence(visit=made, content=picture(), name="a.jpg")
    review.accept(visit=made, by=people["chief"])
    return made


def confirmed(visit, people):
    review.confirm(finding=visit.findings.get(), by=people["second"])
    return visit


def seen_again(visit, people, **answers):
    made = record(
        visit.campaign,
        revisit_of=visit,
        inspectors=[people["other"]],
        answers={**FAULTY, **answers},
        visited_at=field.noon(24),
    )
    return review.accept(visit=made, by=people["chief"])


def test_a_deadline_needs_a_confirmed_finding_and_a_day_ahead(visit, people):
    with pytest.raises(revisits.NotAllowed, match="No finding"):
        revisits.set_deadline(visit=visit, mend_by=TOMORROW, reason="talk", by=people["chief"])
    confirmed(visit, people)
    with pytest.raises(revisits.NotAllowed, match="ahead"):
        revisits.set_deadline(
            visit=visit, mend_by=TOMORROW - timedelta(days=2), reason="talk", by=people["chief"]
        )

    revisits.set_deadline(visit=visit, mend_by=TOMORROW, reason="talk", by=people["chief"])

    assert visit.events.get(kind="deadline").data["day"] == TOMORROW.isoformat()


def test_nobody_looks_again_at_their_own_visit(visit, people):
    with pytest.raises(revisits.NotAllowed, match="Other people"):
        revisits.send(
            visit=visit,
            lead=people["other"],
            partner=people["inspector"],
            due_on=None,
            reason="",
            by=people["chief"],
        )


def test_nobody_is_sent_twice(visit, people):
    to = {"partner": None, "due_on": None, "reason": "talk", "by": people["chief"]}
    made = revisits.send(visit=visit, lead=people["other"], **to)
    with pytest.raises(revisits.NotAllowed, match="already"):
        revisits.send(visit=visit, lead=people["second"], **to)

    again = record(visit.campaign, assignment=made, inspectors=[people["other"]])
    assert again.revisit_of == visit


def test_what_keeps_people_from_a_visit_keeps_them_from_a_revisit(visit, people, client):
    assigning.declare(person=people["other"], site=visit.site, text="cousin", by=None)
    client.cookies["django_language"] = "en"
    client.force_login(people["chief"])

    sent = {"what": "send", "s-lead": people["other"].pk, "s-reason": "whether it is mended"}
    page = client.post(f"/visits/{visit.pk}/mend/", sent)

    assert page.status_code == 422
    assert "other: declared a conflict" in page.content.decode()
    assert not visit.campaign.assignments.exists()


@pytest.mark.parametrize(("answer", "outcome"), [("yes", "fixed"), ("no", "not_fixed")])
def test_what_became_of_it_is_suggested_by_the_answers(visit, people, answer, outcome):
    again = seen_again(confirmed(visit, people), people, fixed=answer)

    assert revisits.suggested(again) == outcome


def test_the_share_fixed_is_of_the_sites_seen_again(visit, people):
    confirmed(visit, people)
    assert fixed(visit.campaign) is None
    again = seen_again(visit, people, fixed="yes")
    with pytest.raises(revisits.NotAllowed, match="not there"):
        revisits.conclude(
            revisit=again, outcome=revisits.Outcome.FIXED, reason="", by=people["other"]
        )

    revisits.conclude(revisit=again, outcome=revisits.Outcome.FIXED, reason="", by=people["chief"])

    share = fixed(visit.campaign)
    assert share is not None
    assert (share.seen, share.fixed) == (1, 1)
    # Wilson's interval of 1 of 1 (notes/domain.md 3.2)
    assert share.text == "100.0 % (20.7 – 100.0)"
    [row] = to_mend(visit.campaign, people["chief"])
    assert (row.last_revisit, row.last_outcome) == (again.pk, "fixed")
    review.declare_void(visit=again, reason="the wrong car park", by=people["chief"])
    assert fixed(visit.campaign) is None, "what is void counts nowhere"


def test_the_pages_show_what_is_to_be_mended(visit, people, client):
    confirmed(visit, people)
    client.force_login(people["chief"])
    sent = {"what": "deadline", "d-mend_by": TOMORROW.isoformat(), "d-reason": "talk"}
    assert client.post(f"/visits/{visit.pk}/mend/", sent).status_code == 302
    page = client.get("/campaigns/visits/revisits/").content.decode()
    assert TOMORROW.isoformat() in page
    for state in ("open", "late", "seen"):
        assert client.get(f"/campaigns/visits/revisits/?state={state}").status_code == 200
