"""Cleaning: the checks run over a survey, and what two people decide about the sheets that stand
out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from statistics import mean, stdev

import numpy as np
import pandas as pd
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from config.accounts import audit
from config.accounts.models import User
from surveys.collection.answer_table import chunks, points
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import questionnaire_of
from surveys.companies.services import sound_of
from surveys.quality.checks.columns import ResponseColumns
from surveys.quality.checks.run import Settings, run, suspicious
from surveys.quality.models import CleaningCase, Decision, Flag, QualityRun
from surveys.quality.selectors import cases
from surveys.questionnaires.questionnaire import Question, Questionnaire

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
    proposed = _proposed(survey)
    keys, columns = columns_of(_checked(survey), questionnaire_of(survey))
    limits = {
        "attention": dict(settings.attention),
        "impossible": list(map(list, settings.impossible)),
    }
    made = QualityRun.objects.create(survey=survey, responses=len(keys), made_by=by, limits=limits)
    flags = run(columns, settings)
    Flag.objects.bulk_create(
        (
            Flag(
                run=made,
                response_id=keys[f.response],
                check_name=f.check,
                strength=f.strength,
                detail=dict(f.detail),
            )
            for f in flags
        ),
        batch_size=1000,
    )
    found = {keys[i]: strength for i, strength in suspicious(flags).items()}
    found = dict.fromkeys(proposed, 0.0) | found
    CleaningCase.objects.bulk_create(
        (CleaningCase(run=made, response_id=key, strength=x) for key, x in found.items()),
        batch_size=1000,
    )
    after = {"responses": made.responses, "flags": len(flags), "cases": len(found)}
    audit.record(by=by, action="survey.check", target=survey, after=after)
    return made


@transaction.atomic
def decide(*, response: Response, verdict: str, reason: str, by: User) -> Decision:
    """Say whether a response stays. A removal waits for a second person. Raises NotAllowed for one
    that is decided, and once the survey is cleaned.

    It is a case of the latest run from then on, whatever that found: nobody loses sight of it.
    """
    locked = Response.objects.select_for_update(of=("self",)).get(pk=response.pk)
    if not reason.strip() or verdict not in Decision.Verdict.values or locked.survey.cleaned_at:
        raise NotAllowed
    if locked.status != Status.ACCEPTED or open_removal(locked):
        raise NotAllowed
    if run := locked.survey.quality_runs.first():
        CleaningCase.objects.get_or_create(run=run, response=locked, defaults={"strength": 0.0})
    made = Decision.objects.create(
        response=locked, verdict=verdict, reason=reason.strip()[:300], decided_by=by
    )
    after = {"verdict": verdict}
    audit.record(by=by, action="response.decide", target=locked, after=after, reason=made.reason)
    return made


@transaction.atomic
def second(*, decision: Decision, agrees: bool, reason: str, by: User) -> None:
    """Agree to a removal, which then counts, or disagree, which keeps the response; by somebody
    else.

    Raises NotAllowed for the same person, a decision that is no open removal, or a survey that is
    cleaned.
    """
    chosen = Decision.objects.select_for_update(of=("self",)).select_related("response__survey")
    locked = chosen.get(pk=decision.pk)
    open_ = open_removal(locked.response)
    if (
        locked.response.survey.cleaned_at
        or open_ is None
        or open_.pk != locked.pk
        or locked.decided_by_id == by.pk
    ):
        raise NotAllowed
    audit.record(
        by=by,
        action="response.remove" if agrees else "response.keep",
        target=locked.response,
        before={"verdict": locked.verdict, "by": locked.decided_by_id},
        reason=reason.strip(),
    )
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
    audit.record(by=by, action="response.restore", target=response, reason=reason.strip())


@transaction.atomic
def finish(*, survey: Survey, reason: str, by: User) -> None:
    """Say that a survey is cleaned; 30 days later the hashes of networks and browsers go.

    Raises NotAllowed without a reason, while cases are open, or for a survey that was cleaned
    already.
    """
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if not reason.strip() or locked.cleaned_at or open_cases(locked):
        raise NotAllowed
    locked.cleaned_at = survey.cleaned_at = timezone.now()
    locked.save(update_fields=["cleaned_at"])
    after = {"cleaned_at": locked.cleaned_at}
    audit.record(by=by, action="survey.clean", target=locked, after=after, reason=reason.strip())


def open_removal(response: Response) -> Decision | None:
    """Return the removal of a sheet that waits for a second person, if there is one."""
    last = response.decisions.order_by("-pk").first()
    waits = last and last.verdict == Decision.Verdict.REMOVE and last.seconded_by_id is None
    return last if waits else None


def open_cases(survey: Survey) -> int:
    """Return how many cases of the latest run still wait for somebody."""
    run = survey.quality_runs.first()
    return cases(run).filter(state__in=("waits", "open")).count() if run else 0


def _proposed(survey: Survey) -> list[int]:
    """Return the responses whose removal waits for a second person, and those that were removed:
    they stay cases, to be decided or taken back, whatever a new run finds.
    """
    last = survey.quality_runs.first()
    waiting = (
        cases(last).filter(state__in=("waits", "removed")) if last else CleaningCase.objects.none()
    )
    return list(waiting.values_list("response", flat=True))


def effects(survey: Survey) -> list[Effect]:
    """Return what the removals do to each company, in the order of names; merged ones count for
    the other one.
    """
    questionnaire = questionnaire_of(survey)
    scores: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    listed = survey.responses.filter(
        status__in=(Status.ACCEPTED, Status.REMOVED), company__isnull=False
    )
    for chunk in chunks(listed, questionnaire, private=True):
        means = items_of(questionnaire, chunk.frame).mean(axis=1)
        for response, name, value in zip(
            chunk.responses, chunk.frame["_company"], means, strict=True
        ):
            scores[name].append((response.status == Status.ACCEPTED, float(value)))
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


def _checked(survey: Survey) -> QuerySet[Response]:
    kept = survey.responses.filter(status__in=(Status.ACCEPTED, Status.REMOVED)).standing()
    return kept.select_related("collector__sealed_to__merged_into").order_by("pk")


def columns_of(
    responses: QuerySet[Response], questionnaire: Questionnaire
) -> tuple[list[int], ResponseColumns]:
    """Return the keys of responses, and the responses as the columns that checks look at."""
    asked = [q for q in questionnaire.questions.values() if q.is_asked and q.kind != "repeat"]
    closed = [q.name for q in asked if _is_closed(q)]
    written = [q.name for q in asked if q.kind == "text"]
    wanted = ["_company", "_collector", "_mode", *closed, *written]
    keys: list[int] = []
    beside: list[_Beside] = []
    frames = [pd.DataFrame(columns=pd.Index(wanted), dtype="str")]
    items = [np.empty((0, len(list(questionnaire.leaves()))))]
    for chunk in chunks(responses, questionnaire, private=True):
        keys += [response.pk for response in chunk.responses]
        frames.append(chunk.frame[wanted])
        items.append(items_of(questionnaire, chunk.frame).to_numpy(np.float64))
        beside += [_beside(response) for response in chunk.responses]
    frame = pd.concat(frames)
    known = pd.DataFrame(beside, columns=pd.Index(field.name for field in fields(_Beside)))
    company, names = pd.factorize(frame["_company"].where(frame["_company"] != ""))
    source = frame["_collector"].where(frame["_collector"] != "", frame["_mode"])
    return keys, ResponseColumns(
        company=company.astype(np.int64),
        source=pd.factorize(source)[0].astype(np.int64),
        sent=known["sent"].to_numpy(np.float64),
        items=np.concatenate(items),
        begun=known["begun"].to_numpy(np.float64),
        shown=known["shown"].to_numpy(np.float64),
        interviewer=pd.factorize(known["interviewer"])[0].astype(np.int64),
        sealed_to=pd.Index(names).get_indexer(known["sealed_to"]).astype(np.int64),
        hour=known["hour"].to_numpy(np.float64),
        network=known["network"].tolist(),
        browser=known["browser"].tolist(),
        answers={name: frame[name].tolist() for name in closed},
        texts={name: frame[name].tolist() for name in written},
    )


def items_of(questionnaire: Questionnaire, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the points of every item of the index, a column each."""
    return pd.DataFrame({leaf.name: points(leaf, frame) for leaf in questionnaire.leaves()})


