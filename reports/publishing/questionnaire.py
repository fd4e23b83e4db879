"""The questionnaire as it was put, for the appendix of a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from config.charts.scale import label
from config.language.texts import Language
from surveys.questionnaires.questionnaire import Question, Questionnaire


def listed(questionnaire: Questionnaire, language: Language) -> Iterator[dict[str, Any]]:
    """Yield every question with its hint, its answers, and whether everybody was asked."""
    for question in questionnaire.questions.values():
        if question.is_asked:
            yield {
                "label": question.label.get(language),
                "hint": question.hint.get(language),
                "who": _("asked where an earlier answer led here") if question.relevant else "",
                "answers": _answers(question, language),
            }


def _answers(question: Question, language: Language) -> str:
    if question.choices:
        words = " / ".join(choice.label.get(language) for choice in question.choices)
        several = question.kind == "select_multiple"
        return f"{words} ({_('several answers allowed')})" if several else words
    if question.range:
        ends = {"low": label(question.range.start), "high": label(question.range.end)}
        return _("a number from %(low)s to %(high)s") % ends
    kinds = {
        "integer": _("a whole number"),
        "decimal": _("a number"),
        "company": _("a company of the list"),
        "date": _("a date"),
    }
    return kinds.get(question.kind, _("in own words"))
