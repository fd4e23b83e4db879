"""From one section to the next: where a posted section leads, and what is wrong in it.

Pure: it keeps nothing and sends nothing. The respondent's page and the trial take the same steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from config.language.texts import LANGUAGES, Language
from surveys.questionnaires.answers import MOST_PARTS, Evaluation, Flaw
from surveys.questionnaires.questionnaire import Question, Section

# the answers to look at → the one evaluation that every part of a request uses
Look = Callable[[Mapping[str, object]], Evaluation]


@dataclass(frozen=True)
class Posted:
    """A section as it was sent.

    go: next, back, keep, a language, add:PLACE or remove:PLACE:NUMBER; answers: those so far with
    those of the section; refused: the files that could not be taken; seen: the questions that were
    not hidden; counted: the instances of each repeat that the page showed.
    """

    section: Section
    go: str
    answers: dict[str, Any]
    refused: tuple[Flaw, ...] = ()
    seen: frozenset[str] = frozenset()
    counted: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """The section to show now, with what to say about it.

    is_end: there was no further section, so the answers are to be handed in unless a flaw is left;
    section and flaws are then what is shown if they cannot be. insisted: the fields that are asked
    for whatever a script works out; the page may not hide them.
    """

    section: Section
    answers: dict[str, Any]
    evaluation: Evaluation
    flaws: tuple[Flaw, ...] = ()
    language: Language | None = None  # the one that was asked for
    is_end: bool = False
    insisted: tuple[str, ...] = ()

    @property
    def is_finished(self) -> bool:
        """Whether the end was reached and nothing is wrong with any answer."""
        return self.is_end and not self.evaluation.checked().flaws

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows it."""
        return 422 if self.flaws else 200


def take(posted: Posted, look: Look) -> Step:
    """Return where a posted section leads. Going back, on to another language or to one instance
    more is free; going on is not, while something in the section is wrong.
    """
    here, go, answers = posted.section, posted.go, posted.answers
    if go == "keep":
        return Step(here, answers, look(answers))
    if go in LANGUAGES:
        return Step(here, answers, look(answers), language=go)
    if posted.refused:
        return Step(here, answers, look(answers), posted.refused)
    if go.startswith(("add:", "remove:")):
        answers = repeated(answers, here, go)
        return Step(here, answers, look(answers))
    evaluation = look(answers)
    before, after = _around(here, evaluation)
    if go == "back":
        return Step(before or here, answers, evaluation)
    flaws = evaluation.checked().flaws
    if wrong := flaws_in(here, flaws):
        # a question that only now has its turn is shown first, and not blamed on anybody
        blamed = tuple(flaw for flaw in wrong if flaw.question in posted.seen)
        return Step(
            here, answers, evaluation, blamed, is_end=after is None, insisted=_fields(wrong)
        )
    if _has_more(posted, evaluation):
        return Step(here, answers, evaluation)
    if after is not None:
        return Step(after, answers, evaluation)
    # an earlier answer may no longer fit; go to where it is
    there = _section_of(flaws, evaluation) or here
    return Step(there, answers, evaluation, flaws, is_end=True, insisted=_fields(flaws))


def _fields(flaws: Iterable[Flaw]) -> tuple[str, ...]:
    return tuple(flaw.question for flaw in flaws)


def _has_more(posted: Posted, evaluation: Evaluation) -> bool:
    """Say whether a repeat has more instances, by what was just answered, than the page showed:
    without a script it cannot add them.
    """
    return any(
        evaluation.is_relevant(question)
        and evaluation.parts_of(question) > posted.counted.get(question.name, 0)
        for question in posted.section.questions
        if question.kind == "repeat" and question.count is not None
    )


def repeated(answers: dict[str, Any], section: Section, go: str) -> dict[str, Any]:
    """Return the answers with an instance more (add:PLACE) or less (remove:PLACE:NUMBER) in a
    repeat of the section; a place is NAME, or OUTER:NUMBER:NAME. What names none changes nothing.
    """
    what, *path = go.split(":")
    number = path.pop() if what == "remove" and path else ""
    if len(path) == 1:
        name = path[0]
        if not _is_repeat(section.questions, name):
            return answers
        return {**answers, name: _changed(answers.get(name), what, number)}
    if len(path) != 3:
        return answers
    outside, at, name = path
    outer = next((q for q in section.questions if q.name == outside), None)
    if outer is None or not _is_repeat(outer.parts, name) or not is_below(at, MOST_PARTS):
        return answers
    instances = [dict(instance) for instance in answers.get(outer.name) or []]
    instances += [{} for _more in range(int(at) + 1 - len(instances))]
    instances[int(at)][name] = _changed(instances[int(at)].get(name), what, number)
    return {**answers, outer.name: instances}


def is_below(text: str, most: int) -> bool:
    """Say whether a text is a whole number from 0 and below most."""
    return text.isascii() and text.isdigit() and len(text) < 4 and int(text) < most


def _is_repeat(questions: Iterable[Question], name: str) -> bool:
    return any(q.name == name and q.kind == "repeat" for q in questions)


def _changed(given: Any, what: str, number: str) -> list[Any]:
    """Return the instances with one more, or without one."""
    instances = list(given) if isinstance(given, list) else []
    if what == "add" and len(instances) < MOST_PARTS:
        instances.append({})
    elif what == "remove" and is_below(number, len(instances)):
        del instances[int(number)]
    return instances


def flaws_in(section: Section, flaws: Iterable[Flaw]) -> tuple[Flaw, ...]:
    """Return what is wrong in one section."""
    here = {question.name for question in section.questions}
    return tuple(flaw for flaw in flaws if flaw.question.partition(":")[0] in here)


def section_named(sections: tuple[Section, ...], name: str) -> Section:
    """Return a section, or the first where there is none of that name."""
    return next((section for section in sections if section.name == name), sections[0])


def _around(here: Section, evaluation: Evaluation) -> tuple[Section | None, Section | None]:
    """Return the section before and the one after, of those in which something is to be shown."""
    place = {section.name: at for at, section in enumerate(evaluation.questionnaire.sections)}
    shown = evaluation.reachable()
    before = [section for section in shown if place[section.name] < place[here.name]]
    after = [section for section in shown if place[section.name] > place[here.name]]
    return (before[-1] if before else None), (after[0] if after else None)


def _section_of(flaws: Iterable[Flaw], evaluation: Evaluation) -> Section | None:
    """Return the first section that has one of the flaws."""
    sections = evaluation.questionnaire.sections
    return next((section for section in sections if flaws_in(section, flaws)), None)
