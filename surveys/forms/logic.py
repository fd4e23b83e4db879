"""What the browser needs to show, hide and check as one types: no more of the questionnaire than
this page hangs on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from config.language.texts import Language
from surveys.questionnaires.expressions.parse import Tree, parts_of
from surveys.questionnaires.questionnaire import (
    Question,
    Questionnaire,
    Section,
    with_parts,
)


def logic(
    questionnaire: Questionnaire,
    section: Section,
    answers: Mapping[str, object],
    language: Language,
    seed: str,
    started: datetime | None = None,
) -> dict[str, Any]:
    """Return the logic of a section and of every question that it hangs on, with what was
    answered there.
    """
    here = {part.name: part for question in section.questions for part in with_parts(question)}
    needed = _needed(questionnaire, here)
    labelled = {
        name
        for question in needed.values()
        for tree in _trees(question)
        for name in _labelled(tree)
    }
    shown = {name for question in here.values() for name in _shown(question, language)}
    return {
        "questions": {
            name: _of(
                question,
                language,
                with_labels=name in labelled or name in shown or question.calculation is not None,
            )
            for name, question in needed.items()
        },
        "repeats": {
            q.name: [part.name for part in q.parts] for q in needed.values() if q.kind == "repeat"
        },
        "answers": {name: answers[name] for name in needed if name in answers and name not in here},
        "lists": {
            name: rows
            for name, rows in questionnaire.lists.items()
            if _looks_up(needed.values(), name)
        },
        "seed": seed,
        "started": started.isoformat(timespec="milliseconds") if started else "",
    }


def mentioned(tree: Tree) -> Iterator[str]:
    """Yield the questions that a tree names."""
    if tree[0] == "ref":
        yield tree[1]
    for part in parts_of(tree):
        yield from mentioned(part)


def _trees(question: Question) -> Iterator[Tree]:
    yield from question.relevant
    every = (question.constraint, question.calculation, question.choice_filter, question.count)
    for tree in (*every, question.initial):
        if tree:
            yield tree


def _needed(questionnaire: Questionnaire, here: Mapping[str, Question]) -> dict[str, Question]:
    needed = dict(here)
    queue = list(here.values())
    while queue:
        question = queue.pop()
        names = {name for tree in _trees(question) for name in mentioned(tree)} | set(
            _shown(question, "zh-Hans")
        )
        names |= {repeat for name in names for repeat in questionnaire.repeats.get(name, ())}
        for name in names - needed.keys():
            if found := questionnaire.find(name):
                every = list(with_parts(found))
                needed |= {part.name: part for part in every}
                queue += every
    return needed


def _shown(question: Question, language: Language) -> Iterator[str]:
    """Yield the questions whose answers stand in the words of this one."""
    for words in (question.label.get(language), question.hint.get(language)):
        for piece in words.split("${")[1:]:
            yield piece.partition("}")[0].strip()


def _labelled(tree: Tree) -> Iterator[str]:
    if tree[:2] == ("call", "jr:choice-name"):
        yield str(tree[2][1][-1]).strip().strip("${}").rpartition("/")[2]
    for part in parts_of(tree):
        yield from _labelled(part)


def _looks_up(questions: Iterable[Question], name: str) -> bool:
    return any(f"'{name}'" in repr(tree) for question in questions for tree in _trees(question))


def _of(question: Question, language: Language, *, with_labels: bool) -> dict[str, Any]:
    """Return one question's logic, without what is empty."""
    looks_at_labels = "('column', 'label')" in repr(question.choice_filter)
    columns: dict[str, list[Mapping[str, str]]] = {}
    for choice in question.choices if question.choice_filter else ():
        row = {"label": choice.label.get(language)} if looks_at_labels else {}
        # a list may have a name twice
        columns.setdefault(choice.name, []).append({**choice.columns, **row})
    message = question.constraint and (
        question.constraint_message.get(language) or _("this answer does not fit")
    )
    every = {
        "kind": question.kind,
        "relevant": question.relevant,
        "constraint": question.constraint,
        "message": message,
        "calculation": question.calculation,
        "filter": question.choice_filter,
        "rows": columns,
        "count": question.count,
        "default": question.default if question.kind == "hidden" else "",
        "initial": question.initial,
        "renewed": question.renewed_by,
        "labels": {choice.name: choice.label.get(language) for choice in question.choices}
        if with_labels
        else {},
    }
    return {key: value for key, value in every.items() if value}
