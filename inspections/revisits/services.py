"""Deadlines for what was found, people who look again, and what became of it."""

from __future__ import annotations

import secrets
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from config.accounts import audit
from config.accounts.models import User
from inspections.assigning import services as assigning
from inspections.campaigns import drawing
from inspections.campaigns.models import Assignment, Campaign
from inspections.visits import chain
from inspections.visits.models import Finding, Visit, VisitEvent
from inspections.visits.selectors import FIRST

Outcome = Visit.Outcome
LARGEST_SEED = 2**53


class NotAllowed(Exception):
    """A step that cannot be taken now or by this person; the text says why, in their language."""


@transaction.atomic
def set_deadline(*, visit: Visit, mend_by: date, reason: str, by: User) -> Visit:
    """Note until when what was found at a visit is to be mended, as it was decided.

    Raises NotAllowed where no finding is confirmed or the day is over.
    """
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    if not visit.findings.exclude(confirmed_at=None).exists():
        raise NotAllowed(_("No finding of this visit is confirmed; there is nothing to mend yet."))
    if mend_by < timezone.localdate():
        raise NotAllowed(_("The day has to lie ahead."))
    before, visit.mend_by = visit.mend_by, mend_by
    visit.save(update_fields=["mend_by"])
    chain.append(visit, VisitEvent.Kind.DEADLINE, by=by, day=mend_by.isoformat(), reason=reason)
    audit.record(
        by=by,
        action="visit.set_deadline",
        target=visit,
        before={"mend_by": before},
        after={"mend_by": mend_by},
        reason=reason,
    )
    return visit


@transaction.atomic
def draw_controls(*, campaign: Campaign, size: int, seed: int | None = None, by: User) -> int:
    """Draw sites without findings that are seen again as well, so that a change can be told from
    chance; return the seed.

    The order is that of `drawing.number`, in which a larger draw goes on where a smaller one
    stopped. Raises NotAllowed where there are fewer sites than are asked for.
    """
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    seed = secrets.randbelow(LARGEST_SEED) if seed is None else seed
    borne_out = Finding.objects.filter(refused_because="", visit=OuterRef("pk"))
    passed = campaign.visits.filter(FIRST, ~Exists(borne_out), status=Visit.Status.ACCEPTED)
    sites = passed.values_list("site", flat=True)
    places = list(campaign.places.filter(site__in=sites, is_control=False))
    if not 0 < size <= len(places):
        raise NotAllowed(
            _("There are %(n)s accepted visits without findings to draw from.") % {"n": len(places)}
        )
    drawn = sorted(places, key=lambda place: (drawing.number(seed, place.site_id), place.site_id))
    keys = [place.pk for place in drawn[:size]]
    campaign.places.filter(pk__in=keys).update(is_control=True)
    after = {"seed": seed, "size": size, "of": len(places)}
    audit.record(by=by, action="campaign.draw_controls", target=campaign, after=after)
    return seed


@transaction.atomic
def send(
    *, visit: Visit, lead: User, partner: User | None, due_on: date | None, reason: str, by: User
) -> Assignment:
    """Send people to look again at what a visit found; nobody who was there.

    Raises NotAllowed for people who were there, and while somebody is on the way already;
    assigning.NotPossible for what keeps people from any visit: where they live, what they declared,
    six months, the quiz.
    """
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    were_there = set(visit.inspectors.values_list("pk", flat=True))
    if any(person and person.pk in were_there for person in (lead, partner)):
        raise NotAllowed(_("Other people than those of the first visit have to look again."))
    open_ = Assignment.objects.filter(
        campaign=visit.campaign,
        site=visit.site,
        purpose=Assignment.Purpose.REVISIT,
        cancelled_at=None,
        visit=None,
    )
    if open_.exists():
        raise NotAllowed(_("Somebody is sent there already."))
    return assigning.send_there(
        campaign=visit.campaign,
        site=visit.site,
        purpose=Assignment.Purpose.REVISIT,
        lead=lead,
        partner=partner,
        due_on=due_on,
        reason=reason,
        by=by,
    )


@transaction.atomic
def conclude(*, revisit: Visit, outcome: Outcome, reason: str, by: User) -> Visit:
    """Write down what became of the findings, as somebody who was not there sees it in a revisit
    that is accepted.
    """
    revisit = Visit.objects.select_for_update().get(pk=revisit.pk)
    if revisit.revisit_of_id is None:
        raise NotAllowed(_("This is no revisit."))
    if revisit.status != Visit.Status.ACCEPTED:
        raise NotAllowed(_("The visit has to be accepted first."))
    if revisit.inspectors.filter(pk=by.pk).exists():
        raise NotAllowed(_("Somebody who was not there has to decide."))
    if not suggested(revisit):
        raise NotAllowed(_("The first visit found nothing; there is nothing to be fixed."))
    before, revisit.outcome = revisit.outcome, outcome
    revisit.save(update_fields=["outcome"])
    chain.append(revisit, VisitEvent.Kind.OUTCOME, by=by, outcome=str(outcome), reason=reason)
    audit.record(
        by=by,
        action="visit.conclude",
        target=revisit,
        before={"outcome": before},
        after={"outcome": outcome},
        reason=reason,
    )
    return revisit


def suggested(revisit: Visit) -> Outcome | None:
    """Return what the answers of a revisit suggest: of the findings of the first visit, none, some
    or all were found again; None where it had none.
    """
    first = revisit.revisit_of
    assert first is not None
    found = set(first.findings.values_list("indicator", flat=True))
    left = found & set(revisit.findings.values_list("indicator", flat=True))
    if not found:
        return None
    if not left:
        return Outcome.FIXED
    return Outcome.PARTLY if left < found else Outcome.NOT_FIXED
