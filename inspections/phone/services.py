"""What a phone sends: drafts, visits, and the bytes of what it announced, part by part."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.language.problems import InvalidInput, Problem, say
from config.storage import files, pictures
from inspections.campaigns.models import Assignment
from inspections.devices.models import Device
from inspections.phone import announced, parts
from inspections.phone.models import VisitDraft
from inspections.phone.selectors import versions_of
from inspections.visits import services as visits
from inspections.visits.models import Evidence, Visit
from inspections.visits.selectors import PICTURES, is_taken, visit_of
from inspections.visits.services import Captured, Fieldwork, Place
from surveys.collection.services import NotOpen

MOST_SKEW = timedelta(days=3660)  # a phone without a battery of its own wakes up in 1970
OTHER_VISIT = say(
    "This visit was recorded already, from another phone or with other answers; nothing was"
    " changed. What is on this phone stays on it: show it to your supervisor."
)
NO_VERSION = say("is no version of this campaign's checklist")
NOT_SENT_BACK = say("This visit was not sent back, so it cannot be changed.")
OTHER_BYTES = say(
    "arrived with other bytes than were announced (another SHA-256); it is asked for once more"
)
TOO_MANY = say("A visit has at most {most} files.")


class Conflict(Exception):
    """What cannot go beside what is here; `text` says why."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True)
class Sent:
    """A visit as a phone sends it. Every moment is by the clock of the phone; `mends` is the
    number of the new answers where the visit was sent back.
    """

    version: int
    answers: Mapping[str, object]
    begun_at: datetime
    ended_at: datetime
    sent_at: datetime
    place: Place | None = None
    captured: Sequence[Captured] = ()
    mends: UUID | None = None


@transaction.atomic
def keep_draft(
    *,
    assignment: Assignment,
    device: Device,
    revision: int,
    version: int,
    answers: Mapping[str, Any],
    files: Sequence[Any],
    question: str,
    begun_at: datetime,
) -> VisitDraft:
    """Keep where a visit stands; an older revision than the one that is kept changes nothing.

    Raises Conflict for a visit that was recorded, InvalidInput for a version that the campaign
    never had.
    """
    visit = visit_of(assignment)
    if visit and visit.status != Visit.Status.RETURNED:
        raise Conflict(OTHER_VISIT)
    if version not in versions_of(assignment.campaign):
        raise InvalidInput(Problem("version", NO_VERSION))
    Assignment.objects.select_for_update().get(pk=assignment.pk)  # one draft at a time
    known = VisitDraft.objects.filter(assignment=assignment).first()
    is_again = known and (known.revision, known.device_id) == (revision, device.pk)
    if known and known.revision >= revision and not is_again:
        return known
    draft = known or VisitDraft(assignment=assignment)
    draft.device, draft.version_id, draft.revision = device, version, revision
    draft.answers, draft.files = dict(answers), list(files)
    draft.question, draft.begun_at = question, begun_at
    draft.save()
    return draft


@transaction.atomic
def hand_in(*, assignment: Assignment, device: Device, sent: Sent) -> tuple[Visit, bool]:
    """Take in a visit and return it, and whether it is new; however often it is sent it is one.

    Raises InvalidInput for a version or a file that cannot be announced, NotOpen for a visit that
    was begun when the campaign was not open, Conflict for one that is there from another phone,
    collection.Refused for answers that do not fit the checklist, visits.AlreadyVisited for a
    second first visit.
    """
    _refuse_files(sent.captured)
    if sent.version not in versions_of(assignment.campaign):
        raise InvalidInput(Problem("version", NO_VERSION))
    now = timezone.now()
    apart = min(max(now - sent.sent_at, -MOST_SKEW), MOST_SKEW)
    known = visit_of(assignment)
    if sent.mends:
        return _amended(known, device, sent)
    if known:
        if not _is_again(known, device, sent):
            raise Conflict(OTHER_VISIT)
        return known, False
    was_open = assignment.campaign.survey.state(sent.begun_at + apart) == "open"
    if not is_taken(assignment) and not was_open:
        raise NotOpen
    people = [person for person in (assignment.lead, assignment.partner) if person]
    visit = visits.record(
        campaign=assignment.campaign,
        site=assignment.site,
        uid=assignment.uid,
        answers=sent.answers,
        # by our clock: the phone's may be years off
        visited_at=min(sent.ended_at + apart, now),
        inspectors=people,
        assignment=assignment,
        fieldwork=Fieldwork(
            begun_at=sent.begun_at,
            device=device,
            skew=round(apart.total_seconds()),
            place=sent.place,
            captured=sent.captured,
            version=sent.version,
        ),
        by=device.owner,
    )
    VisitDraft.objects.filter(assignment=assignment).delete()
    return visit, True


