"""The back office's pages of campaigns: visits as they came in, one to record, photographs to
look at.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from config.accounts.permissions import requires, user_of
from config.console import lists
from config.language.languages import spoken
from config.language.problems import InvalidInput, say
from config.language.texts import Text
from config.storage import files
from inspections.campaigns import services as campaigns_service
from inspections.campaigns.models import Campaign
from inspections.campaigns.sites import Site
from inspections.visits import services as visits
from inspections.visits.forms import CampaignForm
from inspections.visits.selectors import (
    campaigns_with_counts,
    evidence_seen,
    sites_seen,
    visits_of,
    visits_seen,
)
from surveys.collection import services as collection
from surveys.collection.selectors import questionnaire_of
from surveys.forms.fields import error_text
from surveys.forms.page import page
from surveys.questionnaires.answers import Flaw
from surveys.questionnaires.questionnaire import Questionnaire
from surveys.responses.answer_text import lines

CAMPAIGNS = lists.Table(
    caption=say("Campaigns"),
    row="inspections/visits/campaigns_row.html",
    columns=(
        lists.Column("campaign", say("Campaign"), ("survey__title_zh",)),
        lists.Column("sites", say("Sites"), ("site_count",), is_figure=True),
        lists.Column("visited", say("Visited"), ("visited",), is_figure=True),
        lists.Column("findings", say("With findings"), ("with_findings",), is_figure=True),
        lists.Column("revisits", say("Revisits"), ("revisited",), is_figure=True),
    ),
)
VISITS = lists.Table(
    caption=say("Visits"),
    row="inspections/visits/visits_row.html",
    columns=(
        lists.Column("site", say("Site"), ("site__name",)),
        lists.Column("type", say("Type"), ("site__kind",)),
        lists.Column("at", say("When"), ("visited_at",)),
        lists.Column("findings", say("Findings"), ("finding_count",), is_figure=True),
        lists.Column("photographs", say("Photographs"), ("photographs",), is_figure=True),
    ),
    sort="-at",
)
FINDINGS = {"some": say("with findings"), "none": say("without findings")}


@require_safe
@requires("visits.view")
def campaigns(request: HttpRequest) -> HttpResponse:
    """List the campaigns with their counts."""
    title = lists.Search("q", say("Title"), lists.contains("survey__title_zh", "survey__title_en"))
    found = campaigns_with_counts(user_of(request))
    context = {
        "room": "campaigns",
        "campaigns": lists.listing(request, CAMPAIGNS, found, filters=[title]),
    }
    return render(request, "inspections/visits/campaigns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("campaigns.manage")
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Set up a campaign among the sites there are; it is opened on its own page."""
    form = CampaignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.given()
        try:
            made = campaigns_service.set_up(
                slug=given["slug"],
                title=Text(given["title_zh"], given["title_en"]),
                organiser=Text(given["organiser_zh"], given["organiser_en"]),
                version=given["version"],
                sites=given["sites"],
                selection=given["selection"],
                by=user_of(request),
            )
        except ValidationError as error:
            form.add_error("slug", error.messages)
        else:
            return redirect("campaign", made.survey.slug)
    context = {"room": "campaigns", "form": form}
    status = 422 if form.errors else 200
    return render(request, "inspections/visits/campaign_new.html", context, status=status)


@require_safe
@requires("visits.view")
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one campaign and its visits, the latest first."""
    chosen = get_object_or_404(campaigns_with_counts(user_of(request)), survey__slug=slug)
    filters = (
        lists.Search("q", say("Site"), lists.contains("site__name", "site__address")),
        lists.Choice("type", say("Type"), lists.equals("site__kind"), Site.Kind.choices),
        lists.Choice(
            "findings",
            say("Findings"),
            _by_findings,
            [(value, _(text)) for value, text in FINDINGS.items()],
        ),
        lists.Day("from", say("From"), lists.equals("visited_at__date__gte")),
        lists.Day("to", say("To"), lists.equals("visited_at__date__lte")),
    )
    found = visits_of(chosen, user_of(request))
    context = {
        "room": "campaigns",
        "campaign": chosen,
        "visits": lists.listing(request, VISITS, found, filters=filters),
    }
    return render(request, "inspections/visits/campaign.html", context)


def _by_findings(found: QuerySet[Any], which: str) -> QuerySet[Any]:
    return found.filter(finding_count__gt=0) if which == "some" else found.filter(finding_count=0)


@require_safe
@requires("visits.view")
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one visit: answers, findings, photographs."""
    chosen = get_object_or_404(
        visits_seen(user_of(request)).select_related("site", "campaign__survey", "response"), pk=pk
    )
    questionnaire = questionnaire_of(chosen.campaign.survey)
    language = spoken()
    labels = {leaf.name: leaf.label.get(language) for leaf in questionnaire.leaves()}
    context = {
        "room": "campaigns",
        "visit": chosen,
        "findings": [
            (labels.get(f.indicator, f.indicator), f.critical) for f in chosen.findings.all()
        ],
        "answers": list(lines(questionnaire, chosen.response.answers, language, {})),
        "evidence": chosen.evidence.all(),
    }
    return render(request, "inspections/visits/visit.html", context)


