"""Findings, evidence, and what is decided about a visit, in the API: the same services as the
pages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.problems import Problem
from config.api.views import ApiView
from config.language.languages import in_both
from inspections.campaigns.sites import Datum, Site
from inspections.review import selectors
from inspections.review import services as review
from inspections.review.flags import flags_of
from inspections.visits.api import SiteOut, VisitOut, visits_out
from inspections.visits.models import Evidence, Finding, Visit
from inspections.visits.selectors import awaited, visits_seen


class FindingOut(serializers.Serializer[Any]):
    """One indicator that was not as it should be, where it was, and how it was decided.
    refused_because: why a second person did not see it borne out.
    """

    id = serializers.IntegerField(source="pk")
    visit = serializers.IntegerField(source="visit_id")
    campaign = serializers.SlugField(source="visit.campaign.survey.slug")
    site = SiteOut(source="visit.site")
    visited_at = serializers.DateTimeField(source="visit.visited_at")
    indicator = serializers.CharField()
    topic = serializers.CharField()
    critical = serializers.BooleanField()
    state = serializers.ChoiceField(Finding.STATES)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    confirmed_by = serializers.CharField(
        source="confirmed_by.username", allow_null=True, default=None
    )
    refused_because = serializers.CharField()


class EvidenceOut(serializers.Serializer[Any]):
    """A piece of evidence: its hash and what is known of its capture, never its bytes. of is the
    number of what a copy or a certificate belongs to; number is that of a certificate.
    """

    id = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(Evidence.Kind.choices)
    origin = serializers.ChoiceField(Evidence.Source.choices, source="source")
    question = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    captured_at = serializers.DateTimeField(allow_null=True)
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    accuracy = serializers.FloatField(allow_null=True)
    datum = serializers.ChoiceField([("", "–"), *Datum.choices])
    of = serializers.IntegerField(source="of_id", allow_null=True)
    number = serializers.CharField()
    received_at = serializers.DateTimeField(allow_null=True)


class ReviewOut(serializers.Serializer[Any]):
    """What a supervisor looks at before deciding: what stands out, and the files on their way."""

    status = serializers.ChoiceField(Visit.Status.choices)
    flags = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_flags(self, visit: Visit) -> list[str]:
        """Return in words what stands out; nothing is refused for it."""
        return list(flags_of(visit))

    def get_missing(self, visit: Visit) -> int:
        """Return how many files were announced and have not arrived."""
        return awaited(visit).count()


class ReasonIn(serializers.Serializer[Any]):
    """Why, in words; the chain of the visit keeps them."""

    reason = serializers.CharField(max_length=500)


class FindingFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Findings of one campaign, indicator, topic or kind of site, critical or not, in one state."""

    campaign = django_filters.CharFilter(field_name="visit__campaign__survey__slug", max_length=60)
    indicator = django_filters.CharFilter(max_length=60)
    topic = django_filters.CharFilter(max_length=60)
    kind = django_filters.ChoiceFilter(field_name="visit__site__kind", choices=Site.Kind.choices)
    critical = django_filters.BooleanFilter()
    state = django_filters.ChoiceFilter(choices=Finding.STATES, method="in_state")
    ordering = django_filters.OrderingFilter(fields=[("visit__visited_at", "visited_at")])

    def in_state(self, found: QuerySet[Finding], name: str, asked: str) -> QuerySet[Finding]:
        """Return those in one state."""
        return selectors.findings_in(found, asked)


