"""The back office's pages of reports: start one, watch it being made, take its files."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from config import lists
from config.accounts.editing import Changed, unchanged
from config.accounts.permissions import requires, user_of
from config.fields import blame, status_of
from config.language.languages import spoken
from config.language.problems import InvalidInput, say
from config.work.models import Job
from inspections.campaigns.models import Campaign
from reports.production import on_page, plan_form
from reports.production import services as service
from reports.production.forms import ReportForm
from reports.production.models import Report
from reports.production.plan_form import PlanForm, PlanTextForm
from reports.production.refused import kept
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
    """Start a report of a survey or campaign. A ranking has a plan: as a form or as text, drafted
    from the data or taken from an earlier report (?from=).
    """
    survey = get_object_or_404(Survey.objects.select_related("version"), slug=slug)
    is_campaign = Campaign.objects.filter(survey=survey).exists()
    kind = Report.Kind.INSPECTION if is_campaign else Report.Kind.TOPLINE
    page = _NewReport(survey, is_campaign, kind, earlier=_earlier(request, survey))
    if request.method != "POST":
        return page.answer(request)
    if request.POST.get("kind") == kind:
        return _start_simple(request, page)
    if request.POST.get("face") == "form":
        return _start_by_form(request, page)
    return _start_by_text(request, page)


class _NewReport:
    """The page on which a report is started, with its three forms; a form that was sent takes the
    place of the empty one.
    """

    def __init__(
        self, survey: Survey, is_campaign: bool, kind: Report.Kind, earlier: Report | None
    ) -> None:
        self.survey, self.is_campaign, self.kind, self.earlier = survey, is_campaign, kind, earlier
        self.text_form: PlanTextForm | None = None
        self.plan_form: PlanForm | None = None
        self.simple: ReportForm | None = None
        self.is_turned = False  # from one face of the plan into the other; nothing was started

    def form(self, data: Any) -> PlanForm:
        """Return the plan as a form that was sent."""
        return PlanForm(data, **self._about())

    def filled(self, text: str) -> PlanForm:
        """Return the plan as a form, filled from its text. Raises InvalidInput."""
        return plan_form.filled(text, **self._about())

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Answer with the page."""
        drafted = service.draft_plan(self.survey, timezone.localdate().isoformat())
        begun = self.earlier.plan if self.earlier else drafted
        refused = kept(self.earlier.pk) if self.earlier else []
        text = self.text_form or PlanTextForm(survey=self.survey, plan=begun)
        asked = self.plan_form
        if asked is None:
            try:
                asked = self.filled(begun)
                asked.show(refused)
            except InvalidInput:  # of an earlier version of the validator
                asked = self.filled(drafted)
        simple = self.simple or ReportForm(kind=self.kind)
        sent = [form for form in (simple, asked, text) if form.is_bound and not self.is_turned]
        context = {
            "room": "reports",
            "survey": self.survey,
            "simple": simple,
            "plan_form": asked,
            "text_form": text,
            "earlier": self.earlier,
            "is_told": bool(refused),
            "is_turned": self.is_turned,
            "is_text_open": text.is_bound or (self.is_turned and self.text_form is not None),
        }
        status = status_of(*sent)
        return render(request, "reports/production/new.html", context, status=status)

    def _about(self) -> dict[str, Any]:
        return {
            "survey": self.survey,
            "is_campaign": self.is_campaign,
            "columns": service.columns_of(self.survey),
        }


def _earlier(request: HttpRequest, survey: Survey) -> Report | None:
    """Return the report whose plan is gone on with, None for none of this survey."""
    key = request.GET.get("from", "")
    if not (key.isascii() and key.isdigit() and len(key) < 10):
        return None
    return Report.objects.filter(survey=survey, pk=int(key)).exclude(plan="").first()


def _start_simple(request: HttpRequest, page: _NewReport) -> HttpResponse:
    page.simple = ReportForm(request.POST, kind=page.kind)
    if page.simple.is_valid():
        given = page.simple.given()
        made = service.start(survey=page.survey, **given, by=user_of(request))
        return redirect("report", made.pk)
    return page.answer(request)


def _start_by_form(request: HttpRequest, page: _NewReport) -> HttpResponse:
    page.plan_form = form = page.form(request.POST)
    if form.is_valid():
        text = form.as_text()
        if request.POST.get("go") == "text":
            page.text_form = PlanTextForm(survey=page.survey, plan=text)
            page.is_turned = True
        elif made := _started(request, page, form, text):
            return redirect("report", made.pk)
    return page.answer(request)


def _start_by_text(request: HttpRequest, page: _NewReport) -> HttpResponse:
    page.text_form = form = PlanTextForm(request.POST, request.FILES, survey=page.survey)
    if form.is_valid():
        text = form.as_text()
        if request.POST.get("go") == "form":
            try:
                service.check_plan(text, page.survey)
                page.plan_form = page.filled(text)
                page.is_turned = True
            except InvalidInput as error:
                form.blame(error)
        elif made := _started(request, page, form, text):
            return redirect("report", made.pk)
    return page.answer(request)


def _started(
    request: HttpRequest, page: _NewReport, form: PlanForm | PlanTextForm, plan: str
) -> Report | None:
    """Start a ranking; None where the form says now why it was not."""
    given: dict[str, Any] = {"kind": Report.Kind.RANKING, "survey": page.survey, "plan": plan}
    # sent once more, because the answer did not arrive, it is not somebody else's
    if known := service.waiting(**given, by=user_of(request)):
        return known
    try:
        with unchanged(form):
            return service.start(**given, by=user_of(request))
    except InvalidInput as error:
        form.blame(error)
    except Changed as changed:
        blame(form, changed)
    return None


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
    is_done = chosen.job.state == Job.State.DONE
    return {
        "room": "reports",
        "report": chosen,
        "job": chosen.job,
        "result": on_page.seen(chosen.pk, spoken()) if is_done else "",
        "files": chosen.files,
    }


@require_safe
@requires("reports.view")
def file(request: HttpRequest, pk: int, name: str) -> FileResponse:
    """Send one file of a report."""
    chosen = get_object_or_404(Report, pk=pk)
    try:
        content = chosen.content(name)
    except KeyError:
        raise Http404 from None
    return FileResponse(BytesIO(content), as_attachment=True, filename=name)
