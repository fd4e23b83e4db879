"""OpenRosa 1.0 for ODK Collect, unmodified: form list, forms, manifests, submissions.

The path holds the token of the phone, so that nobody types a password in the field; a phone that is
shut out finds nothing there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from xml.sax.saxutils import escape

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from config import address
from config.language.problems import InvalidInput
from config.middleware import limits_its_body
from config.storage import files as storage
from inspections.campaigns.models import Assignment
from inspections.devices import services as devices
from inspections.devices.models import Device
from inspections.openrosa import services as openrosa
from inspections.openrosa.forms import LIST, assignments_csv, for_collect, md5
from inspections.visits import services as visits
from inspections.visits.selectors import is_returned, is_taken, sent_to, visit_of
from surveys.collection import services as collection
from surveys.forms.fields import error_text
from surveys.forms.models import QuestionnaireVersion

# of one post; Collect parts what is more into several
MOST = 30 * 2**20
MOST_LINES = 20
XML = "text/xml; charset=utf-8"
FORMS = (
    '<?xml version="1.0" encoding="UTF-8"?><xforms xmlns="http://openrosa.org/xforms/xformsList">'
)
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest xmlns="http://openrosa.org/xforms/xformsManifest">'
)


def of_phone(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """Give a view the phone of the token in its path; every answer carries OpenRosa's headers."""

    @limits_its_body
    @login_not_required
    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, token: str, *args: Any, **given: Any) -> HttpResponse:
        device = devices.recognised(token)
        with override("zh-hans"):  # Collect shows what stands in a message, and asks in no language
            if device is None:
                answer = message(404, _("This phone is not known here any more."))
            else:
                devices.seen(device, agent=request.headers.get("User-Agent", ""))
                answer = view(request, device, token, *args, **given)
        answer.headers["X-OpenRosa-Version"] = "1.0"
        answer.headers["X-OpenRosa-Accept-Content-Length"] = str(MOST)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return guarded


@of_phone
def form_list(request: HttpRequest, device: Device, token: str) -> HttpResponse:
    """List the checklists of the visits that a phone's owner is to make."""
    rows = []
    for version in _versions(device):
        content = for_collect(version)
        rows.append(
            "<xform>"
            f"<formID>{escape(version.name)}</formID>"
            f"<name>{escape(version.questionnaire.title.zh)}</name>"
            f"<version>{escape(version.version)}</version>"
            f"<hash>{md5(content)}</hash>"
            f"<downloadUrl>{_address(request, 'openrosa-form', token, version.pk)}</downloadUrl>"
            f"<manifestUrl>{_address(request, 'openrosa-manifest', token, version.pk)}"
            "</manifestUrl></xform>"
        )
    return HttpResponse(f"{FORMS}{''.join(rows)}</xforms>", content_type=XML)


@of_phone
def form(request: HttpRequest, device: Device, token: str, pk: int) -> HttpResponse:
    """Return the XForm of a checklist."""
    return HttpResponse(for_collect(_version(device, pk)), content_type=XML)


@of_phone
def manifest(request: HttpRequest, device: Device, token: str, pk: int) -> HttpResponse:
    """List the files of a checklist: its lists and pictures, and the phone's assignments."""
    version = _version(device, pk)
    rows = []
    for name in (LIST, *version.files):
        content = _media(device, version, name)
        where = _address(request, "openrosa-media", token, pk, name)
        rows.append(
            f"<mediaFile><filename>{escape(name)}</filename><hash>{md5(content)}</hash>"
            f"<downloadUrl>{where}</downloadUrl></mediaFile>"
        )
    return HttpResponse(f"{MANIFEST}{''.join(rows)}</manifest>", content_type=XML)


@of_phone
def media(request: HttpRequest, device: Device, token: str, pk: int, name: str) -> HttpResponse:
    """Return one file of a checklist."""
    version = _version(device, pk)
    if name != LIST and name not in version.files:
        raise Http404
    content = _media(device, version, name)
    return HttpResponse(content, content_type="application/octet-stream")


