"""What an inspector's phone asks and sends, by its own token: assignments, checklists, drafts,
visits, and the bytes of what was captured.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import IO, Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.problems import Problem, sentence
from config.api.views import ApiView
from config.language.languages import in_both, spoken
from config.language.problems import InvalidInput, say
from config.language.texts import Language
from inspections.campaigns.models import Assignment
from inspections.devices import services as devices
from inspections.devices.models import Device
from inspections.phone import services as phone
from inspections.phone.authentication import PhoneToken
from inspections.phone.models import VisitDraft
from inspections.phone.selectors import checklist
from inspections.visits import services as visits
from inspections.visits.models import Evidence, Visit
from inspections.visits.selectors import assignments_of
from inspections.visits.services import Captured, Place
from surveys.collection import services as collection
from surveys.forms.fields import error_text
from surveys.forms.models import QuestionnaireVersion

MOST_PIECE = 4 * 2**20
RANGE = re.compile(r"bytes (\d{1,12})-(\d{1,12})/(\d{1,12})")


class Bytes(BaseParser):
    """The body as it is, up to 4 MB at a time."""

    media_type = "application/octet-stream"

    def parse(  # type: ignore[override]  # DRF takes whatever a parser gives
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return the body. Raises Problem for a larger one."""
        content: bytes = stream.read(MOST_PIECE + 1)
        if len(content) > MOST_PIECE:
            raise Problem("too-large")
        return content


class PlaceIn(serializers.Serializer[Any]):
    """A fix of the phone: degrees in WGS-84, metres, seconds since it was taken."""

    latitude = serializers.FloatField(min_value=-90, max_value=90)
    longitude = serializers.FloatField(min_value=-180, max_value=180)
    accuracy = serializers.FloatField(min_value=0, max_value=1e6, allow_null=True, default=None)
    age = serializers.FloatField(min_value=0, max_value=1e7, allow_null=True, default=None)


class CapturedIn(serializers.Serializer[Any]):
    """Something that was captured; its bytes come later under this SHA-256."""

    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")
    size = serializers.IntegerField(min_value=0, max_value=2**40)
    name = serializers.CharField(max_length=255)
    kind = serializers.ChoiceField(["photo", "screenshot", "recording", "voice", "code"])
    source = serializers.ChoiceField(["camera", "gallery"])  # type: ignore[assignment]
    question = serializers.CharField(max_length=120, allow_blank=True, default="")
    media_type = serializers.CharField(max_length=60, allow_blank=True, default="")
    text = serializers.CharField(max_length=4000, allow_blank=True, default="")
    at = serializers.DateTimeField()
    place = PlaceIn(allow_null=True, default=None)


class VisitIn(serializers.Serializer[Any]):
    """A visit as the phone holds it; `uid` is of this sending, `now` the clock of the phone."""

    uid = serializers.UUIDField()
    version = serializers.IntegerField(min_value=1, max_value=2**62)
    answers = serializers.DictField()
    begun_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()
    now = serializers.DateTimeField()
    place = PlaceIn(allow_null=True, default=None)
    files = CapturedIn(many=True, default=list)


class DraftIn(serializers.Serializer[Any]):
    """A visit under way; `revision` is counted by the page, an older one loses."""

    version = serializers.IntegerField(min_value=1, max_value=2**62)
    answers = serializers.DictField()
    files = CapturedIn(many=True, default=list)
    question = serializers.CharField(max_length=120, allow_blank=True, default="")
    revision = serializers.IntegerField(min_value=0, max_value=2**53)
    begun_at = serializers.DateTimeField()


class DraftOut(DraftIn):
    """A visit under way, as it is kept."""

    version = serializers.IntegerField(source="version_id")


class PhoneIn(serializers.Serializer[Any]):
    """What the phone says of itself: visits it holds that are not safe here yet, and its app."""

    unsent = serializers.IntegerField(min_value=0, max_value=9999, default=0)
    app = serializers.CharField(max_length=40, allow_blank=True, default="")


