"""An answer as points from 0 (worst) to 100 (best), by the rule of its indicator."""

from __future__ import annotations

from surveys.questionnaires.questionnaire import NOT_APPLICABLE, ScoreRule

BEST = 100.0


def score(rule: ScoreRule, answer: object) -> float | None:
    """Return the points of an answer, or None where there is none or it does not apply."""
    if answer in (None, "", NOT_APPLICABLE):
        return None
    if rule.scale:
        worst, best = rule.scale
        return (float(str(answer)) - worst) / (best - worst) * BEST
    return dict(rule.by_choice)[str(answer)]


def scored_column(indicator: str) -> str:
    """Return the column of a table of answers that holds an indicator's answers as numbers."""
    return f"_scored.{indicator}"
