"""Findings and decisions by the API: the second person's, by the services of the pages."""

from __future__ import annotations

import pytest

from inspections.review import services as review
from inspections.visits import services as visits
from tests import field
from tests.api.device import Device
from tests.inspections.phone.world import picture
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    campaign, ann = field.campaign(), person("ann", "inspector", areas=["140100"])
    made = visits.record(
        campaign=campaign,
        site=campaign.sites.first(),
        uid=field.uuid4(),
        answers=field.FULL | {"company": "not_sure"},
        visited_at=field.noon(20),
        inspectors=[ann],
        by=ann,
    )
    visits.add_evidence(visit=made, content=picture(), name="a.jpg", by=ann)
    return made


@pytest.fixture
def chief():
    return Device(person("cid", "supervisor"))


@pytest.fixture
def second():
    """Return a second person, who did not accept the visit."""
    return Device(person("sue", "supervisor"))


def finding_of(visit):
    return f"findings/{visit.findings.get().pk}/"


def test_an_inspector_sees_the_own_findings_a_supervisor_those_of_the_area(visit):
    seen = {
        "ann": Device(visit.inspectors.get()),
        "ben": Device(person("ben", "inspector", areas=["140100"])),
        "cid": Device(person("cid", "supervisor", areas=["140100"])),
        "dan": Device(person("dan", "supervisor", areas=["140200"])),
    }

    counts = {name: d.get("findings/").json()["count"] for name, d in seen.items()}
    ones = {name: d.get(finding_of(visit)).status_code for name, d in seen.items()}

    assert counts == {"ann": 1, "ben": 0, "cid": 1, "dan": 0}
    assert ones == {"ann": 200, "ben": 404, "cid": 200, "dan": 404}


def test_a_finding_is_confirmed_by_a_second_person_and_seals_the_visit(visit, chief, second):
    chief.post(f"visits/{visit.pk}/accept/", {})

    own = chief.post(f"{finding_of(visit)}confirm/", {})
    answer = second.post(f"{finding_of(visit)}confirm/", {})

    visit.refresh_from_db()
    assert (answer.status_code, answer.json()["state"]) == (200, "confirmed")
    assert own.status_code == 409
    assert answer.json()["confirmed_by"] == "sue"
    assert visit.sealed_at is not None
    assert chief.get("findings/", state="confirmed").json()["count"] == 1
    assert chief.get("findings/", state="open").json()["count"] == 0


def test_what_cannot_be_decided_is_a_conflict_in_both_languages_and_changes_nothing(visit, chief):
    answer = chief.post(f"{finding_of(visit)}confirm/", {})

    (error,) = answer.json()["errors"]
    assert answer.status_code == 409
    assert error["en"] == "The visit has to be accepted first."
    assert error["zh-Hans"] != error["en"]
    assert visit.findings.get().confirmed_at is None
    assert not visit.events.filter(kind="confirmed").exists()


def test_who_was_there_decides_nothing(visit):
    both = person("eve", "supervisor")
    visit.inspectors.add(both)

    assert Device(both).post(f"visits/{visit.pk}/accept/", {}).status_code == 409
    assert (
        Device(visit.inspectors.first()).post(f"visits/{visit.pk}/accept/", {}).status_code == 403
    )


def test_a_finding_that_is_not_borne_out_keeps_the_reason(visit, chief, second):
    review.accept(visit=visit, by=chief.token.owner)

    without = second.post(f"{finding_of(visit)}dismiss/", {})
    answer = second.post(f"{finding_of(visit)}dismiss/", {"reason": "The picture shows a list."})

    assert (without.status_code, without.json()["errors"][0]["where"]) == (400, "reason")
    assert answer.json()["state"] == "dismissed"
    assert answer.json()["refused_because"] == "The picture shows a list."
    assert chief.get("findings/", state="dismissed").json()["count"] == 1


@pytest.mark.parametrize(("step", "status"), [("return", "returned"), ("void", "void")])
def test_a_visit_is_sent_back_or_void_with_a_reason(visit, chief, step, status):
    answer = chief.post(f"visits/{visit.pk}/{step}/", {"reason": "the wrong entrance"})

    assert (answer.status_code, answer.json()["status"]) == (200, status)
    assert answer.json()["note"] == "the wrong entrance"
    assert chief.get("visits/", status=status).json()["count"] == 1


def test_findings_of_a_void_visit_are_none(visit, chief):
    chief.post(f"visits/{visit.pk}/void/", {"reason": "nobody there"})

    assert chief.get("findings/").json()["count"] == 0


def test_evidence_is_told_by_its_hash_and_never_given(visit, chief):
    found = chief.get(f"visits/{visit.pk}/evidence/").json()["results"]

    assert [one["sha256"] for one in found] == [visit.evidence.get().sha256]
    assert found[0]["received_at"] is not None
    assert "shown" not in found[0]


def test_a_look_at_what_stands_out_is_noted_in_the_chain(visit, chief):
    answer = chief.get(f"visits/{visit.pk}/review/")

    assert answer.json() == {"status": "received", "flags": [], "missing": 0}
    assert visit.events.filter(kind="looked_at", by=chief.token.owner).exists()
