"""A questionnaire tried as a respondent would meet it. The answers travel in the form and are
kept nowhere.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from config.accounts.permissions import requires
from config.language.languages import speaking, spoken
from config.language.problems import InvalidInput
from config.language.texts import Language
from surveys.companies.models import Company
from surveys.designing import services as questionnaires
from surveys.designing.models import Upload
from surveys.forms.page import page_of
from surveys.forms.posted import read
from surveys.forms.steps import Step, section_named, take
from surveys.questionnaires.answers import Evaluation
from surveys.questionnaires.questionnaire import Questionnaire
from surveys.questionnaires.scoring import score
from surveys.responses.answer_text import company_names, lines

SALT = "surveys.designer.try"
SEED = "try"  # what is drawn at random is the same from page to page


@require_http_methods(["GET", "HEAD", "POST"])
@requires("questionnaires.view")
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill an upload in as a respondent would. The answers travel in the form and are kept
    nowhere.
    """
    found = get_object_or_404(Upload, pk=pk)
    try:
        questionnaire = questionnaires.compiled_of(found).questionnaire
    except (InvalidInput, questionnaires.NotRead):
        return redirect("upload", pk)
    language, section, answers = spoken(), questionnaire.sections[0], {}
    if request.method == "POST":
        try:
            name, answers, language = signing.loads(request.POST.get("state", ""), salt=SALT)
        except (signing.BadSignature, ValueError, TypeError):
            return redirect("try", pk)
        section = section_named(questionnaire.sections, name)
    look = partial(
        Evaluation,
        questionnaire,
        today=timezone.localdate(),
        now=timezone.localtime().replace(tzinfo=None),
        companies=_keys(),
        seed=SEED,
        language=language,
    )
    if request.method == "POST":
        step = take(read(request, section, answers), look)
        if step.is_finished:
            kept = step.evaluation.checked().answers
            return _outcome(request, found, questionnaire, kept, language)
    else:
        step = Step(section, answers, look(answers))
    return _show(request, found, step, step.language or language)


def _show(request: HttpRequest, found: Upload, step: Step, language: Language) -> HttpResponse:
    """Show the section where a trial stands."""
    questionnaire = step.evaluation.questionnaire
    state = [step.section.name, step.answers, language]
    with speaking(language):
        context = {
            "survey": {"demonstration": False},
            "title": questionnaire.title.get(language),
            "language": language,
            "action": reverse("try", args=[found.pk]),
            "section": step.section.name,
            "state": signing.dumps(state, salt=SALT, compress=True),
            "page": page_of(
                step.evaluation,
                step.section,
                language=language,
                companies=Company.objects.all(),
                flaws=step.flaws,
                insisted=step.insisted,
            ),
            "is_first": step.section is questionnaire.sections[0],
            "is_trial": True,
        }
        return render(request, "surveys/respondent/fill.html", context, status=step.status)


def _outcome(
    request: HttpRequest,
    found: Upload,
    questionnaire: Questionnaire,
    answers: dict[str, Any],
    language: Language,
) -> HttpResponse:
    """Show what would be kept of a trial, and the scores it would give."""
    scores = [
        (leaf.label.get(language), score(leaf.rule, answers.get(leaf.question)))
        for leaf in questionnaire.leaves()
        if leaf.rule and leaf.question
    ]
    names = company_names(Company.objects.all(), language)
    context = {
        "room": "questionnaires",
        "upload": found,
        "answers": list(lines(questionnaire, answers, language, names)),
        "scores": scores,
    }
    return render(request, "surveys/designing/outcome.html", context)


def _label(questionnaire: Questionnaire, name: str) -> str:
    question = questionnaire.find(name)
    return question.label.get(spoken()) if question else ""


def _keys() -> list[str]:
    return list(Company.objects.values_list("key", flat=True))
