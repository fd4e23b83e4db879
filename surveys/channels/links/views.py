"""Collection points are opened, closed and printed as posters."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.accounts.permissions import requires, user_of
from config.address import absolute, is_of_this_machine
from config.fields import blame
from config.language.problems import InvalidInput
from config.language.texts import Text
from config.tabular.downloads import download
from surveys.channels.links import services as collectors
from surveys.channels.links.forms import CollectorForm, PlacesForm, SwitchForm
from surveys.channels.links.poster import Poster, code, posters
from surveys.channels.views import address_of, render_channels
from surveys.collection.models.collector import Collector
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import questionnaire_of
from surveys.forms.page import page


@require_POST
@requires("surveys.manage")
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Open one collector, or a poster for every place of a list."""
    survey = get_object_or_404(Survey, slug=slug)
    is_one = "kind" in request.POST
    return _add_one(request, survey) if is_one else _add_places(request, survey)


def _add_one(request: HttpRequest, survey: Survey) -> HttpResponse:
    form = CollectorForm(request.POST, survey=survey)
    if form.is_valid():
        given = form.cleaned_data
        try:
            collectors.open_way(
                survey=survey,
                kind=given["kind"],
                name=Text(given["name_zh"], given["name_en"]),
                stratum=given["stratum"],
                psu=given["psu"],
                sealed_to=given["sealed_to"],
                by=user_of(request),
            )
        except ValidationError as error:
            blame(form, error)
        else:
            return redirect("collectors", survey.slug)
    return render_channels(request, survey, form)


def _add_places(request: HttpRequest, survey: Survey) -> HttpResponse:
    form = PlacesForm(request.POST, request.FILES)
    if form.is_valid():
        table = form.cleaned_data["places"]
        try:
            made = collectors.open_places(survey=survey, table=table, by=user_of(request))
        except InvalidInput as error:
            blame(form, error, "places")
        else:
            messages.success(request, _("%(n)s places were added.") % {"n": len(made)})
            return redirect("collectors", survey.slug)
    return render_channels(request, survey, form)


@require_POST
@requires("surveys.manage")
def switch(request: HttpRequest, code: str) -> HttpResponse:
    """Close a collector, or open it again."""
    collector = get_object_or_404(Collector, code=code)
    form = SwitchForm(request.POST)
    if form.is_valid():
        is_active = form.cleaned_data["to"] == "open"
        collectors.set_active(collector=collector, is_active=is_active, by=user_of(request))
    else:
        messages.error(request, _("Nothing was done: say whether to close it or to open it."))
    return redirect("collectors", collector.survey.slug)


@require_safe
@requires("surveys.manage")
def poster(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the posters of a survey's open collectors, or of one, as PDF."""
    survey = get_object_or_404(Survey, slug=slug)
    if is_of_this_machine(request):
        messages.error(
            request,
            _(
                "No phone can follow %(address)s, so nothing was printed. Set MINGCHA_ADDRESS to"
                " the address by which people reach the site, or start it with --lan and open it"
                " by that address."
            )
            % {"address": absolute(request, "/")},
        )
        return redirect("collectors", slug)
    wanted = survey.collectors.filter(is_active=True)
    if chosen := request.GET.get("code"):
        wanted = wanted.filter(code=chosen)
    questionnaire = questionnaire_of(survey)
    first = page(
        questionnaire, questionnaire.sections[0], {}, language="zh-Hans", today=timezone.localdate()
    )
    every = [
        Poster(
            address_of(request, way),
            survey.title,
            survey.organiser,
            Text(way.name_zh, way.name_en),
            first.minutes,
        )
        for way in wanted
    ]
    if not every:
        messages.error(request, _("There is no open collection point to print a poster for."))
        return redirect("collectors", slug)
    content = posters(every, day=timezone.localdate())
    return download(content, f"{slug}-posters.pdf", "application/pdf")


@require_safe
@requires("surveys.manage")
def qr(request: HttpRequest, code_: str) -> HttpResponse:
    """Send the QR code of one collector as SVG."""
    collector = get_object_or_404(Collector, code=code_)
    drawn = code(address_of(request, collector)).replace(
        "<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1
    )
    return download(drawn.encode(), f"{collector.code}.svg", "image/svg+xml")
