"""What is read about inspections, a query a function."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from inspections.campaigns.models import Campaign


def campaigns_with_counts() -> QuerySet[Campaign]:
    """Return every campaign with its numbers of sites, first visits, first visits with findings,
    and revisits.
    """
    first = Q(visits__revisit_of=None, visits__isnull=False)
    return Campaign.objects.select_related("survey").annotate(
        site_count=Count("sites", distinct=True),
        visited=Count("visits", filter=first, distinct=True),
        with_findings=Count(
            "visits", filter=first & Q(visits__findings__isnull=False), distinct=True
        ),
        revisited=Count("visits", filter=Q(visits__revisit_of__isnull=False), distinct=True),
    )
