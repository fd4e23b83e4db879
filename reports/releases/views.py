"""The back office's pages of releases: the list; one with its steps, gates, replies and log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config import lists
from config.accounts.editing import Changed, unchanged
from config.accounts.models import User
from config.accounts.permissions import requires, user_of
from config.accounts.roles import ROLES
from config.fields import blame, posted, status_of
from config.language.languages import spoken
from config.language.problems import say
from reports.production.models import Report
from reports.releases import gates, presenter, selectors, services, steps
from reports.releases.forms import (
    ChangeForm,
    CorrectForm,
    DraftForm,
    OverrideForm,
    ReplyForm,
    StepForm,
)
from reports.releases.models import Override, Release, Reply
from reports.releases.services import NotPossible

RELEASES = lists.Table(
    caption=say("Releases"),
    row="reports/releases/releases_row.html",
    columns=(
        lists.Column("title", say("Release"), ("title_zh",)),
        lists.Column("address", say("Address"), ("slug",)),
        lists.Column("version", say("Version"), ("version",)),
        lists.Column("state", say("State"), ("state",)),
        lists.Column("public", say("Public from"), ("public_from",)),
    ),
    sort="-public",
)


@require_safe
@requires("releases.view")
def releases(request: HttpRequest) -> HttpResponse:
    """List the releases."""
    states = [(name, _(text)) for name, text in steps.STATES.items()]
    filters = (
        lists.Search("q", say("Release"), lists.contains("title_zh", "title_en", "slug")),
        lists.Choice("state", say("State"), lists.equals("state"), states),
    )
    context = {
        "room": "releases",
        "releases": lists.listing(request, RELEASES, Release.objects.all(), filters=filters),
    }
    return render(request, "reports/releases/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("releases.draft")
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a release of a report."""
    report = get_object_or_404(Report.objects.select_related("survey", "job"), pk=pk)
    survey = report.survey
    initial = {"slug": survey.slug, "title_zh": survey.title_zh, "title_en": survey.title_en}
    form = DraftForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            made = services.draft(
                report=report, slug=given.pop("slug"), texts=given, by=user_of(request)
            )
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("release", made.pk)
    context = {"room": "releases", "report": report, "form": form}
    return render(request, "reports/releases/new.html", context, status=status_of(form))