class Findings(ApiView):
    """Findings of the visits that one sees; the second person decides about each."""

    permissions = {
        "list": "visits.view",
        "retrieve": "visits.view",
        "confirm": "findings.confirm",
        "dismiss": "findings.confirm",
    }
    queryset = Finding.objects.none()
    filterset_class = FindingFilters

    @extend_schema(operation_id="findings", summary="Findings", responses=FindingOut(many=True))
    def list(self, request: Request) -> Response:
        """List the findings, the latest visits first; those of void visits are none."""
        return self.listed(self._seen(), FindingOut)

    @extend_schema(operation_id="finding", summary="One finding", responses=FindingOut)
    def retrieve(self, request: Request, pk: int) -> Response:
        """Return one finding."""
        return Response(FindingOut(self.found(self._seen(), pk=pk)).data)

    @extend_schema(
        operation_id="findingConfirm",
        summary="Confirm a finding",
        request=None,
        responses=FindingOut,
    )
    def confirm(self, request: Request, pk: int) -> Response:
        """Confirm a finding as the second person, which seals the evidence of its visit; 409 where
        it cannot be now, or by this person.
        """
        finding = self.found(self._seen(), pk=pk)
        _decide(lambda: review.confirm(finding=finding, by=self.person))
        return self.retrieve(request, pk)

    @extend_schema(
        operation_id="findingDismiss",
        summary="Say that a finding is not borne out",
        request=ReasonIn,
        responses=FindingOut,
    )
    def dismiss(self, request: Request, pk: int) -> Response:
        """Say as the second person that the evidence does not show it; 409 as for `confirm`."""
        finding, reason = self.found(self._seen(), pk=pk), self.given(ReasonIn)["reason"]
        _decide(lambda: review.dismiss(finding=finding, reason=reason, by=self.person))
        return self.retrieve(request, pk)

    def _seen(self) -> QuerySet[Finding]:
        return selectors.findings_seen(self.person).order_by("-visit__visited_at", "-pk")


class VisitEvidence(ApiView):
    """What was captured at a visit."""

    permissions = {"list": "visits.view"}
    queryset = Evidence.objects.none()

    @extend_schema(
        operation_id="visitEvidence",
        summary="Evidence of a visit",
        responses=EvidenceOut(many=True),
    )
    def list(self, request: Request, pk: int) -> Response:
        """List what was captured, announced files too."""
        visit = self.found(visits_seen(self.person), pk=pk)
        return self.listed(visit.evidence.order_by("pk"), EvidenceOut)


class VisitReview(ApiView):
    """What is decided about a visit by somebody who was not there."""

    permissions = dict.fromkeys(
        ("retrieve", "accept", "give_back", "declare_void"), "visits.review"
    )
    queryset = Visit.objects.none()

    @extend_schema(
        operation_id="visitReview", summary="What stands out at a visit", responses=ReviewOut
    )
    def retrieve(self, request: Request, pk: int) -> Response:
        """Return what stands out; that somebody looked is noted in the chain of the visit."""
        visit = self._visit(pk)
        review.look(visit=visit, by=self.person)
        return Response(ReviewOut(visit).data)

    @extend_schema(
        operation_id="visitAccept", summary="Accept a visit", request=None, responses=VisitOut
    )
    def accept(self, request: Request, pk: int) -> Response:
        """Accept a visit; 409 while files are missing, or by somebody who was there."""
        visit = self._visit(pk)
        return self._after(pk, lambda: review.accept(visit=visit, by=self.person))

    @extend_schema(
        operation_id="visitReturn",
        summary="Send a visit back",
        request=ReasonIn,
        responses=VisitOut,
    )
    def give_back(self, request: Request, pk: int) -> Response:
        """Send a visit back with a note that the inspector's phone shows."""
        visit, note = self._visit(pk), self.given(ReasonIn)["reason"]
        return self._after(pk, lambda: review.give_back(visit=visit, note=note, by=self.person))

    @extend_schema(
        operation_id="visitVoid",
        summary="Declare a visit void",
        request=ReasonIn,
        responses=VisitOut,
    )
    def declare_void(self, request: Request, pk: int) -> Response:
        """Declare that a visit does not count; it stays with all that hangs on it."""
        visit, reason = self._visit(pk), self.given(ReasonIn)["reason"]
        return self._after(
            pk, lambda: review.declare_void(visit=visit, reason=reason, by=self.person)
        )

    def _visit(self, pk: int) -> Visit:
        visit: Visit = self.found(visits_seen(self.person).select_related("site"), pk=pk)
        return visit

    def _after(self, pk: int, step: Callable[[], object]) -> Response:
        _decide(step)
        return Response(VisitOut(visits_out(self.person).get(pk=pk)).data)


def _decide(step: Callable[[], object]) -> None:
    """Take a step. Raises Problem (409) with the reason in both languages."""
    try:
        step()
    except review.NotAllowed:
        raise Problem("conflict", [{"where": "", **in_both(lambda: _why(step))}]) from None


def _why(step: Callable[[], object]) -> str:
    """Return why a step cannot be taken, in the language that is spoken; it is not taken."""
    with transaction.atomic():
        try:
            step()
        except review.NotAllowed as refused:
            return str(refused)
        finally:
            transaction.set_rollback(True)
    return ""
