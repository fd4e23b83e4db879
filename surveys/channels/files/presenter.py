"""How a file of answers is read, in words: the questions that it may answer, its first rows as
answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from config.language.languages import spoken
from config.language.texts import Text, language_called
from surveys.channels.files.mapping import NOT_IN_FILES, Mapping
from surveys.channels.files.outline import Outline
from surveys.channels.files.reading import Reader
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import companies_of, company_ids, questionnaire_of
from surveys.forms.fields import error_text
from surveys.questionnaires.answers import check
from surveys.questionnaires.questionnaire import Question
from surveys.responses.answer_text import answer_text, company_names


def preview(
    survey: Survey, mapping: Mapping, reader: Reader, table: Outline
) -> Iterator[dict[str, Any]]:
    """Yield the first rows as answers, and what is wrong with them."""
    names = company_names(companies_of(survey), spoken())
    for number, cells in table.shown():
        row = reader.read(cells)
        checked = check(
            questionnaire_of(survey),
            row.answers,
            today=timezone.localdate(row.submitted_at),
            companies=company_ids(survey),
            language=language_called(row.language),
        )
        flaws = [*row.flaws, *checked.flaws]
        yield {
            "row": number,
            "answers": [
                answer_text(reader.questions[c.question], row.answers, spoken(), names)
                for c in mapping.questions
            ],
            "flaws": [
                f"{_name(reader, flaw.question)}: {error_text(flaw, spoken())}" for flaw in flaws
            ],
            "at": timezone.localtime(row.submitted_at),
        }


def asked(survey: Survey) -> list[Question]:
    """Return the questions that a file may answer."""
    questions = questionnaire_of(survey).questions.values()
    return [
        question
        for question in questions
        if question.is_asked and question.kind not in NOT_IN_FILES
    ]


def label(question: Question) -> str:
    """Return the words of a question, or its name where it has none."""
    return in_words(question.label) or question.name


def _name(reader: Reader, name: str) -> str:
    return label(reader.questions[name]) if name in reader.questions else name


def in_words(text: Text) -> str:
    """Return a text in the language that is spoken."""
    return text.get(spoken())
