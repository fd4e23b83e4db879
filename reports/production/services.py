"""Reports: started as a job, made by the worker."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import Count
from django.utils import translation
from django_tasks import task

from config.accounts import audit
from config.accounts.models import User
from config.language.languages import spoken
from config.language.problems import InvalidInput, Problem, say
from config.work import jobs
from config.work.models import Job
from inspections.campaigns.models import Campaign, Draw
from inspections.visits.answer_table import SITE
from reports.plans.plan import KINDS, Plan
from reports.plans.validation import parse
from reports.production import on_page, refused
from reports.production.make import Progress, make_inspection, make_ranking, make_topline
from reports.production.models import PLAN, Report
from reports.ranking.result import Ranking
from surveys.collection.answer_table import KNOWN, questions
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.sampling import OWN
from surveys.collection.selectors import questionnaire_of
from surveys.monitoring.charts import NAMED, RANKED


@transaction.atomic
def start(*, kind: str, survey: Survey, plan: str = "", by: User | None = None) -> Report:
    """Start a report; one that the same person has started and that waits is not started again.

    Raises InvalidInput for a plan that cannot be used; nothing is started then.
    """
    if kind == Report.Kind.RANKING:
        check_plan(plan, survey)
    if known := waiting(kind=kind, survey=survey, plan=plan, by=by):
        return known
    label = str(Report.Kind(kind).label)
    job = Job.objects.create(title=f"{survey.title_zh} · {label}"[:200], started_by=by)
    report = Report.objects.create(kind=kind, survey=survey, plan=plan, job=job)
    after = {"kind": kind, "survey": survey.slug}
    audit.record(by=by, action="report.start", target=report, after=after)
    transaction.on_commit(partial(make.enqueue, report.pk, translation.get_language() or "zh-hans"))
    return report


def waiting(*, kind: str, survey: Survey, plan: str, by: User | None) -> Report | None:
    """Return the same report that the same person has started and that waits, None for none."""
    same = Report.objects.filter(kind=kind, survey=survey, plan=plan, job__started_by=by)
    return same.filter(job__state=Job.State.WAITING).first()


@task()
def make(report_id: int, language: str) -> None:
    """Make the files of a report; how it went stands in its job."""
    report = Report.objects.select_related("survey").get(pk=report_id)
    with translation.override(language), jobs.running(report.job_id) as progress:
        if report.kind == Report.Kind.RANKING:
            said = on_page.of_ranking(_ranking(report, progress))
        elif report.kind == Report.Kind.TOPLINE:
            said = on_page.of_topline(make_topline(report.survey, report.folder, progress))
        else:
            campaign = Campaign.objects.get(survey=report.survey)
            said = on_page.of_inspection(make_inspection(campaign, report.folder, progress))
        on_page.keep(report.pk, said)


def _ranking(report: Report, progress: Progress) -> Ranking:
    """Make a ranking; why the answers do not fit its plan is kept for the form."""
    plan = parse(report.plan.encode(), PLAN)
    try:
        return make_ranking(plan, None, report.folder, progress)
    except InvalidInput as error:
        refused.keep(report.pk, error.problems, plan)
        raise


def check_plan(plan: str, survey: Survey) -> Plan:
    """Read a plan for a survey or campaign. Raises InvalidInput for one that cannot be used, or is
    of something else.
    """
    read = parse(plan.encode(), PLAN)
    if read.source.slug != survey.slug:
        message = say("is not the survey or campaign of this page, {slug}")
        raise InvalidInput(Problem(f"{PLAN}:1: source", message, {"slug": survey.slug}))
    return read


def columns_of(survey: Survey) -> list[tuple[str, str]]:
    """Return the columns that a plan of a survey or campaign may name, each with what it holds."""
    language, questionnaire = spoken(), questionnaire_of(survey)
    is_campaign = Campaign.objects.filter(survey=survey).exists()
    labels = {**KNOWN, **SITE} if is_campaign else KNOWN
    known = [(name, label.get(language)) for name, label in labels.items()]
    asked = [
        (name, question.label.get(language))
        for name in questions(questionnaire)
        if (question := questionnaire.find(name))
    ]
    return [("", "–"), *((name, f"{label} ({name})".strip()) for name, label in known + asked)]


def draft_plan(survey: Survey, today: str) -> str:
    """Return a first plan for a survey or campaign; it is read and changed before it is used."""
    campaign = Campaign.objects.filter(survey=survey).exists()
    drawn = Draw.objects.filter(campaign__survey=survey).exists()
    kind, unit = ("campaign", ", unit: vendor") if campaign else ("survey", "")
    source = f"{{kind: {kind}, {kind}: {survey.slug}{unit}}}"
    design = "psu: _psu\n" if campaign and not drawn else _design(survey)
    kinds = sorted(set(survey.companies.values_list("kind", flat=True)), key=KINDS.index)
    ranked = (
        ""
        if campaign or len(kinds) < 2
        else f"company: {{kinds: [{kinds[0]}]}} # there are: {', '.join(kinds)}\n"
    )
    return (
        f"title:\n  zh-Hans: {_quoted(survey.title_zh)}\n  en: {_quoted(survey.title_en)}\n"
        f"publisher: {{zh-Hans: {_quoted(survey.organiser_zh)},"
        f" en: {_quoted(survey.organiser_en)}}}\n"
        f"demonstration: {str(survey.demonstration).lower()}\n"
        f"date: {today}\n"
        f"sample: {survey.sample}\n"
        f"source: {source}\n"
        f"questionnaire: {survey.version}\n"
        f"{ranked}"
        f"{design}"
        "coverage: 0.5\n"
        f"gates: {{n: {NAMED}, n_eff: {RANKED}, half_width: 5}}\n"
        "print: {pages: extremes}\n"
    )


def _design(survey: Survey) -> str:
    """Return the keys of the sampling design that the answers so far have.

    One stratum is none, and neither are places where every response is one of its own. A stratum
    of a single place stops a plan that does not say how its variance is taken; weights that are all
    1 weigh nothing.
    """
    answered = survey.responses.filter(status=Response.Status.ACCEPTED).order_by()
    places = answered.values("stratum").annotate(places=Count("psu", distinct=True))
    counts = list(places.values_list("places", flat=True))
    design = "strata: _stratum\n" if len(counts) > 1 else ""
    if answered.exclude(psu__startswith=OWN).exists():
        design += "psu: _psu\n"
    if len(counts) > 1 and min(counts) == 1:
        design += "lonely_psu: adjust # a stratum has a single place\n"
    if answered.exclude(weight=1.0).exists():
        design += "weight: design # 1 over the chance of being drawn\n"
    return design


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
