"""What the page on an inspector's phone asks of the site, and what it sends; by the phone's own
token and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.fields import BothLanguages
from config.api.parsing import LARGEST
from config.api.problems import Problem, sentence
from config.api.views import ApiView
from config.language.languages import in_both, spoken
from config.language.problems import InvalidInput, say
from config.language.texts import LANGUAGES
from config.work.write_lock import write_lock
from inspections.assigning.selectors import purpose_told
from inspections.campaigns.models import Assignment, Campaign
from inspections.campaigns.sites import Datum, Site
from inspections.devices import services as devices
from inspections.devices.authentication import PhoneToken
from inspections.devices.models import Device
from inspections.phone import announced, parts, selectors
from inspections.phone import services as phone
from inspections.phone.checklist import checklist
from inspections.visits import services as visits
from inspections.visits.models import Evidence, Visit
from inspections.visits.selectors import is_returned, sent_to, visit_of
from inspections.visits.services import Captured, Place
from surveys.collection.services import NotOpen, Refused
from surveys.forms.fields import error_text
from surveys.forms.models import QuestionnaireVersion
from surveys.questionnaires.answers import Flaw

RANGE = re.compile(r"bytes (\d{1,12})-(\d{1,12})/(\d{1,12})")
NOT_OPEN = say(
    "The campaign was not open when this visit was begun; nothing was kept here. It stays on the"
    " phone."
)
HAS_VISIT = say("This site has a visit in this campaign; show it to your supervisor.")


class Moment(serializers.DateTimeField):
    """A moment by the clock of a phone, which may be far off, but not by centuries."""

    default_error_messages = {"far": _("is no moment from 1970 to 2100")}

    def to_internal_value(self, value: Any) -> datetime:
        """Return the moment. Raises ValidationError."""
        moment: datetime = super().to_internal_value(value)
        if not 1970 <= moment.year <= 2100:
            self.fail("far")
        return moment


class PlaceIn(serializers.Serializer[Any]):
    """Where the phone was: degrees, metres, and seconds since the fix. Browsers give WGS-84."""

    latitude = serializers.FloatField(min_value=-90, max_value=90)
    longitude = serializers.FloatField(min_value=-180, max_value=180)
    datum = serializers.ChoiceField(Datum.choices, default="WGS-84")
    accuracy = serializers.FloatField(min_value=0, max_value=1e7, required=False, allow_null=True)
    age = serializers.FloatField(min_value=0, max_value=1e9, required=False, allow_null=True)


class CapturedIn(serializers.Serializer[Any]):
    """Something that was captured. Its bytes come later, under their SHA-256."""

    sha256 = serializers.RegexField(r"^[0-9a-f]{64}\Z")
    size = serializers.IntegerField(min_value=1, max_value=2**53)
    name = serializers.CharField(max_length=255, trim_whitespace=False)
    kind = serializers.ChoiceField(announced.KIND_CHOICES)
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field, not DRF's own
        announced.SOURCE_CHOICES
    )
    question = serializers.CharField(max_length=120, allow_blank=True, default="")
    media_type = serializers.CharField(max_length=60, allow_blank=True, default="")
    text = serializers.CharField(
        max_length=8192, allow_blank=True, default="", trim_whitespace=False
    )
    at = Moment(required=False, allow_null=True)
    place = PlaceIn(required=False, allow_null=True)


class VisitIn(serializers.Serializer[Any]):
    """A visit. Every moment is by the clock of the phone, sent_at is what it shows now; `mends`
    is made on the phone, once, where the visit was sent back.
    """

    version = serializers.IntegerField(min_value=1, max_value=2**31)
    answers = serializers.DictField()
    begun_at = Moment()
    ended_at = Moment()
    sent_at = Moment()
    place = PlaceIn(required=False, allow_null=True)
    files = CapturedIn(many=True, default=list)
    mends = serializers.UUIDField(required=False, allow_null=True)


class DraftIn(serializers.Serializer[Any]):
    """Where a visit stands. `revision` is counted by the phone; an older one changes nothing."""

    revision = serializers.IntegerField(min_value=1, max_value=2**53)
    version = serializers.IntegerField(min_value=1, max_value=2**31)
    answers = serializers.DictField()
    files = serializers.ListField(child=serializers.DictField(), default=list, max_length=100)
    question = serializers.CharField(max_length=120, allow_blank=True, default="")
    begun_at = Moment()


class DraftOut(serializers.Serializer[Any]):
    """A draft as it is kept."""

    revision = serializers.IntegerField()
    version = serializers.IntegerField()
    answers = serializers.DictField()
    files = serializers.ListField(child=serializers.DictField())
    question = serializers.CharField(allow_blank=True)
    begun_at = serializers.DateTimeField()


class RevisionOut(serializers.Serializer[Any]):
    """Which revision is kept now: the one that was sent, or a later one."""

    revision = serializers.IntegerField()


class SeenIn(serializers.Serializer[Any]):
    """What a phone says about itself."""

    app_version = serializers.CharField(max_length=40, allow_blank=True, default="")
    unsent = serializers.IntegerField(min_value=0, max_value=9999)


class SeenOut(serializers.Serializer[Any]):
    """Our clock."""

    server_time = serializers.DateTimeField()


class PhoneSiteOut(serializers.Serializer[Any]):
    """Where to go. The position is in WGS-84, as that of the phone is."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(Site.Kind.choices)
    area = serializers.CharField(source="area.zh")
    address = serializers.CharField(allow_blank=True)
    latitude = serializers.SerializerMethodField()
    longitude = serializers.SerializerMethodField()

    def get_latitude(self, site: Site) -> float | None:
        """Return degrees north, None where nobody said."""
        return site.position.in_wgs84().latitude if site.position else None

    def get_longitude(self, site: Site) -> float | None:
        """Return degrees east, None where nobody said."""
        return site.position.in_wgs84().longitude if site.position else None