@require_safe
@requires("visits.view")
def photograph(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the copy of a photograph that was decoded and written anew; the original is never
    served.
    """
    evidence = get_object_or_404(evidence_seen(user_of(request)), pk=pk)
    return HttpResponse(files.read(evidence.shown), content_type="image/jpeg")


@require_http_methods(["GET", "HEAD", "POST"])
@requires("visits.record")
def record(request: HttpRequest, slug: str) -> HttpResponse:
    """Record a visit: site, time, checklist, photographs. With flaws the form comes back with
    everything typed.
    """
    chosen = get_object_or_404(Campaign.objects.select_related("survey"), survey__slug=slug)
    if request.method != "POST":
        return _form(request, chosen, {}, [], str(uuid4()))
    answers = _given(questionnaire_of(chosen.survey), request)
    uid = request.POST.get("uid", "")
    moment = parse_datetime(request.POST.get("visited_at", ""))
    site = sites_seen(chosen, user_of(request)).filter(pk=request.POST.get("site") or 0).first()
    if site is None or moment is None:
        return _form(
            request,
            chosen,
            answers,
            [],
            uid,
            _("Choose the site and the time of the visit."),
            status=422,
        )
    earlier = chosen.visits.filter(site=site, revisit_of=None).exclude(response__uid=uid).first()
    try:
        made = visits.record(
            campaign=chosen,
            site=site,
            uid=UUID(uid),
            answers=answers,
            visited_at=timezone.make_aware(moment),
            inspectors=[user_of(request)],
            revisit_of=earlier if request.POST.get("again") else None,
            by=user_of(request),
        )
    except collection.Refused as refused:
        return _form(request, chosen, answers, list(refused.flaws), uid, status=422)
    except visits.AlreadyVisited:
        message = _("This site has a visit in this campaign; tick “revisit” if this is one.")
        return _form(request, chosen, answers, [], uid, message, status=409)
    except ValueError:
        return _form(
            request,
            chosen,
            answers,
            [],
            str(uuid4()),
            _("Please send the form once more."),
            status=400,
        )
    for upload in request.FILES.getlist("photographs"):
        try:
            visits.add_evidence(
                visit=made,
                content=upload.read(),
                name=upload.name or "",
                by=user_of(request),
            )
        except InvalidInput as error:
            messages.error(request, error.problems[0].render(_))
    messages.success(request, _("The visit is recorded."))
    return redirect("visit", made.pk)


def _form(
    request: HttpRequest,
    campaign: Campaign,
    answers: dict[str, Any],
    flaws: list[Flaw],
    uid: str,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    questionnaire = questionnaire_of(campaign.survey)
    today = timezone.localdate()
    language = spoken()
    context = {
        "room": "campaigns",
        "campaign": campaign,
        "sections": [
            page(questionnaire, s, answers, language=language, today=today, flaws=flaws)
            for s in questionnaire.sections
        ],
        "sites": sites_seen(campaign, user_of(request)),
        "given": request.POST,
        "uid": uid,
        "error": error,
        "flaws": [
            (questionnaire.questions[f.question].label.get(language), error_text(f, language))
            for f in flaws
        ],
        "now": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    }
    return render(request, "inspections/visits/record.html", context, status=status)


def _given(questionnaire: Questionnaire, request: HttpRequest) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, question in questionnaire.questions.items():
        several = question.kind == "select_multiple"
        if value := request.POST.getlist(name) if several else request.POST.get(name, "").strip():
            given[name] = value
    return given
