"""Pages of interviewers on the telephone: the next number, what became of the call, the
interview itself.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.accounts.permissions import requires, user_of
from config.console import lists
from config.language.languages import language_of
from config.language.problems import say
from surveys.channels.telephone import services as calls
from surveys.channels.telephone.models import Call
from surveys.collection import drafts, fill_token
from surveys.collection.models.invitation import Disposition, Invitation
from surveys.collection.models.survey import Survey

WORDS = {
    Disposition.UNKNOWN: say("nobody answered, engaged"),
    Disposition.UNKNOWN_OTHER: say("wrong or dead number"),
    Disposition.NON_CONTACT: say("reached the household, not the person, or at a bad time"),
    Disposition.OTHER: say("cannot answer: ill, away for long, another language"),
    Disposition.BREAK_OFF: say("hung up in the middle of the interview"),
    Disposition.REFUSAL: say("refuses; is not called again"),
    Disposition.NO_ELIGIBLE: say("nobody there had such a service"),
    Disposition.OUT_OF_FRAME: say("does not belong to the population"),
}
PROMISED = lists.Table(
    caption=say("Promised calls"),
    row="surveys/telephone/promised_row.html",
    columns=(
        lists.Column("when", say("When"), ("call_again_at",)),
        lists.Column("batch", say("Batch"), ("batch", "number")),
        lists.Column("number", say("Number"), ("number",), is_figure=True),
        lists.Column("attempts", say("Attempts"), ("attempts",), is_figure=True),
    ),
    sort="when",
)
CASES = lists.Table(
    caption=say("Cases"),
    row="surveys/telephone/cases_row.html",
    columns=(
        lists.Column("disposition", say("Disposition")),
        lists.Column("n", say("Cases"), is_figure=True),
    ),
)


@require_safe
@requires("responses.enter")
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how far the telephone interviews are, and the calls that were promised."""
    return _queue(request, get_object_or_404(Survey, slug=slug))


def _queue(request: HttpRequest, survey: Survey, error: str = "") -> HttpResponse:
    mine = Call.objects.filter(
        made_by=user_of(request),
        invitation__survey=survey,
        made_at__date=timezone.localdate(),
    )
    promised = lists.listing(
        request,
        PROMISED,
        calls.promised(survey),
        filters=[lists.Search("q", say("Batch or number"), lists.contains("batch", "number"))],
        at=reverse("calls", args=[survey.slug]),
    )
    context = {
        "room": "surveys",
        "tab": "calls",
        "survey": survey,
        "cases": lists.short(CASES, calls.counts(survey)),
        "promised": promised,
        "now": timezone.now(),
        "mine": mine.count(),
        "last": mine.select_related("invitation").order_by("-pk").first(),
        "error": error,
    }
    return render(request, "surveys/telephone/queue.html", context, status=422 if error else 200)


@require_POST
@requires("responses.enter")
def following(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand out the next number, or the one that is asked for."""
    survey = get_object_or_404(Survey, slug=slug)
    batch, number = request.POST.get("batch", "").strip(), request.POST.get("number", "").strip()
    if not number:
        found = calls.take_next(survey=survey, by=user_of(request))
        if found is None:
            return _queue(
                request, survey, _("Nobody is to be called now; look again when a call is due.")
            )
        return redirect("call", slug, found.pk)
    same = survey.invitations.filter(
        number=int(number) if number.isdecimal() and len(number) < 9 else 0
    )
    asked = (
        same.filter(batch=batch).first() if batch else same.first() if same.count() == 1 else None
    )
    if asked is None:
        return _queue(
            request, survey, _("There is no such number; give the batch where several have one.")
        )
    if not calls.hold(invitation=asked, by=user_of(request)):
        return _queue(request, survey, _("Somebody else has this number on the telephone now."))
    return redirect("call", slug, asked.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("responses.enter")
def call(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show one case with the calls so far; keep what became of this one."""
    invited = get_object_or_404(
        Invitation.objects.select_related("survey", "company"), pk=pk, survey__slug=slug
    )
    given = request.POST
    error = ""
    if request.method == "POST":
        try:
            moment = _moment(given.get("call_again_at", ""))
            made = calls.record(
                invitation=invited,
                outcome=given.get("outcome", ""),
                call_again_at=moment,
                note=given.get("note", ""),
                by=user_of(request),
            )
        except (calls.NotPossible, ValueError):
            error = _(
                "Choose what became of the call; a time to call again lies ahead and belongs to"
                " the first three."
            )
        else:
            values = {"number": invited.number, "outcome": Disposition(made.outcome).label}
            messages.success(request, _("No. %(number)s is kept: %(outcome)s") % values)
            return redirect("calls", slug)
    context = {
        "room": "surveys",
        "tab": "calls",
        "survey": invited.survey,
        "invitation": invited,
        "history": invited.calls.select_related("made_by"),
        "outcomes": [
            (str(code), _(context), code in calls.AGAIN) for code, context in WORDS.items()
        ],
        "draft": drafts.of_invitation(invited.pk),
        "is_open": invited.survey.state() == "open",
        "given": given,
        "error": error,
    }
    return render(request, "surveys/telephone/call.html", context, status=422 if error else 200)


@require_POST
@requires("responses.enter")
def interview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Begin the interview, or go on with it: the questionnaire, as every respondent sees it."""
    invited = get_object_or_404(
        Invitation.objects.select_related("survey"), pk=pk, survey__slug=slug
    )
    if invited.used_on or invited.survey.state() != "open":
        messages.error(request, _("This case has answered, or the survey is not open."))
        return redirect("call", slug, pk)
    way = calls.collector_of(invited.survey)
    token = fill_token.of_invited(
        drafts.of_invitation(invited.pk),
        collector=way.pk,
        invitation=invited.pk,
        language=language_of(request),
    )
    return redirect(reverse("fill", args=[slug, token.signed(invited.survey)]))


@require_POST
@requires("responses.enter")
def take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Undo the call that was kept last."""
    made = get_object_or_404(
        Call.objects.select_related("invitation"), pk=pk, invitation__survey__slug=slug
    )
    try:
        calls.take_back(call=made, by=user_of(request))
    except calls.NotPossible:
        messages.error(
            request, _("Only your own last call of a case that has not answered can be taken back.")
        )
        return redirect("calls", slug)
    return redirect("call", slug, made.invitation_id)


def _moment(text: str) -> datetime | None:
    """Return a moment of a form, in the time of the place. Raises ValueError."""
    if not text:
        return None
    found = parse_datetime(text)
    if found is None:
        raise ValueError(text)
    return timezone.make_aware(found)
