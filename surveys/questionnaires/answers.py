"""Answers against their questionnaire: what is kept, what is wrong. The server's word, whatever a page or file did."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from config.problems import say
from config.texts import NO_WORDS, Text
from surveys.questionnaires.expressions.evaluate import Context, evaluate
from surveys.questionnaires.expressions.parse import Tree
from surveys.questionnaires.expressions.values import Value, text, truth
from surveys.questionnaires.questionnaire import NOT_SURE, OTHER, Question, Questionnaire, Section

Answer = str | float | int | list[str]
LONGEST = 5_000  # characters of a written answer


@dataclass(frozen=True)
class Flaw:
    """One answer that cannot be accepted: the author's own message, or ours as words and values."""

    question: str
    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    own: Text = NO_WORDS


@dataclass(frozen=True)
class Checked:
    """The answers to keep (asked, relevant, in order, calculations included) and what is wrong with the given ones."""

    answers: dict[str, Answer]
    flaws: tuple[Flaw, ...]


def other_field(question: str) -> str:
    """Return the name under which the company is written that the picker does not list."""
    return f"{question}_other"


def check(
    questionnaire: Questionnaire,
    given: Mapping[str, object],
    *,
    today: date,
    companies: Collection[str] = (),
) -> Checked:
    """Check given answers. Values may be texts, numbers or lists of texts; "", None and [] are no answer.

    `today` is the day of the interview; `companies` are the keys that the company picker offers.
    """
    return _Sheet(questionnaire, given, today, frozenset(companies)).checked()


def reachable(questionnaire: Questionnaire, given: Mapping[str, object], *, today: date) -> list[Section]:
    """Return the sections in which something is to be shown, given the answers so far."""
    shown = relevant_names(questionnaire, given, today=today)
    return [s for s in questionnaire.sections if any(q.name in shown for q in s.questions)]


def relevant_names(questionnaire: Questionnaire, given: Mapping[str, object], *, today: date) -> set[str]:
    """Return the questions that are to be shown, given the answers so far."""
    sheet = _Sheet(questionnaire, given, today, frozenset())
    return {name for name, question in questionnaire.questions.items() if sheet.is_shown(question)}


