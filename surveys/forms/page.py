"""A questionnaire's section as a finished page: its fields, how far one is, and what the browser
needs to help.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from config.language.texts import Language
from surveys.companies.models import Company
from surveys.forms.fields import Field, FormContext, fields_of
from surveys.forms.logic import logic, mentioned
from surveys.forms.minutes import seconds_of
from surveys.questionnaires.answers import Evaluation, Flaw
from surveys.questionnaires.questionnaire import Questionnaire, Section, with_parts


@dataclass(frozen=True)
class Page:
    """A section as it is shown, and how far one is."""

    heading: str
    fields: tuple[Field, ...]
    first: int
    last: int
    count: int
    minutes: int
    percent: int
    logic: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_last(self) -> bool:
        """Whether nothing follows, as far as can be known before its questions are answered."""
        return self.last == self.count

    @property
    def errors(self) -> list[Field]:
        """The questions with something wrong, in order."""
        return [f for f in _every(self.fields) if f.error]

    @property
    def has_upload(self) -> bool:
        """Whether a file can be chosen on the page."""
        return any(f.widget == "upload" for f in _every(self.fields))


def page(
    questionnaire: Questionnaire,
    section: Section,
    answers: Mapping[str, object],
    *,
    language: Language,
    today: date,
    companies: Iterable[Company] = (),
    flaws: Sequence[Flaw] = (),
    seed: str = "",
    picture: Callable[[str], str] = lambda name: "",
) -> Page:
    """Return a section, given the answers so far. `seed` is the response's own, for choices that
    come in any order.
    """
    return page_of(
        Evaluation(questionnaire, answers, today=today, seed=seed, language=language),
        section,
        language=language,
        companies=companies,
        flaws=flaws,
        picture=picture,
    )


def page_of(
    evaluation: Evaluation,
    section: Section,
    *,
    language: Language,
    companies: Iterable[Company] = (),
    flaws: Sequence[Flaw] = (),
    picture: Callable[[str], str] = lambda name: "",
    insisted: Iterable[str] = (),
) -> Page:
    """Return a section of answers that are looked at already; the companies are only read where
    the section asks for one. `insisted` are the fields that the server asks for: the page may not
    hide them.
    """
    evaluation = evaluation.prefilled()
    questionnaire, answers = evaluation.questionnaire, evaluation.given
    asked = {part.kind for question in section.questions for part in with_parts(question)}
    offered = list(companies) if "company" in asked else []
    wrong = {flaw.question: flaw for flaw in reversed(flaws)}
    context = FormContext(
        evaluation, answers, language, offered, wrong, picture, frozenset(insisted)
    )
    counts, seconds = _ahead(section, evaluation, language)
    before, here, after = counts
    whole = before + here + after
    started = evaluation.started
    return Page(
        heading=section.label.get(language),
        fields=fields_of(section.questions, context),
        first=before + 1,
        last=before + here,
        count=whole,
        minutes=math.ceil(seconds / 60) or 1,
        percent=round(100 * before / max(whole, 1)),
        logic=logic(questionnaire, section, answers, language, evaluation.seed, started),
    )


def _ahead(
    section: Section, evaluation: Evaluation, language: Language
) -> tuple[tuple[int, int, int], float]:
    """Return how many questions come before this section, in it and after it, and the seconds that
    are left.

    What is decided by questions not answered yet counts as asked: a promise of time is kept rather
    than broken.
    """
    numbers, seconds, at = [0, 0, 0], 0.0, 0
    for part in evaluation.questionnaire.sections:
        at = 1 if part is section else 2 if at else 0
        for question in part.questions:
            open_ = at == 2 and any(
                name not in evaluation.given
                for tree in question.relevant
                for name in mentioned(tree)
            )
            if not (open_ or evaluation.is_shown(question)):
                continue
            if question.is_asked:
                numbers[at] += 1
            if at:
                seconds += seconds_of(question, language)
    return (numbers[0], numbers[1], numbers[2]), seconds


def _every(fields: Iterable[Field]) -> Iterator[Field]:
    for one in fields:
        yield one
        for evaluation in one.instances:
            yield from _every(evaluation)
