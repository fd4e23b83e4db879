"""The sheet `indicators`: the index of a questionnaire, its weights and how each answer is
scored (design D1).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from config.language.problems import Problem, say
from config.language.texts import Text
from surveys.questionnaires.outline import Outline
from surveys.questionnaires.questionnaire import NOT_APPLICABLE, Indicator, ScoreRule
from surveys.questionnaires.workbook import Row, Workbook

WHOLE = 100.0
LEAF_ONLY = ("question", "kind", "score")


def read(book: Workbook, outline: Outline) -> tuple[tuple[Indicator, ...], list[Problem]]:
    """Return the branches of the index and every problem of the sheet; nothing of either where
    there is no sheet.
    """
    rows = book.rows("indicators")
    problems: list[Problem] = []
    named = {row.get("indicator"): row for row in rows}
    children: dict[str, list[Row]] = {}
    for row in rows:
        children.setdefault(row.get("parent"), []).append(row)
    problems += _names(rows, named)
    problems += _circles(rows, named)
    problems += _weights(children)
    for row in rows:
        problems += _row(row, row.get("indicator") in children, outline)
    for question, count in Counter(
        row.get("question") for row in rows if row.get("question")
    ).items():
        if count > 1:
            last = next(row for row in reversed(rows) if row.get("question") == question)
            message = say("the question {question} is scored {count} times")
            problems.append(
                Problem(last.place("question"), message, {"question": question, "count": count})
            )
    if problems:
        return (), problems
    return tuple(_indicator(row, children) for row in children.get("", ())), []


def _names(rows: Sequence[Row], named: Mapping[str, Row]) -> Iterator[Problem]:
    for row in rows:
        name, parent = row.get("indicator"), row.get("parent")
        if not name:
            yield Problem(row.place("indicator"), say("has no name"))
        elif named[name] is not row:
            message = say("the name {name} is used twice, first in row {row}")
            first = next(r.number for r in rows if r.get("indicator") == name)
            yield Problem(named[name].place("indicator"), message, {"name": name, "row": first})
        if parent and parent not in named:
            yield Problem(
                row.place("parent"), say("there is no indicator {name}"), {"name": parent}
            )
        for language, message in (
            ("zh", say("the Chinese is missing")),
            ("en", say("the English is missing")),
        ):
            if not row.get(f"label::{language}"):
                yield Problem(row.place(f"label::{language}"), message)
            # a fault in one language would be missing in the other's report
            if not row.get(f"fault::{language}") and _faults(row):
                yield Problem(row.place(f"fault::{language}"), message)


def _faults(row: Row) -> list[str]:
    return [text for language in ("zh", "en") if (text := row.get(f"fault::{language}"))]


def _circles(rows: Sequence[Row], named: Mapping[str, Row]) -> Iterator[Problem]:
    for row in rows:
        seen, at = {row.get("indicator")}, row.get("parent")
        while at in named and at not in seen:
            seen.add(at)
            at = named[at].get("parent")
        if at in named and at == row.get("indicator"):
            yield Problem(
                row.place("parent"),
                say("goes in a circle: {path}"),
                {"path": " → ".join(sorted(seen))},
            )


def _weights(children: Mapping[str, Sequence[Row]]) -> Iterator[Problem]:
    for parent, rows in children.items():
        weights = [_number(row.get("weight")) for row in rows]
        for row, weight in zip(rows, weights, strict=True):
            if weight is None or weight <= 0:
                yield Problem(row.place("weight"), say("a weight is a number above 0"))
        known = [w for w in weights if w is not None]
        if len(known) == len(rows) and not math.isclose(
            total := math.fsum(known), WHOLE, abs_tol=1e-6
        ):
            message = say("the weights under {parent} add up to {total:g}, not to 100")
            values = {"parent": parent or "–", "total": total}
            yield Problem(rows[-1].place("weight"), message, values)


def _row(row: Row, is_inner: bool, outline: Outline) -> Iterator[Problem]:
    if is_inner:
        for heading in LEAF_ONLY:
            if row.get(heading):
                yield Problem(
                    row.place(heading),
                    say("an indicator with parts of its own has no {key}"),
                    {"key": heading},
                )
        return
    question = row.get("question")
    if outline.kinds.get(question, "begin_group") in (
        "begin_group",
        "note",
        "text",
        "select_multiple",
        "date",
    ):
        message = say("there is no question {name} that can be scored")
        yield Problem(row.place("question"), message, {"name": question})
        return
    if row.get("kind") not in ("satisfaction", "fact"):
        yield Problem(row.place("kind"), say("must be satisfaction or fact"))
    rule = score_rule(row.get("score"))
    if rule is None:
        message = say(
            "“{score}” cannot be read; write linear 1 10, or a score for every choice such as"
            " yes=100 no=0 na=na"
        )
        yield Problem(row.place("score"), message, {"score": row.get("score")})
        return
    choices = outline.choices_of(question)
    yield from _linear(row, rule, choices) if rule.scale else _by_choice(row, rule, choices)


def _linear(row: Row, rule: ScoreRule, choices: Mapping[str, object]) -> Iterator[Problem]:
    assert rule.scale is not None
    low, high = sorted(rule.scale)
    for name in choices:
        number = _number(name)
        if name != NOT_APPLICABLE and (number is None or not low <= number <= high):
            message = say("the choice {name} is neither a number from {low:g} to {high:g} nor na")
            yield Problem(row.place("score"), message, {"name": name, "low": low, "high": high})


def _by_choice(row: Row, rule: ScoreRule, choices: Mapping[str, object]) -> Iterator[Problem]:
    scored = dict(rule.by_choice)
    for name in choices:
        if name not in scored:
            message = say("the choice {name} has no score; write {name}=na where it does not apply")
            yield Problem(row.place("score"), message, {"name": name})
    for name, value in scored.items():
        if name not in choices:
            yield Problem(
                row.place("score"), say("there is no choice {name} in the list"), {"name": name}
            )
        if value is not None and not 0 <= value <= WHOLE:
            yield Problem(
                row.place("score"),
                say("the score of {name} must lie from 0 to 100"),
                {"name": name},
            )


def score_rule(text: str) -> ScoreRule | None:
    """Read `linear WORST BEST` or `choice=score choice=na ...`; None where it is neither."""
    words = text.split()
    if words and words[0].lower() == "linear":
        ends = [_number(word) for word in words[1:]]
        if len(ends) == 2 and ends[0] is not None and ends[1] is not None and ends[0] != ends[1]:
            return ScoreRule(scale=(ends[0], ends[1]))
        return None
    scores: list[tuple[str, float | None]] = []
    for word in words:
        name, equals, value = word.partition("=")
        number = _number(value)
        if not name or not equals or (number is None and value != NOT_APPLICABLE):
            return None
        scores.append((name, number))
    return (
        ScoreRule(by_choice=tuple(scores))
        if any(score is not None for _name, score in scores)
        else None
    )


def _indicator(row: Row, children: Mapping[str, Sequence[Row]]) -> Indicator:
    name = row.get("indicator")
    parts = tuple(_indicator(part, children) for part in children.get(name, ()))
    weight = _number(row.get("weight")) or 0.0
    label = Text(row.get("label::zh"), row.get("label::en"))
    if parts:
        return Indicator(name, label, weight, parts, legal_basis=row.get("legal_basis"))
    return Indicator(
        name,
        label,
        weight,
        question=row.get("question"),
        kind="fact" if row.get("kind") == "fact" else "satisfaction",
        rule=score_rule(row.get("score")),
        critical=row.get("critical").lower() in ("yes", "true", "1", "是"),
        legal_basis=row.get("legal_basis"),
        fault=Text(row.get("fault::zh"), row.get("fault::en")),
    )


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
