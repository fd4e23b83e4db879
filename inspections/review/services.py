"""What supervisors decide about a visit, and the second person about a finding. Nothing is
overwritten: what is mended is a new response, and every step is an event of the visit's chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.accounts import audit
from config.accounts.models import User
from config.storage import files, pictures
from inspections.campaigns.models import Assignment
from inspections.review.selectors import is_accepted_by
from inspections.visits import chain, stamps
from inspections.visits import services as visits
from inspections.visits.models import Evidence, Finding, Visit, VisitEvent
from inspections.visits.selectors import PICTURES, awaited
from surveys.collection.models.response import Response

Kind, Status = VisitEvent.Kind, Visit.Status
MOST_AREAS = 40
# a look is told once in this time, not at every reload
LOOK = timedelta(hours=1)


class NotAllowed(Exception):
    """A step that cannot be taken now or by this person; the text says why, in their language."""


@transaction.atomic
def look(*, visit: Visit, by: User) -> None:
    """Note that somebody looked at a visit's answers and photographs."""
    since = timezone.now() - LOOK
    if visit.events.filter(kind=Kind.LOOKED_AT, by=by, at__gte=since).exists():
        return
    chain.append(visit, Kind.LOOKED_AT, by=by)


@transaction.atomic
def accept(*, visit: Visit, by: User) -> Visit:
    """Accept a visit: everything is here and somebody who was not there has looked at it."""
    visit = _locked(visit, by, Status.RECEIVED)
    if missing := awaited(visit).count():
        raise NotAllowed(
            _(
                "%(n)s of its files have not arrived yet; it can be accepted when they are here, or"
                " when somebody has said at each why nobody waits for it."
            )
            % {"n": missing}
        )
    before = _put(visit, Status.ACCEPTED, Kind.ACCEPTED, by=by)
    _tell(by, "visit.accept", visit, before=before, after=visit.status)
    return visit


@transaction.atomic
def give_up(*, evidence: Evidence, reason: str, by: User) -> Evidence:
    """Wait no more for a file that was announced: it cannot be read, or its phone is lost. That it
    was announced stays; should it arrive after all, it is taken in.
    """
    reason = _reason(reason, _("Say why nobody waits for this file any more."))
    visit = _locked(evidence.visit, by, Status.RECEIVED, Status.RETURNED)
    evidence = Evidence.objects.select_for_update().get(pk=evidence.pk)
    if evidence.received_at:
        raise NotAllowed(_("This file has arrived."))
    evidence.given_up_because = reason[:300]
    evidence.save(update_fields=["given_up_because"])
    chain.append(visit, Kind.GIVEN_UP, by=by, sha256=evidence.sha256, reason=reason)
    after = {"sha256": evidence.sha256}
    audit.record(by=by, action="evidence.give_up", target=evidence, after=after, reason=reason)
    return evidence


@transaction.atomic
def give_back(*, visit: Visit, note: str, by: User) -> Visit:
    """Send a visit back to whoever recorded it, with a note that their phone shows."""
    note = _reason(note, _("Say what is to be mended; the inspector reads it on the phone."))
    visit = _locked(visit, by, Status.RECEIVED, Status.ACCEPTED)
    before = _put(visit, Status.RETURNED, Kind.RETURNED, by=by, note=note)
    _tell(by, "visit.give_back", visit, before=before, after=visit.status, reason=note)
    return visit


@transaction.atomic
def declare_void(*, visit: Visit, reason: str, by: User) -> Visit:
    """Declare that a visit does not count: the wrong place, nobody there, made up. It stays with
    all that hangs on it; its assignment ends, so that somebody can be sent there anew.
    """
    reason = _reason(reason, _("Say why the visit does not count."))
    visit = _locked(visit, by, Status.RECEIVED, Status.RETURNED, Status.ACCEPTED)
    Response.objects.filter(pk=visit.response_id).update(status=Response.Status.REMOVED)
    Assignment.objects.filter(visit=visit, cancelled_at=None).update(
        cancelled_at=timezone.now(), cancelled_because=reason[:300]
    )
    before = _put(visit, Status.VOID, Kind.VOIDED, by=by, note=reason)
    _tell(by, "visit.declare_void", visit, before=before, after=visit.status, reason=reason)
    return visit


@transaction.atomic
def confirm(*, finding: Finding, by: User) -> Finding:
    """Confirm a finding as the second person, and seal the evidence of its visit: from now on
    nothing of the visit can be changed.

    Raises NotAllowed for somebody who was there or accepted the visit, for a visit that is not
    accepted, and where there is no evidence.
    """
    finding, visit = _of_second_person(finding, by)
    if not visit.evidence.exclude(received_at=None).exists():
        raise NotAllowed(
            _("There is no photograph or other proof of this visit; without one it is no finding.")
        )
    finding.confirmed_at, finding.confirmed_by = timezone.now(), by
    finding.save(update_fields=["confirmed_at", "confirmed_by"])
    chain.append(visit, Kind.CONFIRMED, by=by, finding=finding.indicator)
    if visit.sealed_at is None:
        visit.sealed_at = timezone.now()
        visit.save(update_fields=["sealed_at"])
        kept = visit.evidence.exclude(received_at=None).order_by("sha256")
        chain.append(
            visit,
            Kind.SEALED,
            by=by,
            answers=visits.answers_hash(visit.response.answers),
            files=list(kept.values_list("sha256", flat=True)),
        )
    _tell(by, "finding.confirm", finding, after="confirmed")
    return finding


