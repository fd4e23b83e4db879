"""Responses in the API: read, exported, sent by a device. They are named by their uid; a receipt
is their respondent's secret and never in an answer.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response as Answer

from config.accounts.scope import Scope
from config.api.paging import Cursor
from config.api.problems import Problem, sentence
from config.api.views import ApiView, file_as, streamed_answer
from config.language.languages import in_both, spoken
from config.language.problems import say
from config.language.texts import LANGUAGES
from surveys.collection import sending
from surveys.collection.models.response import Response, ResponseQuerySet
from surveys.collection.models.survey import Survey
from surveys.collection.services import NotOpen, Payload, Refused
from surveys.forms.fields import error_text
from surveys.questionnaires.answers import Flaw
from surveys.responses.exports import KINDS, made
from surveys.responses.frames import repeats


class ResponseOut(serializers.Serializer[Any]):
    """One response with its answers by question."""

    uid = serializers.UUIDField()
    status = serializers.ChoiceField(Response.Status.choices)
    mode = serializers.ChoiceField(Response.Mode.choices)
    language = serializers.CharField()
    questionnaire = serializers.IntegerField(source="version_id")
    company = serializers.SlugField(source="company.key", allow_null=True, default=None)
    area = serializers.CharField(source="area_id", allow_null=True)
    collector = serializers.SlugField(source="collector.code", allow_null=True, default=None)
    stratum = serializers.CharField()
    psu = serializers.CharField()
    started_at = serializers.DateTimeField(allow_null=True)
    submitted_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    answers = serializers.DictField()


class KeptOut(serializers.Serializer[Any]):
    """That a response is kept. Who may enter responses may not, for that alone, read them."""

    uid = serializers.UUIDField()
    status = serializers.ChoiceField(Response.Status.choices)
    submitted_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()


class ResponseIn(serializers.Serializer[Any]):
    """An interview. `uid` is made on the device, once, so that however often it is sent it is one;
    `answers` are by question: a text, a number, or a list of the names of choices.
    """

    uid = serializers.UUIDField()
    answers = serializers.DictField()
    submitted_at = serializers.DateTimeField(required=False)
    started_at = serializers.DateTimeField(required=False, allow_null=True)
    language = serializers.ChoiceField(LANGUAGES, required=False)
    collector = serializers.SlugField(required=False, max_length=16)


class ExportIn(serializers.Serializer[Any]):
    """How answers are exported: codes in place of labels, with what people wrote themselves, also
    the responses that do not count; of a repeat, its instances, in place of the responses.
    """

    codes = serializers.BooleanField(required=False, default=False)
    text = serializers.BooleanField(required=False, default=False)
    every = serializers.BooleanField(required=False, default=False)
    repeat = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)


class ResponseFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Responses of one status, mode, company or area, or sent between two moments."""

    status = django_filters.ChoiceFilter(choices=Response.Status.choices)
    mode = django_filters.ChoiceFilter(choices=Response.Mode.choices)
    company = django_filters.CharFilter(field_name="company__key", max_length=60)
    area = django_filters.CharFilter(method="within", min_length=6, max_length=6)
    submitted_after = django_filters.IsoDateTimeFilter("submitted_at", lookup_expr="gte")
    submitted_before = django_filters.IsoDateTimeFilter("submitted_at", lookup_expr="lt")

    def within(self, found: QuerySet[Response], name: str, code: str) -> QuerySet[Response]:
        """Return those of an area and its parts."""
        return found.filter(Scope.of([code]).within("area"))


class Responses(ApiView):
    """The responses of a survey."""

    permissions = {
        "list": "responses.view",
        "retrieve": "responses.view",
        "create": "responses.enter",
    }
    pagination_class = Cursor
    queryset = Response.objects.none()
    filterset_class = ResponseFilters

    @extend_schema(operation_id="responses", summary="Responses", responses=ResponseOut(many=True))
    def list(self, request: Request, slug: str) -> Answer:
        """List the responses of a survey, those that came in last first."""
        survey = self.found(Survey.objects.all(), slug=slug)
        return self.listed(_seen(self, survey).standing(), ResponseOut)

    @extend_schema(operation_id="response", summary="One response", responses=ResponseOut)
    def retrieve(self, request: Request, slug: str, uid: UUID) -> Answer:
        """Return one response."""
        survey = self.found(Survey.objects.all(), slug=slug)
        return Answer(ResponseOut(self.found(_seen(self, survey), uid=uid)).data)

    @extend_schema(
        operation_id="send",
        summary="Send an interview",
        request=ResponseIn,
        responses={201: KeptOut, 200: KeptOut},
    )
    def create(self, request: Request, slug: str) -> Answer:
        """Take an interview in: 201, and 200 when the same is sent again. 409 for other answers
        under a known uid, or a survey that was not open; 422 with every flaw by question.
        """
        survey = self.found(Survey.objects.select_related("version"), slug=slug)
        given = self.given(ResponseIn)
        payload = Payload(
            uid=given["uid"],
            answers=given["answers"],
            submitted_at=given.get("submitted_at") or timezone.now(),
            started_at=given.get("started_at"),
            language=given.get("language") or spoken(),
        )
        try:
            kept = sending.send(
                survey=survey,
                payload=payload,
                collector=given.get("collector", ""),
                by=self.person,
            )
        except Refused as refused:
            raise Problem("refused", map(_told, refused.flaws)) from None
        except sending.Conflict:
            raise Problem("conflict") from None
        except NotOpen:
            raise Problem("not-open") from None
        except sending.NotYet:
            raise Problem("invalid", [sentence(say("lies ahead"), "submitted_at")]) from None
        except sending.NoSuchWay:
            words = say("is no way into this survey that is open to interviewers")
            raise Problem("invalid", [sentence(words, "collector")]) from None
        return Answer(KeptOut(kept).data, status=201 if kept.is_new else 200)


class Exports(ApiView):
    """The accepted answers of a survey as a file."""

    permissions = {"export": "responses.export"}
    renderer_classes = [file_as("text/csv"), JSONRenderer]
    pagination_class = None

    @extend_schema(
        operation_id="export",
        summary="Accepted answers as CSV",
        parameters=[ExportIn],
        responses={(200, "text/csv"): OpenApiTypes.STR},
    )
    def export(self, request: Request, slug: str) -> StreamingHttpResponse:
        """Return CSV in UTF-8, a row for each accepted response that one sees; with `repeat`, a row
        for each instance of that repeat. 400 for a repeat that the survey does not have.
        """
        survey = self.found(Survey.objects.all(), slug=slug)
        how = self.asked(ExportIn)
        asked = how["repeat"]
        repeat = next((found for found in repeats(survey) if found.name == asked), None)
        if asked and repeat is None:
            raise Problem("invalid", [sentence(say("is no repeat of this survey"), "repeat")])
        content = made(
            survey,
            self.person,
            "csv",
            with_text=how["text"],
            codes=how["codes"],
            every=how["every"],
            repeat=repeat,
        )
        return streamed_answer(content, f"{slug}.csv", KINDS["csv"])


def _seen(view: ApiView, survey: Survey) -> ResponseQuerySet:
    """Return the responses of a survey in the areas of a person."""
    found = Response.objects.filter(view.person.scope.within("area"), survey=survey)
    return found.select_related("company", "collector")


def _told(flaw: Flaw) -> dict[str, str]:
    return {"where": flaw.question, **in_both(lambda: error_text(flaw, spoken()))}