@of_phone
def submission(request: HttpRequest, device: Device, token: str) -> HttpResponse:
    """Take in a submission, or one post of it. HEAD asks whether this is the place: 204."""
    if request.method == "HEAD":
        return HttpResponse(status=204)
    if request.method != "POST":
        return message(405, _("Only submissions are taken here."))
    try:
        return _taken(request, device)
    except InvalidInput as refused:
        return message(400, _listed([problem.render(_) for problem in refused.problems]))
    except openrosa.Unknown as unknown:
        return message(404, _(str(unknown)))
    except openrosa.Conflict:
        return message(
            409, _("This submission is here already with other content, or was edited since.")
        )
    except visits.AlreadyVisited:
        return message(409, _("There is a visit to this site already; ask your supervisor."))
    except visits.NotOpen:
        return message(409, _("The campaign is not open and takes no visit."))
    except visits.NotSentBack:
        return message(409, _("Only a visit that was sent back can be changed."))
    except collection.Refused as refused:
        return message(400, _listed(_flaws(refused)))


def message(status: int, text: str) -> HttpResponse:
    """Return an answer with a message that Collect shows."""
    nature = "submit_success" if status < 300 else "submit_failure"
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<OpenRosaResponse xmlns="http://openrosa.org/http/response">'
        f'<message nature="{nature}">{escape(text)}</message></OpenRosaResponse>'
    )
    return HttpResponse(body, status=status, content_type=XML)


def _taken(request: HttpRequest, device: Device) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST:
        return message(413, _("This post is larger than 30 MB; send fewer photographs at a time."))
    try:
        sent = cast("dict[str, UploadedFile[bytes]]", dict(request.FILES.items()))
        is_whole = request.POST.get("*isIncomplete*", "no") != "yes"
    except MultiPartParserError:
        return message(400, _("The post broke off; send it again."))
    except SuspiciousOperation:
        return message(400, _("The post has more parts or larger fields than any submission."))
    xml = sent.pop("xml_submission_file", None)
    if xml is None:
        return message(400, _("The post has no xml_submission_file."))
    files = {name: file.read() for name, file in sent.items()}
    made = openrosa.submit(device=device, content=xml.read(), files=files, is_whole=is_whole)
    if made.visit is None:
        return message(201, _("A part has arrived; the rest is waited for."))
    return message(201, _("The visit is safe at the association."))


def _listed(lines: list[str]) -> str:
    """Return what is wrong as a message that fits on a phone."""
    more = len(lines) - MOST_LINES
    said = lines[:MOST_LINES] + ([_("and %(n)s more") % {"n": more}] if more > 0 else [])
    return "\n".join(said)


def _flaws(refused: collection.Refused) -> list[str]:
    return [f"{flaw.question}: {error_text(flaw, 'zh-Hans')}" for flaw in refused.flaws]


def _versions(device: Device) -> list[QuestionnaireVersion]:
    found = {one.campaign.survey.version for one in _waiting(device)}
    return sorted(found, key=lambda version: version.pk)


def _version(device: Device, pk: int) -> QuestionnaireVersion:
    for version in _versions(device):
        if version.pk == pk:
            return version
    raise Http404


def _media(device: Device, version: QuestionnaireVersion, name: str) -> bytes:
    if name != LIST:
        return storage.read(version.files[name])
    return assignments_csv(
        [one for one in _waiting(device) if one.campaign.survey.version_id == version.pk]
    )


def _waiting(device: Device) -> list[Assignment]:
    """Return what the owner of a phone is to visit, and what was sent back."""
    return [
        one
        for one in sent_to(device.owner)
        if is_returned(one) or (visit_of(one) is None and is_taken(one))
    ]


def _address(request: HttpRequest, name: str, *parts: object) -> str:
    return escape(address.absolute(request, reverse(name, args=parts)))