class AssignmentOut(serializers.Serializer[Any]):
    """A visit that is to be made, or was sent back with a note."""

    uid = serializers.UUIDField()
    purpose = serializers.ChoiceField(Assignment.Purpose.choices)
    purpose_text = serializers.CharField(source="get_purpose_display")
    campaign = serializers.CharField(source="campaign.survey.slug")
    title = serializers.SerializerMethodField()
    version = serializers.SerializerMethodField()
    site = serializers.CharField(source="site.name")
    kind = serializers.CharField(source="site.get_kind_display")
    area = serializers.CharField(source="site.area.zh")
    address = serializers.CharField(source="site.address")
    due_on = serializers.DateField(allow_null=True)
    partner = serializers.CharField(source="partner.username", default="")
    note = serializers.SerializerMethodField()
    returned = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField()
    demonstration = serializers.BooleanField(source="campaign.survey.demonstration")

    def get_title(self, assignment: Assignment) -> str:
        """Return the title of the campaign in the language of the request."""
        return assignment.campaign.survey.title.get(spoken())

    def get_version(self, assignment: Assignment) -> int:
        """Return the checklist: of a visit that was sent back, that by which it was made."""
        visit = _visit(assignment)
        return visit.response.version_id if visit else assignment.campaign.survey.version_id

    def get_note(self, assignment: Assignment) -> str:
        """Return why it was sent back."""
        visit = _visit(assignment)
        return visit.note if visit else ""

    def get_returned(self, assignment: Assignment) -> bool:
        """Return whether it was sent back."""
        return _visit(assignment) is not None

    def get_answers(self, assignment: Assignment) -> dict[str, Any]:
        """Return what was answered in a visit that was sent back."""
        visit = _visit(assignment)
        return dict(visit.response.answers) if visit else {}


class PhoneOut(serializers.Serializer[Any]):
    """The phone, its owner, and what is to be visited."""

    owner = serializers.CharField()
    device = serializers.CharField()
    now = serializers.DateTimeField()
    assignments = AssignmentOut(many=True)


class ChecklistOut(serializers.Serializer[Any]):
    """A checklist as one form in HTML."""

    version = serializers.IntegerField()
    language = serializers.CharField()
    html = serializers.CharField()


class VisitStateOut(serializers.Serializer[Any]):
    """Where a visit stands, and the files that have not arrived."""

    status = serializers.ChoiceField(Visit.Status.choices)
    note = serializers.CharField(allow_blank=True)
    missing = serializers.ListField(child=serializers.CharField())


class FileStateOut(serializers.Serializer[Any]):
    """How many bytes of a file are here; `safe` when all are and the hash is the announced one."""

    received = serializers.IntegerField()
    size = serializers.IntegerField()
    safe = serializers.BooleanField()


class PhoneView(ApiView):
    """What all operations of a phone have in common."""

    authentication_classes = [PhoneToken]
    queryset: QuerySet[Any] = Assignment.objects.none()

    @property
    def device(self) -> Device:
        """The phone that asks."""
        assert isinstance(self.request.auth, Device)
        return self.request.auth

    def assignment(self, uid: Any) -> Assignment:
        """Return an assignment of the phone's owner. Raises Problem (404)."""
        try:
            return phone.own_assignment(self.device, uid)
        except phone.NotYours:
            raise Problem("not-found") from None

    def visit_of(self, uid: Any) -> Visit:
        """Return the visit of an assignment. Raises Problem (404)."""
        found = _visit(self.assignment(uid))
        if found is None:
            raise Problem("not-found")
        return found

    def evidence(self, uid: Any, sha256: str) -> Evidence:
        """Return what was announced. Raises Problem (404)."""
        try:
            return phone.announced(self.visit_of(uid), sha256)
        except visits.NotAnnounced:
            raise Problem("not-found") from None


