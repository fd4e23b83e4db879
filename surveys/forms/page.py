"""A questionnaire's section as a finished page: its fields, how far one is, and what the browser
needs to help.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from config.language.texts import Language
from surveys.companies.models import Company
from surveys.forms.fields import Field, FormContext, fields_of
from surveys.forms.logic import logic, mentioned
from surveys.forms.minutes import seconds_of
from surveys.questionnaires.answers import Evaluation, Flaw
from surveys.questionnaires.questionnaire import Questionnaire, Section


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
    insisted: Iterable[str] = (),
    now: datetime | None = None,
    started: datetime | None = None,
) -> Page:
    """Return a section, given the answers so far. `seed` is the sheet's own, for choices that
    come in any order; `insisted` are the fields that the server asks for and the page may not
    hide.
    """
    evaluation = Evaluation(
        questionnaire,
        answers,
        today=today,
        now=now,
        started=started,
        seed=seed,
        is_prefilled=True,
    )
    wrong = {flaw.question: flaw for flaw in reversed(flaws)}
    context = FormContext(
        evaluation, answers, language, list(companies), wrong, picture, frozenset(insisted)
    )
    counts, seconds = _ahead(questionnaire, section, answers, evaluation, language)
    before, here, after = counts
    whole = before + here + after
    return Page(
        heading=section.label.get(language),
        fields=fields_of(section.questions, context),
        first=before + 1,
        last=before + here,
        count=whole,
        minutes=math.ceil(seconds / 60) or 1,
        percent=round(100 * before / max(whole, 1)),
        logic=logic(questionnaire, section, answers, language, seed, started),
    )


def _ahead(
    questionnaire: Questionnaire,
    section: Section,
    answers: Mapping[str, object],
    evaluation: Evaluation,
    language: Language,
) -> tuple[tuple[int, int, int], float]:
    """Return how many questions come before this section, in it and after it, and the seconds that
    are left.

    What is decided by questions not answered yet counts as asked: a promise of time is kept rather
    than broken.
    """
    numbers, seconds, at = [0, 0, 0], 0.0, 0
    for part in questionnaire.sections:
        at = 1 if part is section else 2 if at else 0
        for question in part.questions:
            open_ = at == 2 and any(
                name not in answers for tree in question.relevant for name in mentioned(tree)
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
