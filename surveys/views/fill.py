"""The page of a survey: section by section, without account, cookie or script. Nothing is written before it is sent.

The answers so far travel in the form, signed, so the page works where cookies are cleared and never writes on GET. The
uid of the sheet is in it too: however often the last section is sent, there is one response and one receipt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from config.languages import speaking
from config.texts import LANGUAGES, Language
from surveys.models import Response, Survey
from surveys.presenters import page
from surveys.questionnaires.answers import Flaw, check, other_field, reachable
from surveys.questionnaires.questionnaire import Question, Questionnaire, Section
from surveys.selectors import companies_of, company_ids, questionnaire_of
from surveys.services import collection


@dataclass(frozen=True)
class Sheet:
    """An answer sheet while it is filled in: what the signed field of the form holds."""

    uid: str
    started: str
    section: str
    language: Language
    answers: dict[str, Any]

    def signed(self, survey: Survey) -> str:
        """Return the sheet as text that nobody else can make."""
        return signing.dumps(self.__dict__, salt=_salt(survey), compress=True)


def _salt(survey: Survey) -> str:
    return f"surveys.fill:{survey.slug}"


# without an account there is nothing that another site could do in somebody's name; the signed sheet is the form's id
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the first section, or take one in and show the next."""
    survey = get_object_or_404(Survey, slug=slug, has_page=True)
    if request.method != "POST":
        language = _language(request)
        if survey.state() != "open":
            return _closed(request, survey, language)
        first = questionnaire_of(survey).sections[0].name
        sheet = Sheet(str(uuid4()), timezone.now().isoformat(), first, language, {})
        return _show(request, survey, sheet)
    try:
        sheet = Sheet(**signing.loads(request.POST.get("sheet", ""), salt=_salt(survey)))
    except (signing.BadSignature, TypeError):
        with speaking(_language(request)):
            return render(request, "surveys/stale.html", {"survey": survey}, status=400)
    return _advance(request, survey, sheet)


def _advance(request: HttpRequest, survey: Survey, sheet: Sheet) -> HttpResponse:
    questionnaire = questionnaire_of(survey)
    section = _section(questionnaire, sheet)
    sheet = replace(sheet, answers=_merged(sheet.answers, section, request))
    go = request.POST.get("go", "next")
    if go in LANGUAGES:
        return _show(request, survey, replace(sheet, language=go))
    today = timezone.localdate(datetime.fromisoformat(sheet.started))
    order = reachable(questionnaire, sheet.answers, today=today)
    at = next((i for i, s in enumerate(order) if s.name == section.name), 0)
    if go == "back":
        return _show(request, survey, replace(sheet, section=order[max(at - 1, 0)].name))

    checked = check(questionnaire, sheet.answers, today=today, companies=company_ids(survey))
    here = {question.name for question in section.questions}
    flaws = [flaw for flaw in checked.flaws if flaw.question in here]
    if flaws:
        seen = set(request.POST.getlist("shown"))
        # a question that only now has its turn is shown first, and not blamed on anybody
        blamed = [flaw for flaw in flaws if flaw.question in seen]
        return _show(request, survey, sheet, blamed, status=422 if blamed else 200)
    if at + 1 < len(order):
        return _show(request, survey, replace(sheet, section=order[at + 1].name))
    return _send(request, survey, sheet, questionnaire)


def _send(request: HttpRequest, survey: Survey, sheet: Sheet, questionnaire: Questionnaire) -> HttpResponse:
    payload = collection.Payload(
        uid=UUID(sheet.uid),
        answers=sheet.answers,
        started_at=datetime.fromisoformat(sheet.started),
        submitted_at=timezone.now(),
        language=sheet.language,
    )
    source = collection.Source(mode=Response.Mode.ONLINE, flawed="refuse", stratum="online", psu=f"online:{sheet.uid}")
    try:
        response = collection.accept(survey=survey, payload=payload, source=source)
    except collection.NotOpen:
        return _closed(request, survey, sheet.language)
    except collection.Refused as refused:
        # an earlier answer no longer fits; go to where it is
        name = refused.flaws[0].question
        section = next(s for s in questionnaire.sections if any(q.name == name for q in s.questions))
        return _show(request, survey, replace(sheet, section=section.name), list(refused.flaws), status=422)
    address = reverse("thanks", args=[survey.slug, response.receipt])
    return HttpResponseRedirect(f"{address}?lang={sheet.language}", status=303)


@never_cache
@require_safe
def thanks(request: HttpRequest, slug: str, receipt: str) -> HttpResponse:
    """Say that the answers have arrived, with the receipt; as often as the page is opened."""
    response = get_object_or_404(Response.objects.select_related("survey"), survey__slug=slug, receipt=receipt)
    language = _language(request)
    with speaking(language):
        words = {
            "survey": response.survey,
            "title": response.survey.title.get(language),
            "language": language,
            "receipt": collection.spaced(receipt),
        }
        return render(request, "surveys/thanks.html", words)


def _show(
    request: HttpRequest, survey: Survey, sheet: Sheet, flaws: list[Flaw] | None = None, *, status: int = 200
) -> HttpResponse:
    questionnaire = questionnaire_of(survey)
    section = _section(questionnaire, sheet)
    today = timezone.localdate(datetime.fromisoformat(sheet.started))
    with speaking(sheet.language):
        shown = page(
            questionnaire,
            section,
            sheet.answers,
            language=sheet.language,
            today=today,
            companies=companies_of(survey),
            flaws=flaws or (),
        )
        order = reachable(questionnaire, sheet.answers, today=today)
        words = {
            "survey": survey,
            "title": survey.title.get(sheet.language),
            "organiser": survey.organiser.get(sheet.language),
            "language": sheet.language,
            "sheet": sheet.signed(survey),
            "page": shown,
            "is_first": section is questionnaire.sections[0],
            "is_last": bool(order) and order[-1] is section and section is not questionnaire.sections[0],
        }
        return render(request, "surveys/fill.html", words, status=status)


def _closed(request: HttpRequest, survey: Survey, language: Language) -> HttpResponse:
    with speaking(language):
        words = {
            "survey": survey,
            "state": survey.state(),
            "title": survey.title.get(language),
            "organiser": survey.organiser.get(language),
            "language": language,
        }
        return render(request, "surveys/closed.html", words, status=410 if survey.state() == "closed" else 403)


def _section(questionnaire: Questionnaire, sheet: Sheet) -> Section:
    """Return the section that a sheet is at, or the first where the questionnaire no longer has it."""
    return next((s for s in questionnaire.sections if s.name == sheet.section), questionnaire.sections[0])


def _merged(answers: dict[str, Any], section: Section, request: HttpRequest) -> dict[str, Any]:
    """Return the answers so far with those of one section, which may also have been taken back."""
    merged = dict(answers)
    for question in section.questions:
        merged.pop(question.name, None)
        if given := _given(question, request):
            merged[question.name] = given
        if question.kind == "company":
            merged.pop(other_field(question.name), None)
            if other := request.POST.get(other_field(question.name), "").strip():
                merged[other_field(question.name)] = other[:120]
    return merged


def _given(question: Question, request: HttpRequest) -> str | list[str]:
    if question.kind == "select_multiple":
        return request.POST.getlist(question.name)
    return request.POST.get(question.name, "").strip()


def _language(request: HttpRequest) -> Language:
    asked = request.GET.get("lang") or request.POST.get("lang") or translation.get_language() or ""
    return "en" if asked.startswith("en") else "zh-Hans"
