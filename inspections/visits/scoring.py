"""PURE: what a checklist's answers say, by the rules of its index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from surveys.questionnaires.questionnaire import Indicator, Questionnaire
from surveys.questionnaires.scoring import score

# a site that fails a critical item cannot have more (GB/T 27922-2011 deducts in the same way)
CAP = 59.0
# of the weight that much has to apply and be answered, or there is no score
COVERAGE = 0.6


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
    return leaf.kind == "fact" and _points(leaf, answers) == 0.0


@dataclass(frozen=True)
class SectionScore:
    """A branch of the index at one visit: points, or None below the coverage; coverage is the share
    of its weight that applies and was answered.
    """

    topic: str
    points: float | None
    coverage: float


@dataclass(frozen=True)
class VisitScore:
    """The score of one visit, 0 to 100. A critical item that failed caps it and is always named;
    None where too little applied.
    """

    points: float | None
    coverage: float
    sections: tuple[SectionScore, ...]
    critical: tuple[str, ...]

    @property
    def is_capped(self) -> bool:
        """Whether a critical item holds the score down."""
        return bool(self.critical) and self.points == CAP


def score_of(questionnaire: Questionnaire, answers: Mapping[str, object]) -> VisitScore:
    """Return the score of a visit: facts by their weights within a section, sections by theirs.

    What does not apply or was not answered takes its weight with it. It tells a site how it did;
    companies are named for facts, not for scores.
    """
    sections, critical = [], []
    points = weights = covered = whole = 0.0
    for topic in questionnaire.indicators:
        facts = [leaf for leaf in topic.leaves() if leaf.kind == "fact"]
        scored = [(leaf, _points(leaf, answers)) for leaf in facts]
        known = [(leaf.weight, value) for leaf, value in scored if value is not None]
        all_weight = sum(leaf.weight for leaf in facts)
        known_weight = sum(weight for weight, _value in known)
        if not facts:
            continue
        share = known_weight / all_weight if all_weight else 0.0
        mean = sum(w * v for w, v in known) / known_weight if share >= COVERAGE else None
        sections.append(SectionScore(topic.name, mean, share))
        critical += [leaf.name for leaf, value in scored if leaf.critical and value == 0.0]
        whole += topic.weight
        covered += topic.weight * share
        if mean is not None:
            points += topic.weight * mean
            weights += topic.weight
    coverage = covered / whole if whole else 0.0
    mean = points / weights if weights and coverage >= COVERAGE else None
    if mean is not None and critical:
        mean = min(mean, CAP)
    return VisitScore(mean, coverage, tuple(sections), tuple(critical))


def _points(leaf: Indicator, answers: Mapping[str, object]) -> float | None:
    assert leaf.question is not None
    assert leaf.rule is not None
    return score(leaf.rule, answers.get(leaf.question))
