"""Pages of interviewers on the telephone: the next number, what became of the call, the
interview itself.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config import lists
from config.accounts.permissions import requires, user_of
from config.fields import posted, status_of
from config.language.languages import language_of
from config.language.problems import say
from surveys.channels.telephone import services as calls
from surveys.channels.telephone.forms import CallForm, NumberForm
from surveys.channels.telephone.models import Call
from surveys.collection import drafts, fill_token
from surveys.collection.models.invitation import Disposition, Invitation
from surveys.collection.models.survey import Survey

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
    return _queue(request, get_object_or_404(Survey, slug=slug), NumberForm())


def _queue(
    request: HttpRequest, survey: Survey, form: NumberForm, nobody: str = ""
) -> HttpResponse:
    mine = Call.objects.filter(
        made_by=user_of(request),
        invitation__survey=survey,
        made_at__date=timezone.localdate(),
    )
    promised = lists.listing(
        request,
        PROMISED,
        calls.promised(survey.invitations.all()),
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
        "form": form,
        "nobody": nobody,
    }
    status = 422 if nobody else status_of(form)
    return render(request, "surveys/telephone/queue.html", context, status=status)


@require_POST
@requires("responses.enter")
def following(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand out the next number, or the one that is asked for."""
    survey = get_object_or_404(Survey, slug=slug)
    if not request.POST.get("number", "").strip():
        found = calls.take_next(survey=survey, by=user_of(request))
        if found is None:
            text = _("Nobody is to be called now; look again when a call is due.")
            return _queue(request, survey, NumberForm(), text)
        return redirect("call", slug, found.pk)
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _queue(request, survey, form)
    asked = _asked_for(survey, **form.cleaned_data)
    if asked is None:
        text = _("There is no such number; give the batch where several have one.")
        form.add_error("number", text)
        return _queue(request, survey, form)
    if not calls.hold(invitation=asked, by=user_of(request)):
        form.add_error("number", _("Somebody else has this number on the telephone now."))
        return _queue(request, survey, form)
    return redirect("call", slug, asked.pk)


def _asked_for(survey: Survey, batch: str, number: int) -> Invitation | None:
    """Return the invitation of a number, None where there is none or several batches have one."""
    same = survey.invitations.filter(number=number)
    if batch:
        return same.filter(batch=batch).first()
    return same.first() if same.count() == 1 else None


@require_http_methods(["GET", "HEAD", "POST"])
@requires("responses.enter")
def call(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show one case with the calls so far; keep what became of this one."""
    invited = get_object_or_404(
        Invitation.objects.select_related("survey", "company"), pk=pk, survey__slug=slug
    )
    form = CallForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = calls.record(invitation=invited, **form.given(), by=user_of(request))
        except calls.NotPossible:
            text = _(
                "Choose what became of the call; a time to call again lies ahead and belongs to"
                " the first three."
            )
            form.add_error(None, text)
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
        "draft": drafts.of_invitation(invited.pk),
        "is_open": invited.survey.state() == "open",
        "form": form,
    }
    return render(request, "surveys/telephone/call.html", context, status=status_of(form))


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
    way = calls.collector_of(survey=invited.survey, by=user_of(request))
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
