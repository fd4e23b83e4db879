"""Answers against their questionnaire: what is kept, what is wrong. The server's word, whatever
a page or file did.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from config.language.problems import say
from config.language.texts import NO_WORDS, Language, Text
from surveys.questionnaires import typed
from surveys.questionnaires.expressions.evaluate import Context, evaluate
from surveys.questionnaires.expressions.parse import Tree
from surveys.questionnaires.expressions.values import Nodes, Value, number, truth
from surveys.questionnaires.questionnaire import OTHER, Choice, Question, Questionnaire, Section

Scalar = typed.Answer
Answer = Scalar | list[dict[str, Any]]  # of a repeat, its instances
Place = tuple[tuple[str, int], ...]  # the repeats that a question is met in, with their instance
MOST_PARTS = 50  # instances of one repeat; a household has fewer appliances
LONGEST_NAME = 120  # characters of a company that the picker does not list
ALONE: Place = ()  # the place of what stands in no repeat


@dataclass(frozen=True)
class Flaw:
    """One answer that cannot be accepted: the author's own message, or ours as words and values."""

    question: str  # or, within repeats, outer:0:inner:1:question
    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    own: Text = NO_WORDS


@dataclass(frozen=True)
class Checked:
    """The answers to keep (asked, relevant, in order, calculations included) and what is wrong
    with the given ones.
    """

    answers: dict[str, Answer]
    flaws: tuple[Flaw, ...]


def other_field(question: str) -> str:
    """Return the name under which the company is written that the picker does not list."""
    return f"{question}_other"


def field_name(place: Place, question: str) -> str:
    """Return the name of a question's field at a place: outer:0:inner:1:question."""
    return ":".join((*(f"{repeat}:{at}" for repeat, at in place), question))


def place_of(field: str) -> tuple[Place, str]:
    """Return the place and the question that a field's name says."""
    *around, question = field.split(":")
    pairs = zip(around[::2], around[1::2], strict=True)
    return tuple((repeat, int(at)) for repeat, at in pairs), question


def check(
    questionnaire: Questionnaire,
    given: Mapping[str, object],
    *,
    today: date,
    companies: Collection[str] = (),
    now: datetime | None = None,
    started: datetime | None = None,
    seed: str = "",
    language: Language = "zh-Hans",
) -> Checked:
    """Check given answers. Values may be texts, numbers or lists of texts; "", None and [] are no
    answer.

    The answer of a repeat is a list of mappings. `today` and `now` are when the interview ended,
    `started` is when it began; `companies` are the keys that the company picker offers; `seed` is
    the response's own, for what is drawn at random; `language` is that of the page, for labels of
    choices that are calculated with.
    """
    return Evaluation(
        questionnaire,
        given,
        today=today,
        companies=companies,
        now=now,
        started=started,
        seed=seed,
        language=language,
    ).checked()


