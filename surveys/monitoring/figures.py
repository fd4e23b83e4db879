"""The figures of the fieldwork page: a query a function, each limited to the area that somebody
is posted to.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from config.accounts.scope import Scope
from surveys.collection.models.draft import Draft
from surveys.collection.models.invitation import Disposition
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.models.target import Target
from surveys.collection.quotas import accepted_in
from surveys.collection.selectors import questionnaire_of
from surveys.companies.models import Company
from surveys.monitoring.aapor import Dispositions
from surveys.quality.models import Flag
from surveys.questionnaires.answers import Evaluation
from surveys.questionnaires.questionnaire import Question, Questionnaire

Status = Response.Status
MOST_LEFT = 500  # a fifth of a millisecond each, every twenty seconds
MOST_MEDIAN = 20_000  # the latest of these are enough for a median


@dataclass(frozen=True)
class Cell:
    """One target with what has come in: done of wanted, caps where there are any."""

    label: str
    done: int
    wanted: int
    soft_cap: int | None = None
    hard_cap: int | None = None

    @property
    def is_full(self) -> bool:
        """Whether the hard cap is reached."""
        return self.hard_cap is not None and self.done >= self.hard_cap

    @property
    def is_near(self) -> bool:
        """Whether the soft cap is reached and the hard one is not."""
        return not self.is_full and self.soft_cap is not None and self.done >= self.soft_cap

    @property
    def most(self) -> int:
        """The end of its bar."""
        return max(self.done, self.wanted, self.hard_cap or 0, 1)


@dataclass(frozen=True)
class Left:
    """Where responses were left: the question that is not answered, how many, their share of all
    that were begun.
    """

    question: Question
    n: int
    share: float


def by_status(responses: QuerySet[Response]) -> Mapping[str, int]:
    """Return how many responses there are of each status."""
    return dict(responses.values_list("status").annotate(n=Count("pk")).order_by())


def by(responses: QuerySet[Response], column: str) -> list[tuple[Any, int]]:
    """Return how many accepted responses there are by a column, the most first; those without it
    are left out.
    """
    accepted = responses.filter(status=Status.ACCEPTED).exclude(**{f"{column}__isnull": True})
    return list(accepted.values_list(column).annotate(n=Count("pk")).order_by("-n", column))


def by_day(responses: QuerySet[Response]) -> list[tuple[date, int]]:
    """Return how many accepted responses were sent on each day, in order."""
    accepted = responses.filter(status=Status.ACCEPTED).annotate(day=TruncDate("submitted_at"))
    return list(accepted.values_list("day").annotate(n=Count("pk")).order_by("day"))


def by_city_and_mode(responses: QuerySet[Response]) -> dict[str, dict[str, int]]:
    """Return how many accepted responses there are by city (its code) and mode; those of counties
    join their city.
    """
    accepted = responses.filter(status=Status.ACCEPTED, area__isnull=False).order_by()
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for code, mode, n in accepted.values_list("area", "mode").annotate(n=Count("pk")):
        found[f"{code[:4]}00"][mode] += n
    return found


def by_company(survey: Survey, responses: QuerySet[Response]) -> list[tuple[Company, int]]:
    """Return how many accepted responses there are about each company, the most first; those that
    the survey offers and nobody named stand last. Answers about a merged company count for the
    other one.
    """
    counted = Coalesce("company__merged_into", "company")
    accepted = responses.filter(status=Status.ACCEPTED, company__isnull=False).order_by()
    counts = dict(accepted.values_list(counted).annotate(n=Count("pk")))
    named = Q(pk__in=counts) | Q(surveys=survey, merged_into=None)
    listed = Company.objects.filter(named).distinct().order_by("sound", "pk")
    found = [(company, counts.get(company.pk, 0)) for company in listed]
    return sorted(found, key=lambda pair: -pair[1])


def refused_by_day(survey: Survey) -> dict[date, int]:
    """Return how many calls on each day ended in a refusal, at once or in the middle."""
    refused = survey.invitations.filter(
        calls__outcome__in=(Disposition.REFUSAL, Disposition.BREAK_OFF)
    ).annotate(day=TruncDate("calls__made_at"))
    return dict(refused.order_by().values_list("day").annotate(n=Count("calls")))


def left_by_day(survey: Survey) -> dict[date, int]:
    """Return how many responses were left on pages, by the day they were last touched; one of the
    last day may still be going on.
    """
    left = Draft.objects.filter(survey=survey, touched_at__lt=timezone.now() - timedelta(days=1))
    by_day = left.annotate(day=TruncDate("touched_at")).order_by()
    return dict(by_day.values_list("day").annotate(n=Count("pk")))


def flagged_by_day(survey: Survey) -> dict[date, int]:
    """Return how many responses the latest run of the checks flagged, by the day they were sent."""
    run = survey.quality_runs.first()
    if run is None:
        return {}
    flagged = Response.objects.filter(flags__run=run).annotate(day=TruncDate("submitted_at"))
    return dict(flagged.order_by().values_list("day").annotate(n=Count("pk", distinct=True)))


def median_minutes(responses: QuerySet[Response]) -> dict[str, float]:
    """Return the median minutes from begin to end by mode, of the latest responses that know both;
    one that ended as it began knows no time, and nobody timed paper.
    """
    taken = ExpressionWrapper(F("submitted_at") - F("started_at"), output_field=DurationField())
    timed = responses.filter(status=Status.ACCEPTED, started_at__lt=F("submitted_at"))
    timed = timed.exclude(mode=Response.Mode.PAPER)
    minutes: dict[str, list[float]] = {}
    for mode, duration in (
        timed.annotate(taken=taken).order_by("-pk").values_list("mode", "taken")[:MOST_MEDIAN]
    ):
        minutes.setdefault(mode, []).append(duration.total_seconds() / 60)
    return {mode: median(values) for mode, values in minutes.items()}


def cells(survey: Survey, scope: Scope) -> list[Cell]:
    """Return every target that somebody sees, with what has come in."""
    targets = Target.objects.filter(scope.within("area"), survey=survey)
    return [_cell(target) for target in targets.select_related("area", "company", "collector")]


def _cell(target: Target) -> Cell:
    return Cell(
        str(target), accepted_in(target).count(), target.wanted, target.soft_cap, target.hard_cap
    )


def begun(survey: Survey) -> int:
    """Return how many sheets are begun on pages and not sent."""
    return Draft.objects.filter(survey=survey).count()


def drop_off(survey: Survey, sent: int) -> list[Left]:
    """Return where sheets on pages were left, in the order of the questionnaire; `sent` were not.

    A sheet stands at the first question that is shown and not answered, from the section on where
    it was left; of many sheets the latest are looked at.
    """
    questionnaire = questionnaire_of(survey)
    counts: Counter[str] = Counter()
    latest = Draft.objects.filter(survey=survey).order_by("-touched_at")
    for section, answers in latest.values_list("section", "answers")[:MOST_LEFT]:
        counts[stands_at(questionnaire, section, answers)] += 1
    whole = sent + sum(counts.values())
    questions = questionnaire.questions.items()
    return [
        Left(question, counts[name], counts[name] / whole)
        for name, question in questions
        if name in counts
    ]


def stands_at(questionnaire: Questionnaire, section: str, answers: Mapping[str, Any]) -> str:
    """Return the question at which a sheet stands that was left in a section: the last where all
    are answered.
    """
    evaluation = Evaluation(questionnaire, answers, today=timezone.localdate())
    names = [part.name for part in questionnaire.sections]
    left_from = questionnaire.sections[names.index(section) if section in names else 0 :]
    shown = [
        q for part in left_from for q in part.questions if q.is_asked and evaluation.is_shown(q)
    ]
    waiting = [q.name for q in shown if not answers.get(q.name)]
    last = shown[-1].name if shown else next(iter(questionnaire.questions))
    return waiting[0] if waiting else last


def flags(survey: Survey) -> list[tuple[str, int]]:
    """Return how many sheets the latest run of the checks flagged, by check."""
    run = survey.quality_runs.first()
    if run is None:
        return []
    counted = (
        Flag.objects.filter(run=run)
        .values_list("check_name")
        .annotate(n=Count("response", distinct=True))
    )
    return list(counted.order_by("-n", "check_name"))


def sent_by_page(responses: QuerySet[Response]) -> int:
    """Return how many sheets were sent by respondents on a page."""
    return (
        responses.filter(mode=Response.Mode.ONLINE, imported_from=None)
        .exclude(status=Status.REJECTED)
        .count()
    )


def paper_return(responses: QuerySet[Response]) -> tuple[int, int]:
    """Return how many paper sheets were valid, and how many came back."""
    paper = responses.filter(mode=Response.Mode.PAPER).exclude(status=Status.TAKEN_BACK)
    counts = paper.aggregate(valid=Count("pk", filter=Q(status=Status.ACCEPTED)), all=Count("pk"))
    return counts["valid"], counts["all"]


def dispositions(survey: Survey) -> Dispositions:
    """Return what became of the invited people, in AAPOR's groups."""
    counts: Counter[str] = Counter()
    for code, n in survey.invitations.values_list("disposition").annotate(n=Count("pk")).order_by():
        counts[code] = n
    return Dispositions(
        complete=counts[Disposition.COMPLETE],
        partial=counts[Disposition.PARTIAL],
        refusal=counts[Disposition.REFUSAL] + counts[Disposition.BREAK_OFF],
        noncontact=counts[Disposition.NON_CONTACT],
        other=counts[Disposition.OTHER],
        unknown_household=counts[Disposition.UNKNOWN],
        unknown_other=counts[Disposition.UNKNOWN_OTHER],
        ineligible=counts[Disposition.OUT_OF_FRAME]
        + counts[Disposition.NO_ELIGIBLE]
        + counts[Disposition.QUOTA_FILLED],
    )
