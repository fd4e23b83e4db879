"""A questionnaire's section as finished rows for the page: words in one language, what is chosen, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from config.texts import Language
from surveys.models import Company
from surveys.questionnaires.answers import Flaw, other_field, relevant_names
from surveys.questionnaires.expressions.parse import Tree
from surveys.questionnaires.questionnaire import (
    NOT_APPLICABLE,
    NOT_SURE,
    OTHER,
    Question,
    Questionnaire,
    Section,
)

SECONDS_A_QUESTION = 10  # read and tapped on a phone; a written answer takes longer
FEW = 11  # steps of a range that are shown as buttons
PAIRED, SHORT = 5, {"zh-Hans": 7, "en": 13}  # more short answers than this stand in two columns
SEARCHED = 8  # companies from which on a search field helps


@dataclass(frozen=True)
class Option:
    """One answer to choose, as it is shown."""

    value: str
    label: str
    chosen: bool
    search: str = ""


@dataclass(frozen=True)
class Field:
    """One question as it is shown. `widget` names the template part; a hidden one waits for its condition."""

    name: str
    widget: str
    label: str
    hint: str
    options: tuple[Option, ...] = ()
    not_applicable: Option | None = None
    value: str = ""
    other: str = ""
    error: str = ""
    hidden: bool = False
    required: bool = False
    searched: bool = False
    paired: bool = False
    kind: str = ""


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
    def errors(self) -> list[Field]:
        """The questions with something wrong, in order."""
        return [f for f in self.fields if f.error]


def page(
    questionnaire: Questionnaire,
    section: Section,
    answers: Mapping[str, object],
    *,
    language: Language,
    today: date,
    companies: Iterable[Company] = (),
    flaws: Sequence[Flaw] = (),
) -> Page:
    """Return a section, given the answers so far."""
    relevant = relevant_names(questionnaire, answers, today=today)
    wrong = {flaw.question: flaw for flaw in reversed(flaws)}
    fields = tuple(
        _field(q, answers, language, companies, wrong.get(q.name), hidden=q.name not in relevant)
        for q in section.questions
        if q.kind != "calculate"
    )
    before, here, after = _counts(questionnaire, section, answers, relevant)
    left = here + after
    return Page(
        heading=section.label.get(language),
        fields=fields,
        first=before + 1,
        last=before + here,
        count=before + left,
        minutes=max(1, round(left * SECONDS_A_QUESTION / 60)),
        percent=round(100 * before / max(before + left, 1)),
        logic=_logic(questionnaire, section, answers, language),
    )


def error_text(flaw: Flaw, language: Language) -> str:
    """Return what is wrong with an answer: the author's words, or ours."""
    return flaw.own.get(language) or _(flaw.text).format(**flaw.values)


def _field(
    question: Question,
    answers: Mapping[str, object],
    language: Language,
    companies: Iterable[Company],
    flaw: Flaw | None,
    *,
    hidden: bool,
) -> Field:
    given = answers.get(question.name, "")
    chosen = {str(part) for part in given} if isinstance(given, list) else {str(given)}
    options = tuple(_options(question, chosen, language, companies))
    scale = _is_scale(question)
    aside = next((o for o in options if o.value == NOT_APPLICABLE), None) if scale else None
    shown = tuple(o for o in options if o is not aside)
    return Field(
        name=question.name,
        widget="scale" if scale else _widget(question),
        label=question.label.get(language),
        hint=question.hint.get(language),
        options=shown,
        not_applicable=aside,
        value="" if isinstance(given, list) else str(given),
        other=str(answers.get(other_field(question.name), "")),
        error=error_text(flaw, language) if flaw else "",
        hidden=hidden,
        required=question.required is not None,
        searched=question.kind == "company" and len(options) > SEARCHED,
        paired=not scale and len(shown) > PAIRED and all(len(o.label) <= SHORT[language] for o in shown),
        kind=question.kind,
    )


def _is_scale(question: Question) -> bool:
    """Whether a question is shown as a row of buttons with numbers on them."""
    if question.range:
        return (question.range.end - question.range.start) / question.range.step < FEW
    return question.kind == "select_one" and "scale" in question.appearance.split()


def _widget(question: Question) -> str:
    widgets = {"select_one": "radio", "select_multiple": "checkbox", "company": "company", "note": "note"}
    if question.kind == "text" and "multiline" in question.appearance.split():
        return "textarea"
    return widgets.get(question.kind, "input")


def _options(
    question: Question, chosen: set[str], language: Language, companies: Iterable[Company]
) -> Iterator[Option]:
    if question.range:
        steps = round((question.range.end - question.range.start) / question.range.step) + 1
        for i in range(steps if steps <= FEW else 0):
            value = f"{question.range.start + i * question.range.step:g}"
            yield Option(value, value, value in chosen)
    for choice in question.choices:
        yield Option(choice.name, choice.label.get(language), choice.name in chosen)
    if question.kind == "company":
        for company in companies:
            label = company.name if language == "zh-Hans" else company.name_en or company.name
            yield Option(company.key, label, company.key in chosen, company.search)
        yield Option(NOT_SURE, _("Not sure which company"), NOT_SURE in chosen)
        yield Option(OTHER, _("Another company"), OTHER in chosen)


def _counts(
    questionnaire: Questionnaire, section: Section, answers: Mapping[str, object], relevant: set[str]
) -> tuple[int, int, int]:
    """Return how many questions come before this section, in it, and after it as far as can be known."""
    numbers, at = [0, 0, 0], 0
    for part in questionnaire.sections:
        at = 1 if part is section else 2 if at else 0
        for question in part.questions:
            undecided = at > 0 and any(name not in answers for tree in question.relevant for name in _mentioned(tree))
            if question.is_asked and (question.name in relevant or (undecided and at == 2)):
                numbers[at] += 1
    return numbers[0], numbers[1], numbers[2]


def _mentioned(tree: Tree) -> Iterator[str]:
    if tree[0] == "ref":
        yield tree[1]
    for part in tree[-1] if tree[0] == "call" else tree[1:]:
        if isinstance(part, tuple):
            yield from _mentioned(part)


def _logic(
    questionnaire: Questionnaire, section: Section, answers: Mapping[str, object], language: Language
) -> dict[str, Any]:
    """Return what the browser needs to show, hide and check as one types; the server decides in the end."""
    here = {question.name for question in section.questions}
    return {
        "questions": {
            question.name: {
                "kind": question.kind,
                "relevant": question.relevant,
                "constraint": question.constraint,
                "message": question.constraint_message.get(language) or _("this answer does not fit"),
                "calculation": question.calculation,
                "labels": {choice.name: choice.label.get(language) for choice in question.choices},
            }
            for question in questionnaire.questions.values()
        },
        "answers": {name: value for name, value in answers.items() if name not in here},
    }
