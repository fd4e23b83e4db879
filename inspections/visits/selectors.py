"""What is read about visits, a query a function, limited to what a person may see."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from config.accounts.models import User
from inspections.campaigns.models import Campaign, CampaignSite
from inspections.campaigns.sites import Site
from inspections.visits.models import Evidence, Finding, Visit

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
        .annotate(
            finding_count=Count("findings", distinct=True),
            photographs=Count("evidence", distinct=True),
        )
        .order_by("-visited_at")
    )


def evidence_seen(person: User) -> QuerySet[Evidence]:
    """Return the photographs of the visits that a person sees."""
    return Evidence.objects.filter(visit__in=visits_seen(person))


def sites_seen(campaign: Campaign, person: User) -> QuerySet[Site]:
    """Return the sites of a campaign in the areas of a person, without those given up."""
    places = campaign.places.filter(dropped_at=None)
    return campaign.sites.filter(person.scope.within("area"), places__in=places)


def campaigns_with_counts(person: User) -> QuerySet[Campaign]:
    """Return every campaign with its numbers of sites, first visits, first visits with findings,
    and revisits, as far as a person sees them.
    """
    seen = visits_seen(person).filter(campaign=OuterRef("pk")).order_by()
    first = seen.filter(FIRST)
    failed = first.filter(Exists(Finding.objects.filter(visit=OuterRef("pk"))))
    sites = CampaignSite.objects.filter(
        person.scope.within("site__area"), campaign=OuterRef("pk"), dropped_at=None
    )
    return Campaign.objects.select_related("survey").annotate(
        site_count=_count(sites, "campaign"),
        visited=_count(first, "campaign"),
        with_findings=_count(failed, "campaign"),
        revisited=_count(seen.exclude(revisit_of=None), "campaign"),
    )


def _count(found: QuerySet[Any], group: str) -> Coalesce:
    return Coalesce(Subquery(found.values(group).annotate(n=Count("pk")).values("n")), Value(0))