class PhoneAssignmentOut(serializers.Serializer[Any]):
    """Where to go, for what, and how far it is: state is open, or that of the visit; `missing`
    files of it have not arrived.
    """

    uid = serializers.UUIDField()
    campaign = serializers.SlugField(source="campaign.survey.slug")
    title = BothLanguages(source="campaign.survey.title")
    kind = serializers.ChoiceField(Campaign.Kind.choices, source="campaign.kind")
    demonstration = serializers.BooleanField(source="campaign.survey.demonstration")
    version = serializers.IntegerField(source="campaign.survey.version_id")
    site = PhoneSiteOut()
    purpose = serializers.SerializerMethodField()
    due_on = serializers.DateField(allow_null=True)
    other = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField()
    note = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField()
    draft = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(Assignment.Purpose.choices))
    def get_purpose(self, one: Assignment) -> str:
        """Return what for, as far as who goes may know."""
        return str(purpose_told(one).value)

    def get_other(self, one: Assignment) -> str:
        """Return who comes along; "" for nobody."""
        device: Device = self.context["device"]
        person = one.partner if one.lead_id == device.owner_id else one.lead
        return person.name if person else ""

    def get_state(self, one: Assignment) -> str:
        """Return how far it is."""
        return selectors.state_of(one)

    def get_note(self, one: Assignment) -> str:
        """Return why it was sent back."""
        visit = visit_of(one)
        return visit.note if visit and is_returned(one) else ""

    def get_missing(self, one: Assignment) -> int:
        """Return how many files of the visit have not arrived."""
        visit = visit_of(one)
        return selectors.missing(visit).count() if visit else 0

    def get_draft(self, one: Assignment) -> int:
        """Return the revision of the draft that is kept here; 0 for none."""
        draft = getattr(one, "draft", None)
        return int(draft.revision) if draft else 0


