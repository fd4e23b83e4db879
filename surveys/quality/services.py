"""Cleaning: the checks run over a survey, and what two people decide about the sheets that stand
out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, stdev
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from config.accounts.models import User
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import questionnaire_of
from surveys.companies.services import sound_of
from surveys.quality.checks.columns import NOBODY, ResponseColumns
from surveys.quality.checks.run import Settings, run, suspicious
from surveys.quality.models import Decision, Flag, QualityRun
from surveys.questionnaires.questionnaire import Question, Questionnaire
from surveys.questionnaires.scoring import score

Status = Response.Status


class NotAllowed(Exception):
    """A step that is not this person's, or that was done already."""


@dataclass(frozen=True)
class Effect:
    """What the removals do to one company: sheets, mean score and its standard error (0-100) before
    and after.

    The mean is plain, over the items that a sheet answers, and sheets count as independent: a look
    at what the removals move, not the figure that is published. None where there are too few
    sheets.
    """

    company: str
    before: int
    after: int
    score_before: float | None
    score_after: float | None
    se_before: float | None
    se_after: float | None

    @property
    def is_far(self) -> bool:
        """Whether the removals move the score by more than its standard error."""
        known = (
            self.score_before is not None
            and self.score_after is not None
            and self.se_before is not None
        )
        return known and abs((self.score_after or 0) - (self.score_before or 0)) > (
            self.se_before or 0
        )


@transaction.atomic
def check(*, survey: Survey, by: User | None, settings: Settings = Settings()) -> QualityRun:  # noqa: B008  # frozen
    """Run every check over the sheets of a survey that count or were removed; keep the flags.
    Nothing else changes.
    """
    responses = list(_checked(survey))
    columns = columns_of(responses, questionnaire_of(survey))
    limits = {
        "attention": dict(settings.attention),
        "impossible": list(map(list, settings.impossible)),
    }
    made = QualityRun.objects.create(
        survey=survey, responses=len(responses), made_by=by, limits=limits
    )
    flags = run(columns, settings)
    Flag.objects.bulk_create(
        (
            Flag(
                run=made,
                response=responses[f.response],
                check_name=f.check,
                strength=f.strength,
                detail=dict(f.detail),
            )
            for f in flags
        ),
        batch_size=1000,
    )
    looked_at = [responses[i].pk for i in suspicious(flags)]
    QualityRun.objects.filter(pk=made.pk).update(limits={**limits, "looked_at": looked_at})
    made.refresh_from_db()
    return made


@transaction.atomic
def decide(*, response: Response, verdict: str, reason: str, by: User) -> Decision:
    """Say whether a sheet stays. A removal waits for a second person. Raises NotAllowed for one
    that is decided.
    """
    locked = Response.objects.select_for_update().get(pk=response.pk)
    if not reason.strip() or verdict not in Decision.Verdict.values:
        raise NotAllowed
    if locked.status != Status.ACCEPTED or open_removal(locked):
        raise NotAllowed
    return Decision.objects.create(
        response=locked, verdict=verdict, reason=reason.strip()[:300], decided_by=by
    )


@transaction.atomic
def second(*, decision: Decision, agrees: bool, reason: str, by: User) -> None:
    """Agree to a removal, which then counts, or disagree, which keeps the sheet; by somebody else,
    with a reason.

    Raises NotAllowed for the same person or a decision that is no open removal.
    """
    locked = Decision.objects.select_for_update().select_related("response").get(pk=decision.pk)
    open_ = open_removal(locked.response)
    if open_ is None or open_.pk != locked.pk or locked.decided_by_id == by.pk:
        raise NotAllowed
    if agrees:
        Decision.objects.filter(pk=locked.pk).update(seconded_by=by, seconded_at=timezone.now())
        Response.objects.filter(pk=locked.response_id, status=Status.ACCEPTED).update(
            status=Status.REMOVED
        )
    else:
        why = reason.strip()[:300] or "–"
        Decision.objects.create(
            response=locked.response, verdict=Decision.Verdict.KEEP, reason=why, decided_by=by
        )


@transaction.atomic
def restore(*, response: Response, reason: str, by: User) -> None:
    """Take a removal back; the reason is kept with the others. Raises NotAllowed for a sheet
    that was not removed.
    """
    changed = Response.objects.filter(pk=response.pk, status=Status.REMOVED).update(
        status=Status.ACCEPTED
    )
    if not changed or not reason.strip():
        raise NotAllowed
    Decision.objects.create(
        response=response, verdict=Decision.Verdict.KEEP, reason=reason.strip()[:300], decided_by=by
    )


def open_removal(response: Response) -> Decision | None:
    """Return the removal of a sheet that waits for a second person, if there is one."""
    last = response.decisions.order_by("-pk").first()
    waits = last and last.verdict == Decision.Verdict.REMOVE and last.seconded_by_id is None
    return last if waits else None


def open_cases(survey: Survey) -> int:
    """Return how many responses of the latest run stand out and still wait for a decision."""
    run = survey.quality_runs.first()
    flagged = run.limits.get("looked_at", []) if run else []
    last = Decision.objects.filter(response=OuterRef("pk")).order_by("-pk").values("verdict")[:1]
    counting = Response.objects.filter(pk__in=flagged, status=Status.ACCEPTED)
    kept = counting.annotate(last=Subquery(last)).filter(last=Decision.Verdict.KEEP)
    return counting.count() - kept.count()


