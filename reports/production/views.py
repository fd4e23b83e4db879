"""The back office's pages of reports: start one, watch it being made, take its files."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from config import lists
from config.accounts.permissions import requires, user_of
from config.fields import blame, posted, status_of
from config.language.problems import InvalidInput, say
from config.work.models import Job
from inspections.campaigns.models import Campaign
from reports.production import services as service
from reports.production.forms import RankingForm, ReportForm
from reports.production.models import Report
from surveys.collection.models.survey import Survey

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
    kind = Report.Kind.INSPECTION if is_campaign else Report.Kind.TOPLINE
    is_simple = request.POST.get("kind") == kind
    simple = ReportForm(posted(request) if is_simple else None, kind=kind)
    plan = service.draft_plan(survey, timezone.localdate().isoformat())
    ranking = RankingForm(None if is_simple else posted(request), plan=plan)
    form = simple if is_simple else ranking
    if request.method == "POST" and form.is_valid():
        try:
            made = service.start(survey=survey, **form.given(), by=user_of(request))
        except InvalidInput as error:
            blame(form, error, "plan")
        else:
            return redirect("report", made.pk)
    context = {
        "room": "reports",
        "survey": survey,
        "simple": simple,
        "ranking": ranking,
    }
    status = status_of(simple, ranking)
    return render(request, "reports/production/new.html", context, status=status)


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
    return {"room": "reports", "report": chosen, "job": chosen.job}


@require_safe
@requires("reports.view")
def file(request: HttpRequest, pk: int, name: str) -> FileResponse:
    """Send one file of a report."""
    chosen = get_object_or_404(Report, pk=pk)
    if name not in chosen.files:
        raise Http404
    return FileResponse((chosen.folder / name).open("rb"), as_attachment=True, filename=name)
