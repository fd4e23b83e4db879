"""Submissions of ODK Collect: kept as they came, in as many posts as it takes, and recorded as
visits when they are whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from config.language.problems import InvalidInput, Problem, say
from config.storage import files as storage
from inspections.campaigns.models import Assignment
from inspections.devices.models import Device
from inspections.openrosa import submission as xml
from inspections.openrosa.models import Submission
from inspections.visits import services as visits
from inspections.visits.models import Evidence, Visit
from inspections.visits.services import Captured, Fieldwork
from surveys.collection.models.survey import VersionChange
from surveys.forms.models import QuestionnaireVersion

KINDS = {"audio": Evidence.Kind.VOICE, "video": Evidence.Kind.RECORDING}


class Conflict(Exception):
    """The same instance ID with other content, or an edit of what is no longer current."""


class Unknown(Exception):
    """A form, an assignment or an instance that there is not."""


@transaction.atomic
def submit(
    *, device: Device, content: bytes, files: Mapping[str, bytes], is_whole: bool
) -> Submission:
    """Take in one post of a submission; the last one records the visit. The same post again
    changes nothing.

    Raises InvalidInput for XML or files that cannot be used, Unknown for a form, assignment or
    instance that there is not, Conflict for another content under the same instance ID,
    collection.Refused for answers that do not fit the checklist, visits.AlreadyVisited for a second
    first visit, visits.NotSentBack for an edit that nobody asked for.
    """
    root = xml.parsed(content)
    head = xml.head(root)
    known = Submission.objects.select_for_update().filter(instance=head.instance).first()
    digest = hashlib.sha256(content).hexdigest()
    if known and (known.xml != digest or known.device.owner_id != device.owner_id):
        raise Conflict(head.instance)
    assignment = _assignment(head, device)
    version = _version(head, assignment)
    made = known or Submission(
        device=device, instance=head.instance, replaces=head.replaces, xml=storage.keep(content)
    )
    made.files = {**made.files, **_kept(files)}
    made.save()
    if made.visit:
        _receive(made.visit, files, device)
    elif is_whole:
        read = xml.read(root, version.questionnaire, made.files)
        _refuse_undeclared(made, read)
        made.visit = _recorded(made, assignment, version, read, device)
        made.save(update_fields=["visit"])
        for sha256 in made.files.values():
            content_of_file = storage.read(sha256)
            visits.receive(visit=made.visit, content=content_of_file, by=device.owner)
    return made


def _assignment(head: xml.Head, device: Device) -> Assignment:
    try:
        found = Assignment.objects.filter(uid=head.assignment, cancelled_at=None).first()
    except ValidationError:  # no uid
        found = None
    if found is None or device.owner_id not in (found.lead_id, found.partner_id):
        raise Unknown(say("this assignment is not yours, or it was cancelled; update the forms"))
    return found


def _version(head: xml.Head, assignment: Assignment) -> QuestionnaireVersion:
    """Return the version of the checklist that was filled in: the campaign's, or one it had."""
    survey = assignment.campaign.survey
    had = VersionChange.objects.filter(survey=survey).values_list("before", flat=True)
    found = QuestionnaireVersion.objects.filter(
        name=head.form, version=head.version, pk__in=[survey.version_id, *had]
    ).first()
    if found is None:
        raise Unknown(say("this form is not that of the assignment; update the forms"))
    return found


def _kept(files: Mapping[str, bytes]) -> dict[str, str]:
    for name in files:
        if PurePosixPath(name).name != name or "\\" in name or name in (".", ".."):
            raise InvalidInput(Problem(name, say("is no name of a file")))
    return {name: storage.keep(content) for name, content in files.items()}


def _refuse_undeclared(made: Submission, read: xml.Read) -> None:
    stray = sorted(set(made.files) - set(read.files))
    if stray:
        raise InvalidInput(*(Problem(name, say("no answer names this file")) for name in stray))


def _recorded(
    made: Submission,
    assignment: Assignment,
    version: QuestionnaireVersion,
    read: xml.Read,
    device: Device,
) -> Visit:
    captured = [
        Captured(
            sha256=made.files[name],
            size=len(storage.read(made.files[name])),
            name=name,
            kind=_kind(version, question),
            source=Evidence.Source.COLLECT,
            question=question,
        )
        for name, question in read.files.items()
    ]
    uid = _uid(made.instance)
    if made.replaces:
        return _amended(made, uid, read, captured, device)
    people = [person for person in (assignment.lead, assignment.partner) if person]
    return visits.record(
        campaign=assignment.campaign,
        site=assignment.site,
        uid=uid,
        answers=read.answers,
        visited_at=read.moments.get("end") or timezone.now(),
        inspectors=people,
        assignment=assignment,
        fieldwork=Fieldwork(
            begun_at=read.moments.get("start"),
            device=device,
            captured=captured,
            version=version.pk,
        ),
        by=device.owner,
    )


def _amended(
    made: Submission, uid: UUID, read: xml.Read, captured: list[Captured], device: Device
) -> Visit:
    before = Submission.objects.filter(instance=made.replaces).select_related("visit").first()
    if before is None or before.visit is None:
        raise Unknown(say("what this edits has never arrived"))
    if Submission.objects.filter(replaces=made.replaces).exclude(pk=made.pk).exists():
        raise Conflict(made.replaces)
    return visits.amend(
        visit=before.visit, uid=uid, answers=read.answers, captured=captured, by=device.owner
    )


def _kind(version: QuestionnaireVersion, question: str) -> Evidence.Kind:
    found = version.questionnaire.find(question)
    return KINDS.get(found.kind if found else "", Evidence.Kind.PHOTO)


def _uid(instance: str) -> UUID:
    try:
        return UUID(instance.removeprefix("uuid:"))
    except ValueError:
        return uuid5(NAMESPACE_URL, instance)


def _receive(visit: Visit, files: Mapping[str, bytes], device: Device) -> None:
    for content in files.values():
        visits.receive(visit=visit, content=content, by=device.owner)