@require_safe
@requires("releases.view")
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a release: where it stands, what stands in its way, what was done."""
    return _page(request, _found(pk))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("releases.draft")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the words of a draft."""
    chosen = _found(pk)
    form = ChangeForm(posted(request), release=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            with unchanged(form):
                services.change(release=chosen, texts=form.texts(), by=user_of(request))
        except Changed as changed:
            blame(form, changed)
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("release", pk)
    context = {"room": "releases", "release": chosen, "form": form}
    return render(request, "reports/releases/change.html", context, status=status_of(form))


@require_POST
@requires("releases.view")
def step(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Take a step; who may take it, the step itself says."""
    chosen, wanted = _found(pk), steps.STEPS.get(what)
    if wanted is None:
        raise Http404
    form = StepForm(request.POST, step=wanted, release=chosen)
    if form.is_valid():
        try:
            services.take(release=chosen, step=wanted, by=user_of(request), **form.cleaned_data)
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Done: %(step)s.") % {"step": _(wanted.done)})
            return redirect("release", pk)
    return _page(request, _found(pk), wanted.name, form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("releases.view", post="releases.clear")
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a company was asked, and write down what it answered."""
    chosen = get_object_or_404(Reply.objects.select_related("release"), pk=pk)
    form = ReplyForm(posted(request), reply=chosen)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in form.shown()}
        try:
            with unchanged(form):
                services.record_reply(reply=chosen, **given, by=user_of(request))
        except Changed as changed:
            blame(form, changed)
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("release", chosen.release_id)
    context = {"room": "releases", "reply": chosen, "release": chosen.release, "form": form}
    return render(request, "reports/releases/reply.html", context, status=status_of(form))


@require_POST
@requires("releases.override")
def override(request: HttpRequest, pk: int, gate: str) -> HttpResponse:
    """Ask that a gate be passed."""
    chosen, form = _found(pk), OverrideForm(request.POST)
    if form.is_valid():
        try:
            services.override(
                release=chosen, gate=gate, reason=form.cleaned_data["reason"], by=user_of(request)
            )
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("release", pk)
    return _page(request, chosen, gate, form)


@require_POST
@requires("releases.override")
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree as the second person that a gate is passed."""
    chosen = get_object_or_404(Override, pk=pk)
    form = forms.Form(request.POST)
    try:
        services.agree(override=chosen, by=user_of(request))
    except NotPossible as refused:
        form.add_error(None, str(refused))
        return _page(request, _found(chosen.release_id), chosen.gate, form)
    return redirect("release", chosen.release_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("releases.draft")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the version that takes the place of a published one."""
    chosen = _found(pk)
    form = CorrectForm(posted(request), release=chosen)
    if request.method == "POST" and form.is_valid():
        because = dict(form.cleaned_data)
        try:
            made = services.correct(
                release=chosen, report=because.pop("report"), because=because, by=user_of(request)
            )
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("release", made.pk)
    context = {"room": "releases", "release": chosen, "form": form}
    return render(request, "reports/releases/correct.html", context, status=status_of(form))


def _found(pk: int) -> Release:
    return get_object_or_404(
        Release.objects.select_related("report__survey", "report__job", "corrects"), pk=pk
    )


def _page(
    request: HttpRequest, chosen: Release, sent_to: str = "", sent: forms.Form | None = None
) -> HttpResponse:
    """Answer with the page of a release; `sent` is the form that was sent to a step or a gate."""
    person = user_of(request)
    possible = []
    for one in steps.steps_from(chosen.state):
        if person.has_perm(one.permission):
            form = sent if sent and sent_to == one.name else StepForm(step=one, release=chosen)
            wrong = "" if form is sent else services.is_possible(chosen, one, person)
            possible.append({"step": one, "label": _(one.label), "form": form, "wrong": wrong})
    elsewhere = sent is not None and all(one["form"] is not sent for one in possible)
    context: dict[str, Any] = {
        "room": "releases",
        "release": chosen,
        "way": [(name, _(steps.STATES[name]), _standing(chosen.state, name)) for name in steps.WAY],
        "waits_for": _waits_for(chosen, person),
        "steps": possible,
        "gates": gates.gates_of(chosen),
        "files": chosen.files.filter(is_page=False),
        "replies": chosen.replies.all(),
        "events": [(event, _done(event.kind)) for event in chosen.events.all()],
        "changes": presenter.rows(selectors.changes(chosen)),
        "sent": sent if elsewhere else None,
        "is_public": chosen.state in steps.PUBLIC,
        "is_draft": chosen.state == steps.DRAFT,
        "can_correct": chosen.state == steps.PUBLISHED,
    }
    status = status_of(sent) if sent else 200
    return render(request, "reports/releases/release.html", context, status=status)


def _waits_for(chosen: Release, person: User) -> dict[str, str] | None:
    """Return the step that is next and the roles that take it, None where one may take it oneself
    or none is next.
    """
    following = steps.steps_from(chosen.state)[:1]
    if chosen.state in steps.PUBLIC or not following or person.has_perm(following[0].permission):
        return None
    (step,) = following
    roles = [
        role.label.get(spoken()) for role in ROLES.values() if step.permission in role.permissions
    ]
    return {"step": _(step.label), "roles": _(", ").join(roles)}


def _standing(state: str, name: str) -> str:
    """Return whether a state of the way is behind, here or ahead."""
    at = steps.WAY.index(state) if state in steps.WAY else len(steps.WAY)
    place = steps.WAY.index(name)
    return "done" if place < at else "here" if place == at else "ahead"


OTHERS = {
    "draft": say("draft begun"),
    "change": say("words changed"),
    "reply": say("reply of a company written down"),
    "override": say("asked to pass a gate"),
    "agree": say("agreed to pass a gate"),
    "corrected": say("corrected by a later version"),
}


def _done(kind: str) -> str:
    return _(steps.STEPS[kind].done if kind in steps.STEPS else OTHERS[kind])
