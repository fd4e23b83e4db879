"""The figures of fieldwork in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.views import ApiView
from surveys.collection.models.survey import Survey
from surveys.monitoring.summary import summary


class CountOut(serializers.Serializer[Any]):
    """How many accepted responses there are of something."""

    name = serializers.CharField()
    n = serializers.IntegerField()


class TargetOut(serializers.Serializer[Any]):
    """One target with what has come in."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field, not its own label
    done = serializers.IntegerField()
    wanted = serializers.IntegerField()
    soft_cap = serializers.IntegerField(allow_null=True)
    hard_cap = serializers.IntegerField(allow_null=True)


class LeftOut(serializers.Serializer[Any]):
    """At which question how many respondents left, and their share of all who began."""

    question = serializers.CharField()
    n = serializers.IntegerField()
    share = serializers.FloatField()


class FieldworkOut(serializers.Serializer[Any]):
    """How far a survey is, in the areas that one sees; null is what is not known for them."""

    status = serializers.DictField(child=serializers.IntegerField())
    targets = TargetOut(many=True)
    by_area = CountOut(many=True)
    by_stratum = CountOut(many=True)
    by_company = CountOut(many=True)
    by_collector = CountOut(many=True)
    by_day = CountOut(many=True)
    median_minutes = serializers.DictField(child=serializers.FloatField())
    paper_valid = serializers.IntegerField()
    paper_returned = serializers.IntegerField()
    begun = serializers.IntegerField(allow_null=True)
    completion = serializers.FloatField(allow_null=True)
    left = LeftOut(many=True)
    flags = CountOut(many=True)
    rates = serializers.DictField(child=serializers.FloatField(allow_null=True), allow_null=True)


class Fieldwork(ApiView):
    """How far a survey is."""

    permissions = {"figures": "surveys.view"}
    pagination_class = None

    @extend_schema(operation_id="fieldwork", summary="How far a survey is", responses=FieldworkOut)
    def figures(self, request: Request, slug: str) -> Response:
        """Return the figures of the fieldwork page."""
        survey = self.found(Survey.objects.select_related("version"), slug=slug)
        return Response(FieldworkOut(summary(survey, self.person.scope)).data)
