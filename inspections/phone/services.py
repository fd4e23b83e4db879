"""What a phone sends: drafts after every tap, visits, and the bytes of what was captured, in pieces
and any order, as often as it takes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from config.language.problems import InvalidInput, Problem, say
from config.storage import files, pictures
from inspections.campaigns.models import Assignment
from inspections.devices.models import Device
from inspections.phone.models import VisitDraft
from inspections.visits import services as visits
from inspections.visits.models import Evidence, Visit
from inspections.visits.services import PICTURES, Captured, Fieldwork, Place
from surveys.collection.models.survey import VersionChange

LARGEST_PICTURE = pictures.LARGEST
LARGEST = 50 * 2**20
LARGEST_PREVIEW = 2 * 2**20
MOST_FILES = 60
OLD_PARTS = timedelta(days=30)


class NotYours(Exception):
    """An assignment that is somebody else's, was cancelled, or never was."""


class Older(Exception):
    """A draft that is older than the one that is kept."""


class WrongHash(Exception):
    """The bytes that arrived are not those that were announced; they are asked for anew."""


@dataclass(frozen=True)
class Sent:
    """A visit as a phone sends it."""

    uid: UUID  # of this sending; another one mends what was sent back
    answers: Mapping[str, Any]
    begun_at: datetime
    ended_at: datetime
    now: datetime  # by the clock of the phone, when it was sent
    version: int
    place: Place | None
    captured: Sequence[Captured]


def own_assignment(device: Device, uid: UUID) -> Assignment:
    """Return an assignment of a phone's owner. Raises NotYours."""
    found = (
        Assignment.objects.select_related("campaign__survey", "site")
        .filter(uid=uid, cancelled_at=None)
        .first()
    )
    if found is None or device.owner_id not in (found.lead_id, found.partner_id):
        raise NotYours(uid)
    return found


@transaction.atomic
def keep_draft(
    *,
    device: Device,
    assignment: Assignment,
    version: int,
    answers: Mapping[str, Any],
    files: Sequence[Any],
    question: str,
    revision: int,
    begun_at: datetime,
) -> VisitDraft:
    """Keep a visit under way; one that is older than what is kept changes nothing.

    Raises Older, InvalidInput for a version that the campaign never had.
    """
    _check_version(assignment, version)
    known = VisitDraft.objects.select_for_update().filter(assignment=assignment).first()
    if known and known.revision > revision:
        raise Older(known.revision)
    draft = known or VisitDraft(assignment=assignment)
    draft.device, draft.version_id = device, version
    draft.answers, draft.files = dict(answers), list(files)
    draft.question, draft.revision, draft.begun_at = question[:120], revision, begun_at
    draft.save()
    return draft


@transaction.atomic
def send(*, device: Device, assignment: Assignment, sent: Sent) -> Visit:
    """Take in a visit, or what was mended in one that was sent back; the same uid again changes
    nothing.

    Raises InvalidInput for files that cannot be announced or a version that the campaign never had,
    collection.Refused for answers that do not fit, visits.AlreadyVisited for a site that somebody
    else visited, visits.NotSentBack for a second content under one assignment.
    """
    _check_version(assignment, sent.version)
    _check_files(sent.captured)
    known = Visit.objects.filter(assignment=assignment).first()
    if known:
        if known.uid == sent.uid or known.response.uid == sent.uid:
            return known
        visit = visits.amend(
            visit=known,
            uid=sent.uid,
            answers=sent.answers,
            captured=sent.captured,
            by=device.owner,
        )
    else:
        people = [person for person in (assignment.lead, assignment.partner) if person]
        visit = visits.record(
            campaign=assignment.campaign,
            site=assignment.site,
            uid=sent.uid,
            answers=sent.answers,
            visited_at=sent.ended_at,
            inspectors=people,
            assignment=assignment,
            fieldwork=Fieldwork(
                begun_at=sent.begun_at,
                device=device,
                skew=round((timezone.now() - sent.now).total_seconds()),
                place=sent.place,
                captured=sent.captured,
                version=sent.version,
            ),
            by=device.owner,
        )
    VisitDraft.objects.filter(assignment=assignment).delete()
    return visit


def missing(visit: Visit) -> list[str]:
    """Return the SHA-256 of what was announced and has not arrived."""
    waiting = visit.evidence.filter(received_at=None).order_by("size", "pk")
    return list(waiting.values_list("sha256", flat=True))


def announced(visit: Visit, sha256: str) -> Evidence:
    """Return what a visit announced under a SHA-256. Raises visits.NotAnnounced."""
    found = visit.evidence.filter(sha256=sha256).first()
    if found is None:
        raise visits.NotAnnounced(sha256)
    return found


def arrived(evidence: Evidence) -> int:
    """Return how many bytes of a file are here."""
    if evidence.received_at:
        return evidence.size
    path = _part(evidence)
    return path.stat().st_size if path.exists() else 0


def add_part(*, evidence: Evidence, begin: int, content: bytes, device: Device) -> int:
    """Add a piece of a file and return how many bytes are here now; the last piece makes it whole.

    A piece that does not begin where the last one ended changes nothing: what is returned says
    where to go on. Raises WrongHash for a whole file that is not the one announced, InvalidInput
    for more bytes than were announced or a picture that cannot be read.
    """
    here = arrived(evidence)
    if evidence.received_at or begin != here:
        return here
    if here + len(content) > evidence.size:
        raise InvalidInput(
            Problem(
                evidence.name,
                say("has more bytes than the {size} that were announced"),
                {"size": evidence.size},
            )
        )
    path = _part(evidence)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("ab") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    if here + len(content) < evidence.size:
        return here + len(content)
    whole = path.read_bytes()
    if hashlib.sha256(whole).hexdigest() != evidence.sha256:
        path.unlink(missing_ok=True)
        raise WrongHash(evidence.sha256)
    try:
        visits.receive(visit=evidence.visit, content=whole, by=device.owner)
    finally:
        path.unlink(missing_ok=True)
    return evidence.size


@transaction.atomic
def show(*, evidence: Evidence, content: bytes) -> None:
    """Keep the small copy of a picture to look at until the original is here.

    Raises InvalidInput for what is no picture.
    """
    if evidence.received_at or evidence.kind not in PICTURES:
        return
    evidence.shown = files.keep(pictures.for_looking(content, evidence.name))
    evidence.save(update_fields=["shown"])


def forget_parts() -> int:
    """Delete pieces of files that nobody went on with for a month; return how many."""
    folder, before = Path(settings.VAR) / "parts", (timezone.now() - OLD_PARTS).timestamp()
    old = [path for path in folder.glob("*.part") if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _part(evidence: Evidence) -> Path:
    return Path(settings.VAR) / "parts" / f"{evidence.visit_id}-{evidence.sha256}.part"


def _check_version(assignment: Assignment, version: int) -> None:
    survey = assignment.campaign.survey
    had = VersionChange.objects.filter(survey=survey, before=version)
    if version != survey.version_id and not had.exists():
        raise InvalidInput(Problem("version", say("is no checklist of this campaign")))


def _check_files(captured: Sequence[Captured]) -> None:
    problems = []
    if len(captured) > MOST_FILES:
        problems.append(Problem("files", say("more than {most} files"), {"most": MOST_FILES}))
    for one in captured:
        most = LARGEST_PICTURE if one.kind in PICTURES else LARGEST
        if not 0 < one.size <= most:
            text = say("is empty or larger than {most} MB")
            problems.append(Problem(one.name, text, {"most": most // 2**20}))
    if problems:
        raise InvalidInput(*problems)
