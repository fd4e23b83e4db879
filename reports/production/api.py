"""Reports in the API: which there are, their files, and a ranking's result as data."""

from __future__ import annotations

import json
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.problems import Problem
from config.api.views import ApiView, file_answer, file_as
from config.work.models import Job
from reports.production.models import Report

RESULT = "ranking.json"
BYTES = "application/octet-stream"


class ReportOut(serializers.Serializer[Any]):
    """A report: what it is about, how far its making is, the names of its files."""

    id = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(Report.Kind.choices)
    survey = serializers.SlugField(source="survey.slug")
    plan = serializers.CharField()
    job = serializers.IntegerField(source="job_id")
    state = serializers.ChoiceField(Job.State.choices, source="job.state")
    message = serializers.CharField(source="job.message")
    created_at = serializers.DateTimeField(source="job.created_at")
    files = serializers.ListField(child=serializers.CharField())


class ReportFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Reports of one kind, survey or state."""

    kind = django_filters.ChoiceFilter(choices=Report.Kind.choices)
    survey = django_filters.CharFilter(field_name="survey__slug", max_length=60)
    state = django_filters.ChoiceFilter(field_name="job__state", choices=Job.State.choices)
    ordering = django_filters.OrderingFilter(fields=[("job__created_at", "created_at")])


class Reports(ApiView):
    """Rankings, toplines and inspection reports."""

    permissions = {"list": "reports.view", "retrieve": "reports.view", "result": "reports.view"}
    queryset = Report.objects.none()
    filterset_class = ReportFilters

    @extend_schema(operation_id="reports", summary="Reports", responses=ReportOut(many=True))
    def list(self, request: Request) -> Response:
        """List the reports, the latest first."""
        return self.listed(_all(), ReportOut)

    @extend_schema(operation_id="report", summary="One report", responses=ReportOut)
    def retrieve(self, request: Request, pk: int) -> Response:
        """Return one report."""
        return Response(ReportOut(self.found(_all(), pk=pk)).data)

    @extend_schema(
        operation_id="result",
        summary="A ranking's result",
        responses={200: {"type": "object", "additionalProperties": True}},
    )
    def result(self, request: Request, pk: int) -> Response:
        """Return the ranking as data, companies in the order of its table; 404 for others."""
        report = self.found(_all(), pk=pk)
        return Response(json.loads(_content(report, RESULT)))


class ReportFiles(ApiView):
    """The files of a report."""

    permissions = {"file": "reports.view"}
    renderer_classes = [file_as(BYTES), JSONRenderer]
    pagination_class = None

    @extend_schema(
        operation_id="report-file",
        summary="A file of a report",
        responses={(200, BYTES): OpenApiTypes.BINARY},
    )
    def file(self, request: Request, pk: int, name: str) -> HttpResponse:
        """Return one file."""
        return file_answer(_content(self.found(_all(), pk=pk), name), name, BYTES)


def _content(report: Report, name: str) -> bytes:
    try:
        return report.content(name)
    except KeyError:
        raise Problem("not-found") from None


def _all() -> QuerySet[Report]:
    return Report.objects.select_related("survey", "job")