class Phone(PhoneView):
    """The phone itself and its checklists."""

    permissions = {"retrieve": "visits.record", "checklist": "visits.record"}

    @extend_schema(
        operation_id="phone",
        summary="My assignments",
        parameters=[PhoneIn],
        responses=PhoneOut,
    )
    def retrieve(self, request: Request) -> Response:
        """Return what the phone's owner is to visit, and note what the phone says of itself."""
        said = self.asked(PhoneIn)
        agent = request.headers.get("User-Agent", "")
        devices.seen(self.device, agent=agent, app_version=said["app"], unsent=said["unsent"])
        owner = self.device.owner
        found = {
            "owner": owner.get_full_name() or owner.get_username(),
            "device": self.device.name,
            "now": timezone.now(),
            "assignments": assignments_of(owner),
        }
        return Response(PhoneOut(found).data)

    @extend_schema(
        operation_id="phone_checklist",
        summary="A checklist as a form",
        parameters=[OpenApiParameter("language", str, enum=["zh-Hans", "en"])],
        responses=ChecklistOut,
    )
    def checklist(self, request: Request, pk: int) -> Response:
        """Return a checklist as one form, in one language."""
        own = assignments_of(self.device.owner)
        known = {pk for one in own for pk in _versions(one)}
        version = QuestionnaireVersion.objects.filter(pk=pk).first() if pk in known else None
        if version is None:
            raise Problem("not-found")
        language: Language = "en" if request.query_params.get("language") == "en" else "zh-Hans"
        html = checklist(version, language)
        return Response(ChecklistOut({"version": pk, "language": language, "html": html}).data)


class Drafts(PhoneView):
    """Visits under way."""

    permissions = {"retrieve": "visits.record", "update": "visits.record"}

    @extend_schema(operation_id="phone_draft", summary="A visit under way", responses=DraftOut)
    def retrieve(self, request: Request, uid: Any) -> Response:
        """Return what is kept of a visit under way."""
        draft = VisitDraft.objects.filter(assignment=self.assignment(uid)).first()
        if draft is None:
            raise Problem("not-found")
        return Response(DraftOut(draft).data)

    @extend_schema(
        operation_id="phone_keep_draft",
        summary="Keep a visit under way",
        request=DraftIn,
        responses=DraftOut,
    )
    def update(self, request: Request, uid: Any) -> Response:
        """Keep a visit under way; an older revision than the one that is kept is a conflict."""
        given = self.given(DraftIn)
        given["files"] = self.initial_files()
        try:
            draft = phone.keep_draft(device=self.device, assignment=self.assignment(uid), **given)
        except phone.Older:
            raise Problem("out-of-date") from None
        except InvalidInput as refused:
            raise _invalid(refused) from None
        return Response(DraftOut(draft).data)

    def initial_files(self) -> list[Any]:
        """Return the captured files as they were sent: a draft keeps texts, not moments."""
        data = self.request.data
        return list(data.get("files") or []) if isinstance(data, Mapping) else []


class PhoneVisits(PhoneView):
    """Visits as they are sent, and where they stand."""

    permissions = {"retrieve": "visits.record", "create": "visits.record"}

    @extend_schema(operation_id="phone_visit", summary="Where it stands", responses=VisitStateOut)
    def retrieve(self, request: Request, uid: Any) -> Response:
        """Return where a visit stands and which of its files have not arrived."""
        return _state(self.visit_of(uid))

    @extend_schema(
        operation_id="phone_send_visit",
        summary="Send a visit",
        request=VisitIn,
        responses=VisitStateOut,
    )
    def create(self, request: Request, uid: Any) -> Response:
        """Take in a visit, or what was mended in one that was sent back. The same again gives the
        same answer. Its files come after it, in any order.
        """
        given = self.given(VisitIn)
        assignment = self.assignment(uid)
        try:
            visit = phone.send(device=self.device, assignment=assignment, sent=_sent(given))
        except collection.Refused as refused:
            raise Problem("refused", [_flaw(flaw) for flaw in refused.flaws]) from None
        except (visits.AlreadyVisited, visits.NotSentBack):
            text = say("There is a visit of this assignment or site already.")
            raise Problem("conflict", [sentence(text)]) from None
        except InvalidInput as refused:
            raise _invalid(refused) from None
        return _state(visit)