class AssignmentsOut(serializers.Serializer[Any]):
    """Everything that a phone shows on its first page."""

    person = serializers.CharField()
    device = serializers.CharField()
    server_time = serializers.DateTimeField()
    assignments = PhoneAssignmentOut(many=True)


class LanguageIn(serializers.Serializer[Any]):
    """In which language."""

    language = serializers.ChoiceField(LANGUAGES, default="zh-Hans")


class ChecklistOut(serializers.Serializer[Any]):
    """A checklist to keep on the phone: the rendered page and its logic."""

    version = serializers.IntegerField()
    language = serializers.ChoiceField(LANGUAGES)
    html = serializers.CharField()
    logic = serializers.DictField()
    required = serializers.DictField()  # type: ignore[assignment]  # a field, not DRF's own
    pictures = serializers.ListField(child=serializers.CharField())


class FileOut(serializers.Serializer[Any]):
    """How much of a file is here; received: all of it, and its SHA-256 is the one announced."""

    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    have = serializers.IntegerField()
    received = serializers.BooleanField()


class PhoneVisitOut(serializers.Serializer[Any]):
    """A visit as it is here, with the files that have not arrived."""

    uid = serializers.UUIDField()
    status = serializers.ChoiceField(Visit.Status.choices)
    note = serializers.CharField(allow_blank=True)
    missing = FileOut(many=True)


class Octets(BaseParser):
    """A part of a file, up to 1 MB."""

    media_type = "application/octet-stream"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the bytes. Raises Problem."""
        content = stream.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise Problem("too-large")
        return content


class PhoneView(ApiView):
    """A view for phones; who asks is `device`."""

    authentication_classes = [PhoneToken]
    pagination_class = None
    filter_backends: list[Any] = []
    queryset = Assignment.objects.none()

    @property
    def device(self) -> Device:
        """The phone that asks."""
        assert isinstance(self.request.auth, Device)
        return self.request.auth

    def assignment(self, uid: UUID) -> Assignment:
        """Return an assignment of the phone's owner. Raises Problem (404)."""
        found: Assignment = self.found(sent_to(self.device.owner), uid=uid)
        return found


class Phones(PhoneView):
    """What the phone shows, and what it says about itself."""

    permissions = {"assignments": "visits.record", "seen": "visits.record"}

    @extend_schema(
        operation_id="phoneAssignments",
        summary="Where the owner of the phone is sent",
        responses=AssignmentsOut,
    )
    def assignments(self, request: Request) -> Response:
        """List what is to be visited, what was sent back, and what has arrived."""
        content = {
            "person": self.person.name,
            "device": self.device.name,
            "server_time": timezone.now(),
            "assignments": selectors.shown(self.device),
        }
        return Response(AssignmentsOut(content, context={"device": self.device}).data)

    @extend_schema(
        operation_id="phoneSeen",
        summary="Say what the phone still holds",
        request=SeenIn,
        responses=SeenOut,
    )
    def seen(self, request: Request) -> Response:
        """Note when the phone was heard of, its program, and how many visits it has not sent."""
        given = self.given(SeenIn)
        agent = request.headers.get("User-Agent", "")
        devices.seen(
            self.device, agent=agent, app_version=given["app_version"], unsent=given["unsent"]
        )
        return Response(SeenOut({"server_time": timezone.now()}).data)


class Checklists(PhoneView):
    """Checklists to keep on the phone."""

    permissions = {"retrieve": "visits.record"}

    @extend_schema(
        operation_id="phoneChecklist",
        summary="A checklist to keep on the phone",
        parameters=[LanguageIn],
        responses=ChecklistOut,
    )
    def retrieve(self, request: Request, slug: str, pk: int) -> Response:
        """Return one version of a campaign's checklist in one language."""
        language = self.asked(LanguageIn)["language"]
        one = self.found(sent_to(self.device.owner), campaign__survey__slug=slug)
        if pk not in selectors.versions_of(one.campaign):
            raise Problem("not-found")
        version = QuestionnaireVersion.objects.get(pk=pk)
        return Response(ChecklistOut(checklist(one.campaign, version, language)).data)


