"""PURE: what a checklist's answers say, by the rules of its index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from surveys.questionnaires.questionnaire import Indicator, Questionnaire
from surveys.questionnaires.scoring import score

FULL = 100.0


@dataclass(frozen=True)
class Found:
    """An indicator that did not score in full, and the branch of the index it stands under."""

    indicator: str
    topic: str
    critical: bool


def findings(questionnaire: Questionnaire, answers: Mapping[str, object]) -> Iterator[Found]:
    """Yield what was found: facts that scored nothing.

    Opinions are no findings, nor is what does not apply, nor an answer between: an account that is
    suggested and can be skipped is not forced on anybody.
    """
    for topic in questionnaire.indicators:
        for leaf in topic.leaves():
            if _is_finding(leaf, answers):
                yield Found(leaf.name, topic.name, leaf.critical)


def _is_finding(leaf: Indicator, answers: Mapping[str, object]) -> bool:
    assert leaf.question is not None
    assert leaf.rule is not None
    value = score(leaf.rule, answers.get(leaf.question))
    return leaf.kind == "fact" and value == 0.0
