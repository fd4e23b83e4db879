"""Pages for clerks: key a sheet by the keyboard alone, and settle what two clerks read
differently.
"""

from __future__ import annotations

from statistics import median
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.accounts.models import User
from config.accounts.permissions import requires, user_of
from config.fields import posted, status_of
from surveys.channels.paper import services as paper
from surveys.channels.paper.forms import Difference, KeyingForm, SettleForm
from surveys.channels.paper.keyed import KEYED, cells, read
from surveys.channels.paper.models import Keying, PaperForm
from surveys.channels.paper.selectors import unsettled
from surveys.channels.paper.skips import numbered
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import questionnaire_of


@require_http_methods(["GET", "HEAD", "POST"])
@requires("responses.enter")
def key(request: HttpRequest, slug: str) -> HttpResponse:
    """Key one sheet; the next one is asked for when it is kept."""
    survey = get_object_or_404(Survey, slug=slug)
    form = KeyingForm(posted(request))
    wrong: set[str] = set()
    if request.method == "POST":
        answers, wrong = _read(survey, request)
        if wrong:
            form.add_error(None, _("These codes are none of the question's: look again."))
        if form.is_valid() and _kept(request, survey, form, answers):
            return redirect("keying", slug)
    context = {
        "room": "surveys",
        "tab": "keying",
        "survey": survey,
        "cells": cells(
            questionnaire_of(survey),
            _companies(survey),
            numbered(questionnaire_of(survey)),
            request.POST.dict(),
        ),
        "form": form,
        "wrong": wrong,
        "figures": _figures(survey, user_of(request)),
        "unsettled": unsettled(survey.paper_forms.all())[:200],
    }
    return render(request, "surveys/paper/keying.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("responses.enter")
def settle(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show both readings of a sheet where they differ, and take in what the paper says."""
    form = get_object_or_404(PaperForm.objects.select_related("survey"), pk=pk, survey__slug=slug)
    survey = form.survey
    readings = [keying.answers for keying in form.keyings.all()]
    if len(readings) < 2 or form.response_id:
        return redirect("keying", slug)
    names = paper.differences(*readings)
    choosing = SettleForm(posted(request), differences=_differences(survey, names, readings))
    if request.method == "POST" and choosing.is_valid():
        answers = dict(readings[0])
        for name in names:
            is_second = choosing.cleaned_data.get(name) == "2"
            answers[name] = readings[1 if is_second else 0].get(name, "")
        paper.settle(form=form, answers=answers, by=user_of(request))
        following = unsettled(survey.paper_forms.all()).first()
        return redirect("settle", slug, following.pk) if following else redirect("keying", slug)
    context = {
        "room": "surveys",
        "tab": "keying",
        "survey": survey,
        "paper": form,
        "form": choosing,
    }
    return render(request, "surveys/paper/settle.html", context, status=status_of(choosing))


def _differences(
    survey: Survey, names: list[str], readings: list[dict[str, Any]]
) -> list[Difference]:
    questions = questionnaire_of(survey).questions
    numbers = numbered(questionnaire_of(survey))
    return [
        Difference(
            name,
            f"{numbers.get(name, '')} {questions[name].label.zh}".strip(),
            (_shown(readings[0].get(name)), _shown(readings[1].get(name))),
        )
        for name in names
        if name in questions
    ]


def _read(survey: Survey, request: HttpRequest) -> tuple[dict[str, Any], set[str]]:
    answers: dict[str, Any] = {}
    wrong: set[str] = set()
    keys = {key: code for key, code, _name in _companies(survey)}
    for question in questionnaire_of(survey).questions.values():
        if question.kind in KEYED:
            answer = read(question, request.POST.get(question.name, ""), keys)
            if answer is None:
                wrong.add(question.name)
            elif answer:
                answers[question.name] = answer
    return answers, wrong


def _kept(request: HttpRequest, survey: Survey, form: KeyingForm, answers: dict[str, Any]) -> bool:
    """Keep a reading and say how it went; return whether it was kept."""
    number = form.cleaned_data["serial"]
    try:
        outcome = paper.key(
            survey=survey,
            number=number,
            answers=answers,
            seconds=form.cleaned_data["seconds"] or 0.0,
            by=user_of(request),
        )
    except paper.UnknownSerial:
        form.add_error("serial", _("No form of this survey has this number."))
        return False
    except paper.AlreadyKeyed:
        text = _(
            "You have keyed this form, or it was keyed twice; somebody else keys it the second"
            " time."
        )
        form.add_error("serial", text)
        return False
    texts = {
        "first": _("%(serial)s is kept; somebody else keys it once more."),
        "agreed": _("%(serial)s: both readings agree, the form is taken in."),
        "differs": _("%(serial)s: the readings differ and have to be settled."),
    }
    messages.success(request, texts[outcome] % {"serial": number})
    return True


def _figures(survey: Survey, by: User) -> dict[str, Any]:
    today = Keying.objects.filter(
        form__survey=survey, keyed_by=by, keyed_at__date=timezone.localdate()
    )
    seconds = list(today.values_list("seconds", flat=True))
    forms = survey.paper_forms
    return {
        "mine": len(seconds),
        "median": f"{median(seconds):.0f}" if seconds else "–",
        "printed": forms.count(),
        "taken": forms.filter(response__isnull=False).count(),
    }


def _companies(survey: Survey) -> list[tuple[str, str, str]]:
    return [(company.key, str(company.pk), company.name) for company in survey.companies.all()]


def _shown(answer: Any) -> str:
    return " ".join(answer) if isinstance(answer, list) else str(answer or "–")
