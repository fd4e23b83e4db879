"""Answers against their questionnaire: what is kept, what is wrong. The server's word, whatever
a page or file did.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from config.language.problems import say
from config.language.texts import NO_WORDS, Text
from surveys.questionnaires import typed
from surveys.questionnaires.expressions.evaluate import Context, evaluate
from surveys.questionnaires.expressions.parse import Tree
from surveys.questionnaires.expressions.values import Nodes, Value, number, text, truth
from surveys.questionnaires.questionnaire import OTHER, Choice, Question, Questionnaire, Section

Scalar = typed.Answer
Answer = Scalar | list[dict[str, Scalar]]
MOST_PARTS = 50  # instances of one repeat; a household has fewer appliances
ALONE = -1  # the place of what stands in no repeat


@dataclass(frozen=True)
class Flaw:
    """One answer that cannot be accepted: the author's own message, or ours as words and values."""

    question: str  # or, within a repeat, repeat:0:question
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


def part_field(repeat: str, at: int, question: str) -> str:
    """Return the name of a question's field within the instance `at` of a repeat."""
    return f"{repeat}:{at}:{question}"


def check(
    questionnaire: Questionnaire,
    given: Mapping[str, object],
    *,
    today: date,
    companies: Collection[str] = (),
    now: datetime | None = None,
    seed: str = "",
) -> Checked:
    """Check given answers. Values may be texts, numbers or lists of texts; "", None and [] are no
    answer.

    The answer of a repeat is a list of mappings. `today` and `now` are when the interview ended;
    `companies` are the keys that the company picker offers; `seed` is the response's own, for what
    is drawn at random.
    """
    return Evaluation(
        questionnaire, given, today=today, companies=companies, now=now, seed=seed
    ).checked()


