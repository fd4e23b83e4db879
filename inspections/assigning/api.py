"""Assignments in the API, each person those that the pages show them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.views import ApiView
from inspections.assigning import selectors
from inspections.campaigns.models import Assignment

STATES = [(name, name) for name in ("open", "late", "visited", "cancelled")]


class AssignmentOut(serializers.Serializer[Any]):
    """Who goes to which site, until when. uid is that of its visit. Who goes a second time, or for
    calibration, is told “first”.
    """

    uid = serializers.UUIDField()
    campaign = serializers.SlugField(source="campaign.survey.slug")
    site = serializers.IntegerField(source="site_id")
    site_name = serializers.CharField(source="site.name")
    area = serializers.CharField(source="site.area_id")
    address = serializers.CharField(source="site.address")
    purpose = serializers.SerializerMethodField()
    lead = serializers.CharField(source="lead.username")
    partner = serializers.CharField(source="partner.username", allow_null=True, default=None)
    due_on = serializers.DateField(allow_null=True)
    state = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(Assignment.Purpose.choices))
    def get_purpose(self, assignment: Assignment) -> str:
        """Return what for, as far as who goes may know."""
        return str(selectors.purpose_told(assignment).value)

    @extend_schema_field(serializers.ChoiceField(STATES))
    def get_state(self, assignment: Assignment) -> str:
        """Return where it stands today."""
        return selectors.state_of(assignment, timezone.localdate())


class AssignmentForAllOut(AssignmentOut):
    """An assignment as who sees everybody's visits is told of it."""

    def get_purpose(self, assignment: Assignment) -> str:
        """Return what for."""
        return str(assignment.purpose)


class AssignmentFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Assignments of one campaign, of one person, in one state, due between two days."""

    campaign = django_filters.CharFilter(field_name="campaign__survey__slug", max_length=60)
    person = django_filters.CharFilter(method="of_person", max_length=150)
    state = django_filters.ChoiceFilter(choices=STATES, method="in_state")
    due_after = django_filters.DateFilter("due_on", lookup_expr="gte")
    due_before = django_filters.DateFilter("due_on", lookup_expr="lt")
    ordering = django_filters.OrderingFilter(fields=["due_on"])

    def of_person(self, found: QuerySet[Any], name: str, asked: str) -> QuerySet[Any]:
        """Return those of one person, alone or in a pair."""
        return selectors.of_person(found, asked)

    def in_state(self, found: QuerySet[Any], name: str, asked: str) -> QuerySet[Any]:
        """Return those in one state."""
        return selectors.in_state(found, asked)


class Assignments(ApiView):
    """Who goes where."""

    permissions = {"list": "visits.view", "retrieve": "visits.view"}
    queryset = Assignment.objects.none()
    filterset_class = AssignmentFilters

    @extend_schema(
        operation_id="assignments", summary="Assignments", responses=AssignmentOut(many=True)
    )
    def list(self, request: Request) -> Response:
        """List the assignments: one's own, or everybody's with visits.view_all."""
        return self.listed(_seen(self), _out(self))

    @extend_schema(operation_id="assignment", summary="One assignment", responses=AssignmentOut)
    def retrieve(self, request: Request, uid: UUID) -> Response:
        """Return one assignment."""
        return Response(_out(self)(self.found(_seen(self), uid=uid)).data)


def _out(view: ApiView) -> type[AssignmentOut]:
    return AssignmentForAllOut if view.person.has_perm("visits.view_all") else AssignmentOut


def _seen(view: ApiView) -> QuerySet[Assignment]:
    found = selectors.assignments_seen(view.person)
    related = ("campaign__survey", "site", "lead", "partner")
    return found.select_related(*related).order_by("pk")
