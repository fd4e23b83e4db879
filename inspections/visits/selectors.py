"""What is read about inspections, a query a function."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from inspections.campaigns.models import Campaign
from inspections.visits.models import Visit


def visits_of(campaign: Campaign) -> QuerySet[Visit]:
    """Return the visits of a campaign, the latest first, with site, findings and number of
    photographs.
    """
    return (
        campaign.visits.select_related("site__area", "site__vendor", "response")
        .prefetch_related("findings")
        .annotate(photographs=Count("evidence", distinct=True))
        .order_by("-visited_at")
    )