@transaction.atomic
def dismiss(*, finding: Finding, reason: str, by: User) -> Finding:
    """Say as the second person that the evidence does not bear a finding out."""
    reason = _reason(reason, _("Say why the evidence does not show it."))
    finding, visit = _of_second_person(finding, by)
    finding.refused_because = reason[:300]
    finding.save(update_fields=["refused_because"])
    chain.append(visit, Kind.REFUSED, by=by, finding=finding.indicator, reason=reason)
    _tell(by, "finding.dismiss", finding, after="dismissed", reason=reason)
    return finding


@transaction.atomic
def blur(*, evidence: Evidence, areas: Sequence[tuple[int, int, int, int]], by: User) -> Evidence:
    """Make a copy of a picture in which faces, plates and telephone numbers are illegible; what is
    shown to others is the copy.

    areas: left, top, right, bottom, in thousandths of width and height.
    """
    if not areas or len(areas) > MOST_AREAS:
        raise NotAllowed(
            _("Mark what is to be made illegible: 1 to %(most)s areas.") % {"most": MOST_AREAS}
        )
    if evidence.kind not in PICTURES or evidence.received_at is None:
        raise NotAllowed(_("Only a picture that has arrived can be made illegible in parts."))
    content = pictures.blurred(files.read(evidence.sha256), areas, evidence.name)
    digest = files.keep(content)
    copy, is_new = Evidence.objects.get_or_create(
        visit=evidence.visit,
        sha256=digest,
        defaults={
            "kind": Evidence.Kind.BLURRED,
            "source": Evidence.Source.OFFICE,
            "question": evidence.question,
            "shown": digest,
            "name": f"{evidence.name[:240]} · blurred",
            "media_type": "image/jpeg",
            "size": len(content),
            "of": evidence,
            "received_at": timezone.now(),
            "added_by": by,
        },
    )
    if is_new:
        chain.append(
            evidence.visit,
            Kind.BLURRED,
            by=by,
            sha256=digest,
            of=evidence.sha256,
            areas=[list(area) for area in areas],
        )
    return copy


@transaction.atomic
def certify(*, evidence: Evidence, content: bytes, name: str, number: str, by: User) -> Evidence:
    """Keep a certificate from outside beside what it certifies: a time stamp, a notary's deed.

    Raises NotAllowed for a time stamp (RFC 3161) of another file.
    """
    number = _reason(number, _("Give the number of the certificate."))
    if not content:
        raise NotAllowed(_("The file is empty."))
    if stamps.stamped_hash(content) not in ("", evidence.sha256):
        raise NotAllowed(_("This is the time stamp of another file, with another SHA-256."))
    digest = files.keep(content)
    made, is_new = Evidence.objects.get_or_create(
        visit=evidence.visit,
        sha256=digest,
        defaults={
            "kind": Evidence.Kind.CERTIFICATE,
            "source": Evidence.Source.OFFICE,
            "name": name[:255],
            "size": len(content),
            "of": evidence,
            "number": number[:120],
            "received_at": timezone.now(),
            "added_by": by,
        },
    )
    if is_new:
        chain.append(
            evidence.visit,
            Kind.CERTIFIED,
            by=by,
            sha256=digest,
            of=evidence.sha256,
            number=number,
            name=name,
        )
    return made


def _locked(visit: Visit, by: User, *states: Visit.Status) -> Visit:
    """Return a visit to decide about, which nobody else decides about at the same time."""
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    if visit.sealed_at:
        raise NotAllowed(_("The evidence is sealed: a finding of this visit is confirmed."))
    if visit.status not in states:
        raise NotAllowed(
            _("The visit is “%(state)s” now; somebody else may have decided.")
            % {"state": Status(visit.status).label}
        )
    if visit.inspectors.filter(pk=by.pk).exists():
        raise NotAllowed(_("Somebody who was not there has to decide."))
    return visit


def _put(
    visit: Visit, status: Visit.Status, event: VisitEvent.Kind, *, by: User, note: str = ""
) -> str:
    """Put a visit into another state and return the one before."""
    before, visit.status, visit.note = visit.status, status, note[:500]
    visit.save(update_fields=["status", "note"])
    chain.append(visit, event, by=by, **({"note": note} if note else {}))
    return before


def _of_second_person(finding: Finding, by: User) -> tuple[Finding, Visit]:
    """Return a finding that this person may decide about, with its visit."""
    visit = Visit.objects.select_for_update().get(pk=finding.visit_id)
    finding = Finding.objects.select_for_update().get(pk=finding.pk)
    if visit.status != Status.ACCEPTED:
        raise NotAllowed(_("The visit has to be accepted first."))
    if finding.confirmed_at or finding.refused_because:
        raise NotAllowed(_("This finding is decided already."))
    if visit.inspectors.filter(pk=by.pk).exists():
        raise NotAllowed(_("A second person has to confirm it; you were there."))
    if is_accepted_by(visit, by):
        raise NotAllowed(_("A second person has to confirm it; you accepted the visit."))
    return finding, visit


def _reason(text: str, otherwise: str) -> str:
    text = "".join(c for c in text if c.isprintable()).strip()
    if not text:
        raise NotAllowed(otherwise)
    return text


def _tell(
    by: User,
    action: str,
    target: Visit | Finding,
    *,
    before: str = "",
    after: str = "",
    reason: str = "",
) -> None:
    audit.record(
        by=by,
        action=action,
        target=target,
        before={"status": before} if before else {},
        after={"status": after} if after else {},
        reason=reason,
    )
