"""Random answers to a whole questionnaire, and what server and page make of them, in one shape."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from config.language.texts import NO_WORDS, Language
from surveys.forms.logic import logic
from surveys.questionnaires.answers import ALONE, Evaluation, Place, field_name
from surveys.questionnaires.expressions.values import text, truth
from surveys.questionnaires.questionnaire import Choice, Question, Questionnaire, Section

STATIC = Path(__file__).parents[3] / "surveys" / "static" / "surveys"
NOW = datetime(2026, 11, 24, 14, 5, 30)  # noqa: DTZ001
STARTED = datetime(2026, 11, 24, 13, 58, 0)  # noqa: DTZ001
SEED = "b7"

BY_PAGE = """([logic, every, english]) => every.map(([answers, asked]) => {
  const inner = (place) => (place ? place.split(":") : []).reduce((at, part) => (at || {})[part], answers) || {};
  const given = (name, place) => {
    const answer = inner(place)[name];
    return answer === undefined ? undefined : [].concat(answer).map((part) => part.trim()).join(" ");
  };
  const sheets = (name, place) => (inner(place)[name] || []).length;
  const clock = {now: Expressions.moment("2026-11-24T14:05:30"), started: Expressions.moment("2026-11-24T13:58:00"), english};
  const twin = Answers(logic, given, sheets, clock);
  const said = (worth) => (typeof worth === "object" && worth ? new Date(worth.ms).toISOString().slice(0, 19) : typeof worth === "boolean" ? worth : Expressions.text(worth));
  return asked.map(([name, place, kind, choices]) => [
    place ? `${place}:${name}` : name,
    twin.isMet(name, place),
    kind === "repeat" ? twin.partsOf(name, place) : said(twin.value(name, place)),
    twin.fits(name, place),
    choices.filter((choice, i) => choices.indexOf(choice) === i && twin.offers(name, place, choice)),
  ]);
})"""


def whole_logic(questionnaire: Questionnaire, language: Language) -> dict[str, Any]:
    """Return the logic of all questions, as if they stood on one page."""
    everything = Section("all", NO_WORDS, tuple(questionnaire.questions.values()))
    return logic(questionnaire, everything, {}, language, SEED)


def answers(questions: Iterable[Question], draw: random.Random) -> dict[str, Any]:
    """Return answers as a page posts them: some left out, some of no kind of theirs."""
    found: dict[str, Any] = {}
    for question in questions:
        if question.kind == "repeat":
            found[question.name] = [
                answers(question.parts, draw) for _i in range(draw.randrange(4))
            ]
        elif question.is_asked and draw.random() < 0.8:
            given = answer(question, draw)
            if given not in (None, []):
                found[question.name] = given
    return found


def answer(question: Question, draw: random.Random) -> Any:
    names = list(dict.fromkeys(choice.name for choice in question.choices))
    match question.kind:
        case "select_one":
            return draw.choice(names) if names else None
        case "select_multiple":
            return draw.sample(names, draw.randint(0, min(3, len(names))))
        case "rank":
            return draw.sample(names, len(names))
        case "integer":
            return draw.choice(["0", "1", "2", "3", "17", "18", "45", "-1", "１２", "2.5", "x", ""])
        case "decimal":
            return draw.choice(["0", "0.5", "12.25", "-3", "３．５", "1e2", "5²", "½", "abc"])
        case "range":
            assert question.range is not None
            steps = int((question.range.end - question.range.start) / question.range.step)
            return f"{question.range.start + draw.randint(0, steps) * question.range.step:g}"
        case "company":
            return draw.choice(["not_sure", "other"])
        case "text":
            return draw.choice(
                [
                    "",
                    "a",
                    "no",
                    "yes",
                    "１２",
                    "满意",
                    "13800138000",
                    " x y ",
                    "y\u200bes",
                    "a\u00a0b\u3000c",
                    "1\n2",
                ]
            )
        case "date":
            return draw.choice(["2026-11-24", "2001-02-28", "1990-12-31"])
        case "time":
            return draw.choice(["00:00", "14:05"])
        case "datetime":
            return draw.choice(["2026-11-23T08:30", "2020-02-29T23:59"])
        case "geopoint":
            return draw.choice(["37.87059 112.55067 0 0", "37.87, 112.50", "here", "91 0"])
    return None


def placed(
    questions: Iterable[Question], evaluation: Evaluation, place: Place = ALONE
) -> Iterator[tuple[Question, Place]]:
    """Yield every question with a value at every place it is met."""
    for question in questions:
        if question.kind != "note":
            yield question, place
        if question.kind == "repeat":
            for at in range(evaluation.parts_of(question, place)):
                yield from placed(question.parts, evaluation, (*place, (question.name, at)))


def by_server(
    questionnaire: Questionnaire, given: dict[str, Any], language: Language = "zh-Hans"
) -> tuple[list[list[Any]], list[list[Any]]]:
    """Return what the server makes of answers, and of which questions it is asked of the page."""
    evaluation = Evaluation(
        questionnaire,
        given,
        today=NOW.date(),
        now=NOW,
        started=STARTED,
        seed=SEED,
        language=language,
    )
    worth, asked = [], []
    for question, place in placed(questionnaire.questions.values(), evaluation):
        where = ":".join(f"{repeat}:{at}" for repeat, at in place)
        names = [choice.name for choice in question.choices]
        asked.append([question.name, where, question.kind, names])
        worth.append(
            [
                field_name(place, question.name),
                evaluation._is_met(question, place),
                evaluation.parts_of(question, place)
                if question.kind == "repeat"
                else _said(evaluation.value(question.name, place)),
                fits(evaluation, question, place),
                list(dict.fromkeys(c.name for c in _in_list(evaluation, question, place))),
            ]
        )
    return worth, asked


def _in_list(evaluation: Evaluation, question: Question, place: Place) -> list[Choice]:
    offered = {choice.name for choice in evaluation.choices_of(question, place)}
    return [choice for choice in question.choices if choice.name in offered]


def _said(worth: Any) -> Any:
    if isinstance(worth, bool):
        return worth
    if hasattr(worth, "year"):
        return f"{worth.isoformat()}T00:00:00"[:19]
    return text(worth)


def fits(evaluation: Evaluation, question: Question, place: Place) -> bool:
    answer = evaluation.typed.get((question.name, place))
    if question.constraint is None or answer in (None, "", []):
        return True
    return truth(evaluation._fits(question, place, answer))


def alike(ours: list[Any], theirs: list[Any]) -> bool:
    """Compare two rows; numbers to the last digit but one."""
    if ours == theirs:
        return True
    try:
        near = abs(float(ours[2]) - float(theirs[2])) <= 1e-9 * abs(float(ours[2]))
    except (TypeError, ValueError):
        return False
    return near and ours[:2] + ours[3:] == theirs[:2] + theirs[3:]