class _Sheet:
    """One set of answers while it is checked. Values are worked out on demand; the checks made sure it ends."""

    def __init__(
        self, questionnaire: Questionnaire, given: Mapping[str, object], today: date, companies: frozenset[str]
    ) -> None:
        self.questionnaire, self.today, self.companies = questionnaire, today, companies
        self.flaws: list[Flaw] = []
        self.values: dict[str, Value] = {}
        self.relevance: dict[str, bool] = {}
        self.typed: dict[str, Answer | None] = {}
        self.other = _plain(given.get(other_field(q.name)) if (q := questionnaire.company_question) else None)
        for name, question in questionnaire.questions.items():
            raw = given.get(name)
            if not question.is_asked or raw in (None, "", []):
                continue
            try:
                self.typed[name] = self._read(question, raw)
            except _Unreadable as error:
                self.typed[name] = None
                self.flaws.append(Flaw(name, error.text, error.values))

    def checked(self) -> Checked:
        unreadable = {flaw.question: flaw for flaw in self.flaws}
        answers: dict[str, Answer] = {}
        flaws: list[Flaw] = []
        for name, question in self.questionnaire.questions.items():
            if not self.is_relevant(question):
                continue
            if name in unreadable:
                flaws.append(unreadable[name])
                continue
            flaws += self._wrong(question)
            answer = self._worked_out(question) if question.kind == "calculate" else self.typed.get(name)
            if answer not in (None, "", []):
                assert answer is not None
                answers[name] = answer
            if answer == OTHER and question.kind == "company" and self.other:
                answers[other_field(name)] = self.other
        return Checked(answers, tuple(flaws))

    def is_shown(self, question: Question) -> bool:
        return question.kind != "calculate" and self.is_relevant(question)

    def is_relevant(self, question: Question) -> bool:
        if question.name not in self.relevance:
            self.relevance[question.name] = all(truth(self._evaluate(tree)) for tree in question.relevant)
        return self.relevance[question.name]

    def value(self, name: str) -> Value:
        """Return what expressions see of a question: "" where it is unanswered or not relevant."""
        if name not in self.values:
            question = self.questionnaire.questions.get(name)
            if question is None or not self.is_relevant(question):
                self.values[name] = ""
            elif question.kind == "calculate":
                self.values[name] = self._worked_out(question)
            else:
                self.values[name] = _value(question, self.typed.get(name))
        return self.values[name]

    def _evaluate(self, tree: Tree, own: Value = "") -> Value:
        return evaluate(tree, Context(self.value, self.today, self._choice_label, own))

    def _choice_label(self, question: str, name: str) -> str:
        asked = self.questionnaire.questions.get(question)
        choice = asked.choice(name) if asked else None
        return choice.label.zh if choice else ""

    def _worked_out(self, question: Question) -> str | float:
        assert question.calculation is not None
        worth = self._evaluate(question.calculation)
        if isinstance(worth, float) and not isinstance(worth, bool):
            if not math.isfinite(worth):
                return ""  # a calculation on nothing is nothing
            return int(worth) if worth.is_integer() else worth
        return text(worth)

    def _wrong(self, question: Question) -> Iterator[Flaw]:
        answer = self.typed.get(question.name)
        if answer in (None, "", []):
            if question.is_asked and question.required and truth(self._evaluate(question.required)):
                yield Flaw(question.name, say("please answer this question"), own=question.required_message)
        elif question.constraint and not truth(self._evaluate(question.constraint, _value(question, answer))):
            yield Flaw(question.name, say("this answer does not fit"), own=question.constraint_message)
        elif answer == OTHER and question.kind == "company" and not self.other:
            yield Flaw(question.name, say("please write which company it was"))

    def _read(self, question: Question, raw: object) -> Answer | None:
        match question.kind:
            case "select_one":
                return _chosen(question, _plain(raw))
            case "select_multiple":
                names = raw if isinstance(raw, list) else _plain(raw).split()
                return [_chosen(question, name) for name in dict.fromkeys(map(_plain, names))]
            case "company":
                return self._company(_plain(raw))
            case "integer":
                return _integer(_number(raw))
            case "decimal":
                return _number(raw)
            case "range":
                return _on_range(question, _number(raw))
            case "date":
                return _day(_plain(raw))
        if len(_plain(raw)) > LONGEST:
            raise _Unreadable(say("is longer than {most} characters"), most=LONGEST)
        return _plain(raw) or None

    def _company(self, name: str) -> str:
        if name not in self.companies and name not in (NOT_SURE, OTHER):
            raise _Unreadable(say("“{answer}” is not among the companies of this survey"), answer=name[:60])
        return name


class _Unreadable(Exception):
    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text)
        self.text, self.values = text, values


def _plain(raw: object) -> str:
    if raw is None:
        return ""
    if isinstance(raw, (dict, list, bool)):
        raise _Unreadable(say("is not a text or a number"))
    # what no pen writes: control characters would break files and pages later
    return "".join(c for c in str(raw).strip() if c in "\n\t" or c.isprintable() or c == "\u3000")


def _chosen(question: Question, name: str) -> str:
    if question.choice(name) is None:
        raise _Unreadable(say("“{answer}” is not among the answers to choose from"), answer=name[:60])
    return name


def _number(raw: object) -> float:
    try:
        number = float(_plain(raw))
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or abs(number) > 1e15:
        raise _Unreadable(say("“{answer}” is not a number"), answer=_plain(raw)[:60])
    return number


def _integer(number: float) -> int:
    if not number.is_integer():
        raise _Unreadable(say("“{answer}” is not a whole number"), answer=f"{number:g}")
    return int(number)


def _on_range(question: Question, number: float) -> float | int:
    assert question.range is not None
    steps = (number - question.range.start) / question.range.step
    if not question.range.start <= number <= question.range.end or abs(steps - round(steps)) > 1e-9:
        words = say("“{answer}” is not on the scale from {start:g} to {end:g}")
        raise _Unreadable(words, answer=f"{number:g}", start=question.range.start, end=question.range.end)
    return int(number) if number.is_integer() else number


def _day(written: str) -> str:
    try:
        return date.fromisoformat(written.replace("/", "-")[:10]).isoformat()
    except ValueError:
        raise _Unreadable(say("“{answer}” is not a date such as 2026-11-23"), answer=written[:60]) from None


def _value(question: Question, answer: Answer | None) -> Value:
    if answer is None:
        return ""
    if isinstance(answer, list):
        return " ".join(answer)
    if question.kind == "date":
        return date.fromisoformat(str(answer))
    return answer if isinstance(answer, str) else float(answer)