class Evaluation:
    """One set of answers while it is looked at. Values are worked out on demand and once; the
    checks made sure it ends.

    A question is met at a place: ALONE, or the number of its instance within its repeat.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        given: Mapping[str, object],
        *,
        today: date,
        companies: Collection[str] = (),
        now: datetime | None = None,
        seed: str = "",
    ) -> None:
        self.questionnaire, self.companies = questionnaire, frozenset(companies)
        self.today, self.now, self.seed = (
            today,
            now or datetime.combine(today, datetime.min.time()),
            seed,
        )
        self.given = given
        # as text, so that answers which were changed in place, or true for 1, are noticed
        self.written = repr(dict(given))
        self.known: Checked | None = None
        self.flaws: list[Flaw] = []
        self.values: dict[tuple[str, int], Value] = {}
        self.relevance: dict[tuple[str, int], bool] = {}
        self.typed: dict[tuple[str, int], Scalar | None] = {}
        self.given_parts: dict[str, int] = {}
        self.other = _written(
            given.get(other_field(q.name)) if (q := questionnaire.company_question) else None
        )
        for question in questionnaire.questions.values():
            if question.kind == "repeat":
                self._read_parts(question, given.get(question.name))
            else:
                self._read(question, ALONE, given.get(question.name))

    def _read(self, question: Question, at: int, raw: object, name: str = "") -> None:
        if question.kind == "hidden":
            raw = raw or question.default
        if question.kind in ("note", "calculate") or raw in (None, "", []):
            return
        try:
            self.typed[question.name, at] = typed.read(question, raw, self.companies)
        except typed.Unreadable as error:
            self.typed[question.name, at] = None
            self.flaws.append(Flaw(name or question.name, error.text, error.values))

    def _read_parts(self, repeat: Question, raw: object) -> None:
        instances = raw if isinstance(raw, list) else []
        if raw not in (None, "") and not (
            isinstance(raw, list) and all(isinstance(s, dict) for s in instances)
        ):
            self.flaws.append(Flaw(repeat.name, say("is no list of instances")))
            instances = []
        if len(instances) > MOST_PARTS:
            self.flaws.append(
                Flaw(repeat.name, say("has more than {most} instances"), {"most": MOST_PARTS})
            )
        self.given_parts[repeat.name] = min(len(instances), MOST_PARTS)
        for at, instance in enumerate(instances[:MOST_PARTS]):
            for part in repeat.parts:
                self._read(
                    part, at, instance.get(part.name), part_field(repeat.name, at, part.name)
                )

    def is_of(
        self,
        questionnaire: Questionnaire,
        given: Mapping[str, object],
        *,
        now: datetime,
        companies: Collection[str],
        seed: str,
    ) -> bool:
        """Say whether these answers, at this moment, are the ones that are looked at here."""
        return (
            self.questionnaire is questionnaire
            and self.written == repr(dict(given))
            and (self.today, self.now, self.seed) == (now.date(), now, seed)
            and self.companies == frozenset(companies)
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
        answers: dict[str, Answer] = {}
        flaws = [flaw for flaw in self.flaws if self._counts(flaw.question)]
        unread = {flaw.question for flaw in flaws}
        for question in self.questionnaire.questions.values():
            if question.kind == "note" or not self.is_relevant(question):
                continue
            if question.kind == "repeat":
                instances = [
                    self._part(question, at, unread, flaws) for at in range(self.parts_of(question))
                ]
                if any(instances):
                    answers[question.name] = instances
                continue
            answer = self._one(question, ALONE, question.name, unread, flaws)
            if answer not in (None, "", []):
                assert answer is not None
                answers[question.name] = answer
            if answer == OTHER and question.kind == "company" and self.other:
                answers[other_field(question.name)] = self.other
        order = {name: i for i, name in enumerate(self.questionnaire.questions)}
        flaws.sort(key=lambda flaw: order.get(flaw.question.partition(":")[0], len(order)))
        return Checked(answers, tuple(flaws))

    def _part(
        self, repeat: Question, at: int, unread: set[str], flaws: list[Flaw]
    ) -> dict[str, Scalar]:
        evaluation: dict[str, Scalar] = {}
        for part in repeat.parts:
            if part.kind != "note" and self.is_relevant(part, at):
                answer = self._one(part, at, part_field(repeat.name, at, part.name), unread, flaws)
                if answer not in (None, "", []):
                    assert answer is not None
                    evaluation[part.name] = answer
        return evaluation

    def _one(
        self, question: Question, at: int, name: str, unread: set[str], flaws: list[Flaw]
    ) -> Scalar | None:
        if question.kind == "calculate":
            worth = self.value(question.name, at)
            return worth if isinstance(worth, (str, int, float)) else text(worth)
        if name not in unread:
            flaws += self._wrong(question, at, name)
        return self.typed.get((question.name, at))

    def _counts(self, name: str) -> bool:
        """Whether something unreadable was asked at all."""
        repeat, _colon, rest = name.partition(":")
        question = self.questionnaire.questions[repeat]
        if not self.is_relevant(question):
            return False
        at, _colon, part = rest.partition(":")
        return not part or self.is_relevant(self.questionnaire.parts[part][1], int(at))

    def is_shown(self, question: Question, at: int = ALONE) -> bool:
        """Whether a question is to be seen."""
        return question.kind not in ("calculate", "hidden") and self.is_relevant(question, at)

    def is_relevant(self, question: Question, at: int = ALONE) -> bool:
        """Whether every condition of a question holds."""
        key = question.name, at
        if key not in self.relevance:
            self.relevance[key] = all(truth(self.evaluate(tree, at)) for tree in question.relevant)
        return self.relevance[key]

    def parts_of(self, repeat: Question) -> int:
        """Return how many instances a repeat has: as many as its count says, else as were given."""
        if repeat.count is None:
            return self.given_parts.get(repeat.name, 0)
        wanted = number(self.evaluate(repeat.count))
        return min(max(int(wanted), 0), MOST_PARTS) if math.isfinite(wanted) else 0

    def choices_of(self, question: Question, at: int = ALONE) -> Sequence[Choice]:
        """Return the choices that go with the other answers."""
        if question.choice_filter is None:
            return question.choices
        tree = question.choice_filter
        return [
            choice
            for choice in question.choices
            if truth(self.evaluate(tree, at, row=_row(choice)))
        ]

    def value(self, name: str, at: int = ALONE) -> Value:
        """Return what expressions see of a question: "" where it is unanswered or not relevant."""
        if (name, at) not in self.values:
            question = self.questionnaire.find(name)
            if question is None or question.kind == "repeat" or not self._is_met(question, at):
                self.values[name, at] = ""
            elif question.kind == "calculate":
                self.values[name, at] = self._worked_out(question, at)
            else:
                self.values[name, at] = typed.value(
                    question, self.typed.get((name, at)), self.today
                )
        return self.values[name, at]

    def _is_met(self, question: Question, at: int) -> bool:
        repeat = self.questionnaire.parts.get(question.name)
        return (repeat is None or self.is_relevant(repeat[0])) and self.is_relevant(question, at)

    def seen(self, name: str, at: int) -> Value | Nodes:
        """Return what an expression at a place sees of a question: from outside its repeat,
        every instance's value.
        """
        question = self.questionnaire.questions.get(name)
        if question is not None and question.kind == "repeat":
            return ("",) * self.parts_of(question) if self.is_relevant(question) else ()
        if name not in self.questionnaire.parts:
            return self.value(name)
        repeat = self.questionnaire.parts[name][0]
        if at != ALONE:
            return self.value(name, at)
        if not self.is_relevant(repeat):
            return ()
        return tuple(self.value(name, i) for i in range(self.parts_of(repeat)))

    def evaluate(
        self,
        tree: Tree,
        at: int = ALONE,
        own: Value = "",
        row: Mapping[str, str] | None = None,
        seed: str = "",
    ) -> Value:
        """Evaluate a tree as it stands at a place."""
        context = Context(
            answer=lambda name: self.seen(name, at),
            today=self.today,
            choice_label=self._choice_label,
            own=own,
            row=row or {},
            list_rows=self._list_rows,
            position=at + 1,
            answer_at=lambda name, i: self.value(name, i - 1),
            now=self.now,
            seed=seed or self.seed,
        )
        return evaluate(tree, context)

    def _list_rows(self, name: str) -> Sequence[Mapping[str, str]]:
        return self.questionnaire.lists.get(name, ())

    def _choice_label(self, question: str, name: str) -> str:
        asked = self.questionnaire.find(question)
        choice = asked.choice(name) if asked else None
        return choice.label.zh if choice else ""

    def _worked_out(self, question: Question, at: int) -> str | float:
        assert question.calculation is not None
        worth = self.evaluate(question.calculation, at, seed=f"{self.seed}:{question.name}:{at}")
        if isinstance(worth, float) and not isinstance(worth, bool):
            if not math.isfinite(worth):
                return ""  # a calculation on nothing is nothing
            return int(worth) if worth.is_integer() else worth
        return text(worth)

    def _wrong(self, question: Question, at: int, name: str) -> Iterator[Flaw]:
        answer = self.typed.get((question.name, at))
        if answer in (None, "", []):
            if (
                question.is_asked
                and question.required
                and truth(self.evaluate(question.required, at))
            ):
                yield Flaw(name, say("please answer this question"), own=question.required_message)
        elif question.constraint and not self._fits(question, at, answer):
            yield Flaw(name, say("this answer does not fit"), own=question.constraint_message)
        elif answer == OTHER and question.kind == "company" and not self.other:
            yield Flaw(name, say("please write which company it was"))
        elif isinstance(answer, list) and len(answer) > 1 and _has_exclusive(question, answer):
            yield Flaw(
                name, say("one of these answers goes with no other; take it or the others back")
            )
        elif question.choice_filter and not self._is_offered(question, at, answer):
            yield Flaw(name, say("does not go with your other answers; please choose again"))

    def _fits(self, question: Question, at: int, answer: Scalar | None) -> bool:
        assert question.constraint is not None
        return truth(
            self.evaluate(question.constraint, at, typed.value(question, answer, self.today))
        )

    def _is_offered(self, question: Question, at: int, answer: Scalar | None) -> bool:
        offered = {choice.name for choice in self.choices_of(question, at)}
        return offered.issuperset(answer if isinstance(answer, list) else [str(answer)])


def _has_exclusive(question: Question, answer: list[str]) -> bool:
    return any(choice.exclusive for name in answer if (choice := question.choice(name)))


def _row(choice: Choice) -> Mapping[str, str]:
    return {**choice.columns, "name": choice.name, "label": choice.label.zh}


def _written(raw: object) -> str:
    try:
        return typed.plain(raw)
    except typed.Unreadable:
        return ""
