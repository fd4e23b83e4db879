"""A questionnaire tried as a respondent would meet it. The answers travel in the form and are
kept nowhere.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from config.language.languages import speaking, spoken
from config.language.problems import InvalidInput
from config.language.texts import LANGUAGES, Language
from surveys.companies.models import Company
from surveys.designing import services as questionnaires
from surveys.designing.models import Upload
from surveys.forms.page import page
from surveys.forms.posted import merged, repeated, unseen
from surveys.questionnaires.answers import Evaluation, check, reachable
from surveys.questionnaires.questionnaire import Questionnaire
from surveys.questionnaires.scoring import score

SALT = "surveys.designer.try"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill an upload in as a respondent would. The answers travel in the form and are kept
    nowhere.
    """
    found = get_object_or_404(Upload, pk=pk)
    try:
        questionnaire = questionnaires.compiled_of(found).questionnaire
    except InvalidInput:
        return redirect("upload", pk)
    language = spoken()
    name, answers = questionnaire.sections[0].name, {}
    if request.method == "POST":
        try:
            name, answers, language = signing.loads(request.POST.get("state", ""), salt=SALT)
        except (signing.BadSignature, ValueError, TypeError):
            return redirect("try", pk)
    today = timezone.localdate()
    section = next((s for s in questionnaire.sections if s.name == name), questionnaire.sections[0])
    flaws: list[Any] = []
    insisted: list[str] = []
    if request.method == "POST":
        answers, flaws = merged(answers, section, request)
        go = request.POST.get("go", "next")
        order = reachable(questionnaire, answers, today=today)
        at = next((i for i, s in enumerate(order) if s.name == section.name), 0)
        checked = check(questionnaire, answers, today=today, companies=_keys())
        if go in LANGUAGES:
            language = go
        elif go.startswith(("add:", "remove:")):
            answers = repeated(answers, section, go)
        elif go == "back":
            section = order[max(at - 1, 0)]
        elif not flaws:
            here = {question.name for question in section.questions}
            flaws = [f for f in checked.flaws if f.question.partition(":")[0] in here]
            seen = set(request.POST.getlist("shown"))
            insisted = [flaw.question for flaw in flaws]
            evaluation = Evaluation(questionnaire, answers, today=today)
            stays = bool(flaws) or unseen(section, request, evaluation)
            if not stays and at + 1 >= len(order):
                return _outcome(request, found, questionnaire, checked.answers, language)
            section = section if stays else order[at + 1]
            flaws = [f for f in flaws if f.question in seen]
    with speaking(language):
        shown = page(
            questionnaire,
            section,
            answers,
            language=language,
            today=today,
            companies=Company.objects.all(),
            flaws=flaws,
            seed="try",
            picture=lambda name: "",
            insisted=insisted,
            now=timezone.localtime().replace(tzinfo=None),
        )
        context = {
            "survey": {"demonstration": False},
            "title": questionnaire.title.get(language),
            "language": language,
            "action": reverse("try", args=[pk]),
            "section": section.name,
            "state": signing.dumps([section.name, answers, language], salt=SALT, compress=True),
            "page": shown,
            "is_first": section is questionnaire.sections[0],
            "is_trial": True,
        }
        return render(
            request, "surveys/respondent/fill.html", context, status=422 if flaws else 200
        )


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
    context = {
        "room": "questionnaires",
        "upload": found,
        "answers": answers.items(),
        "scores": scores,
    }
    return render(request, "surveys/designing/outcome.html", context)


def _keys() -> list[str]:
    return list(Company.objects.values_list("key", flat=True))
