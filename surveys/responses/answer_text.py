"""Answers as people said them: labels in place of codes, companies by their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from config.language.languages import spoken
from config.language.texts import Language, Text
from surveys.collection.models.response import Response
from surveys.collection.selectors import questionnaire_of
from surveys.companies.models import Company
from surveys.questionnaires.answers import other_field
from surveys.questionnaires.questionnaire import NOT_SURE, OTHER, UPLOADS, Question, Questionnaire


def company_names(companies: Iterable[Company], language: Language) -> dict[str, str]:
    """Return what companies are called, by key."""
    return {c.key: Text(c.name, c.name_en or c.name).get(language) for c in companies}


def lines(
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    language: Language,
    companies: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """Yield the question and the answer, in the order of the questionnaire; files are only
    counted.
    """
    yield from _lines(questionnaire.questions.values(), answers, language, companies)


def _lines(
    questions: Iterable[Question],
    answers: Mapping[str, Any],
    language: Language,
    companies: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    for question in questions:
        label = question.label.get(language)
        if question.kind == "repeat":
            for number, instance in enumerate(answers.get(question.name) or (), start=1):
                for inner, answer in _lines(question.parts, instance, language, companies):
                    yield f"{label} {number} · {inner}", answer
        elif answer := answer_text(question, answers, language, companies):
            yield label or question.name, answer


def flaws_of(response: Response) -> list[tuple[str, str]]:
    """Return what is wrong with a sheet that was not accepted: the question, and why."""
    found = []
    for flaw in response.flaws:
        name, words = flaw["question"], flaw["text"]
        question = questionnaire_of(response.survey).find(name.rpartition(":")[2])
        label = question.label.get(spoken()) if question else ""
        found.append((label or name, _(words).format(**flaw["values"])))
    return found


def answer_text(
    question: Question, answers: Mapping[str, Any], language: Language, companies: Mapping[str, str]
) -> str:
    """Return one answer, "" where there is none."""
    answer = answers.get(question.name)
    if answer is None or answer == "":
        return ""
    if question.kind == "company":
        unlisted = {
            OTHER: str(answers.get(other_field(question.name), "")),
            NOT_SURE: _("Not sure which company"),
        }
        return companies.get(str(answer)) or unlisted.get(str(answer)) or str(answer)
    if question.kind == "repeat":
        return _("%(n)s times") % {"n": len(answer)}
    if question.kind in UPLOADS:
        return _("a picture") if question.kind == "image" else _("a file")
    parts = answer if isinstance(answer, list) else [answer]
    return _(", ").join(
        c.label.get(language) if (c := question.choice(str(part))) else str(part) for part in parts
    )
