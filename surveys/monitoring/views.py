"""The fieldwork page: how far a survey is, by itself up to date; targets and how many answers it
takes.
"""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from config import lists
from config.accounts.editing import Changed, unchanged
from config.accounts.permissions import requires, user_of
from config.accounts.scope import Scope
from config.fields import blame, files_of, posted, status_of
from config.language.languages import spoken
from config.language.problems import InvalidInput, say
from config.language.texts import Text
from config.tabular.downloads import download
from config.tabular.writers import XLSX, workbook, worksheet
from surveys.collection.models.area import Area
from surveys.collection.models.collector import Collector
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.sampling import ALL
from surveys.collection.selectors import responses_of
from surveys.monitoring import charts, figures, targets
from surveys.monitoring.aapor import completion_rate, rates
from surveys.monitoring.forms import SampleSizeForm, TargetsForm
from surveys.quality.flags import label

TARGETS = lists.Table(
    caption=say("Targets"),
    row="surveys/monitoring/target_row.html",
    columns=(
        lists.Column("cell", say("Cell")),
        lists.Column("wanted", say("Wanted"), is_figure=True),
        lists.Column("done", say("Done"), is_figure=True),
        lists.Column("soft", say("Soft cap"), is_figure=True),
        lists.Column("hard", say("Hard cap"), is_figure=True),
    ),
)