def _is_again(known: Visit, device: Device, sent: Sent) -> bool:
    """Say whether a visit is the one that is here, sent once more: by the same phone, or by one
    whose code was scanned anew in between.
    """
    if known.device is None or known.device.owner_id != device.owner_id:
        return False
    return known.device_id == device.pk or known.begun_at == sent.begun_at


def _amended(visit: Visit | None, device: Device, sent: Sent) -> tuple[Visit, bool]:
    if visit is None:
        raise Conflict(NOT_SENT_BACK)
    assert sent.mends
    is_new = visit.response.uid != sent.mends
    try:
        mended = visits.amend(
            visit=visit,
            uid=sent.mends,
            answers=sent.answers,
            captured=sent.captured,
            by=device.owner,
        )
    except visits.NotSentBack:
        raise Conflict(NOT_SENT_BACK) from None
    VisitDraft.objects.filter(assignment=visit.assignment).delete()
    return mended, is_new


def take_part(*, evidence: Evidence, device: Device, start: int, content: bytes) -> Evidence:
    """Take in one part of a file; the last one is checked with the others, and makes it evidence
    that was received. Parts may come twice, and in any number.

    Raises parts.NotNext for a part that leaves a gap, InvalidInput where the whole is not what was
    announced, or cannot be read.
    """
    if evidence.received_at:
        return evidence
    if start + len(content) < evidence.size:
        parts.add(evidence.visit_id, evidence.sha256, start=start, content=content)
        return evidence
    whole = parts.completed(evidence.visit_id, evidence.sha256, start=start, content=content)
    wrong, preview_shown = _wrong(evidence, whole), evidence.shown
    try:
        if wrong:
            raise InvalidInput(Problem(evidence.name, wrong))
        received = visits.receive(visit=evidence.visit, content=whole, by=device.owner)
    finally:
        parts.drop(evidence.visit_id, evidence.sha256)
    files.forget([preview_shown])
    return received


def _wrong(evidence: Evidence, whole: bytes) -> str:
    if hashlib.sha256(whole).hexdigest() != evidence.sha256:
        return OTHER_BYTES
    return announced.mistaken(evidence.kind, whole)


def preview(*, evidence: Evidence, content: bytes) -> None:
    """Keep a smaller copy of a picture to look at, until the original is here. It is no evidence:
    it is not chained, and the original takes its place.

    Raises InvalidInput for what is no picture.
    """
    if evidence.kind not in PICTURES:
        raise InvalidInput(Problem(evidence.name, say("is no picture")))
    if evidence.received_at or evidence.shown:
        return
    shown = files.keep(pictures.for_looking(content, evidence.name))
    Evidence.objects.filter(pk=evidence.pk, received_at=None).update(shown=shown)


def _refuse_files(captured: Sequence[Captured]) -> None:
    if len(captured) > announced.MOST_FILES:
        values = {"most": announced.MOST_FILES}
        raise InvalidInput(Problem("files", TOO_MANY, values))
    problems = []
    for one in captured:
        text, values = announced.complaint(name=one.name, kind=one.kind, size=one.size)
        if text:
            problems.append(Problem(one.name, text, values))
    if problems:
        raise InvalidInput(*problems)
