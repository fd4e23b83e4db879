"""A checklist as one page of the phone."""

from __future__ import annotations

from collections.abc import Iterator

from django.template.loader import render_to_string
from django.utils import timezone

from config.language.languages import speaking
from config.language.texts import NO_WORDS, Language
from surveys.forms.logic import mentioned
from surveys.forms.models import QuestionnaireVersion
from surveys.forms.page import page_of
from surveys.questionnaires.answers import Evaluation
from surveys.questionnaires.questionnaire import (
    Question,
    Questionnaire,
    Section,
    with_parts,
)


def checklist(version: QuestionnaireVersion, language: Language) -> str:
    """Return a checklist as one form with all its sections, the same fields as on a respondent's
    page; of every repeat there is one instance, which the page copies.
    """
    questionnaire = version.questionnaire
    moment = timezone.localtime().replace(tzinfo=None)
    one = {q.name: [_instance(q)] for q in questionnaire.questions.values() if q.kind == "repeat"}
    evaluation = Evaluation(
        questionnaire, one, today=moment.date(), now=moment, started=moment, companies=(), seed=""
    )
    with speaking(language):
        pages = [
            (section, page_of(evaluation, section, language=language))
            for section in questionnaire.sections
        ]
        whole = page_of(evaluation, _whole(questionnaire), language=language)
        context = {
            "language": language,
            "pages": [(section.name, page.heading, page.fields) for section, page in pages],
            "logic": {**whole.logic, "answers": {}},
            "required": [question.name for question in _always_required(questionnaire)],
        }
        return render_to_string("inspections/phone/checklist.html", context)


def _always_required(questionnaire: Questionnaire) -> Iterator[Question]:
    """Yield what has to be answered whatever else was; where it hangs on an answer, the server
    says so.
    """
    for question in questionnaire.questions.values():
        for part in with_parts(question):
            if part.required and not list(mentioned(part.required)):
                yield part


def _whole(questionnaire: Questionnaire) -> Section:
    return Section("all", NO_WORDS, tuple(questionnaire.questions.values()))


def _instance(repeat: Question) -> dict[str, object]:
    return {part.name: [_instance(part)] for part in repeat.parts if part.kind == "repeat"}