@require_safe
@requires("surveys.view")
def fieldwork(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how far a survey is."""
    survey = get_object_or_404(Survey, slug=slug)
    scope = user_of(request).scope
    context = {
        "room": "surveys",
        "tab": "fieldwork",
        "survey": survey,
        "areas": _posted(scope),
        **_figures(survey, scope),
    }
    return render(request, "surveys/monitoring/fieldwork.html", context)


@require_safe
@never_cache
@requires("surveys.view")
def fieldwork_figures(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the figures alone, for the page that refreshes them."""
    survey = get_object_or_404(Survey, slug=slug)
    context = _figures(survey, user_of(request).scope)
    return render(request, "surveys/monitoring/figures.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("surveys.view", post="surveys.manage")
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the targets of a survey, take new ones in, work out how many answers it takes."""
    survey = get_object_or_404(Survey, slug=slug)
    form = TargetsForm(posted(request), files_of(request), survey=survey)
    if request.method == "POST" and form.is_valid():
        table = form.cleaned_data["targets"]
        try:
            with unchanged(form):
                n = targets.take_in(survey=survey, table=table, by=user_of(request))
        except (InvalidInput, Changed) as refused:
            blame(form, refused, "targets")
        else:
            messages.success(request, _("%(n)s targets were taken in.") % {"n": n})
            return redirect("targets", slug)
    size = SampleSizeForm(request.GET.dict())
    needed = size.needed()
    context = {
        "room": "surveys",
        "tab": "targets",
        "survey": survey,
        "cells": lists.short(TARGETS, figures.cells(survey, user_of(request).scope)),
        "form": form,
        "size_form": size,
        "needed": "" if needed is None else f"{needed:,}",
    }
    return render(request, "surveys/monitoring/targets.html", context, status=status_of(form))


@require_safe
@requires("surveys.view")
def plan_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the targets as a workbook to be edited."""
    survey = get_object_or_404(Survey, slug=slug)
    table = targets.as_table(survey, user_of(request).scope)
    return download(workbook([worksheet("targets", table)]), f"{slug}-targets.xlsx", XLSX)


def _strata(counts: list[tuple[Any, int]]) -> list[tuple[Any, int]]:
    """Return the strata to show: where nobody named one there is nothing to tell apart."""
    return [] if [stratum for stratum, _n in counts] == [ALL] else counts


def _figures(survey: Survey, scope: Scope) -> dict[str, Any]:
    responses = responses_of(survey, scope)
    status = figures.by_status(responses)
    sent = figures.sent_by_page(responses)
    whole = scope.is_everywhere
    begun = figures.begun(survey) if whole else 0
    valid, returned = figures.paper_return(responses)
    return {
        "status": [(str(Response.Status(s).label), f"{n:,}") for s, n in sorted(status.items())],
        "accepted": f"{status.get(Response.Status.ACCEPTED, 0):,}",
        "cells": figures.cells(survey, scope),
        "by_city": _by_city(responses),
        "by_stratum": _bars(_strata(figures.by(responses, "stratum")), {}),
        "companies": _companies(survey, responses),
        "gates": (charts.NAMED, charts.RANKED),
        "by_collector": _bars(
            figures.by(responses, "collector"), dict(Collector.objects.values_list("pk", "name_zh"))
        ),
        "days": charts.over_days(
            _("Accepted responses by day"),
            [charts.Series(_("accepted"), dict(figures.by_day(responses)))],
        ),
        "troubles": _troubles(survey) if whole else None,
        "minutes": [
            (str(Response.Mode(mode).label), f"{minutes:.1f}")
            for mode, minutes in sorted(figures.median_minutes(responses).items())
        ],
        "completion": f"{completion_rate(sent, sent + begun):.1%}"
        if sent + begun and whole
        else "",
        "begun": begun,
        "left": _left(figures.drop_off(survey, sent)) if whole else [],
        "valid_return": f"{valid / returned:.1%} ({valid:,} / {returned:,})" if returned else "",
        "flags": [(label(check), n) for check, n in figures.flags(survey)] if whole else [],
        "rates": _rates(survey) if survey.sample == Survey.Sample.PROBABILITY and whole else [],
        "now": timezone.localtime(),
    }


def _left(found: list[figures.Left]) -> list[dict[str, object]]:
    """Return where sheets were left, a line for each question, so that it is seen where people
    are lost.
    """
    most = max((x.n for x in found), default=1)
    return [
        {
            "label": x.question.label.get(spoken()),
            "n": f"{x.n:,}",
            "share": f"{x.share:.1%}",
            "value": x.n,
            "most": most,
        }
        for x in found
    ]


def _rates(survey: Survey) -> list[tuple[str, str]]:
    """Return AAPOR's rates of a probability sample; a sample without probabilities has none."""
    if not survey.invitations.exists():
        return []
    found = asdict(rates(figures.dispositions(survey), sample="probability"))
    return [
        (name.upper() if name != "e" else "e", "–" if math.isnan(x) else f"{x:.3f}")
        for name, x in found.items()
    ]


def _posted(scope: Scope) -> str:
    """Return the names of the areas that somebody is posted to, "" for everywhere."""
    if scope.is_everywhere:
        return ""
    names = {Scope.of([code]).prefixes: name for code, name in _areas().items()}
    return _(", ").join(names[(start,)] for start in scope.prefixes or ())


def _areas() -> dict[Any, str]:
    return {area.code: area.name for area in Area.objects.all()}


def _by_city(responses: QuerySet[Response]) -> dict[str, Any] | None:
    """Return accepted responses by city, a column for each way they were given and one for all."""
    counts, names = figures.by_city_and_mode(responses), _areas()
    modes = [mode for mode in Response.Mode if any(mode in found for found in counts.values())]
    most = max((sum(found.values()) for found in counts.values()), default=0)
    rows = [
        {
            "label": names.get(code, code),
            "n": sum(found.values()),
            "counts": [found.get(mode, 0) for mode in modes],
        }
        for code, found in sorted(counts.items())
    ]
    return {"modes": [mode.label for mode in modes], "rows": rows, "most": most} if rows else None


def _companies(survey: Survey, responses: QuerySet[Response]) -> charts.BarsChart | None:
    """Return how many responses each company has, against what a report usually asks for."""
    rows = [
        (Text(c.name, c.name_en or c.name).get(spoken()), n, f"{n:,}")
        for c, n in figures.by_company(survey, responses)
    ]
    marks = [(charts.NAMED, str(charts.NAMED)), (charts.RANKED, str(charts.RANKED))]
    return charts.bars(_("Accepted responses by company"), rows, marks=marks)


def _troubles(survey: Survey) -> charts.DaysChart | None:
    """Return what went wrong over time: flagged, refused on the telephone, left on a page."""
    series = [
        charts.Series(_("flagged by the checks"), figures.flagged_by_day(survey)),
        charts.Series(_("refused on the telephone"), figures.refused_by_day(survey)),
        charts.Series(_("left on a page"), figures.left_by_day(survey)),
    ]
    return charts.over_days(_("Flags and refusals by day"), series)


def _bars(counts: list[tuple[Any, int]], labels: dict[Any, str]) -> list[dict[str, object]]:
    most = max((n for _key, n in counts), default=1)
    return [
        {"label": labels.get(key, str(key)), "n": f"{n:,}", "value": n, "most": most}
        for key, n in counts
    ]