class Drafts(PhoneView):
    """Visits under way."""

    permissions = {"retrieve": "visits.record", "keep": "visits.record"}

    @extend_schema(operation_id="phoneDraft", summary="A visit under way", responses=DraftOut)
    def retrieve(self, request: Request, uid: UUID) -> Response:
        """Return where a visit stands; 404 where none was begun."""
        kept = selectors.kept_draft(self.assignment(uid))
        if kept is None:
            raise Problem("not-found")
        return Response(DraftOut(kept).data)

    @extend_schema(
        operation_id="phoneKeepDraft",
        summary="Keep a visit under way",
        request=DraftIn,
        responses=RevisionOut,
    )
    def keep(self, request: Request, uid: UUID) -> Response:
        """Keep where a visit stands, after every tap; 409 for one that was recorded."""
        given, assignment = self.given(DraftIn), self.assignment(uid)
        try:
            kept = phone.keep_draft(assignment=assignment, device=self.device, **given)
        except InvalidInput as error:
            raise _invalid(error) from None
        except phone.Conflict as error:
            raise Problem("conflict", [sentence(error.text)]) from None
        return Response(RevisionOut({"revision": kept.revision}).data)


class PhoneVisits(PhoneView):
    """Visits from the phone."""

    permissions = {"retrieve": "visits.record", "send": "visits.record"}

    @extend_schema(operation_id="phoneVisit", summary="What has arrived", responses=PhoneVisitOut)
    def retrieve(self, request: Request, uid: UUID) -> Response:
        """Return a visit with the files that are missing; 404 where it has not arrived."""
        visit = visit_of(self.assignment(uid))
        if visit is None:
            raise Problem("not-found")
        return Response(PhoneVisitOut(_visit(visit)).data)

    @extend_schema(
        operation_id="phoneSendVisit",
        summary="Send a visit",
        request=VisitIn,
        responses={201: PhoneVisitOut, 200: PhoneVisitOut},
    )
    def send(self, request: Request, uid: UUID) -> Response:
        """Take a visit in: 201, and 200 when it is sent again. 409 for one from another phone, or
        begun when the campaign was not open; 422 with every flaw, by question or file.
        """
        given, assignment = self.given(VisitIn), self.assignment(uid)
        place, files = given.pop("place", None), given.pop("files")
        sent = phone.Sent(
            **given,
            place=Place(**place) if place else None,
            captured=[_captured(one) for one in files],
        )
        try:
            with write_lock():
                visit, is_new = phone.hand_in(assignment=assignment, device=self.device, sent=sent)
        except Refused as refused:
            raise Problem("refused", map(_told, refused.flaws)) from None
        except InvalidInput as error:
            raise _invalid(error) from None
        except (NotOpen, visits.NotOpen):
            raise Problem("not-open", [sentence(NOT_OPEN)]) from None
        except visits.AlreadyVisited:
            raise Problem("conflict", [sentence(HAS_VISIT)]) from None
        except phone.Conflict as error:
            raise Problem("conflict", [sentence(error.text)]) from None
        return Response(PhoneVisitOut(_visit(visit)).data, status=201 if is_new else 200)