@dataclass(frozen=True)
class _Beside:
    """What checks look at and no table of answers has."""

    sent: float
    begun: float
    shown: float
    hour: float
    interviewer: str | None
    sealed_to: str
    network: str
    browser: str


def _beside(response: Response) -> _Beside:
    moment, collector = timezone.localtime(response.submitted_at), response.collector
    sealed_to = collector.sealed_to if collector else None
    # the moments of a paper form are those of its keying
    begun = None if response.mode == Response.Mode.PAPER else response.started_at
    return _Beside(
        sent=moment.timestamp(),
        begun=begun.timestamp() if begun else float("nan"),
        shown=float(len(response.answers)),
        hour=moment.hour + moment.minute / 60,
        interviewer=_interviewer(response),
        sealed_to=(sealed_to.merged_into or sealed_to).name if sealed_to else "",
        network=response.network,
        browser=response.browser,
    )


def _is_closed(question: Question) -> bool:
    return question.kind in ("select_one", "select_multiple", "range", "integer", "decimal")


def _interviewer(response: Response) -> str | None:
    """Return who asked: the member of staff who was signed in, or else the tablet."""
    if response.mode not in (Response.Mode.INTERVIEW, Response.Mode.TELEPHONE):
        return None
    if response.entered_by_id:
        return f"staff {response.entered_by_id}"
    tablet = response.collector_id if response.mode == Response.Mode.INTERVIEW else None
    return f"tablet {tablet}" if tablet else None
