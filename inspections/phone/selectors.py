"""What a phone may read: what its owner is sent to, and how far that is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from inspections.campaigns.models import Assignment, Campaign
from inspections.devices.models import Device
from inspections.visits.models import Evidence, Visit
from inspections.visits.selectors import awaited, is_returned, is_taken, sent_to, visit_of
from surveys.collection.models.survey import VersionChange

# what comes from a phone; what the office adds to a visit is no phone's to send
FROM_PHONES = (Evidence.Source.CAMERA, Evidence.Source.GALLERY)


def shown(device: Device) -> list[Assignment]:
    """Return what a phone shows: what its owner can visit, has visited, and what was sent back."""
    return [one for one in sent_to(device.owner) if is_taken(one) or is_returned(one)]


def state_of(assignment: Assignment) -> str:
    """Return how far an assignment is: "open" where nothing has come in, else the visit's state."""
    visit = visit_of(assignment)
    return visit.status if visit else "open"


def missing(visit: Visit) -> QuerySet[Evidence]:
    """Return the evidence that a phone announced and has to send."""
    return awaited(visit).filter(source__in=FROM_PHONES).order_by("pk")


def announced_by(device: Device, assignment: UUID) -> QuerySet[Evidence]:
    """Return what the visit of an assignment announced, if the owner of the phone is sent there.
    Every part of every file asks, so it is one small query.
    """
    sent = Q(visit__assignment__lead=device.owner) | Q(visit__assignment__partner=device.owner)
    found = Evidence.objects.filter(sent, visit__assignment__uid=assignment)
    return found.filter(visit__assignment__cancelled_at=None).select_related("visit")


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
