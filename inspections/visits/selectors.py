"""What is read about visits, a query a function, limited to what a person may see."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from config.accounts.models import User
from inspections.campaigns.models import Assignment, Campaign, CampaignSite
from inspections.campaigns.sites import Site
from inspections.visits.models import Evidence, Finding, Visit
from surveys.collection.models.survey import Survey

# the visits that count for a site: neither a second one, nor a revisit, nor one for practice
FIRST = Q(revisit_of=None, is_second=False, is_calibration=False) & ~Q(status=Visit.Status.VOID)


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


def assignments_of(person: User) -> QuerySet[Assignment]:
    """Return what somebody is to visit, the day that is nearest first: nothing came in yet, or it
    was sent back.
    """
    waiting = Q(visit__isnull=True) | Q(visit__status=Visit.Status.RETURNED)
    return (
        Assignment.objects.filter(Q(lead=person) | Q(partner=person), waiting, cancelled_at=None)
        .filter(campaign__survey__opens_at__lte=timezone.now())
        .filter(
            Q(campaign__survey__closes_at=None) | Q(campaign__survey__closes_at__gt=timezone.now())
        )
        .select_related("campaign__survey__version", "site__area", "visit__response", "partner")
        .order_by("due_on", "pk")
    )


def evidence_seen(person: User) -> QuerySet[Evidence]:
    """Return the photographs of the visits that a person sees."""
    return Evidence.objects.filter(visit__in=visits_seen(person))


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
    return Evidence.objects.filter(visit=OuterRef("pk"), received_at=None)


def _count(found: QuerySet[Any], group: str) -> Coalesce:
    return Coalesce(Subquery(found.values(group).annotate(n=Count("pk")).values("n")), Value(0))
