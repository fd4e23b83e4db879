"""The back office's pages of reports: start one, watch it being made, take its files; and the
page of today.
"""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from config.accounts.permissions import own_page, requires, user_of
from config.console import lists
from config.language.problems import InvalidInput, say
from config.work.models import Job
from inspections.campaigns.models import Campaign
from inspections.visits.selectors import campaigns_with_counts
from reports.production import services as service
from reports.production.models import Report
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import surveys_with_counts

REPORTS = lists.Table(
    caption=say("Reports"),
    row="reports/production/reports_row.html",
    columns=(
        lists.Column("report", say("Report"), ("job__title",)),
        lists.Column("kind", say("Kind"), ("kind",)),
        lists.Column("state", say("State"), ("job__state",)),
        lists.Column("at", say("Begun at"), ("job__created_at",)),
    ),
    sort="-at",
)
# what today shows of each list: so few that nobody sorts them
SURVEYS_TODAY = lists.Table(
    caption=say("Surveys"),
    row="reports/production/today_survey_row.html",
    columns=(
        lists.Column("survey", say("Survey")),
        lists.Column("state", say("State")),
        lists.Column("accepted", say("Accepted"), is_figure=True),
    ),
)
CAMPAIGNS_TODAY = lists.Table(
    caption=say("Visits"),
    row="reports/production/today_campaign_row.html",
    columns=(
        lists.Column("campaign", say("Campaign")),
        lists.Column("visited", say("Visited, of sites"), is_figure=True),
    ),
)
REPORTS_TODAY = lists.Table(
    caption=say("Reports"),
    row="reports/production/today_report_row.html",
    columns=(lists.Column("report", say("Report")), lists.Column("state", say("State"))),
)


@require_safe
@own_page
def today(request: HttpRequest) -> HttpResponse:
    """Show what is in the field and what was made last, each person what is theirs."""
    person = user_of(request)
    in_field = surveys_with_counts(person.scope).filter(has_page=True).exclude(opens_at=None)
    campaigns, latest = campaigns_with_counts(person), Report.objects.select_related("job")
    may = person.has_perm
    context = {
        "room": "today",
        "surveys": lists.short(SURVEYS_TODAY, in_field[:8] if may("surveys.view") else ()),
        "campaigns": lists.short(CAMPAIGNS_TODAY, campaigns[:5] if may("visits.view") else ()),
        "reports": lists.short(REPORTS_TODAY, latest[:5] if may("reports.view") else ()),
    }
    return render(request, "reports/production/today.html", context)


@require_safe
@requires("reports.view")
def reports(request: HttpRequest) -> HttpResponse:
    """List the reports."""
    filters = (
        lists.Search("q", say("Report"), lists.contains("job__title")),
        lists.Choice("kind", say("Kind"), lists.equals("kind"), Report.Kind.choices),
        lists.Choice("state", say("State"), lists.equals("job__state"), Job.State.choices),
    )
    found = Report.objects.select_related("job")
    context = {
        "room": "reports",
        "reports": lists.listing(request, REPORTS, found, filters=filters),
        "surveys": Survey.objects.all(),
    }
    return render(request, "reports/production/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("reports.make")
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Start a report of a survey or campaign; a ranking shows its plan first."""
    survey = get_object_or_404(Survey.objects.select_related("version"), slug=slug)
    is_campaign = Campaign.objects.filter(survey=survey).exists()
    kinds = [Report.Kind.RANKING, Report.Kind.INSPECTION if is_campaign else Report.Kind.TOPLINE]
    plan, problems = (
        request.POST.get("plan") or service.draft_plan(survey, timezone.localdate().isoformat()),
        [],
    )
    if request.method == "POST" and request.POST.get("kind") in kinds:
        kind = request.POST["kind"]
        try:
            made = service.start(
                kind=kind,
                survey=survey,
                plan=plan if kind == "ranking" else "",
                by=user_of(request),
            )
            return redirect("report", made.pk)
        except InvalidInput as error:
            problems = [problem.render(_) for problem in error.problems]
    context = {
        "room": "reports",
        "survey": survey,
        "plan": plan,
        "problems": problems,
        "kinds": kinds,
    }
    return render(request, "reports/production/new.html", context, status=422 if problems else 200)


@require_safe
@requires("reports.view")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a report: how far it is, then its files."""
    return render(request, "reports/production/report.html", _how_far(pk))


@require_safe
@never_cache
@requires("reports.view")
def report_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Send how far a report is alone, for the page that asks again every second."""
    return render(request, "reports/production/progress.html", _how_far(pk))


def _how_far(pk: int) -> dict[str, object]:
    chosen = get_object_or_404(Report.objects.select_related("job", "survey"), pk=pk)
    busy = chosen.job.state in ("waiting", "running")
    silent = busy and (timezone.now() - chosen.job.beat_at).total_seconds() > 60
    return {
        "room": "reports",
        "report": chosen,
        "job": chosen.job,
        "busy": busy,
        "silent": silent,
    }


@require_safe
@requires("reports.view")
def file(request: HttpRequest, pk: int, name: str) -> FileResponse:
    """Send one file of a report."""
    chosen = get_object_or_404(Report, pk=pk)
    if name not in chosen.files:
        raise Http404
    return FileResponse((chosen.folder / name).open("rb"), as_attachment=True, filename=name)
