"""What is read about assignments, a query a function, limited to what a person may see."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from config.accounts.models import User
from config.accounts.scope import prefix
from inspections.assigning import allotting
from inspections.assigning.allotting import Person, Place, Rules, Standing, Why
from inspections.campaigns import purchase, truth
from inspections.campaigns.models import Assignment, Campaign, CampaignSite, Conflict
from inspections.campaigns.sites import Site
from inspections.visits.models import Visit
from surveys.collection.selectors import compiled

Purpose = Assignment.Purpose
COUNTS = ("assigned", "visited", "late")
# what counts as a visit of a person; those for practice count for nobody's load
COUNTED = (Purpose.FIRST, Purpose.SECOND, Purpose.REVISIT)


def assignments_seen(person: User) -> QuerySet[Assignment]:
    """Return the assignments in the areas of a person; an inspector sees only her own."""
    found = Assignment.objects.filter(person.scope.within("site__area"))
    if not person.has_perm("visits.view_all"):
        found = found.filter(Q(lead=person) | Q(partner=person))
    return found.annotate(has_visit=_has_visit())


def assignments_of(campaign: Campaign, person: User) -> QuerySet[Assignment]:
    """Return the assignments of a campaign that a person sees, with sites and people."""
    related = ("site__area__parent", "lead", "partner", "campaign__survey")
    return assignments_seen(person).filter(campaign=campaign).select_related(*related)


def purpose_told(assignment: Assignment) -> Assignment.Purpose:
    """Return what for, as far as who goes may know: neither that somebody was there before nor that
    the truth of the site is known, as both would change what they see.
    """
    is_revisit = assignment.purpose == Purpose.REVISIT
    return Purpose.REVISIT if is_revisit else Purpose.FIRST


def is_visited(assignment: Assignment) -> bool:
    """Say whether the visit of an assignment was recorded; a void one was not."""
    visits = Visit.objects.filter(assignment=assignment)
    return visits.exclude(status=Visit.Status.VOID).exists()


def state_of(assignment: Assignment, today: date) -> str:
    """Return the state of an assignment that `assignments_seen` found: cancelled, visited, late or
    open.
    """
    if assignment.cancelled_at:
        return "cancelled"
    if assignment.has_visit:  # type: ignore[attr-defined]  # annotated
        return "visited"
    return "late" if assignment.due_on and assignment.due_on < today else "open"


def in_state(found: QuerySet[Any], state: str) -> QuerySet[Any]:
    """Narrow assignments to those in a state of `state_of`, or "waiting": open or late."""
    if state == "cancelled":
        return found.exclude(cancelled_at=None)
    kept = found.filter(cancelled_at=None)
    if state == "visited":
        return kept.filter(has_visit=True)
    late = Q(due_on__lt=timezone.localdate())
    waiting = kept.filter(has_visit=False)
    if state == "waiting":
        return waiting
    return waiting.filter(late) if state == "late" else waiting.exclude(late)


def of_person(found: QuerySet[Any], username: str) -> QuerySet[Any]:
    """Narrow assignments to those of one person, alone or in a pair."""
    return found.filter(Q(lead__username=username) | Q(partner__username=username))


def rules_of(campaign: Campaign, *, pairs: bool = True) -> Rules:
    """Return the rules of a campaign as they are dealt by."""
    return Rules(pairs=pairs, most=campaign.most_visits, second_share=campaign.second_share)


def open_places(campaign: Campaign) -> list[Place]:
    """Return the sites of a campaign that were not given up."""
    places = campaign.places.filter(dropped_at=None, site__merged_into=None)
    listed = places.values_list("site", "site__area", "is_calibration")
    return [Place(*values) for values in listed]


def standing_of(campaign: Campaign) -> Standing:
    """Return what is assigned or was visited already in a campaign."""
    open_ = list(
        campaign.assignments.filter(cancelled_at=None).values_list(
            "site", "purpose", "lead", "partner"
        )
    )
    visits = campaign.visits.exclude(status=Visit.Status.VOID).filter(revisit_of=None)
    first = visits.filter(is_second=False, is_calibration=False).values_list("site", flat=True)
    together: Counter[frozenset[int]] = Counter(
        frozenset((lead, partner)) for _site, _purpose, lead, partner in open_ if partner
    )
    return Standing(
        first=frozenset(site for site, purpose, *_who in open_ if purpose == "first")
        | frozenset(first),
        second=frozenset(site for site, purpose, *_who in open_ if purpose == "second"),
        calibrated=frozenset(
            (site, lead) for site, purpose, lead, _partner in open_ if purpose == "calibration"
        ),
        together=together,
    )


def people_of(
    campaign: Campaign, people: Iterable[User], sites: Iterable[Site] | None = None
) -> list[Person]:
    """Return people as the rules see them, with regard to the sites of a campaign, or to these."""
    listed = list(people)
    among = Site.objects.filter(pk__in=campaign.places.values("site")) if sites is None else sites
    known = list(among)
    loads, seen = _loads(campaign), _seen(listed, known)
    conflicts = _conflicts(listed, known)
    prepared = {
        one.pk: getattr(one, "preparation", None)
        for one in User.objects.filter(pk__in=[p.pk for p in listed]).select_related("preparation")
    }
    return [
        Person(
            person.pk,
            home=prefix(home) if (home := _home(prepared[person.pk])) else "",
            areas=person.scope.prefixes,
            is_trained=not campaign.needs_training or _has_passed(prepared[person.pk]),
            load=loads[person.pk],
            conflicts=frozenset(conflicts[person.pk]),
            seen=frozenset(seen[person.pk]),
        )
        for person in listed
    ]


def objections_to(campaign: Campaign, person: User, site: Site) -> frozenset[Why]:
    """Return every rule that keeps a person from a site of a campaign."""
    (known,) = people_of(campaign, [person], [site])
    return allotting.objections(known, Place(site.pk, site.area_id), rules=rules_of(campaign))


def by_person(found: QuerySet[Assignment]) -> list[dict[str, Any]]:
    """Return for each person how many visits were assigned, done and are late; pairs count for
    both.
    """
    rows: dict[int, Counter[str]] = defaultdict(Counter)
    today = timezone.localdate()
    names: dict[int, User] = {}
    for one in found.filter(cancelled_at=None):
        for person in filter(None, (one.lead, one.partner)):
            names[person.pk] = person
            rows[person.pk].update(("assigned", state_of(one, today)))
    return [
        {
            "person": names[key],
            **{name: rows[key][name] for name in ("assigned", "visited", "late")},
        }
        for key in sorted(rows, key=lambda key: str(names[key]))
    ]


def by_area(found: QuerySet[Assignment]) -> list[dict[str, Any]]:
    """Return for each county how many visits were assigned, done and are late."""
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    today = timezone.localdate()
    areas = {}
    for one in found.filter(cancelled_at=None):
        areas[one.site.area_id] = one.site.area
        rows[one.site.area_id].update(("assigned", state_of(one, today)))
    return [
        {
            "area": areas[code],
            **{name: rows[code][name] for name in ("assigned", "visited", "late")},
        }
        for code in sorted(rows)
    ]


@dataclass(frozen=True)
class Due:
    """The next step of a test purchase, and whether its time has come or is over."""

    assignment: Assignment
    step: purchase.Step
    is_due: bool
    is_late: bool


def steps_due(found: QuerySet[Assignment], today: date) -> list[Due]:
    """Return the next step of every test purchase that is under way, the most urgent first.

    What is known of one stands in the visit that was recorded, or in the draft that the phone keeps
    here; a purchase that was not begun is an open assignment and no step.
    """
    under_way = found.filter(
        campaign__kind=Campaign.Kind.TEST_PURCHASE, cancelled_at=None
    ).select_related("draft", "visit__response")
    steps = []
    for one in under_way:
        step = purchase.next_step(_answers(one))
        if step and step.what != "buy":
            steps.append(Due(one, step, step.is_due(today), step.is_late(today)))
    return sorted(steps, key=lambda due: (due.step.until or date.max, due.assignment.pk))


@dataclass(frozen=True)
class Accuracy:
    """How a visit to a site whose truth is known came out."""

    visit: Visit
    compared: list[truth.Compared]

    @property
    def right(self) -> int:
        """How many questions were answered as they are."""
        return sum(one.is_right for one in self.compared)


def accuracies(campaign: Campaign, person: User) -> list[Accuracy]:
    """Return the visits of a campaign to sites whose truth is known, beside it, the latest
    first.
    """
    places = CampaignSite.objects.filter(person.scope.within("site__area"), campaign=campaign)
    known = dict(places.exclude(truth={}).values_list("site", "truth"))
    visits = campaign.visits.filter(site__in=known).exclude(status=Visit.Status.VOID)
    listed = visits.select_related("site", "response").prefetch_related("inspectors")
    return [
        Accuracy(
            visit,
            truth.compare(
                compiled(visit.response.version_id).questions.values(),
                known[visit.site_id],
                visit.response.answers,
            ),
        )
        for visit in listed.order_by("-visited_at")
    ]


def _answers(assignment: Assignment) -> dict[str, Any]:
    visit, draft = getattr(assignment, "visit", None), getattr(assignment, "draft", None)
    if visit and visit.status != Visit.Status.VOID:
        return dict(visit.response.answers)
    return dict(draft.answers) if draft else {}


def _has_visit() -> Exists:
    kept = Visit.objects.exclude(status=Visit.Status.VOID)
    return Exists(kept.filter(assignment=OuterRef("pk")))


def _home(preparation: Any) -> str:
    return (preparation.home_id or "") if preparation else ""


def _has_passed(preparation: Any) -> bool:
    score = preparation.quiz_score if preparation else None
    return score is not None and score >= allotting.PASSED


def _loads(campaign: Campaign) -> Counter[int]:
    open_ = campaign.assignments.filter(cancelled_at=None, purpose__in=COUNTED)
    loads: Counter[int] = Counter()
    for who in ("lead", "partner"):
        loads.update(dict(open_.order_by().values_list(who).annotate(n=Count("pk"))))
    del loads[None]  # who goes alone has no partner
    return loads


def _seen(people: list[User], sites: list[Site]) -> dict[int, set[int]]:
    """Return for each person the sites where they were within six months, or are sent to already;
    a site that was merged is the one it was merged into.
    """
    keys = {site.pk: site.pk for site in sites}
    merged = Site.objects.filter(merged_into__in=keys).values_list("pk", "merged_into")
    keys |= {site: into for site, into in merged if into}
    since = timezone.now() - timedelta(days=allotting.REST)
    was_there = Visit.objects.filter(site__in=keys, visited_at__gte=since, inspectors__in=people)
    pairs: Iterator[tuple[int, int]] = iter(
        was_there.exclude(status=Visit.Status.VOID).values_list("inspectors", "site")
    )
    found: dict[int, set[int]] = defaultdict(set)
    for person, site in pairs:
        found[person].add(keys[site])
    sent = Assignment.objects.filter(site__in=keys, cancelled_at=None)
    sent = sent.annotate(has_visit=_has_visit()).filter(has_visit=False)
    for lead, partner, site in sent.values_list("lead", "partner", "site"):
        for person in filter(None, (lead, partner)):
            found[person].add(keys[site])
    return found


def _conflicts(people: list[User], sites: list[Site]) -> dict[int, set[int]]:
    """Return for each person the sites that they declared, or that a company they declared runs,
    sells under its brand, or was merged into.
    """
    declared = Conflict.objects.filter(person__in=people).select_related("company", "site")
    behind: dict[int, set[int]] = defaultdict(set)
    related = ("operator", "brand__company")
    for site in Site.objects.filter(pk__in=[s.pk for s in sites]).select_related(*related):
        for company in (site.operator, site.brand.company if site.brand else None):
            if company:
                behind[company.merged_into_id or company.pk].add(site.pk)
    found: dict[int, set[int]] = defaultdict(set)
    for one in declared:
        if one.site:
            found[one.person_id].add(one.site.merged_into_id or one.site.pk)
        elif one.company:
            found[one.person_id] |= behind[one.company.merged_into_id or one.company.pk]
    return found