class Files(PhoneView):
    """The bytes of what was announced."""

    permissions = {"retrieve": "visits.record", "put": "visits.record", "preview": "visits.record"}
    parser_classes = [Octets]

    @extend_schema(operation_id="phoneFile", summary="How much is here", responses=FileOut)
    def retrieve(self, request: Request, uid: UUID, sha256: str) -> Response:
        """Return how many bytes of a file are here; it goes on from there."""
        return self._answer(self._evidence(uid, sha256))

    @extend_schema(
        operation_id="phoneSendFile",
        summary="Send a file, or a part of it",
        parameters=[
            OpenApiParameter(
                "Content-Range", OpenApiTypes.STR, OpenApiParameter.HEADER, pattern=RANGE.pattern
            )
        ],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses=FileOut,
    )
    def put(self, request: Request, uid: UUID, sha256: str) -> Response:
        """Take in a part of at most 1 MB, `Content-Range: bytes 0-262143/900000`; without the
        header the body is the whole. However often it comes, the file is kept once.

        404 for what was not announced, 409 for a part that leaves a gap, 422 where the whole is
        not what was announced or cannot be read.
        """
        evidence = self._evidence(uid, sha256)
        content: bytes = request.data if isinstance(request.data, bytes) else b""
        start = _start(request.headers.get("Content-Range"), content, evidence)
        try:
            evidence = phone.take_part(
                evidence=evidence, device=self.device, start=start, content=content
            )
        except parts.NotNext as error:
            words = say("comes too early: {have} bytes are here")
            raise Problem("conflict", [sentence(words, sha256, have=error.have)]) from None
        except InvalidInput as error:
            raise _invalid(error) from None
        return self._answer(evidence)

    @extend_schema(
        operation_id="phoneSendPreview",
        summary="Send a smaller copy to look at",
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses=FileOut,
    )
    def preview(self, request: Request, uid: UUID, sha256: str) -> Response:
        """Keep a smaller copy of a picture to look at until the original is here."""
        evidence = self._evidence(uid, sha256)
        content: bytes = request.data if isinstance(request.data, bytes) else b""
        try:
            phone.preview(evidence=evidence, content=content)
        except InvalidInput as error:
            raise _invalid(error) from None
        return self._answer(evidence)

    def _evidence(self, uid: UUID, sha256: str) -> Evidence:
        announced = selectors.announced_by(self.device, uid)
        found: Evidence = self.found(announced, sha256=sha256)
        return found

    def _answer(self, evidence: Evidence) -> Response:
        content = _file(evidence)
        return Response(FileOut(content).data, headers={"Upload-Offset": content["have"]})


def _start(header: str | None, content: bytes, evidence: Evidence) -> int:
    """Return where a part begins. Raises Problem for a range that is none, or is not that of the
    body or of the file.
    """
    if header is None:
        first, last, total = 0, len(content) - 1, len(content)
    else:
        found = RANGE.fullmatch(header.strip())
        if found is None:
            words = say("is not written as bytes FIRST-LAST/SIZE")
            raise Problem("invalid", [sentence(words, "Content-Range")])
        first, last, total = map(int, found.groups())
    if total != evidence.size:
        words = say("{size} bytes were announced, not {total}")
        errors = [sentence(words, evidence.sha256, size=evidence.size, total=total)]
        raise Problem("refused", errors)
    if not content or last - first + 1 != len(content) or last >= total:
        words = say("The body has {n} bytes, which is not what the range says; it was cut off.")
        raise Problem("refused", [sentence(words, evidence.sha256, n=len(content))])
    return first


def _visit(visit: Visit) -> dict[str, Any]:
    return {
        "uid": visit.uid,
        "status": visit.status,
        "note": visit.note if visit.status == Visit.Status.RETURNED else "",
        "missing": [_file(one) for one in selectors.missing(visit)],
    }


def _file(evidence: Evidence) -> dict[str, Any]:
    is_here = evidence.received_at is not None
    here = parts.have(evidence.visit_id, evidence.sha256)
    return {
        "sha256": evidence.sha256,
        "size": evidence.size,
        "have": evidence.size if is_here else min(here, evidence.size),
        "received": is_here,
    }


def _captured(given: dict[str, Any]) -> Captured:
    place = given.pop("place", None)
    return Captured(**given, place=Place(**place) if place else None)


def _told(flaw: Flaw) -> dict[str, str]:
    return {"where": flaw.question, **in_both(lambda: error_text(flaw, spoken()))}


def _invalid(error: InvalidInput) -> Problem:
    return Problem("refused", [sentence(p.text, p.place, **p.values) for p in error.problems])