def effects(survey: Survey) -> list[Effect]:
    """Return what the removals do to each company, in the order of names; merged ones count for
    the other one.
    """
    questionnaire = questionnaire_of(survey)
    scores: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    listed = survey.responses.filter(
        status__in=(Status.ACCEPTED, Status.REMOVED), company__isnull=False
    )
    for response in listed.select_related("company__merged_into").iterator():
        items = list(_items(questionnaire, response.answers).values())
        known = [item for item in items if item is not None]
        value = sum(known) / len(known) if known else float("nan")
        assert response.company is not None
        company = response.company.merged_into or response.company
        scores[company.name].append((response.status == Status.ACCEPTED, value))
    return [
        _effect(name, found)
        for name, found in sorted(scores.items(), key=lambda item: sound_of(item[0]))
    ]


def _effect(name: str, found: Sequence[tuple[bool, float]]) -> Effect:
    every, stays = [value for _kept, value in found], [value for kept, value in found if kept]
    (before, se_before), (after, se_after) = _mean(every), _mean(stays)
    return Effect(name, len(every), len(stays), before, after, se_before, se_after)


def _mean(values: Sequence[float]) -> tuple[float | None, float | None]:
    """Return the mean of the known values and its standard error."""
    known = [value for value in values if value == value]
    if len(known) < 2:
        return (known[0] if known else None), None
    return mean(known), stdev(known) / math.sqrt(len(known))


def _checked(survey: Survey) -> Any:
    kept = survey.responses.filter(status__in=(Status.ACCEPTED, Status.REMOVED), corrections=None)
    return kept.select_related("collector").order_by("pk")


def columns_of(responses: Sequence[Response], questionnaire: Questionnaire) -> ResponseColumns:
    """Return responses as the columns that checks look at."""
    leaves = [leaf.name for leaf in questionnaire.leaves()]
    scored = [_items(questionnaire, response.answers) for response in responses]
    moments = [timezone.localtime(response.submitted_at) for response in responses]
    asked = [q for q in questionnaire.questions.values() if q.is_asked and q.kind != "repeat"]
    written = [q.name for q in asked if q.kind == "text"]
    return ResponseColumns(
        company=_codes([response.company_id for response in responses]),
        source=_codes([response.collector_id or response.mode for response in responses]),
        sent=np.array([moment.timestamp() for moment in moments]),
        items=_matrix(scored, leaves),
        begun=np.array([_begun(response) for response in responses]),
        shown=np.array([float(len(response.answers)) for response in responses]),
        interviewer=_codes([_interviewer(response) for response in responses]),
        sealed_to=_same_codes(responses),
        hour=np.array([moment.hour + moment.minute / 60 for moment in moments]),
        network=[response.network for response in responses],
        browser=[response.browser for response in responses],
        answers={
            q.name: [_text(response.answers.get(q.name)) for response in responses]
            for q in asked
            if _is_closed(q)
        },
        texts={
            name: [_text(response.answers.get(name)) for response in responses] for name in written
        },
    )


def _is_closed(question: Question) -> bool:
    return question.kind in ("select_one", "select_multiple", "range", "integer", "decimal")


def _interviewer(response: Response) -> object:
    """Return who asked: the member of staff who was signed in, or else the tablet."""
    if response.mode not in (Response.Mode.INTERVIEW, Response.Mode.TELEPHONE):
        return None
    tablet = response.collector_id if response.mode == Response.Mode.INTERVIEW else None
    return response.entered_by_id or (f"tablet {tablet}" if tablet else None)


def _begun(response: Response) -> float:
    return response.started_at.timestamp() if response.started_at else float("nan")


def _items(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> dict[str, float | None]:
    return {
        leaf.name: score(leaf.rule, answers.get(leaf.question))
        for leaf in questionnaire.leaves()
        if leaf.rule and leaf.question
    }


def _matrix(scored: Sequence[Mapping[str, float | None]], leaves: Sequence[str]) -> Any:
    rows = [
        [np.nan if (x := items.get(leaf)) is None else x for leaf in leaves] for items in scored
    ]
    return np.array(rows, float).reshape(len(scored), len(leaves))


def _codes(values: Sequence[object]) -> Any:
    """Return whole numbers from 0 for values, -1 for None."""
    known: dict[object, int] = {}
    return np.array(
        [NOBODY if v is None else known.setdefault(v, len(known)) for v in values], np.int64
    )


def _same_codes(responses: Sequence[Response]) -> Any:
    """Return the company that each sheet's link was sealed to, in the codes of the companies."""
    known: dict[object, int] = {}
    for response in responses:
        if response.company_id is not None:
            known.setdefault(response.company_id, len(known))
    sealed = [
        response.collector.sealed_to_id if response.collector else None for response in responses
    ]
    return np.array([NOBODY if pk is None else known.get(pk, NOBODY) for pk in sealed], np.int64)


def _text(answer: object) -> str:
    return (
        " ".join(map(str, answer))
        if isinstance(answer, list)
        else ""
        if answer is None
        else str(answer)
    )
