"""What a visit found beside what was known: of a calibration site, or of a fault that was put in.
PURE.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from surveys.questionnaires.questionnaire import SEVERAL, Question


@dataclass(frozen=True)
class Compared:
    """One question whose true answer is known; answer: what the visit says, as a text."""

    question: Question
    truth: str
    answer: str
    is_right: bool


def compare(
    questions: Iterable[Question], truth: Mapping[str, Any], answers: Mapping[str, Any]
) -> list[Compared]:
    """Return every question whose truth is known, in the order of the checklist.

    Of several answers the order counts for nothing; numbers are compared as numbers. An answer that
    is missing is wrong: what was there was not seen.
    """
    return [
        Compared(
            question,
            _text(truth[question.name]),
            _text(answers.get(question.name)),
            _plain(question, truth[question.name]) == _plain(question, answers.get(question.name)),
        )
        for question in questions
        if question.name in truth
    ]


def _plain(question: Question, answer: Any) -> object:
    if question.kind in SEVERAL:
        return frozenset(answer if isinstance(answer, list) else str(answer or "").split())
    text = _text(answer)
    try:
        return float(text)
    except ValueError:
        return text.casefold()


def _text(answer: Any) -> str:
    if answer is None:
        return ""
    return " ".join(map(str, answer)) if isinstance(answer, list) else str(answer).strip()
