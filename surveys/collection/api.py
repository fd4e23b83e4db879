"""Surveys in the API: what is in the field, and how much has come in."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.fields import BothLanguages
from config.api.views import ApiView
from surveys.collection.models.survey import State, Survey
from surveys.collection.selectors import in_state, surveys_with_counts

STATES = [(state, state) for state in ("draft", "open", "closed")]


class SurveyOut(serializers.Serializer[Any]):
    """A survey; the counts are those of the areas that one sees."""

    slug = serializers.SlugField()
    title = BothLanguages()
    organiser = BothLanguages()
    state = serializers.ChoiceField(STATES)
    questionnaire = serializers.IntegerField(source="version_id")
    sample = serializers.ChoiceField(Survey.Sample.choices)
    has_page = serializers.BooleanField()
    opens_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True)
    demonstration = serializers.BooleanField()
    accepted = serializers.IntegerField()
    rejected = serializers.IntegerField()
    latest = serializers.DateTimeField(allow_null=True)


class SurveyFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Surveys in one state, of one kind of sample, with a page or without."""

    state = django_filters.ChoiceFilter(choices=STATES, method="in_state")
    sample = django_filters.ChoiceFilter(choices=Survey.Sample.choices)
    has_page = django_filters.BooleanFilter()
    ordering = django_filters.OrderingFilter(fields=["slug", "opens_at", "closes_at"])

    def in_state(self, found: QuerySet[Survey], name: str, state: State) -> QuerySet[Survey]:
        """Return those in a state now."""
        return in_state(found, state)


class Surveys(ApiView):
    """Surveys."""

    permissions = {"list": "surveys.view", "retrieve": "surveys.view"}
    queryset = Survey.objects.none()
    filterset_class = SurveyFilters

    @extend_schema(operation_id="surveys", summary="Surveys", responses=SurveyOut(many=True))
    def list(self, request: Request) -> Response:
        """List the surveys, the latest first."""
        return self.listed(_seen(self), SurveyOut)

    @extend_schema(operation_id="survey", summary="One survey", responses=SurveyOut)
    def retrieve(self, request: Request, slug: str) -> Response:
        """Return one survey."""
        return Response(SurveyOut(self.found(_seen(self), slug=slug)).data)


def _seen(view: ApiView) -> QuerySet[Survey]:
    return surveys_with_counts(view.person.scope)
