"""The back office's pages of one campaign: its rules, its sites, its draw, its checklist."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config import lists
from config.accounts.editing import Changed, unchanged
from config.accounts.permissions import may_call, requires, user_of
from config.fields import blame, files_of, posted, status_of
from config.language.languages import spoken
from config.language.problems import InvalidInput, say
from config.tabular.downloads import download
from config.tabular.writers import XLSX, Worksheet, workbook
from inspections.campaigns import drawing, draws, services
from inspections.campaigns.forms import (
    AddSitesForm,
    DrawForm,
    DropForm,
    RulesForm,
    VersionForm,
)
from inspections.campaigns.models import Campaign, CampaignSite, Draw
from inspections.campaigns.selectors import places_of, sites_of, state_of, with_state
from inspections.campaigns.services import NotPossible
from inspections.campaigns.site_map import site_map
from inspections.campaigns.site_views import pin
from inspections.campaigns.sites import Site
from surveys.collection import fieldwork
from surveys.collection.selectors import questionnaire_of
from surveys.designing.differences import differences
from surveys.forms.models import QuestionnaireVersion
from surveys.forms.page import page
from surveys.forms.posted import whole
from surveys.questionnaires.questionnaire import UPLOADS, Question

PLACES = lists.Table(
    caption=say("Sites of the campaign"),
    row="inspections/campaigns/place_row.html",
    columns=(
        lists.Column("site", say("Site"), ("site__name",)),
        lists.Column("state", say("State"), ("dropped_at",)),
        lists.Column("kind", say("Kind"), ("site__kind",)),
        lists.Column("area", say("County or district"), ("site__area",)),
        lists.Column("stratum", say("Stratum"), ("stratum",)),
        lists.Column("chance", say("Chance"), ("probability",), is_figure=True),
    ),
    sort="site",
)
DRAWS = lists.Table(
    caption=say("Draws"),
    row="inspections/campaigns/draw_row.html",
    columns=(
        lists.Column("at", say("Drawn")),
        lists.Column("method", say("Method")),
        lists.Column("size", say("Number of sites"), is_figure=True),
        lists.Column("seed", say("Seed"), is_figure=True),
        lists.Column("hash", say("SHA-256")),
        lists.Column("again", say("Drawn once more")),
    ),
)
STATES = {
    "open": say("to be visited"),
    "visited": say("visited"),
    "dropped": say("given up"),
    "replacement": say("takes the place of another"),
    "calibration": say("for calibration"),
}
REASONS = {
    "random": say("The sites of this campaign are drawn; only calibration sites are chosen."),
    "purposive": say("This campaign is led by complaints or chosen: nothing is drawn for it."),
    "by_hand": say("{n} sites of the campaign were chosen by hand; give them up before drawing."),
    "drawn": say("{n} sites of this frame were in a frame of this campaign before."),
    "practice": say("{n} sites of this frame are for calibration."),
    "reason": say("A reason is needed."),
    "dropped": say("The site was given up before."),
    "visited": say("The site has been visited and stays."),
    "empty": say("No site fits: the frame is empty."),
    "twice": say("The frame has a site twice."),
    "size": say("At least one site has to be drawn."),
    "larger": say("The frame has {frame} sites, fewer than are to be drawn."),
    "strata": say("Each stratum needs two sites: draw at least {least}, or take fewer strata."),
    "sizes": say("Every size has to be above 0."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@requires("visits.view_all", post="campaigns.manage")
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Show and change what a visit of the campaign is, and who may go."""
    campaign = campaign_of(slug)
    form = RulesForm(posted(request), campaign=campaign)
    if request.method == "POST" and form.is_valid():
        try:
            with unchanged(form):
                services.change_rules(campaign=campaign, rules=form.rules(), by=user_of(request))
        except Changed as changed:
            blame(form, changed)
        else:
            messages.success(request, _("Saved."))
            return redirect("campaign-settings", slug)
    context = {"room": "campaigns", "campaign": campaign, "form": form}
    status = status_of(form)
    return render(request, "inspections/campaigns/settings.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("visits.view_all", post="campaigns.manage")
def sites(request: HttpRequest, slug: str) -> HttpResponse:
    """List the sites of a campaign and show them on a map; add some that were chosen."""
    campaign, person = campaign_of(slug), user_of(request)
    form = AddSitesForm(posted(request), among=sites_of(person).select_related("area"))
    if request.method == "POST" and form.is_valid():
        try:
            n = services.add_sites(campaign=campaign, **form.cleaned_data, by=person)
        except NotPossible as refused:
            form.add_error("sites", why(refused))
        else:
            text = ngettext("%(n)s site was added.", "%(n)s sites were added.", n)
            messages.success(request, text % {"n": n})
            return redirect("campaign-sites", slug)
    found = with_state(places_of(campaign, person.scope))
    filters = (
        lists.Search("q", say("Site"), lists.contains("site__name", "site__address")),
        lists.Choice("kind", say("Kind"), lists.equals("site__kind"), Site.Kind.choices),
        lists.Choice("state", say("State"), _in_state, [(k, _(t)) for k, t in STATES.items()]),
    )
    listed = lists.listing(request, PLACES, found, filters=filters)
    assert listed.found is not None
    shown = [place for place in listed.found if place.site.position]
    context = {
        "room": "campaigns",
        "campaign": campaign,
        "places": listed.shown_as(_row),
        "map": site_map(pin(place.site, mark=state_of(place)) for place in shown),
        "form": form if may_call(person, "campaign-sites", post=True) else None,
    }
    status = status_of(form)
    return render(request, "inspections/campaigns/campaign_sites.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("visits.view_all", post="campaigns.manage")
def place(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show a site of a campaign; give it up with a reason."""
    chosen = _place(request, slug, pk)
    form = DropForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            instead = draws.drop(place=chosen, because=form.text(), by=user_of(request))
        except NotPossible as refused:
            form.add_error(None, why(refused))
        else:
            _tell_of_dropping(request, chosen, instead)
            return redirect("campaign-sites", slug)
    return _place_page(request, chosen, form)


@require_POST
@requires("campaigns.manage")
def truth(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Write down what a visit to the site has to find."""
    chosen = _place(request, slug, pk)
    questions = _known_questions(chosen.campaign)
    given = whole(questionnaire_of(chosen.campaign.survey), request)
    known = {q.name: given[q.name] for q in questions if given.get(q.name)}
    form = TruthForm({}, questions=questions, known=known)
    if form.is_valid():
        services.say_truth(place=chosen, truth=known, by=user_of(request))
        messages.success(request, _("Saved."))
        return redirect("campaign-site", slug, pk)
    chosen.truth = known
    return _place_page(request, chosen, DropForm(), form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("visits.view_all", post="campaigns.manage")
def draw(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what was drawn, and draw."""
    campaign, person = campaign_of(slug), user_of(request)
    form = DrawForm(posted(request), files_of(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = draws.draw_sites(
                campaign=campaign,
                frame=_frame(given),
                method=given["method"],
                size=given["size"],
                seed=given["seed"],
                source=given["source"],
                source_on=given["source_on"],
                by=person,
            )
        except InvalidInput as refused:
            blame(form, refused, "frame")
        except (NotPossible, drawing.CannotDraw) as refused:
            form.add_error(None, why(refused))
        else:
            text = _("%(n)s sites were drawn with the seed %(seed)s.")
            messages.success(request, text % {"n": made.size, "seed": made.seed})
            return redirect("campaign-draw", slug)
    made_before = [(made, draws.again(made)) for made in campaign.draws.select_related("made_by")]
    context = {
        "room": "campaigns",
        "campaign": campaign,
        "draws": lists.short(DRAWS, made_before),
        "form": form,
    }
    status = status_of(form)
    return render(request, "inspections/campaigns/draw.html", context, status=status)


@require_safe
@requires("visits.view_all")
def draw_file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Send a draw with its frame, so that anybody can draw it again."""
    made = get_object_or_404(Draw, campaign__survey__slug=slug, pk=pk)
    names = ("method", "source", "size", "seed", "frame", "drawn", "sha256")
    content = {name: getattr(made, name) for name in names}
    content["source_on"] = made.source_on.isoformat()
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    return download(text.encode(), f"{slug}-draw-{pk}.json", "application/json")


@require_safe
@requires("visits.view_all")
def frame_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the sites of the directory as a frame, to be given strata and sizes in Excel."""
    campaign_of(slug)
    found = sites_of(user_of(request)).select_related("area")
    heads = ("id", "name", "area", "kind", "stratum", "size")
    rows = [(s.pk, s.name, s.area.zh, str(s.get_kind_display()), "", 1) for s in found]
    sheet = Worksheet("frame", heads, rows, widths={1: 30}, frozen=2)
    return download(workbook([sheet]), f"{slug}-frame.xlsx", XLSX)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("visits.view_all", post="campaigns.manage")
def version(request: HttpRequest, slug: str) -> HttpResponse:
    """Show by which checklist the campaign goes, and let it go on with a newer one."""
    campaign = campaign_of(slug)
    survey = campaign.survey
    others = QuestionnaireVersion.objects.filter(name=survey.version.name)
    others = others.exclude(pk=survey.version_id)
    form = VersionForm(posted(request), among=others)
    if request.method == "POST" and form.is_valid():
        try:
            fieldwork.change_version(
                survey=survey, version=form.cleaned_data["version"], by=user_of(request)
            )
        except fieldwork.NotPossible:
            text = _("Its answers would not add up with the new ones; nothing was changed.")
            form.add_error("version", text)
        else:
            messages.success(request, _("The campaign goes on with this version."))
            return redirect("campaign-version", slug)
    current = survey.version.questionnaire
    context = {
        "room": "campaigns",
        "campaign": campaign,
        "changes": survey.version_changes.select_related("before", "after", "made_by"),
        "others": [(other, differences(current, other.questionnaire)) for other in others],
        "form": form,
    }
    status = status_of(form)
    return render(request, "inspections/campaigns/version.html", context, status=status)


class TruthForm(forms.Form):
    """The answers that are known to be true, checked against the choices of their questions."""

    def __init__(self, data: Any, *, questions: list[Question], known: dict[str, Any]) -> None:
        super().__init__(data)
        self.questions, self.known = questions, known

    def clean(self) -> None:
        """Raise ValidationError for an answer that nobody could give."""
        for question in self.questions:
            answer = self.known.get(question.name)
            given = answer if isinstance(answer, list) else [answer]
            names = {choice.name for choice in question.choices}
            if answer and names and not set(given) <= names:
                label = question.label.get(spoken())
                text = _("%(question)s: there is no such choice") % {"question": label}
                raise ValidationError(text)
            if any(len(str(one)) > 500 for one in given):
                raise ValidationError(_("An answer is longer than 500 characters."))


def campaign_of(slug: str) -> Campaign:
    """Return the campaign of an address with its survey and checklist."""
    found = Campaign.objects.select_related("survey__version")
    return get_object_or_404(found, survey__slug=slug)


def why(refused: NotPossible | drawing.CannotDraw) -> str:
    """Return in words why something is not possible."""
    return _(REASONS[refused.reason]).format(**refused.values)


def _row(place: CampaignSite) -> dict[str, Any]:
    state = state_of(place)
    chance = None if place.probability is None else f"{place.probability:.4g}"
    return {
        "place": place,
        "stratum": dict(Site.Kind.choices).get(place.stratum, place.stratum),
        "state": state,
        "text": _(STATES[state]),
        "chance": chance,
    }


def _in_state(found: QuerySet[Any], state: str) -> QuerySet[Any]:
    kept = found.filter(dropped_at=None)
    if state == "dropped":
        return found.exclude(dropped_at=None)
    if state == "visited":
        return kept.filter(is_visited=True)
    if state == "calibration":
        return kept.filter(is_calibration=True)
    waiting = kept.filter(is_visited=False, is_calibration=False)
    return waiting.filter(replaces__isnull=state != "replacement")


def _tell_of_dropping(
    request: HttpRequest, dropped: CampaignSite, instead: CampaignSite | None
) -> None:
    if instead:
        text = _("%(site)s takes its place, by the draw.") % {"site": instead.site}
    elif dropped.draw_id:
        text = _("Given up. Its stratum has no site left that could take its place.")
    else:
        text = _("Given up.")
    messages.success(request, text)


def _place(request: HttpRequest, slug: str, pk: int) -> CampaignSite:
    found = places_of(campaign_of(slug), user_of(request).scope)
    return get_object_or_404(with_state(found).select_related("campaign__survey__version"), pk=pk)


def _place_page(
    request: HttpRequest, chosen: CampaignSite, form: DropForm, truth_form: TruthForm | None = None
) -> HttpResponse:
    questionnaire, language = questionnaire_of(chosen.campaign.survey), spoken()
    today = timezone.localdate()
    has_truth = chosen.is_calibration or chosen.campaign.kind == Campaign.Kind.SEEDED_FAULT
    sections = [
        page(questionnaire, section, chosen.truth, language=language, today=today)
        for section in questionnaire.sections
    ]
    context = {
        "room": "campaigns",
        "campaign": chosen.campaign,
        "row": _row(chosen),
        "place": chosen,
        "instead": CampaignSite.objects.filter(replaces=chosen).select_related("site").first(),
        "form": form,
        "truth_form": truth_form,
        "sections": sections if has_truth else [],
    }
    status = status_of(form, *([truth_form] if truth_form else []))
    return render(request, "inspections/campaigns/place.html", context, status=status)


def _known_questions(campaign: Campaign) -> list[Question]:
    """Return the questions whose true answer can be written down."""
    questions = questionnaire_of(campaign.survey).questions.values()
    left_out = ("note", "calculate", "repeat", *UPLOADS)
    return [question for question in questions if question.kind not in left_out]


def _frame(given: dict[str, Any]) -> list[draws.Line]:
    """Return the frame that a form describes: of a file, or of the directory. Raises
    InvalidInput.
    """
    found = Site.objects.filter(merged_into=None).select_related("area")
    if given["frame"] is not None:
        return draws.lines_of_table(given["frame"], found)
    if given["cities"]:
        found = found.filter(area__parent__in=given["cities"])
    if given["kinds"]:
        found = found.filter(kind__in=given["kinds"])
    return draws.lines_of(found, given["strata"])
