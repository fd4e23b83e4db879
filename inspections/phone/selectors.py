"""What a phone may read: what its owner is sent to, and how far that is."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from inspections.campaigns.models import Assignment, Campaign
from inspections.devices.models import Device
from inspections.visits.models import Evidence, Visit
from surveys.collection.models.survey import VersionChange

# what comes from a phone; what the office adds to a visit is no phone's to send
FROM_PHONES = (Evidence.Source.CAMERA, Evidence.Source.GALLERY)


def assignments_of(device: Device) -> QuerySet[Assignment]:
    """Return what the owner of a phone is sent to, alone or as a partner, in campaigns that are
    not over; those with a visit too, so that the phone can say that it has arrived, or that it was
    declared void.
    """
    own = Q(lead=device.owner) | Q(partner=device.owner)
    found = Assignment.objects.filter(own, Q(cancelled_at=None) | Q(visit__isnull=False))
    related = ("campaign__survey", "site__area", "lead", "partner", "visit", "draft")
    return found.select_related(*related).order_by("due_on", "pk")


def open_assignments(device: Device) -> list[Assignment]:
    """Return those of the campaigns that are open, and those that were sent back."""
    return [
        one
        for one in assignments_of(device)
        if one.campaign.survey.state() == "open" or is_returned(one)
    ]


def visit_of(assignment: Assignment) -> Visit | None:
    """Return the visit of an assignment, where there is one."""
    return getattr(assignment, "visit", None)


def is_returned(assignment: Assignment) -> bool:
    """Say whether the visit was sent back and waits for its inspector."""
    visit = visit_of(assignment)
    return visit is not None and visit.status == Visit.Status.RETURNED


def state_of(assignment: Assignment) -> str:
    """Return how far an assignment is: "open" where nothing has come in, else the visit's state."""
    visit = visit_of(assignment)
    return visit.status if visit else "open"


def missing(visit: Visit) -> QuerySet[Evidence]:
    """Return the evidence that a phone announced and has not sent."""
    return visit.evidence.filter(received_at=None, source__in=FROM_PHONES).order_by("pk")


def versions_of(campaign: Campaign) -> frozenset[int]:
    """Return the versions of the checklist that the campaign has or had: a visit that was begun
    under an older one stays under it.
    """
    survey = campaign.survey
    had = VersionChange.objects.filter(survey=survey).values_list("before", flat=True)
    return frozenset([survey.version_id, *had])


def kept_draft(assignment: Assignment) -> dict[str, Any] | None:
    """Return where a visit stands that was begun: the draft, or, of one that was sent back, what
    was recorded. None where neither is.
    """
    draft = getattr(assignment, "draft", None)
    visit = visit_of(assignment)
    if draft:
        return {
            "revision": draft.revision,
            "version": draft.version_id,
            "answers": draft.answers,
            "files": draft.files,
            "question": draft.question,
            "begun_at": draft.begun_at,
        }
    if visit is None or visit.status != Visit.Status.RETURNED:
        return None
    return {
        "revision": 0,
        "version": visit.response.version_id,
        "answers": visit.response.answers,
        "files": [],
        "question": "",
        "begun_at": visit.begun_at or visit.visited_at,
    }
