"""Jobs in the API: one's own, to see how far they are."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.accounts.models import User
from config.accounts.permissions import OWN
from config.api.views import ApiView
from config.work.models import Job


class JobOut(serializers.Serializer[Any]):
    """Work in the background: waiting, running, done or failed."""

    id = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    state = serializers.ChoiceField(Job.State.choices)
    message = serializers.CharField()
    created_at = serializers.DateTimeField()
    beat_at = serializers.DateTimeField()


class JobFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Jobs in one state."""

    state = django_filters.ChoiceFilter(choices=Job.State.choices)
    ordering = django_filters.OrderingFilter(fields=["created_at", "state"])


class Jobs(ApiView):
    """One's own jobs."""

    permissions = {"list": OWN, "retrieve": OWN}
    queryset = Job.objects.none()
    filterset_class = JobFilters

    @extend_schema(operation_id="jobs", summary="Your jobs", responses=JobOut(many=True))
    def list(self, request: Request) -> Response:
        """List one's own jobs, the latest first."""
        return self.listed(_of(self.person), JobOut)

    @extend_schema(operation_id="job", summary="One of your jobs", responses=JobOut)
    def retrieve(self, request: Request, pk: int) -> Response:
        """Return one job."""
        return Response(JobOut(self.found(_of(self.person), pk=pk)).data)


def _of(person: User) -> QuerySet[Job]:
    return Job.objects.filter(started_by=person)
