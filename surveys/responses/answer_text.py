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
from surveys.questionnaires.questionnaire import NOT_SURE, OTHER, Question, Questionnaire


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
    for name, question in questionnaire.questions.items():
        if question.kind == "repeat":
            for number, instance in enumerate(answers.get(name) or (), start=1):
                for part in question.parts:
                    if answer := answer_text(part, instance, language, companies):
                        yield (
                            f"{question.label.get(language)} {number} · {part.label.get(language)}",
                            answer,
                        )
        elif answer := answer_text(question, answers, language, companies):
            yield question.label.get(language) or name, answer


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
    if question.kind in ("image", "file"):
        return _("a picture") if question.kind == "image" else _("a file")
    parts = answer if isinstance(answer, list) else [answer]
    return _(", ").join(
        c.label.get(language) if (c := question.choice(str(part))) else str(part) for part in parts
    )
