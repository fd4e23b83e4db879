"""The page of background work: one's own, everybody's for whoever manages people; what failed is
done again by a button.
"""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config import lists
from config.accounts.models import User
from config.accounts.permissions import own_page, user_of
from config.language.problems import say
from config.work import jobs
from config.work.models import Job

JOBS = lists.Table(
    caption=say("Background work"),
    row="config/work/jobs_row.html",
    columns=(
        lists.Column("title", say("Job"), ("title",)),
        lists.Column("state", say("State"), ("state",)),
        lists.Column("begun", say("Started"), ("created_at",)),
        lists.Column("beat", say("Last said something"), ("beat_at",)),
        lists.Column("who", say("Who"), ("started_by__username",)),
        lists.Column("", say("What can be done"), is_action=True),
    ),
    sort="-begun",
)


@require_safe
@own_page
def index(request: HttpRequest) -> HttpResponse:
    """List work in the background, the latest first."""
    filters = (
        lists.Search("q", say("Job"), lists.contains("title")),
        lists.Choice("state", say("State"), lists.equals("state"), Job.State.choices),
    )
    listed = lists.listing(request, JOBS, _seen_by(user_of(request)), filters=filters)
    return render(request, "config/work/jobs.html", {"room": "jobs", "jobs": listed})


@require_POST
@own_page
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a job that failed done again."""
    job = get_object_or_404(_seen_by(user_of(request)), pk=pk)
    if not jobs.again(job):
        messages.error(request, _("This cannot be done again from here; start it anew."))
    return redirect("jobs")


def _seen_by(person: User) -> QuerySet[Job]:
    found = Job.objects.select_related("started_by")
    return found if person.has_perm("people.manage") else found.filter(started_by=person)
