"""Two versions of a questionnaire, question by question: what changed, and whether old and new
answers add up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from config.language.problems import say
from surveys.questionnaires.questionnaire import Indicator, Question, Questionnaire

Outcome = Literal["same", "reworded", "added", "removed", "apart"]

# what makes answers of two versions differ in meaning
APART = {
    "kind": say("another kind of question"),
    "choices": say("choices were taken away or mean something else"),
    "range": say("another scale"),
    "relevant": say("asked of other people"),
    "calculation": say("worked out otherwise"),
    "score": say("scored otherwise"),
    "repeat": say("moved into or out of a repeat"),
}
REWORDED = {
    "label": say("other words"),
    "hint": say("another hint"),
    "choices": say("choices were added or reworded"),
    "required": say("required in one version only"),
    "constraint": say("other answers are let through"),
}


@dataclass(frozen=True)
class Difference:
    """One question in two versions. reasons: msgids; empty where it is the same, new or gone."""

    name: str
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    old: Question | None = None
    new: Question | None = None

    @property
    def adds_up(self) -> bool:
        """Whether answers of both versions may be counted together."""
        return self.outcome not in ("apart", "removed")


def compare(old: Questionnaire, new: Questionnaire) -> list[Difference]:
    """Return every question of both, in the order of the new one, what is gone at the end."""
    before, after = dict(_every(old)), dict(_every(new))
    rules = (
        {leaf.question: leaf for leaf in old.leaves()},
        {leaf.question: leaf for leaf in new.leaves()},
    )
    found = [
        _difference(name, before[name], question, rules[0].get(name), rules[1].get(name))
        if name in before
        else Difference(name, "added", new=question[1])
        for name, question in after.items()
    ]
    return found + [
        Difference(name, "removed", old=before[name][1]) for name in before if name not in after
    ]


def _every(questionnaire: Questionnaire) -> Iterator[tuple[str, tuple[str, Question]]]:
    """Yield every question with a value by name, with the repeat it stands in."""
    for question in questionnaire.questions.values():
        if question.kind != "note":
            yield question.name, ("", question)
        for part in question.parts:
            if part.kind != "note":
                yield part.name, (question.name, part)


def _difference(
    name: str,
    before: tuple[str, Question],
    after: tuple[str, Question],
    old: Indicator | None,
    new: Indicator | None,
) -> Difference:
    apart = tuple(APART[key] for key in _apart(before, after, old, new))
    reworded = tuple(REWORDED[key] for key in _reworded(before[1], after[1]))
    outcome: Outcome = "apart" if apart else "reworded" if reworded else "same"
    return Difference(name, outcome, (*apart, *reworded), before[1], after[1])


def _apart(
    before: tuple[str, Question],
    after: tuple[str, Question],
    old: Indicator | None,
    new: Indicator | None,
) -> Iterator[str]:
    (repeat, a), (other_repeat, b) = before, after
    if a.kind != b.kind:
        yield "kind"
    if {choice.name for choice in a.choices} - {choice.name for choice in b.choices}:
        yield "choices"
    if a.range != b.range:
        yield "range"
    if a.relevant != b.relevant or a.choice_filter != b.choice_filter:
        yield "relevant"
    if a.calculation != b.calculation:
        yield "calculation"
    if (old and old.rule) != (new and new.rule):
        yield "score"
    if repeat != other_repeat:
        yield "repeat"


def _reworded(a: Question, b: Question) -> Iterator[str]:
    if a.label != b.label:
        yield "label"
    if (a.hint, a.guidance) != (b.hint, b.guidance):
        yield "hint"
    if [(c.name, c.label) for c in a.choices] != [(c.name, c.label) for c in b.choices]:
        yield "choices"
    if a.required != b.required:
        yield "required"
    if a.constraint != b.constraint:
        yield "constraint"