class Evaluation:
    """One set of answers while it is looked at. Values are worked out on demand and once; the
    checks made sure it ends.

    A question is met at a place: ALONE, or the instances of the repeats it stands in. is_prefilled:
    whether a question that nobody has answered yet has its default, as on the page that shows it.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        given: Mapping[str, object],
        *,
        today: date,
        companies: Collection[str] = (),
        now: datetime | None = None,
        started: datetime | None = None,
        seed: str = "",
        language: Language = "zh-Hans",
        is_prefilled: bool = False,
    ) -> None:
        self.questionnaire, self.companies = questionnaire, frozenset(companies)
        self.today, self.seed, self.is_prefilled = today, seed, is_prefilled
        self.language = language
        self.now = now or datetime.combine(today, datetime.min.time())
        self.started = started or self.now
        self.given = given
        # as text, so that answers which were changed in place, or true for 1, are noticed
        self.written = repr(dict(given))
        self.known: Checked | None = None
        self.flaws: list[Flaw] = []
        self.values: dict[tuple[str, Place], Value] = {}
        self.relevance: dict[tuple[str, Place], bool] = {}
        self.typed: dict[tuple[str, Place], Scalar | None] = {}
        self.untouched: set[tuple[str, Place]] = set()
        self.given_parts: dict[tuple[str, Place], int] = {}
        self.other = _written(
            given.get(other_field(q.name)) if (q := questionnaire.company_question) else None
        )
        self._read_all(questionnaire.questions.values(), ALONE, given)

    def _read_all(
        self, questions: Iterable[Question], place: Place, given: Mapping[str, object]
    ) -> None:
        for question in questions:
            if question.kind == "repeat":
                self._read_parts(question, place, given.get(question.name))
                continue
            if question.name not in given:
                self.untouched.add((question.name, place))
            self._read(question, place, given.get(question.name))

    def _read(self, question: Question, place: Place, raw: object) -> None:
        is_new = self.is_prefilled and (question.name, place) in self.untouched
        if question.kind == "hidden" or is_new:
            raw = raw or question.default
        if question.kind in ("note", "calculate") or question.calculation or raw in (None, "", []):
            return
        try:
            self.typed[question.name, place] = typed.read(question, raw, self.companies)
        except typed.Unreadable as error:
            self.typed[question.name, place] = None
            name = field_name(place, question.name)
            self.flaws.append(Flaw(name, error.text, error.values))

    def _read_parts(self, repeat: Question, place: Place, raw: object) -> None:
        name = field_name(place, repeat.name)
        instances = raw if isinstance(raw, list) else []
        if raw not in (None, "") and not (
            isinstance(raw, list) and all(isinstance(s, dict) for s in instances)
        ):
            self.flaws.append(Flaw(name, say("is no list of instances")))
            instances = []
        if len(instances) > MOST_PARTS and repeat.count is None:
            message = say("has more than {most} instances")
            self.flaws.append(Flaw(name, message, {"most": MOST_PARTS}))
        self.given_parts[repeat.name, place] = min(len(instances), MOST_PARTS)
        for at, instance in enumerate(instances[:MOST_PARTS]):
            self._read_all(repeat.parts, (*place, (repeat.name, at)), instance)

    def is_of(
        self,
        questionnaire: Questionnaire,
        given: Mapping[str, object],
        *,
        now: datetime,
        started: datetime | None,
        companies: Collection[str],
        seed: str,
        language: Language,
    ) -> bool:
        """Say whether these answers, at this moment, are the ones that are looked at here."""
        return (
            self.questionnaire is questionnaire
            and self.written == repr(dict(given))
            and (self.today, self.now, self.seed) == (now.date(), now, seed)
            and self.language == language
            and self.started == (started or now)
            and self.companies == frozenset(companies)
        )

    def prefilled(self) -> Evaluation:
        """Return the same answers with the defaults of what nobody has answered yet, as a page
        shows them; itself where there are none.
        """
        waiting = (self.questionnaire.find(name) for name, _place in self.untouched)
        if not any(q and (q.default or q.initial is not None) for q in waiting):
            return self
        return Evaluation(
            self.questionnaire,
            self.given,
            today=self.today,
            companies=self.companies,
            now=self.now,
            started=self.started,
            seed=self.seed,
            language=self.language,
            is_prefilled=True,
        )

    def reachable(self) -> list[Section]:
        """Return the sections in which something is to be shown."""
        sections = self.questionnaire.sections
        return [s for s in sections if any(self.is_shown(q) for q in s.questions)]

    def checked(self) -> Checked:
        """Go through every question in order; a second time only the outcome is given again."""
        if self.known is None:
            self.known = self._checked()
        return self.known

    def _checked(self) -> Checked:
        flaws = [flaw for flaw in self.flaws if self._counts(flaw.question)]
        unread = {flaw.question for flaw in flaws}
        answers = self._answers(self.questionnaire.questions.values(), ALONE, unread, flaws)
        order = {name: i for i, name in enumerate(self.questionnaire.questions)}
        flaws.sort(key=lambda flaw: order.get(flaw.question.partition(":")[0], len(order)))
        return Checked(answers, tuple(flaws))

    def _answers(
        self, questions: Iterable[Question], place: Place, unread: set[str], flaws: list[Flaw]
    ) -> dict[str, Answer]:
        """Return the answers at a place, and add what is wrong with them to `flaws`."""
        answers: dict[str, Answer] = {}
        for question in questions:
            if question.kind == "note" or not self.is_relevant(question, place):
                continue
            if question.kind == "repeat":
                instances = [
                    self._answers(question.parts, (*place, (question.name, at)), unread, flaws)
                    for at in range(self.parts_of(question, place))
                ]
                if any(instances):
                    answers[question.name] = instances
                continue
            answer = self._one(question, place, unread, flaws)
            if answer not in (None, "", []):
                assert answer is not None
                answers[question.name] = answer
            if answer == OTHER and question.kind == "company" and self.other:
                answers[other_field(question.name)] = self.other
        return answers

    def _one(
        self, question: Question, place: Place, unread: set[str], flaws: list[Flaw]
    ) -> Scalar | None:
        name = field_name(place, question.name)
        if question.is_asked and name not in unread:
            flaws += self._wrong(question, place, name)
        if question.is_asked or (question.name, place) in self.typed:
            return self.typed.get((question.name, place))
        return typed.kept(self.value(question.name, place))

    def _counts(self, name: str) -> bool:
        """Whether something unreadable was asked at all."""
        place, own = place_of(name)
        question = self.questionnaire.find(own)
        return question is not None and self._is_there(place) and self._is_met(question, place)

    def _repeat(self, name: str) -> Question:
        repeat = self.questionnaire.find(name)
        assert repeat is not None
        return repeat

    def is_shown(self, question: Question, place: Place = ALONE) -> bool:
        """Whether a question is to be seen."""
        return question.is_shown and self.is_relevant(question, place)

    def is_relevant(self, question: Question, place: Place = ALONE) -> bool:
        """Whether every condition of a question holds."""
        key = question.name, place
        if key not in self.relevance:
            holds = (truth(self.evaluate(tree, place)) for tree in question.relevant)
            self.relevance[key] = all(holds)
        return self.relevance[key]

    def parts_of(self, repeat: Question, place: Place = ALONE) -> int:
        """Return how many instances a repeat has: as many as its count says, else as were given."""
        if repeat.count is None:
            return self.given_parts.get((repeat.name, place), 0)
        wanted = number(self.evaluate(repeat.count, place))
        return min(max(int(wanted), 0), MOST_PARTS) if math.isfinite(wanted) else 0

    def choices_of(self, question: Question, place: Place = ALONE) -> Sequence[Choice]:
        """Return the choices that go with the other answers."""
        if question.choice_filter is None:
            return question.choices
        tree = question.choice_filter
        return [
            choice
            for choice in question.choices
            if truth(self.evaluate(tree, place, row=self._row(choice)))
        ]

    def value(self, name: str, place: Place = ALONE) -> Value:
        """Return what expressions see of a question: "" where it is unanswered or not relevant."""
        if (name, place) not in self.values:
            question = self.questionnaire.find(name)
            if question is None or question.kind == "repeat" or not self._is_met(question, place):
                self.values[name, place] = ""
            elif question.calculation is not None:
                self.values[name, place] = self._worked_out(question, place, question.calculation)
            elif question.initial is not None and self._is_first_shown(question, place):
                self.values[name, place] = self._worked_out(question, place, question.initial)
            else:
                answer = self.typed.get((name, place))
                self.values[name, place] = typed.value(question, answer, self.today)
        return self.values[name, place]

    def _is_first_shown(self, question: Question, place: Place) -> bool:
        if question.kind == "hidden":
            return (question.name, place) not in self.typed
        return self.is_prefilled and (question.name, place) in self.untouched

    def _is_met(self, question: Question, place: Place) -> bool:
        return all(
            self.is_relevant(self._repeat(repeat), place[:i])
            for i, (repeat, _at) in enumerate(place)
        ) and self.is_relevant(question, place)

    def seen(self, name: str, place: Place) -> Value | Nodes:
        """Return what an expression at a place sees of a question: from outside a repeat of it,
        the value of every instance that asks it. As in XPath, what is not relevant is no node.
        """
        around = self.questionnaire.repeats.get(name, ())
        shared = _shared(around, place)
        question = self.questionnaire.find(name)
        if question and question.kind == "repeat":
            return ("",) * sum(
                self.parts_of(question, at) if self._is_met(question, at) else 0
                for at in self._places(around[len(shared) :], shared)
            )
        if question is None:
            return ""
        if len(shared) == len(around):
            return self.value(name, shared) if self._is_met(question, shared) else ()
        return tuple(
            self.value(name, at)
            for at in self._places(around[len(shared) :], shared)
            if self._is_met(question, at)
        )

    def _places(self, repeats: Sequence[str], place: Place) -> Iterator[Place]:
        """Yield the place of every instance of repeats below a place."""
        if not repeats:
            yield place
            return
        repeat = self._repeat(repeats[0])
        if self.is_relevant(repeat, place):
            for at in range(self.parts_of(repeat, place)):
                yield from self._places(repeats[1:], (*place, (repeat.name, at)))

    def _seen_at(self, name: str, numbers: Mapping[str, int], place: Place) -> Value:
        """Return a question's value in the instances of these numbers, from 1; of a repeat that is
        not named, in the one at hand. What was answered above a lowered number is not there.
        """
        around = self.questionnaire.repeats.get(name, ())
        here = dict(_shared(around, place))
        at = tuple((repeat, numbers.get(repeat, here.get(repeat, 0) + 1) - 1) for repeat in around)
        return self.value(name, at) if self._is_there(at) else ""

    def _is_there(self, place: Place) -> bool:
        return all(
            at < self.parts_of(self._repeat(repeat), place[:i])
            for i, (repeat, at) in enumerate(place)
        )

    def evaluate(
        self,
        tree: Tree,
        place: Place = ALONE,
        own: Value = "",
        row: Mapping[str, str] | None = None,
        seed: str = "",
    ) -> Value:
        """Evaluate a tree as it stands at a place."""
        context = Context(
            answer=lambda name: self.seen(name, place),
            today=self.today,
            choice_label=self._choice_label,
            own=own,
            row=row or {},
            list_rows=self._list_rows,
            positions=tuple(at + 1 for _repeat, at in place),
            answer_at=lambda name, numbers: self._seen_at(name, numbers, place),
            now=self.now,
            started=self.started,
            seed=seed or self.seed,
            language=self.language,
        )
        return evaluate(tree, context)

    def _list_rows(self, name: str) -> Sequence[Mapping[str, str]]:
        return self.questionnaire.lists.get(name, ())

    def _choice_label(self, question: str, name: str) -> str:
        asked = self.questionnaire.find(question)
        choice = asked.choice(name) if asked else None
        return choice.label.get(self.language) if choice else ""

    def _row(self, choice: Choice) -> Mapping[str, str]:
        label = choice.label.get(self.language)
        return {**choice.columns, "name": choice.name, "label": label}

    def _worked_out(self, question: Question, place: Place, tree: Tree) -> Value:
        at = ".".join(str(at) for _repeat, at in place) or "-1"
        seed = f"{self.seed}:{question.name}:{at}"
        return typed.cast(question, self.evaluate(tree, place, seed=seed))

    def _wrong(self, question: Question, place: Place, name: str) -> Iterator[Flaw]:
        answer = self.typed.get((question.name, place))
        if answer in (None, "", []):
            if question.required and truth(self.evaluate(question.required, place)):
                yield Flaw(name, say("please answer this question"), own=question.required_message)
        elif question.constraint and not self._fits(question, place, answer):
            yield Flaw(name, say("this answer does not fit"), own=question.constraint_message)
        elif answer == OTHER and question.kind == "company" and not self.other:
            yield Flaw(name, say("please write which company it was"))
        elif answer == OTHER and question.kind == "company" and len(self.other) > LONGEST_NAME:
            yield Flaw(name, say("is longer than {most} characters"), {"most": LONGEST_NAME})
        elif isinstance(answer, list) and len(answer) > 1 and _has_exclusive(question, answer):
            yield Flaw(
                name, say("one of these answers goes with no other; take it or the others back")
            )
        elif question.choice_filter and not self._is_offered(question, place, answer):
            yield Flaw(name, say("does not go with your other answers; please choose again"))
        elif question.kind == "rank" and not self._is_whole(question, place, answer):
            yield Flaw(name, say("please give every one of them a place"))

    def _fits(self, question: Question, place: Place, answer: Scalar | None) -> bool:
        assert question.constraint is not None
        own = typed.value(question, answer, self.today)
        return truth(self.evaluate(question.constraint, place, own))

    def _is_whole(self, question: Question, place: Place, answer: Scalar | None) -> bool:
        ranked = len(answer) if isinstance(answer, list) else 0
        return ranked >= len(self.choices_of(question, place))

    def _is_offered(self, question: Question, place: Place, answer: Scalar | None) -> bool:
        offered = {choice.name for choice in self.choices_of(question, place)}
        return offered.issuperset(answer if isinstance(answer, list) else [str(answer)])


def _shared(repeats: Sequence[str], place: Place) -> Place:
    """Return as much of a place as lies within these repeats."""
    pairs = zip(repeats, place, strict=False)
    return tuple(at for _repeat, at in takewhile(lambda pair: pair[0] == pair[1][0], pairs))


def _has_exclusive(question: Question, answer: list[str]) -> bool:
    return any(choice.exclusive for name in answer if (choice := question.choice(name)))


def _written(raw: object) -> str:
    try:
        return typed.plain(raw)
    except typed.Unreadable:
        return ""