class PhoneFiles(PhoneView):
    """The bytes of what was captured."""

    permissions = {
        "retrieve": "visits.record",
        "update": "visits.record",
        "preview": "visits.record",
    }
    parser_classes = [Bytes]

    @extend_schema(operation_id="phone_file", summary="How much is here", responses=FileStateOut)
    def retrieve(self, request: Request, uid: Any, sha256: str) -> Response:
        """Return how many bytes of a file are here, so that the rest can be sent."""
        return _file_state(self.evidence(uid, sha256))

    @extend_schema(
        operation_id="phone_send_file",
        summary="Send a piece of a file",
        parameters=[OpenApiParameter("Content-Range", str, OpenApiParameter.HEADER, required=True)],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses=FileStateOut,
    )
    def update(self, request: Request, uid: Any, sha256: str) -> Response:
        """Add a piece (`Content-Range: bytes FIRST-LAST/SIZE`); it is kept where it begins at the
        byte that is asked for. The answer says where to go on. The last piece makes the file whole,
        and its hash has to be the one that was announced.
        """
        evidence = self.evidence(uid, sha256)
        content = _bytes(request)
        where = RANGE.fullmatch(request.headers.get("Content-Range", ""))
        if where is None or int(where[2]) - int(where[1]) + 1 != len(content):
            text = say("Content-Range does not fit the body: bytes FIRST-LAST/SIZE.")
            raise Problem("invalid", [sentence(text, "Content-Range")])
        if int(where[3]) != evidence.size:
            text = say("The size is not the one that was announced.")
            raise Problem("invalid", [sentence(text, "Content-Range")])
        try:
            phone.add_part(
                evidence=evidence, begin=int(where[1]), content=content, device=self.device
            )
        except phone.WrongHash:
            text = say("The bytes are not those that were announced; send them from the beginning.")
            raise Problem("conflict", [sentence(text, evidence.name)]) from None
        except InvalidInput as refused:
            raise _invalid(refused) from None
        evidence.refresh_from_db()
        return _file_state(evidence)

    @extend_schema(
        operation_id="phone_send_preview",
        summary="Send a small copy of a picture first",
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses=FileStateOut,
    )
    def preview(self, request: Request, uid: Any, sha256: str) -> Response:
        """Keep a small copy to look at until the original is here."""
        evidence = self.evidence(uid, sha256)
        try:
            phone.show(evidence=evidence, content=_bytes(request))
        except InvalidInput as refused:
            raise _invalid(refused) from None
        return _file_state(evidence)


def _versions(assignment: Assignment) -> set[int]:
    """Return the checklists that a phone may need for an assignment."""
    visit = _visit(assignment)
    draft = VisitDraft.objects.filter(assignment=assignment).first()
    versions = {assignment.campaign.survey.version_id}
    versions |= {visit.response.version_id} if visit else set()
    return versions | ({draft.version_id} if draft else set())


def _visit(assignment: Assignment) -> Visit | None:
    return getattr(assignment, "visit", None)


def _state(visit: Visit) -> Response:
    found = {"status": visit.status, "note": visit.note, "missing": phone.missing(visit)}
    return Response(VisitStateOut(found).data)


def _file_state(evidence: Evidence) -> Response:
    found = {
        "received": phone.arrived(evidence),
        "size": evidence.size,
        "safe": evidence.received_at is not None,
    }
    return Response(FileStateOut(found).data)


def _bytes(request: Request) -> bytes:
    content: Any = request.data
    return content if isinstance(content, bytes) else b""


def _sent(given: Mapping[str, Any]) -> phone.Sent:
    files = [Captured(**{**one, "place": _place(one["place"])}) for one in given["files"]]
    rest = {name: value for name, value in given.items() if name not in ("files", "place")}
    return phone.Sent(**rest, place=_place(given["place"]), captured=files)


def _place(given: Mapping[str, Any] | None) -> Place | None:
    return Place(**given) if given else None


def _flaw(flaw: Any) -> dict[str, str]:
    return {"where": flaw.question, **in_both(lambda: error_text(flaw, spoken()))}


def _invalid(refused: InvalidInput) -> Problem:
    return Problem(
        "invalid", [sentence(one.text, one.place, **one.values) for one in refused.problems]
    )
