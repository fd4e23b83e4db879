"""Companies in the API: the directory, searched by Chinese, pinyin or alias."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.views import ApiView
from surveys.companies.models import Company
from surveys.companies.name_matching import plain


class BrandOut(serializers.Serializer[Any]):
    """A name under which a company sells."""

    name = serializers.CharField()
    name_en = serializers.CharField()


class CompanyOut(serializers.Serializer[Any]):
    """A company; merged_into is the key of the one that answers about it count for."""

    key = serializers.SlugField()
    kind = serializers.ChoiceField(Company.Kind.choices)
    name = serializers.CharField()
    name_en = serializers.CharField()
    credit_code = serializers.CharField(allow_null=True)
    brands = BrandOut(many=True, source="brands.all")
    aliases = serializers.StringRelatedField[Any](many=True)
    merged_into = serializers.SlugField(source="merged_into.key", allow_null=True, default=None)


class CompanyFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Companies of one kind, merged into others or not, or called something like `search`."""

    search = django_filters.CharFilter(method="called", max_length=120)
    kind = django_filters.ChoiceFilter(choices=Company.Kind.choices)
    merged = django_filters.BooleanFilter(
        field_name="merged_into", lookup_expr="isnull", exclude=True
    )
    ordering = django_filters.OrderingFilter(fields=["sound", "key"])

    def called(self, found: QuerySet[Company], name: str, asked: str) -> QuerySet[Company]:
        """Return those of which a spelling, its pinyin or its initials contain what is asked."""
        written = plain(asked)
        return found.filter(search__contains=written) if written else found.none()


class Companies(ApiView):
    """The directory of companies."""

    permissions = {"list": "companies.view", "retrieve": "companies.view"}
    queryset = Company.objects.none()
    filterset_class = CompanyFilters

    @extend_schema(operation_id="companies", summary="Companies", responses=CompanyOut(many=True))
    def list(self, request: Request) -> Response:
        """List the companies in the order of a Chinese dictionary."""
        return self.listed(_all(), CompanyOut)

    @extend_schema(operation_id="company", summary="One company", responses=CompanyOut)
    def retrieve(self, request: Request, key: str) -> Response:
        """Return one company."""
        return Response(CompanyOut(self.found(_all(), key=key)).data)


def _all() -> QuerySet[Company]:
    found = Company.objects.select_related("merged_into").prefetch_related("brands", "aliases")
    return found.order_by("sound", "name")
