"""One question as it is shown: its widget, words, options, what is given, what is wrong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from config.language.texts import Language
from surveys.companies.models import Company
from surveys.forms.kinds import kind_label
from surveys.questionnaires.answers import (
    ALONE,
    LONGEST_NAME,
    Evaluation,
    Flaw,
    Place,
    field_name,
    other_field,
)
from surveys.questionnaires.expressions.values import text
from surveys.questionnaires.questionnaire import (
    NOT_APPLICABLE,
    NOT_SURE,
    OTHER,
    SEVERAL,
    Choice,
    Question,
)
from surveys.questionnaires.typed import LONGEST, kept

DRAWN = {"signature", "draw", "annotate"}  # appearances of a picture that a finger draws
MOST_BESIDE = 6  # buttons of a scale that a thumb can tell apart on a phone
FEW = 11  # steps of a range that are shown as buttons
PAIRED, SHORT = 5, {"zh-Hans": 7, "en": 13}  # more short answers than this stand in two columns
SEARCHED = 8  # companies from which on a search field helps
LISTED = 30  # choices from which on a list that opens is lighter than a page of buttons
LAST = (
    OTHER,
    NOT_APPLICABLE,
    NOT_SURE,
    "none",
)  # choices that stay at the end when the others are shuffled
SHOWN_ANSWER = re.compile(r"\$\{\s*([^}]*?)\s*\}")
WIDGETS = {
    "select_one": "radio",
    "select_multiple": "checkbox",
    "company": "company",
    "note": "note",
    "geopoint": "place",
    "image": "upload",
    "file": "upload",
    "audio": "upload",
    "video": "upload",
    "rank": "rank",
    "repeat": "repeat",
}
INPUTS = {
    "date": ("date", ""),
    "time": ("time", ""),
    "datetime": ("datetime-local", ""),
    "integer": ("text", "numeric"),
    "decimal": ("text", "decimal"),
    "range": ("text", "decimal"),
}


@dataclass(frozen=True)
class Option:
    """One answer to choose, as it is shown."""

    value: str
    label: str
    chosen: bool
    search: str = ""
    image: str = ""
    note: str = ""
    hidden: bool = False  # does not go with the other answers
    exclusive: bool = False


@dataclass(frozen=True)
class Field:
    """One question as it is shown. `widget` names the template part; a hidden one waits for its
    condition.

    `name` is that of its input, `data` how the logic calls it; a repeat has the fields of each of
    its `instances`.
    """

    name: str
    data: str
    widget: str
    label: str
    hint: str
    guidance: str = ""
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
    table: str = ""
    input_type: str = "text"
    input_mode: str = ""
    instances: tuple[tuple[Field, ...], ...] = ()
    can_add: bool = False
    ranked: tuple[tuple[Option, ...], ...] = ()  # the options of every place of a rank
    is_drawn: bool = False  # a signature
    is_scanned: bool = False  # a barcode
    is_insisted: bool = False  # the server asks for it, whatever the page works out
    most: int = 0  # characters that are taken, of what is written

    @property
    def columns(self) -> int:
        """How many buttons of a scale stand beside each other: all, or half of them."""
        count = len(self.options)
        return count if count <= MOST_BESIDE else min(-(-count // 2), MOST_BESIDE)

    @property
    def kind_label(self) -> str:
        """The name of its kind, where no options say what is to be answered."""
        return kind_label(self.kind)


@dataclass(frozen=True)
class FormContext:
    """What every field of a page is made with."""

    evaluation: Evaluation
    given: Mapping[str, Any]
    language: Language
    companies: Sequence[Company]
    flaws: Mapping[str, Flaw]
    picture: Callable[[str], str]  # the address of a picture that came with the questionnaire
    insisted: frozenset[str] = frozenset()


def error_text(flaw: Flaw, language: Language) -> str:
    """Return what is wrong with an answer: the author's words, or ours."""
    return flaw.own.get(language) or _(flaw.text).format(**flaw.values)


def fields_of(
    questions: Iterable[Question], context: FormContext, place: Place = ALONE
) -> tuple[Field, ...]:
    """Return the fields of questions, of a section or of one instance of a repeat."""
    return tuple(_field(question, context, place) for question in questions if question.is_shown)


def _field(question: Question, context: FormContext, place: Place) -> Field:
    name = field_name(place, question.name)
    given = _given(question, context, place)
    several = given if isinstance(given, list) else [given]
    chosen = [str(part) for part in several if not isinstance(part, dict)]
    options = tuple(_options(question, set(chosen), context, place))
    scale = _is_scale(question)
    aside = next((o for o in options if o.value == NOT_APPLICABLE), None) if scale else None
    shown = tuple(o for o in options if o is not aside)
    flaw = context.flaws.get(name)
    input_type, input_mode = INPUTS.get(question.kind, ("text", ""))
    instances = tuple(_instances(question, context, place)) if question.kind == "repeat" else ()
    widget = _widget(question, options)
    return Field(
        name=name,
        data=question.name,
        widget="scale" if scale and widget != "worked" else widget,
        label=_with_answers(question.label.get(context.language), context, place),
        hint=_with_answers(question.hint.get(context.language), context, place),
        guidance=question.guidance.get(context.language),
        options=shown,
        not_applicable=aside,
        value=_value(question, given, context, place),
        other=str(context.given.get(other_field(question.name), "")),
        error=error_text(flaw, context.language) if flaw else "",
        hidden=not context.evaluation.is_relevant(question, place),
        required=question.required is not None,
        searched=question.kind == "company" and len(options) > SEARCHED,
        paired=not scale
        and len(shown) > PAIRED
        and all(len(o.label) <= SHORT[context.language] for o in shown),
        kind=question.kind,
        table=question.table,
        input_type=input_type,
        input_mode=input_mode,
        instances=instances,
        can_add=question.kind == "repeat" and question.count is None,
        ranked=tuple(_ranked(shown, chosen)) if widget == "rank" else (),
        is_drawn=question.kind == "image" and bool(DRAWN & set(question.appearance.split())),
        is_scanned="barcode" in question.appearance.split(),
        is_insisted=name in context.insisted,
        most=LONGEST_NAME if widget == "company" else LONGEST if question.kind == "text" else 0,
    )


