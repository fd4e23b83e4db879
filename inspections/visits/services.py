"""Visits: recorded through the one entrance of answers, with their findings; photographs are
added as evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.accounts import audit
from config.accounts.models import User
from config.storage import files, pictures
from inspections.campaigns.models import Campaign
from inspections.campaigns.sites import Site
from inspections.visits.models import Evidence, Finding, Visit
from inspections.visits.scoring import findings
from surveys.collection import services as collection
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import questionnaire_of


class AlreadyVisited(Exception):
    """The site has a first visit in this campaign; what comes now is a revisit of it."""

    def __init__(self, visit: Visit) -> None:
        super().__init__(str(visit))
        self.visit = visit


class Closed(Exception):
    """The campaign is closed: what it found is being counted, and takes no visit any more."""


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
    by: User | None = None,
) -> Visit:
    """Record a visit; the same uid again returns the visit there is, also after the closing.

    Raises Closed for a closed campaign, collection.Refused for answers that do not fit the
    checklist, AlreadyVisited for a second first visit.
    """
    known = Visit.objects.filter(campaign=campaign, response__uid=uid).first()
    if known:
        return known
    # read again and held: whoever closes it waits, or has closed it
    if _held(campaign).state() == "closed":
        raise Closed
    first = campaign.visits.filter(site=site, revisit_of=None).first()
    if first and revisit_of is None:
        raise AlreadyVisited(first)
    day = timezone.localdate(visited_at).isoformat()
    source = collection.Source(
        mode=Response.Mode.VISIT, flawed="refuse", stratum=site.kind, psu=f"{site.pk}:{day}"
    )
    payload = collection.Payload(uid, answers, submitted_at=visited_at)
    response = collection.accept(survey=campaign.survey, payload=payload, source=source, by=by)
    visit = Visit.objects.create(
        campaign=campaign,
        site=site,
        response=response,
        visited_at=visited_at,
        revisit_of=revisit_of,
    )
    visit.inspectors.set(inspectors)
    Finding.objects.bulk_create(
        Finding(visit=visit, indicator=found.indicator, topic=found.topic, critical=found.critical)
        for found in findings(questionnaire_of(campaign.survey), response.answers)
    )
    after = {"campaign": campaign.survey.slug, "findings": visit.findings.count()}
    audit.record(by=by, action="visit.record", target=visit, after=after)
    return visit


def _held(campaign: Campaign) -> Survey:
    # without the key: what is taken in at the same time refers to it, and need not wait
    return Survey.objects.select_for_update(no_key=True).get(pk=campaign.survey_id)


@transaction.atomic
def add_evidence(*, visit: Visit, content: bytes, name: str, by: User | None = None) -> Evidence:
    """Keep a photograph: the original bytes, and a copy for looking at. The same photograph twice
    is one.

    Raises InvalidInput for a file that is no picture, is cut off, or is too large.
    """
    shown = pictures.for_looking(content, name)
    digest = files.keep(content)
    evidence, is_new = Evidence.objects.get_or_create(
        visit=visit,
        sha256=digest,
        defaults={
            "shown": files.keep(shown),
            "name": name[:255],
            "size": len(content),
            "added_by": by,
        },
    )
    if is_new:
        after = {"visit": visit.pk, "sha256": digest, "size": len(content)}
        audit.record(by=by, action="evidence.add", target=evidence, after=after)
    return evidence
