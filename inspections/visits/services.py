"""Visits: recorded through the one entrance of answers, with their findings and the evidence that
was announced; evidence is received when its bytes arrive.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.accounts import audit
from config.accounts.models import User
from config.language.languages import spoken
from config.storage import files, pictures
from config.work.write_lock import write_lock
from inspections.campaigns.models import Assignment, Campaign
from inspections.campaigns.sites import Site
from inspections.devices.models import Device
from inspections.evidence import verify
from inspections.visits import chain
from inspections.visits.models import Evidence, Finding, Visit, VisitEvent
from inspections.visits.scoring import findings
from inspections.visits.selectors import PICTURES
from surveys.collection import sampling
from surveys.collection import services as collection
from surveys.collection.models.response import Response
from surveys.collection.models.survey import State, Survey
from surveys.collection.selectors import compiled

Kind = VisitEvent.Kind


@dataclass(frozen=True)
class Place:
    """Where something was: degrees, metres, seconds since the fix, and the datum of the degrees."""

    latitude: float
    longitude: float
    datum: str = "WGS-84"
    accuracy: float | None = None
    age: float | None = None


@dataclass(frozen=True)
class Captured:
    """One thing that was captured on the phone; its bytes come later, under this SHA-256."""

    sha256: str
    size: int
    name: str
    kind: str = Evidence.Kind.PHOTO
    source: str = Evidence.Source.CAMERA
    question: str = ""
    media_type: str = ""
    text: str = ""
    at: datetime | None = None
    place: Place | None = None


@dataclass(frozen=True)
class Fieldwork:
    """How a visit came about on a phone: what the office does not know by itself."""

    begun_at: datetime | None = None
    device: Device | None = None
    skew: int | None = None  # seconds, our clock − that of the device
    place: Place | None = None
    captured: Sequence[Captured] = ()
    version: int | None = None  # of the checklist, where it is not the campaign's latest


class AlreadyVisited(Exception):
    """The site has a first visit in this campaign; what comes now is a revisit of it."""

    def __init__(self, visit: Visit) -> None:
        super().__init__(str(visit))
        self.visit = visit


class NotSentBack(Exception):
    """A visit that nobody sent back is not changed."""


class NotAnnounced(Exception):
    """Bytes that no visit has announced."""


class NotOpen(Exception):
    """The campaign takes no visit: it is not open yet, or it is closed and what it found is being
    counted.
    """

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


@transaction.atomic
def record(
    *,
    campaign: Campaign,
    site: Site,
    uid: UUID,
    answers: Mapping[str, object],
    visited_at: datetime,
    inspectors: Iterable[User],
    revisit_of: Visit | None = None,
    assignment: Assignment | None = None,
    fieldwork: Fieldwork = Fieldwork(),
    by: User | None = None,
) -> Visit:
    """Record a visit; the same uid again returns the visit there is, also after the closing.

    With an assignment it is the visit that was asked for: first, second, calibration or revisit.
    Raises NotOpen for a campaign that is not, unless the visit was begun on a phone while it was or
    is a revisit after the end that somebody was sent to; collection.Refused for answers that do
    not fit the checklist, AlreadyVisited for a second first visit.
    """
    known = Visit.objects.filter(uid=uid).first()
    if known:
        return known
    # read again and held: whoever closes it waits, or has closed it
    # without the key: what is taken in at the same time refers to it, and need not wait
    survey = Survey.objects.select_for_update(no_key=True).get(pk=campaign.survey_id)
    purpose = Assignment.Purpose(assignment.purpose) if assignment else None
    state = survey.state()
    is_late_revisit = state == "closed" and purpose == Assignment.Purpose.REVISIT
    if state != "open" and not is_late_revisit and not _was_begun_in_time(survey, fieldwork):
        raise NotOpen(state)
    is_apart = purpose in (Assignment.Purpose.SECOND, Assignment.Purpose.CALIBRATION)
    first = first_visit(campaign, site)
    if first and purpose == Assignment.Purpose.REVISIT:
        revisit_of = first
    if first and revisit_of is None and not is_apart:
        raise AlreadyVisited(first)
    response = _accepted(campaign, site, uid, answers, visited_at, fieldwork, by)
    place = fieldwork.place
    visit = Visit.objects.create(
        campaign=campaign,
        site=site,
        response=response,
        uid=uid,
        assignment=assignment,
        device=fieldwork.device,
        begun_at=fieldwork.begun_at,
        visited_at=visited_at,
        skew=fieldwork.skew,
        revisit_of=revisit_of,
        is_second=purpose == Assignment.Purpose.SECOND,
        is_calibration=purpose == Assignment.Purpose.CALIBRATION,
        **_where(place),
    )
    visit.inspectors.set(inspectors)
    find(visit)
    _tell_of_recording(visit, fieldwork, by)
    for captured in fieldwork.captured:
        announce(visit=visit, captured=captured, by=by)
    after = {"campaign": campaign.survey.slug, "findings": visit.findings.count()}
    audit.record(by=by, action="visit.record", target=visit, after=after)
    return visit


def _was_begun_in_time(survey: Survey, fieldwork: Fieldwork) -> bool:
    """Whether a visit was begun on a phone while the campaign was open: it may have been without
    network since.
    """
    begun = fieldwork.begun_at
    return bool(fieldwork.device and begun and survey.state(begun) == "open")


def first_visit(campaign: Campaign, site: Site) -> Visit | None:
    """Return the first visit to a site that counts, or None."""
    first = campaign.visits.filter(site=site, revisit_of=None, is_second=False)
    return first.filter(is_calibration=False).exclude(status=Visit.Status.VOID).first()


def find(visit: Visit) -> None:
    """Write down what the answers of a visit say is not as it should be."""
    response = visit.response
    Finding.objects.bulk_create(
        Finding(visit=visit, indicator=found.indicator, topic=found.topic, critical=found.critical)
        for found in findings(compiled(response.version_id), response.answers)
    )


@transaction.atomic
def amend(
    *,
    visit: Visit,
    uid: UUID,
    answers: Mapping[str, object],
    captured: Sequence[Captured] = (),
    by: User,
) -> Visit:
    """Take in what an inspector mended in a visit that was sent back: a new response in place of
    the old one, new photographs beside the old ones. The same uid again changes nothing.

    Raises NotSentBack for a visit that was not sent back, collection.Refused for answers that do
    not fit the checklist.
    """
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    if visit.response.uid == uid:
        return visit
    if visit.status != Visit.Status.RETURNED:
        raise NotSentBack(visit)
    before = visit.response
    payload = collection.Payload(
        uid,
        answers,
        submitted_at=timezone.now(),
        started_at=before.started_at,
        language=spoken(),
        version=before.version_id,
    )
    source = collection.Source(
        mode=Response.Mode.VISIT,
        flawed="refuse",
        stratum=before.stratum,
        psu=before.psu,
        corrects=before,
    )
    after = collection.accept(survey=visit.campaign.survey, payload=payload, source=source, by=by)
    Response.objects.filter(pk=before.pk).update(status=Response.Status.CORRECTED)
    visit.response, visit.status, visit.note = after, Visit.Status.RECEIVED, ""
    visit.save(update_fields=["response", "status", "note"])
    visit.findings.all().delete()
    find(visit)
    chain.append(
        visit,
        Kind.CHANGED,
        by=by,
        changes=changes(before.answers, after.answers),
        answers=answers_hash(after.answers),
        findings=[finding.indicator for finding in visit.findings.all()],
    )
    for one in captured:
        announce(visit=visit, captured=one, by=by)
    return visit


@transaction.atomic
def announce(*, visit: Visit, captured: Captured, by: User | None = None) -> Evidence:
    """Note what was captured; its bytes are asked for until they are here. The same file twice is
    one.
    """
    evidence, is_new = Evidence.objects.get_or_create(
        visit=visit,
        sha256=captured.sha256,
        defaults={
            "kind": captured.kind,
            "source": captured.source,
            "question": captured.question,
            "name": captured.name[:255],
            "media_type": captured.media_type[:60],
            "size": captured.size,
            "text": captured.text,
            "captured_at": captured.at,
            "fix_age": captured.place.age if captured.place else None,
            "added_by": by,
            **_where(captured.place),
        },
    )
    if is_new:
        chain.append(
            visit,
            Kind.CAPTURED,
            by=by,
            sha256=captured.sha256,
            size=captured.size,
            name=captured.name,
            kind=str(captured.kind),
            source=str(captured.source),
            question=captured.question,
            text=captured.text,
            at=chain.moment(captured.at) if captured.at else "",
            place=written(captured.place),
        )
    return evidence


def receive(*, visit: Visit, content: bytes, by: User | None = None) -> Evidence:
    """Take in the bytes of something that was announced; once more changes nothing.

    What takes long is done before the transaction: others write meanwhile. Raises NotAnnounced for
    bytes whose SHA-256 the visit has not announced, InvalidInput for a picture that cannot be read.
    """
    digest = hashlib.sha256(content).hexdigest()
    evidence = visit.evidence.filter(sha256=digest).first()
    if evidence is None:
        raise NotAnnounced(digest)
    if evidence.received_at:
        return evidence
    is_picture = evidence.kind in PICTURES
    likeness = pictures.likeness(content, evidence.name) if is_picture else ""
    files.keep(content)  # on the disk before anything says that it is here
    with write_lock(), transaction.atomic():
        evidence = Evidence.objects.select_for_update().get(pk=evidence.pk)
        if evidence.received_at:
            return evidence
        evidence.likeness, evidence.shown = likeness, ""  # a preview has had its day
        evidence.received_at = timezone.now()
        evidence.save(update_fields=["shown", "likeness", "received_at"])
        chain.append(visit, Kind.RECEIVED, by=by, sha256=digest, size=len(content))
        after = {"visit": visit.pk, "sha256": digest, "size": len(content)}
        audit.record(by=by, action="evidence.add", target=evidence, after=after)
    return evidence


def copy_of(evidence: Evidence) -> bytes:
    """Return the copy of a picture that is looked at. It is made of the original when somebody
    looks for the first time: receiving is for phones that wait.
    """
    if not evidence.shown:
        content = files.read(evidence.sha256)
        evidence.shown = files.keep(pictures.for_looking(content, evidence.name))
        Evidence.objects.filter(pk=evidence.pk).update(shown=evidence.shown)
    return files.read(evidence.shown)


@transaction.atomic
def add_evidence(*, visit: Visit, content: bytes, name: str, by: User | None = None) -> Evidence:
    """Keep a photograph that was uploaded in the office: announced and received at once. The same
    photograph twice is one.

    Raises InvalidInput for a file that is no picture, is cut off, or is too large.
    """
    pictures.likeness(content, name)  # nothing is announced that cannot be received
    captured = Captured(
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        name=name,
        source=Evidence.Source.OFFICE,
    )
    announce(visit=visit, captured=captured, by=by)
    return receive(visit=visit, content=content, by=by)


def written(place: Place | None) -> dict[str, str]:
    """Return a place as texts, as it goes into the chain."""
    if place is None:
        return {}
    every = {
        "latitude": f"{place.latitude:.6f}",
        "longitude": f"{place.longitude:.6f}",
        "datum": str(place.datum),
        "accuracy": "" if place.accuracy is None else f"{place.accuracy:.1f}",
        "age": "" if place.age is None else f"{place.age:.1f}",
    }
    return {name: text for name, text in every.items() if text}


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return which answers were changed, from what to what, as texts; a repeat is one answer."""
    names = sorted(before.keys() | after.keys())
    return [
        {"question": name, "before": _text(before.get(name)), "after": _text(after.get(name))}
        for name in names
        if before.get(name) != after.get(name)
    ]


