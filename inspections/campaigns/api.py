"""Sites, and the sites of campaigns, in the API."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.views import ApiView
from inspections.campaigns.models import Campaign, CampaignSite
from inspections.campaigns.selectors import (
    called,
    places_of,
    sites_seen_by,
    state_of,
    with_state,
)
from inspections.campaigns.sites import Datum, Site

PLACE_STATES = [
    (name, name) for name in ("open", "visited", "dropped", "replacement", "calibration")
]


class DirectorySiteOut(serializers.Serializer[Any]):
    """A site of the directory with who stands behind it. The position is in its datum; merged_into
    is the number of the site that it turned out to be.
    """

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    kind = serializers.ChoiceField(Site.Kind.choices)
    area = serializers.CharField(source="area_id")
    address = serializers.CharField()
    operator = serializers.SlugField(source="operator.key", allow_null=True, default=None)
    brand = serializers.CharField(source="brand.name", allow_null=True, default=None)
    vendor = serializers.CharField(source="vendor.name", allow_null=True, default=None)
    credit_code = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    datum = serializers.ChoiceField([("", "–"), *Datum.choices])
    aliases = serializers.StringRelatedField[Any](many=True)
    merged_into = serializers.IntegerField(source="merged_into_id", allow_null=True)


class PlaceOut(serializers.Serializer[Any]):
    """A site of a campaign: the stratum it was drawn from and the chance that it had; neither where
    nothing was drawn. replaces is the site whose place it takes.
    """

    site = serializers.IntegerField(source="site_id")
    name = serializers.CharField(source="site.name")
    kind = serializers.ChoiceField(Site.Kind.choices, source="site.kind")
    area = serializers.CharField(source="site.area_id")
    stratum = serializers.CharField()
    probability = serializers.FloatField(allow_null=True)
    draw = serializers.CharField(source="draw.sha256", allow_null=True, default=None)
    is_calibration = serializers.BooleanField()
    state = serializers.SerializerMethodField()
    dropped_because = serializers.CharField()
    replaces = serializers.IntegerField(source="replaces.site_id", allow_null=True, default=None)

    @extend_schema_field(serializers.ChoiceField(PLACE_STATES))
    def get_state(self, place: CampaignSite) -> str:
        """Return where the site stands in the campaign."""
        return state_of(place)


class SiteFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Sites of one kind, in one area, merged into others or not, or called something."""

    search = django_filters.CharFilter(method="called", max_length=120)
    kind = django_filters.ChoiceFilter(choices=Site.Kind.choices)
    area = django_filters.CharFilter(
        field_name="area__code", lookup_expr="startswith", max_length=6
    )
    merged = django_filters.BooleanFilter(
        field_name="merged_into", lookup_expr="isnull", exclude=True
    )
    ordering = django_filters.OrderingFilter(fields=[("pk", "id"), ("name", "name")])

    def called(self, found: QuerySet[Site], name: str, asked: str) -> QuerySet[Site]:
        """Return those whose name, another name or address contains what is asked."""
        return called(found, asked)


class Sites(ApiView):
    """The directory of sites."""

    permissions = {"list": "visits.view_all", "retrieve": "visits.view_all"}
    queryset = Site.objects.none()
    filterset_class = SiteFilters

    @extend_schema(operation_id="sites", summary="Sites", responses=DirectorySiteOut(many=True))
    def list(self, request: Request) -> Response:
        """List the sites by their numbers."""
        return self.listed(_all(self), DirectorySiteOut)

    @extend_schema(operation_id="site", summary="One site", responses=DirectorySiteOut)
    def retrieve(self, request: Request, pk: int) -> Response:
        """Return one site."""
        return Response(DirectorySiteOut(self.found(_all(self), pk=pk)).data)


class Places(ApiView):
    """The sites of a campaign."""

    permissions = {"list": "visits.view_all"}
    queryset = CampaignSite.objects.none()

    @extend_schema(
        operation_id="campaign_sites", summary="Sites of a campaign", responses=PlaceOut(many=True)
    )
    def list(self, request: Request, slug: str) -> Response:
        """List the sites of a campaign in the order in which they came to it."""
        campaign = self.found(Campaign.objects.all(), survey__slug=slug)
        found = with_state(places_of(campaign, self.person.scope))
        return self.listed(found.order_by("pk"), PlaceOut)


def _all(view: ApiView) -> QuerySet[Site]:
    related = ("operator", "brand", "vendor")
    found = sites_seen_by(view.person).select_related(*related)
    return found.prefetch_related("aliases").order_by("pk")
