"""Campaigns and visits in the API, each person those that the pages show them."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.accounts.models import User
from config.api.fields import BothLanguages
from config.api.views import ApiView
from inspections.campaigns.models import Campaign
from inspections.campaigns.sites import Site
from inspections.visits.models import Finding, Visit
from inspections.visits.selectors import campaigns_with_counts, visits_seen
from surveys.collection.api import STATES


class CampaignOut(serializers.Serializer[Any]):
    """A campaign; the counts are of what one sees."""

    slug = serializers.SlugField(source="survey.slug")
    title = BothLanguages(source="survey.title")
    state = serializers.ChoiceField(STATES, source="survey.state")
    selection = serializers.ChoiceField(Campaign.Selection.choices)
    sites = serializers.IntegerField(source="site_count")
    visited = serializers.IntegerField()
    with_findings = serializers.IntegerField()
    revisited = serializers.IntegerField()


class SiteOut(serializers.Serializer[Any]):
    """A place that was visited."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    kind = serializers.ChoiceField(Site.Kind.choices)
    area = serializers.CharField(source="area_id")
    address = serializers.CharField()


class FoundOut(serializers.Serializer[Any]):
    """One indicator that was not as it should be, and how it was decided."""

    id = serializers.IntegerField(source="pk")
    indicator = serializers.CharField()
    topic = serializers.CharField()
    critical = serializers.BooleanField()
    state = serializers.ChoiceField(Finding.STATES)


class VisitOut(serializers.Serializer[Any]):
    """A visit with its answers and findings. revisit_of is the visit that it looks at again,
    outcome what became of its findings; note is why it was sent back or is void.
    """

    id = serializers.IntegerField(source="pk")
    uid = serializers.UUIDField()
    campaign = serializers.SlugField(source="campaign.survey.slug")
    site = SiteOut()
    status = serializers.ChoiceField(Visit.Status.choices)
    note = serializers.CharField()
    visited_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    revisit_of = serializers.IntegerField(source="revisit_of_id", allow_null=True)
    outcome = serializers.ChoiceField([("", "–"), *Visit.Outcome.choices])
    mend_by = serializers.DateField(allow_null=True)
    sealed_at = serializers.DateTimeField(allow_null=True)
    findings = FoundOut(many=True, source="findings.all")
    photographs = serializers.IntegerField()
    answers = serializers.DictField(source="response.answers")


class CampaignFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Campaigns by how their sites were chosen."""

    selection = django_filters.ChoiceFilter(choices=Campaign.Selection.choices)


class VisitFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Visits of one campaign, to one kind of site, in one state, first or again, between two
    moments.
    """

    campaign = django_filters.CharFilter(field_name="campaign__survey__slug", max_length=60)
    kind = django_filters.ChoiceFilter(field_name="site__kind", choices=Site.Kind.choices)
    status = django_filters.ChoiceFilter(choices=Visit.Status.choices)
    revisit = django_filters.BooleanFilter(
        field_name="revisit_of", lookup_expr="isnull", exclude=True
    )
    visited_after = django_filters.IsoDateTimeFilter("visited_at", lookup_expr="gte")
    visited_before = django_filters.IsoDateTimeFilter("visited_at", lookup_expr="lt")
    ordering = django_filters.OrderingFilter(fields=["visited_at"])


class Campaigns(ApiView):
    """Campaigns of visits."""

    permissions = {"list": "visits.view", "retrieve": "visits.view"}
    queryset = Campaign.objects.none()
    filterset_class = CampaignFilters

    @extend_schema(operation_id="campaigns", summary="Campaigns", responses=CampaignOut(many=True))
    def list(self, request: Request) -> Response:
        """List the campaigns, the latest first."""
        return self.listed(campaigns_with_counts(self.person), CampaignOut)

    @extend_schema(operation_id="campaign", summary="One campaign", responses=CampaignOut)
    def retrieve(self, request: Request, slug: str) -> Response:
        """Return one campaign."""
        one = self.found(campaigns_with_counts(self.person), survey__slug=slug)
        return Response(CampaignOut(one).data)


class Visits(ApiView):
    """Visits: one's own, or everybody's in the areas that one sees."""

    permissions = {"list": "visits.view", "retrieve": "visits.view"}
    queryset = Visit.objects.none()
    filterset_class = VisitFilters

    @extend_schema(operation_id="visits", summary="Visits", responses=VisitOut(many=True))
    def list(self, request: Request) -> Response:
        """List the visits, the latest first."""
        return self.listed(visits_out(self.person), VisitOut)

    @extend_schema(operation_id="visit", summary="One visit", responses=VisitOut)
    def retrieve(self, request: Request, pk: int) -> Response:
        """Return one visit."""
        return Response(VisitOut(self.found(visits_out(self.person), pk=pk)).data)


def visits_out(person: User) -> QuerySet[Visit]:
    """Return the visits that a person sees, as VisitOut writes them, the latest first."""
    return (
        visits_seen(person)
        .select_related("campaign__survey", "site", "response")
        .prefetch_related("findings")
        .annotate(photographs=Count("evidence", distinct=True))
        .order_by("-visited_at", "-pk")
    )
