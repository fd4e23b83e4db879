"""The back office's pages of campaigns: visits as they came in, one to record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from config import lists
from config.accounts.models import User
from config.accounts.permissions import requires, user_of
from config.fields import blame, files_of, posted, status_of
from config.language.languages import spoken
from config.language.problems import InvalidInput, say
from config.language.texts import Text
from inspections.campaigns import services as campaigns_service
from inspections.campaigns.models import Campaign
from inspections.campaigns.sites import Site
from inspections.devices.selectors import inspectors
from inspections.visits import services as visits
from inspections.visits.forms import CampaignForm, RecordForm
from inspections.visits.models import Visit
from inspections.visits.selectors import (
    campaigns_with_counts,
    in_state,
    sites_seen,
    visits_of,
)
from surveys.collection import services as collection
from surveys.collection.models.area import Area
from surveys.collection.selectors import questionnaire_of
from surveys.forms.fields import error_text
from surveys.forms.page import page
from surveys.forms.posted import whole
from surveys.questionnaires.answers import Flaw, place_of

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
        lists.Column("state", say("State"), ("status",)),
        lists.Column("at", say("When"), ("visited_at",)),
        lists.Column("who", say("Who")),
        lists.Column("findings", say("Findings"), ("finding_count",), is_figure=True),
        lists.Column("photographs", say("Photographs"), ("photographs",), is_figure=True),
        lists.Column("type", say("Type"), ("site__kind",)),
    ),
    sort="-at",
)
NOT_OPEN: dict[str, str] = {
    "draft": say("This campaign is not open yet; it takes visits when it is."),
    "closed": say("This campaign is closed and takes no visit any more."),
}
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
    form = CampaignForm(posted(request))
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
                kind=given["kind"],
                by=user_of(request),
            )
        except ValidationError as error:
            blame(form, error)
        else:
            return redirect("campaign", made.survey.slug)
    context = {"room": "campaigns", "form": form}
    return render(request, "inspections/visits/campaign_new.html", context, status=status_of(form))


@require_safe
@requires("visits.view")
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one campaign and its visits, the latest first."""
    person = user_of(request)
    chosen = get_object_or_404(campaigns_with_counts(person), survey__slug=slug)
    found = visits_of(chosen, person)
    findings = [(value, _(text)) for value, text in FINDINGS.items()]
    states = [*Visit.Status.choices, ("incomplete", _("without all files"))]
    filters = [
        lists.Search("q", say("Site"), lists.contains("site__name", "site__address")),
        lists.Choice("state", say("State"), in_state, states),
        lists.Choice("findings", say("Findings"), _by_findings, findings),
        lists.Choice("type", say("Type"), lists.equals("site__kind"), Site.Kind.choices),
        lists.Choice("area", say("District"), lists.equals("site__area"), _areas(found)),
        lists.Day("from", say("From"), lists.equals("visited_at__date__gte")),
        lists.Day("to", say("To"), lists.equals("visited_at__date__lte")),
    ]
    if person.has_perm("visits.view_all"):
        who = [(str(one.pk), one.name) for one in inspectors().filter(visits__campaign=chosen)]
        filters.insert(2, lists.Choice("who", say("Who"), _by_inspector, who))
    context = {
        "room": "campaigns",
        "campaign": chosen,
        "not_open": NOT_OPEN.get(chosen.survey.state()),
        "visits": lists.listing(request, VISITS, found, filters=filters),
    }
    return render(request, "inspections/visits/campaign.html", context)


def _areas(found: QuerySet[Visit]) -> list[tuple[str, str]]:
    areas = Area.objects.filter(pk__in=found.order_by().values("site__area"))
    return [(area.pk, area.name) for area in areas]


def _by_inspector(found: QuerySet[Visit], key: str) -> QuerySet[Visit]:
    # beside the counts of the list, a plain join would count each person of a pair
    return found.filter(pk__in=Visit.objects.filter(inspectors__pk=key))


def _by_findings(found: QuerySet[Any], which: str) -> QuerySet[Any]:
    return found.filter(finding_count__gt=0) if which == "some" else found.filter(finding_count=0)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("visits.record")
def record(request: HttpRequest, slug: str) -> HttpResponse:
    """Record a visit: site, time, checklist, photographs. With flaws the form comes back with
    everything typed.
    """
    chosen = get_object_or_404(Campaign.objects.select_related("survey"), survey__slug=slug)
    if request.method != "POST" and (text := NOT_OPEN.get(chosen.survey.state())):
        messages.error(request, _(text))
        return redirect("campaign", slug)
    form = RecordForm(
        posted(request), files_of(request), sites=sites_seen(chosen, user_of(request))
    )
    answers = whole(questionnaire_of(chosen.survey), request)
    flaws: list[Flaw] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = _recorded(chosen, form.cleaned_data, answers, by=user_of(request))
        except collection.Refused as refused:
            flaws = list(refused.flaws)
            _blame_answers(form, chosen, flaws)
        except visits.NotOpen as error:
            form.add_error(None, _(NOT_OPEN[error.state]))
        except visits.AlreadyVisited:
            text = _("This site has a visit in this campaign; tick “revisit” if this is one.")
            form.add_error("site", text)
        else:
            _keep_photographs(request, made, form.cleaned_data["photographs"])
            messages.success(request, _("The visit is recorded."))
            return redirect("visit", made.pk)
    return _record_page(request, chosen, form, answers, flaws)


def _recorded(campaign: Campaign, given: dict[str, Any], answers: Any, *, by: User) -> Visit:
    earlier = campaign.visits.filter(site=given["site"], revisit_of=None)
    return visits.record(
        campaign=campaign,
        site=given["site"],
        uid=given["uid"],
        answers=answers,
        visited_at=given["visited_at"],
        inspectors=[by],
        revisit_of=earlier.exclude(response__uid=given["uid"]).first() if given["again"] else None,
        by=by,
    )


def _keep_photographs(
    request: HttpRequest, visit: Visit, photographs: list[UploadedFile[bytes]]
) -> None:
    """Keep the photographs of a visit; one that is none is named and does not undo the visit."""
    for photograph in photographs:
        try:
            visits.add_evidence(
                visit=visit,
                content=photograph.read(),
                name=photograph.name or "",
                by=user_of(request),
            )
        except InvalidInput as error:
            messages.error(request, error.problems[0].render(_))


def _blame_answers(form: RecordForm, campaign: Campaign, flaws: list[Flaw]) -> None:
    questionnaire, language = questionnaire_of(campaign.survey), spoken()
    for flaw in flaws:
        question = questionnaire.find(place_of(flaw.question)[1])
        label = question.label.get(language) if question else flaw.question
        form.add_error(None, f"{label} {error_text(flaw, language)}")


def _record_page(
    request: HttpRequest,
    campaign: Campaign,
    form: RecordForm,
    answers: dict[str, Any],
    flaws: list[Flaw],
) -> HttpResponse:
    questionnaire = questionnaire_of(campaign.survey)
    status = status_of(form)
    form.renew()
    context = {
        "room": "campaigns",
        "campaign": campaign,
        "sections": [
            page(
                questionnaire,
                section,
                answers,
                language=spoken(),
                today=timezone.localdate(),
                flaws=flaws,
            )
            for section in questionnaire.sections
        ],
        "form": form,
    }
    return render(request, "inspections/visits/record.html", context, status=status)
