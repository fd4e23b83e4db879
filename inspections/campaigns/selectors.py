"""What is read about sites and campaigns, a query a function, limited to what a person may see."""

from __future__ import annotations

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from config.accounts.models import User
from config.accounts.scope import EVERYWHERE, Scope
from inspections.campaigns import geo
from inspections.campaigns.models import Campaign, CampaignSite
from inspections.campaigns.sites import Site, SiteChange
from surveys.companies.name_matching import Why, likely

# two records of one place lie this near to each other, in metres: maps and phones err, and a
# shopping centre has one entrance on each side
NEAR = 300.0
# what a name has around the branch: Little Sheep (Wanda) and Little Sheep (Airport) are two sites
BRACKETS = str.maketrans("", "", "()（）[]【】")


def sites_of(person: User) -> QuerySet[Site]:
    """Return the sites in the areas of a person that stand for themselves."""
    return Site.objects.filter(person.scope.within("area"), merged_into=None)


def sites_seen_by(person: User) -> QuerySet[Site]:
    """Return all sites in the areas of a person, those merged into others too."""
    return Site.objects.filter(person.scope.within("area"))


def called(found: QuerySet[Site], text: str) -> QuerySet[Site]:
    """Narrow sites to those whose name, another name or address contains a text."""
    fits = Q(name__icontains=text) | Q(address__icontains=text)
    return found.filter(fits | Q(pk__in=Site.objects.filter(aliases__name__icontains=text)))


def places_of(campaign: Campaign, scope: Scope = EVERYWHERE) -> QuerySet[CampaignSite]:
    """Return the sites of a campaign, those given up too, with what stands behind each."""
    related = (
        "campaign__survey",
        "site__area__parent",
        "site__operator",
        "site__vendor",
        "draw",
        "replaces__site",
    )
    found = CampaignSite.objects.filter(scope.within("site__area"), campaign=campaign)
    return found.select_related(*related)


def with_state(found: QuerySet[CampaignSite]) -> QuerySet[CampaignSite]:
    """Return places that know whether they were visited in their campaign; void visits are none."""
    here = CampaignSite.objects.filter(
        pk=OuterRef("pk"),
        site__visits__campaign=F("campaign"),
        site__visits__status__in=("received", "returned", "accepted"),
    )
    return found.annotate(is_visited=Exists(here))


def state_of(place: CampaignSite) -> str:
    """Return the state of a place that `with_state` found: dropped, calibration, visited,
    replacement or open.
    """
    if place.dropped_at:
        return "dropped"
    if place.is_calibration:
        return "calibration"
    if place.is_visited:  # type: ignore[attr-defined]  # annotated
        return "visited"
    return "replacement" if place.replaces_id else "open"


def counts_by_area(sites: QuerySet[Site]) -> dict[str, int]:
    """Return how many sites lie in each county or city that has some."""
    counted = sites.order_by().values_list("area").annotate(n=Count("pk"))
    return dict(counted)


def likely_doubles(person: User) -> list[tuple[Site, Site, Why, float | None]]:
    """Return pairs of sites that may be one, with why and how far apart they lie in metres, without
    those that somebody told apart.

    Their names are alike, and they are near to each other; where one has no position, they lie in
    one county.
    """
    listed = sites_of(person).select_related("area").prefetch_related("aliases")
    sites = {site.pk: site for site in listed}
    apart = set(SiteChange.objects.filter(what="apart").values_list("site", "other"))
    names = {pk: [name.translate(BRACKETS) for name in _names(site)] for pk, site in sites.items()}
    found = []
    for a, b, why in likely(names):
        metres = distance(sites[a], sites[b])
        is_near = sites[a].area_id == sites[b].area_id if metres is None else metres <= NEAR
        if is_near and (a, b) not in apart:
            found.append((sites[a], sites[b], why, metres))
    return found


def distance(one: Site, other: Site) -> float | None:
    """Return how far apart two sites are in metres, None where nobody knows."""
    here, there = one.position, other.position
    return geo.distance(here, there) if here and there else None


def _names(site: Site) -> list[str]:
    return [site.name, *(alias.name for alias in site.aliases.all())]
