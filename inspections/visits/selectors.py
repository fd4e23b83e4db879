"""What is read about visits, a query a function, limited to what a person may see."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from config.accounts.models import User
from inspections.campaigns.models import Assignment, Campaign, CampaignSite
from inspections.campaigns.sites import Site
from inspections.visits.models import Evidence, Finding, Visit
from surveys.collection.models.survey import Survey

# the visits that count for a site: neither a second one, nor a revisit, nor one for practice
FIRST = Q(revisit_of=None, is_second=False, is_calibration=False) & ~Q(status=Visit.Status.VOID)

PICTURES = (Evidence.Kind.PHOTO, Evidence.Kind.SCREENSHOT, Evidence.Kind.BLURRED)
# files that were announced and have not arrived
AWAITED = Q(received_at=None, given_up_because="")


def visits_seen(person: User) -> QuerySet[Visit]:
    """Return the visits of the areas of a person; an inspector sees those where she was herself."""
    found = Visit.objects.filter(person.scope.within("site__area"))
    return found if person.has_perm("visits.view_all") else found.filter(inspectors=person)


def visits_of(campaign: Campaign, person: User) -> QuerySet[Visit]:
    """Return the visits of a campaign that a person sees, the latest first, with site and numbers
    of findings and photographs.
    """
    return (
        visits_seen(person)
        .filter(campaign=campaign)
        .select_related("site__area", "site__vendor", "response")
        .prefetch_related("inspectors")
        .annotate(
            finding_count=Count("findings", distinct=True),
            photographs=Count("evidence", filter=Q(evidence__of=None), distinct=True),
            is_incomplete=Exists(_missing()),
        )
        .order_by("-visited_at")
    )


def in_state(found: QuerySet[Visit], state: str) -> QuerySet[Visit]:
    """Narrow visits to those in a state, or to those that count and whose files have not all
    arrived ("incomplete").
    """
    if state == "incomplete":
        return found.filter(Exists(_missing())).exclude(status=Visit.Status.VOID)
    return found.filter(status=state)


def sent_to(person: User) -> QuerySet[Assignment]:
    """Return where somebody is sent, alone or as a partner, the day that is nearest first; those
    with a visit too, so that a phone can say that it has arrived, or that it was declared void.
    """
    own = Q(lead=person) | Q(partner=person)
    related = ("campaign__survey__version", "site__area", "lead", "partner", "visit__response")
    found = Assignment.objects.filter(own, Q(cancelled_at=None) | Q(visit__isnull=False))
    return found.select_related(*related, "draft").order_by("due_on", "pk")


def visit_of(assignment: Assignment) -> Visit | None:
    """Return the visit of an assignment, where there is one."""
    return getattr(assignment, "visit", None)


def is_returned(assignment: Assignment) -> bool:
    """Say whether the visit was sent back and waits for its inspector."""
    visit = visit_of(assignment)
    return visit is not None and visit.status == Visit.Status.RETURNED


def is_taken(assignment: Assignment) -> bool:
    """Say whether a visit that is begun now is taken: while the campaign is open; a revisit also
    after its end, since what was found is mended over weeks.
    """
    state = assignment.campaign.survey.state()
    is_revisit = assignment.purpose == Assignment.Purpose.REVISIT
    return state == "open" or (state == "closed" and is_revisit)


def evidence_seen(person: User) -> QuerySet[Evidence]:
    """Return the evidence of the visits that a person sees."""
    return Evidence.objects.filter(visit__in=visits_seen(person))


def pictures_seen(person: User) -> QuerySet[Evidence]:
    """Return the pictures of the visits that a person sees which can be looked at: those that have
    arrived, and those of which a smaller copy has.
    """
    return evidence_seen(person).filter(kind__in=PICTURES).exclude(received_at=None, shown="")


def awaited(visit: Visit) -> QuerySet[Evidence]:
    """Return what was announced, has not arrived, and was not given up."""
    return visit.evidence.filter(AWAITED)


def sites_seen(campaign: Campaign, person: User) -> QuerySet[Site]:
    """Return the sites of a campaign in the areas of a person, without those given up."""
    places = campaign.places.filter(dropped_at=None)
    return campaign.sites.filter(person.scope.within("area"), places__in=places)


def unvisited(surveys: QuerySet[Survey], person: User) -> QuerySet[Any]:
    """Return which sites of the campaigns of surveys, in the areas of a person, nobody visited yet:
    pairs of campaign and site.
    """
    visited = Visit.objects.filter(campaign=OuterRef("campaign"), site=OuterRef("site"))
    pairs = CampaignSite.objects.filter(person.scope.within("site__area"), dropped_at=None)
    return pairs.filter(~Exists(visited), campaign__survey__in=surveys)


def campaigns_with_counts(person: User) -> QuerySet[Campaign]:
    """Return every campaign with its numbers of sites, first visits, first visits with findings,
    and revisits, as far as a person sees them.
    """
    seen = visits_seen(person).filter(campaign=OuterRef("pk")).order_by()
    first = seen.filter(FIRST)
    failed = first.filter(Exists(Finding.objects.filter(visit=OuterRef("pk"))))
    sites = CampaignSite.objects.filter(
        person.scope.within("site__area"),
        campaign=OuterRef("pk"),
        dropped_at=None,
        is_calibration=False,
    )
    return Campaign.objects.select_related("survey").annotate(
        site_count=_count(sites, "campaign"),
        visited=_count(first, "campaign"),
        with_findings=_count(failed, "campaign"),
        revisited=_count(seen.exclude(revisit_of=None), "campaign"),
    )


def _missing() -> QuerySet[Evidence]:
    return Evidence.objects.filter(AWAITED, visit=OuterRef("pk"))


def _count(found: QuerySet[Any], group: str) -> Coalesce:
    return Coalesce(Subquery(found.values(group).annotate(n=Count("pk")).values("n")), Value(0))
