"""One response in the back office: what was answered, its pictures, what became of it. Its receipt
leads here when somebody reads it out, and is not shown: with it answers can be taken back.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from config.accounts.permissions import requires, user_of
from config.language.languages import spoken
from config.language.problems import InvalidInput
from config.storage import files, pictures
from surveys.collection import rights as respondents
from surveys.collection.models.response import Attachment, Response
from surveys.collection.models.survey import Survey
from surveys.companies.models import Company
from surveys.responses.answer_text import company_names, flaws_of, lines


@require_safe
@requires("responses.view")
def find(request: HttpRequest, slug: str) -> HttpResponse:
    """Go to the sheet of a receipt, written however it is read out."""
    found = respondents.find(request.GET.get("receipt", ""))
    if found is None or found.survey.slug != slug:
        messages.error(request, _("No response of this survey has this receipt."))
        return redirect("survey", slug)
    return redirect("response", slug, found.uid)


@require_safe
@requires("responses.view")
def one(request: HttpRequest, slug: str, uid: UUID) -> HttpResponse:
    """Show one sheet."""
    response = get_object_or_404(_seen(request, slug), uid=uid)
    questionnaire = response.version.questionnaire
    names = company_names(Company.objects.all(), spoken())
    attached = response.attachments.all()
    context = {
        "room": "surveys",
        "tab": "overview",
        "survey": response.survey,
        "response": response,
        "lines": list(lines(questionnaire, response.answers, spoken(), names)),
        "flaws": flaws_of(response),
        "pictures": [
            a for a in attached if (q := questionnaire.find(a.question)) and q.kind == "image"
        ],
        "decisions": response.decisions.select_related("decided_by", "seconded_by"),
    }
    return render(request, "surveys/responses/response.html", context)


@require_safe
@cache_control(private=True, max_age=3600)
@requires("responses.view")
def picture(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Send a picture as it may be looked at: decoded and written anew, without place and time."""
    attached = get_object_or_404(Attachment, pk=pk, response__in=_seen(request, slug))
    if not attached.shown:
        try:
            attached.shown = files.keep(
                pictures.for_looking(files.read(attached.sha256), attached.name)
            )
        except (FileNotFoundError, InvalidInput):
            raise Http404 from None
        attached.save(update_fields=["shown"])
    return HttpResponse(files.read(attached.shown), content_type="image/jpeg")


def _seen(request: HttpRequest, slug: str) -> QuerySet[Response]:
    """Return the sheets of a survey that this member of staff may see."""
    survey = get_object_or_404(Survey, slug=slug)
    found = survey.responses.filter(user_of(request).scope.within("area"))
    return found.select_related(
        "survey", "version", "company", "area", "collector", "entered_by", "imported_from"
    )
