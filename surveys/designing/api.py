"""Frozen questionnaires in the API: which there are, the workbook, the compiled form."""

from __future__ import annotations

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
from config.storage import files
from config.tabular.writers import XLSX
from surveys.forms.models import QuestionnaireVersion


class QuestionnaireOut(serializers.Serializer[Any]):
    """A frozen version of a questionnaire; `workbook` is the SHA-256 of its Excel file."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    version = serializers.CharField()
    workbook = serializers.CharField()
    created_at = serializers.DateTimeField()


class QuestionnaireFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Versions of one questionnaire."""

    name = django_filters.CharFilter(max_length=60)
    ordering = django_filters.OrderingFilter(fields=["name", "created_at"])


class Questionnaires(ApiView):
    """Frozen questionnaires."""

    permissions = {
        "list": "questionnaires.view",
        "retrieve": "questionnaires.view",
        "compiled": "questionnaires.view",
    }
    queryset = QuestionnaireVersion.objects.none()
    filterset_class = QuestionnaireFilters

    @extend_schema(
        operation_id="questionnaires",
        summary="Questionnaires",
        responses=QuestionnaireOut(many=True),
    )
    def list(self, request: Request) -> Response:
        """List the frozen versions."""
        return self.listed(_light(), QuestionnaireOut)

    @extend_schema(
        operation_id="questionnaire", summary="One questionnaire", responses=QuestionnaireOut
    )
    def retrieve(self, request: Request, pk: int) -> Response:
        """Return one version."""
        return Response(QuestionnaireOut(self.found(_light(), pk=pk)).data)

    @extend_schema(
        operation_id="compiled",
        summary="A questionnaire, compiled",
        responses={200: {"type": "object", "additionalProperties": True}},
    )
    def compiled(self, request: Request, pk: int) -> Response:
        """Return sections, questions with their logic, and indicators, as the page uses them."""
        return Response(self.found(QuestionnaireVersion.objects.all(), pk=pk).compiled)


class Workbooks(ApiView):
    """The Excel file of a questionnaire."""

    permissions = {"workbook": "questionnaires.view"}
    renderer_classes = [file_as(XLSX), JSONRenderer]
    pagination_class = None

    @extend_schema(
        operation_id="workbook",
        summary="A questionnaire as the workbook it was made of",
        responses={(200, XLSX): OpenApiTypes.BINARY},
    )
    def workbook(self, request: Request, pk: int) -> HttpResponse:
        """Return the workbook, byte by byte as it was frozen."""
        version = self.found(_light(), pk=pk)
        try:
            content = files.read(version.workbook)
        except FileNotFoundError:
            raise Problem("not-found") from None
        return file_answer(content, f"{version.name}-{version.version}.xlsx", XLSX)


def _light() -> QuerySet[QuestionnaireVersion]:
    return QuestionnaireVersion.objects.defer("xform", "compiled").order_by("-created_at", "-pk")