def _text(answer: object) -> str:
    if isinstance(answer, (list, dict)):
        return verify.canonical({"": answer}).decode()[4:-1]
    return "" if answer is None else str(answer)


def answers_hash(answers: Mapping[str, Any]) -> str:
    """Return the SHA-256 of answers as canonical JSON, as the chain has it."""
    return hashlib.sha256(verify.canonical(answers)).hexdigest()


def _accepted(
    campaign: Campaign,
    site: Site,
    uid: UUID,
    answers: Mapping[str, object],
    visited_at: datetime,
    fieldwork: Fieldwork,
    by: User | None,
) -> Response:
    day = timezone.localdate(visited_at).isoformat()
    drawn = campaign.places.filter(site=site).exclude(probability=None).first()
    source = collection.Source(
        mode=Response.Mode.VISIT,
        flawed="refuse",
        # where nothing was drawn, kinds of site are kept apart
        stratum=(drawn.stratum or sampling.ALL) if drawn else site.kind,
        psu=f"{site.pk}:{day}",
        weight=1 / drawn.probability if drawn and drawn.probability else None,
    )
    payload = collection.Payload(
        uid,
        answers,
        submitted_at=visited_at,
        started_at=fieldwork.begun_at,
        language=spoken(),
        version=fieldwork.version,
    )
    return collection.accept(survey=campaign.survey, payload=payload, source=source, by=by)


def _where(place: Place | None) -> dict[str, Any]:
    if place is None:
        return {}
    return {
        "latitude": place.latitude,
        "longitude": place.longitude,
        "accuracy": place.accuracy,
        "datum": place.datum,
    }


def _tell_of_recording(visit: Visit, fieldwork: Fieldwork, by: User | None) -> None:
    """Begin the chain of a visit: begun by the clock of the phone, then received here."""
    if fieldwork.begun_at:
        chain.append(
            visit,
            Kind.BEGUN,
            by=by,
            at=chain.moment(fieldwork.begun_at),
            device=fieldwork.device.pk if fieldwork.device else 0,
            place=written(fieldwork.place),
        )
    chain.append(
        visit,
        Kind.RECORDED,
        by=by,
        site=str(visit.site),
        at=chain.moment(visit.visited_at),
        skew="" if visit.skew is None else str(visit.skew),
        version=visit.response.version_id,
        answers=answers_hash(visit.response.answers),
        findings=[finding.indicator for finding in visit.findings.all()],
    )
