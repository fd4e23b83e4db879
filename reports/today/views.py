"""The first page after signing in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config import lists
from config.accounts.permissions import own_page, user_of
from config.language.problems import say
from inspections.visits.selectors import campaigns_with_counts
from reports.production.models import Report
from reports.today.waiting import waiting
from surveys.collection.selectors import in_state, surveys_with_counts
from surveys.monitoring import charts
from surveys.monitoring.standing import standing

CARDS = 4
# what stands here of each list: so few that nobody sorts them
SURVEYS_TODAY = lists.Table(
    caption=say("Surveys"),
    row="reports/today/survey_row.html",
    columns=(
        lists.Column("survey", say("Survey")),
        lists.Column("state", say("State")),
        lists.Column("accepted", say("Accepted"), is_figure=True),
    ),
)
CAMPAIGNS_TODAY = lists.Table(
    caption=say("Visits"),
    row="reports/today/campaign_row.html",
    columns=(
        lists.Column("campaign", say("Campaign")),
        lists.Column("visited", say("Visited, of sites"), is_figure=True),
        lists.Column("findings", say("With findings"), is_figure=True),
        lists.Column("revisited", say("Revisited"), is_figure=True),
    ),
)
REPORTS_TODAY = lists.Table(
    caption=say("Reports"),
    row="reports/today/report_row.html",
    columns=(lists.Column("report", say("Report")), lists.Column("state", say("State"))),
)


@require_safe
@own_page
def today(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person, how far what is in the field is, and what was made last."""
    person = user_of(request)
    sees_surveys, sees_visits = person.has_perm("surveys.view"), person.has_perm("visits.view")
    listed = surveys_with_counts(person.scope).filter(has_page=True)
    open_now = in_state(listed, "open").order_by("-opens_at")
    campaigns = list(campaigns_with_counts(person)[:5]) if sees_visits else []
    context = {
        "room": "today",
        "waiting": waiting(person),
        "standings": [standing(s, person.scope) for s in open_now[:CARDS]] if sees_surveys else (),
        "surveys": lists.short(
            SURVEYS_TODAY, listed.exclude(opens_at=None)[:8] if sees_surveys else ()
        ),
        "campaigns": lists.short(CAMPAIGNS_TODAY, campaigns),
        "visited": _visited(campaigns),
        "reports": lists.short(
            REPORTS_TODAY,
            Report.objects.select_related("job")[:5] if person.has_perm("reports.view") else (),
        ),
    }
    return render(request, "reports/today/today.html", context)


def _visited(campaigns: Sequence[Any]) -> charts.BarsChart | None:
    """Return which share of its sites each campaign has visited, in percent."""
    rows = [
        (
            campaign.survey.heading,
            round(100 * campaign.visited / campaign.site_count),
            f"{campaign.visited} / {campaign.site_count}",
        )
        for campaign in campaigns
        if campaign.site_count
    ]
    return charts.bars(_("Sites visited, in percent"), rows, full=100)
