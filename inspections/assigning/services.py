"""Assignments: dealt at random within the rules, made and moved by hand with a reason; and what
people bring: their home, their quiz, their conflicts.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from config.accounts import audit
from config.accounts.models import User
from inspections.assigning import allotting, selectors
from inspections.assigning.allotting import Allotted, Unfilled, Why
from inspections.campaigns.models import Assignment, Campaign, Conflict, Preparation
from inspections.campaigns.sites import Site
from inspections.visits.models import Visit
from surveys.collection.models.area import Area
from surveys.companies.models import Company

LARGEST_SEED = 2**53
Purpose = Assignment.Purpose


class NotPossible(Exception):
    """An assignment that cannot be made so; reason: a code that the page has words for, whys: the
    rules that keep a person away.
    """

    def __init__(self, reason: str, person: User | None = None, whys: Iterable[Why] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.person = person
        self.whys = tuple(whys)


@transaction.atomic
def deal(
    *,
    campaign: Campaign,
    people: Iterable[User],
    pairs: bool = True,
    due_on: date | None = None,
    seed: int | None = None,
    by: User | None,
) -> tuple[int, int, list[Unfilled]]:
    """Deal the sites that nobody is sent to yet; return the seed, how many assignments were made,
    and what could not be dealt with the reasons.
    """
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    seed = secrets.randbelow(LARGEST_SEED) if seed is None else seed
    rules = selectors.rules_of(campaign, pairs=pairs)
    made, unfilled = allotting.allot(
        selectors.people_of(campaign, people),
        selectors.open_places(campaign),
        rules=rules,
        seed=seed,
        standing=selectors.standing_of(campaign),
    )
    Assignment.objects.bulk_create(_assignment(campaign, one, due_on, by) for one in made)
    after = {"seed": seed, "pairs": pairs, "made": len(made), "unfilled": len(unfilled)}
    audit.record(by=by, action="campaign.assign", target=campaign, after=after)
    return seed, len(made), unfilled


@transaction.atomic
def send_there(
    *,
    campaign: Campaign,
    site: Site,
    purpose: str,
    lead: User,
    partner: User | None = None,
    due_on: date | None = None,
    reason: str,
    by: User | None,
) -> Assignment:
    """Send people to a site by hand. A reason lifts the limits of load, pairs and areas; home,
    conflict, six months and training it does not.

    Raises NotPossible: "reason" without one, "pair" for one person twice, "site" for a site that
    the campaign does not go to, "taken" where somebody is sent there for this already, "rule" with
    the rules that keep a person away.
    """
    if not reason.strip():
        raise NotPossible("reason")
    if partner == lead:
        raise NotPossible("pair")
    if not campaign.places.filter(site=site, dropped_at=None).exists():
        raise NotPossible("site")
    open_ = campaign.assignments.filter(site=site, purpose=purpose, cancelled_at=None)
    if purpose in (Purpose.CALIBRATION, Purpose.REVISIT):
        open_ = open_.filter(lead=lead, visit=None)
    if open_.exists():
        raise NotPossible("taken")
    for person in filter(None, (lead, partner)):
        whys = selectors.objections_to(campaign, person, site) & allotting.HARD
        if purpose == Purpose.CALIBRATION:
            whys -= {"home"}
        if whys:
            raise NotPossible("rule", person, sorted(whys))
    made = Assignment.objects.create(
        campaign=campaign,
        site=site,
        purpose=purpose,
        lead=lead,
        partner=partner,
        due_on=due_on,
        reason=reason.strip()[:300],
        made_by=by,
    )
    after = {"purpose": purpose, "people": _names(lead, partner), "due_on": due_on}
    audit.record(by=by, action="assignment.make", target=made, after=after, reason=made.reason)
    return made


@transaction.atomic
def move(
    *,
    assignment: Assignment,
    lead: User,
    partner: User | None,
    due_on: date | None,
    reason: str,
    by: User | None,
) -> Assignment:
    """Send others: the assignment ends and a new one begins, so that a visit that was begun under
    the old one on a phone is never taken for theirs. With the same people only the day changes.

    Raises NotPossible as `make` does, and "visited" and "cancelled".
    """
    held = _open(assignment)
    if not reason.strip():
        raise NotPossible("reason")
    same_people = (held.lead_id, held.partner_id) == (lead.pk, partner.pk if partner else None)
    # a visit that was declared void stays with its assignment; another one needs a new one
    if same_people and not Visit.objects.filter(assignment=held).exists():
        before = {"due_on": held.due_on}
        held.due_on, held.reason = due_on, reason.strip()[:300]
        held.save(update_fields=["due_on", "reason"])
        audit.record(
            by=by,
            action="assignment.postpone",
            target=held,
            before=before,
            after={"due_on": due_on},
            reason=held.reason,
        )
        return held
    _cancel(held, reason)
    made = send_there(
        campaign=held.campaign,
        site=held.site,
        purpose=held.purpose,
        lead=lead,
        partner=partner,
        due_on=due_on,
        reason=reason,
        by=by,
    )
    audit.record(
        by=by,
        action="assignment.move",
        target=held,
        before={"people": _names(held.lead, held.partner)},
        after={"people": _names(lead, partner)},
        reason=reason.strip()[:300],
    )
    return made


@transaction.atomic
def cancel(*, assignment: Assignment, reason: str, by: User | None) -> None:
    """End an assignment. Raises NotPossible: "reason", "visited", "cancelled"."""
    held = _open(assignment)
    if not reason.strip():
        raise NotPossible("reason")
    _cancel(held, reason)
    audit.record(by=by, action="assignment.cancel", target=held, reason=held.cancelled_because)


@transaction.atomic
def declare(
    *,
    person: User,
    site: Site | None = None,
    company: Company | None = None,
    text: str,
    by: User | None,
) -> Conflict:
    """Keep what keeps a person from a site, or from every site of a company. Their open assignments
    there stay to be seen: they are moved by hand.

    Raises NotPossible: "conflict" unless one of the two is given, "reason" without words.
    """
    if (site is None) == (company is None):
        raise NotPossible("conflict")
    if not text.strip():
        raise NotPossible("reason")
    made = Conflict.objects.create(
        person=person, site=site, company=company, text=text.strip()[:300]
    )
    after = {"person": str(person), "with": str(site or company)}
    audit.record(by=by, action="conflict.declare", target=made, after=after)
    return made


@transaction.atomic
def prepare(
    *,
    person: User,
    home: Area | None,
    quiz_score: float | None,
    quiz_on: date | None,
    by: User | None,
) -> Preparation:
    """Keep where a person lives and how they did in the quiz (per cent)."""
    made, _is_new = Preparation.objects.get_or_create(person=person)
    names = ("home", "quiz_score", "quiz_on")
    before = {name: _plain(getattr(made, name)) for name in names}
    made.home, made.quiz_score, made.quiz_on = home, quiz_score, quiz_on
    made.save()
    after = {name: _plain(getattr(made, name)) for name in names}
    if before != after:
        audit.record(by=by, action="preparation.change", target=made, before=before, after=after)
    return made


def _assignment(
    campaign: Campaign, one: Allotted, due_on: date | None, by: User | None
) -> Assignment:
    return Assignment(
        campaign=campaign,
        site_id=one.site,
        purpose=one.purpose,
        lead_id=one.lead,
        partner_id=one.partner,
        due_on=due_on,
        made_by=by,
    )


def _open(assignment: Assignment) -> Assignment:
    """Return an assignment that can still be changed. Raises NotPossible."""
    held = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if held.cancelled_at:
        raise NotPossible("cancelled")
    if selectors.is_visited(held):
        raise NotPossible("visited")
    return held


def _cancel(held: Assignment, reason: str) -> None:
    held.cancelled_at, held.cancelled_because = timezone.now(), reason.strip()[:300]
    held.save(update_fields=["cancelled_at", "cancelled_because"])


def _names(*people: User | None) -> list[str]:
    return [str(person) for person in people if person]


def _plain(value: object) -> object:
    return value.pk if isinstance(value, Area) else value