def _given(question: Question, context: FormContext, place: Place) -> Any:
    """Return what was answered, or the default of what nobody has answered yet."""
    if question.name in context.given:
        return context.given[question.name]
    if question.initial is not None and question.calculation is None:
        return kept(context.evaluation.value(question.name, place))
    return question.default.split() if question.kind in SEVERAL else question.default


def _value(question: Question, given: Any, context: FormContext, place: Place) -> str:
    if question.calculation is not None:
        return answer_text_of(context.evaluation, question.name, context.language, place)
    return "" if isinstance(given, (list, dict)) else str(given)


def _ranked(options: Sequence[Option], chosen: Sequence[str]) -> Iterator[tuple[Option, ...]]:
    """Yield for every place of a rank the options, with the one that has it."""
    for at in range(len(options)):
        first = chosen[at] if at < len(chosen) else ""
        yield tuple(replace(option, chosen=option.value == first) for option in options)


def _instances(repeat: Question, context: FormContext, place: Place) -> Iterator[tuple[Field, ...]]:
    given = context.given.get(repeat.name)
    instances = given if isinstance(given, list) else []
    for at in range(context.evaluation.parts_of(repeat, place)):
        own = instances[at] if at < len(instances) and isinstance(instances[at], dict) else {}
        inner = replace(context, given=own)
        yield fields_of(repeat.parts, inner, (*place, (repeat.name, at)))


def _with_answers(label: str, context: FormContext, place: Place) -> str:
    """Return words with the answers shown in them that they name as ${question}."""
    if "${" not in label:
        return label
    pieces: list[SafeString] = []
    last = 0
    for found in SHOWN_ANSWER.finditer(label):
        pieces.append(format_html("{}", label[last : found.start()]))
        answer = answer_text_of(context.evaluation, found[1], context.language, place)
        pieces.append(format_html('<output data-of="{}">{}</output>', found[1], answer))
        last = found.end()
    return mark_safe("".join([*pieces, format_html("{}", label[last:])]))  # every piece is escaped


def answer_text_of(evaluation: Evaluation, name: str, language: Language, place: Place) -> str:
    """Return an answer as it is shown inside a text: the label of a choice, else the value."""
    question = evaluation.questionnaire.find(name)
    worth = evaluation.seen(name, place)
    plain = text(worth) if not isinstance(worth, tuple) else ""
    if question is None or not question.choices:
        return plain
    parts = plain.split() if question.kind in SEVERAL else [plain]
    labels = [c.label.get(language) for part in parts if (c := question.choice(part))]
    return ("、" if language == "zh-Hans" else ", ").join(labels)


def _is_scale(question: Question) -> bool:
    """Whether a question is shown as a row of buttons with numbers on them."""
    if question.range:
        return (question.range.end - question.range.start) / question.range.step < FEW
    return question.kind == "select_one" and "scale" in question.appearance.split()


def _widget(question: Question, options: Sequence[Option]) -> str:
    if question.calculation is not None:
        return "worked"
    if question.kind == "text" and "multiline" in question.appearance.split():
        return "textarea"
    if question.kind == "select_one" and (
        len(options) > LISTED or "minimal" in question.appearance.split()
    ):
        return "list"
    if question.table:
        return "row"
    return WIDGETS.get(question.kind, "input")


def _options(
    question: Question, chosen: set[str], context: FormContext, place: Place
) -> Iterator[Option]:
    if question.range:
        steps = round((question.range.end - question.range.start) / question.range.step) + 1
        for i in range(steps if steps <= FEW else 0):
            value = f"{question.range.start + i * question.range.step:g}"
            yield Option(value, value, value in chosen)
    offered = context.evaluation.choices_of(question, place) if question.choice_filter else None
    for choice in in_order(question, context.evaluation.seed):
        yield Option(
            choice.name,
            choice.label.get(context.language),
            choice.name in chosen,
            image=context.picture(choice.image) if choice.image else "",
            hidden=offered is not None and choice not in offered,
            exclusive=choice.exclusive and question.kind == "select_multiple",
        )
    if question.kind == "company":
        yield from _companies(chosen, context)


def in_order(question: Question, seed: str) -> Sequence[Choice]:
    """Return the choices in the order of one response: shuffled by a hash of its seed, so that it
    is always the same.
    """
    if not question.shuffled:
        return question.choices
    return sorted(
        question.choices,
        key=lambda choice: (choice.name in LAST, _place(seed, question.name, choice.name)),
    )


def _place(seed: str, question: str, choice: str) -> str:
    return (
        ""
        if choice in LAST
        else hashlib.sha256(f"{seed}\x1f{question}\x1f{choice}".encode()).hexdigest()
    )


def _companies(chosen: set[str], context: FormContext) -> Iterator[Option]:
    kinds = len({company.kind for company in context.companies}) > 1
    for company in context.companies:
        label = company.name if context.language == "zh-Hans" else company.name_en or company.name
        note = str(Company.Kind(company.kind).label) if kinds else ""
        yield Option(company.key, label, company.key in chosen, company.search, note=note)
    yield Option(NOT_SURE, _("Not sure which company"), NOT_SURE in chosen)
    yield Option(OTHER, _("Another company"), OTHER in chosen)
