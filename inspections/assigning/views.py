"""The back office's pages of assignments: seen by person and district, dealt, changed by hand,
printed; and of inspectors, their preparation and conflicts.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config import lists
from config.accounts.editing import Changed, unchanged
from config.accounts.models import User
from config.accounts.permissions import may_call, requires, user_of
from config.accounts.scope import prefix
from config.address import absolute, is_of_this_machine
from config.fields import blame, posted, status_of
from config.language.languages import spoken
from config.language.problems import say
from config.tabular.downloads import download
from inspections.assigning import selectors, services
from inspections.assigning.allotting import Unfilled
from inspections.assigning.forms import (
    CancelForm,
    ConflictForm,
    DealForm,
    MakeForm,
    PreparationForm,
    ReassignForm,
    SentForm,
    people,
)
from inspections.assigning.routes import Route, Stop, route_sheets
from inspections.assigning.services import NotPossible
from inspections.campaigns.models import Assignment
from inspections.campaigns.sites import Site
from inspections.campaigns.truth import Compared
from inspections.campaigns.views import campaign_of
from inspections.devices.selectors import inspectors
from surveys.collection.models.area import Area
from surveys.questionnaires.questionnaire import SEVERAL
from surveys.responses.answer_text import answer_text

PHONE = "/i/#visit="  # the page of the phone, and the visit that it opens
ASSIGNMENTS = lists.Table(
    caption=say("Assignments"),
    row="inspections/assigning/assignment_row.html",
    columns=(
        lists.Column("site", say("Site"), ("site__name",)),
        lists.Column("state", say("State"), ("has_visit", "cancelled_at")),
        lists.Column("due", say("Until"), ("due_on",)),
        lists.Column("who", say("Who"), ("lead__first_name", "lead__username")),
        lists.Column("purpose", say("What for")),
        lists.Column("area", say("County or district"), ("site__area",)),
    ),
    sort="due",
)
BY_PERSON = lists.Table(
    caption=say("By person"),
    row="inspections/assigning/person_row.html",
    columns=(
        lists.Column("person", say("Person")),
        lists.Column("assigned", say("Assigned"), is_figure=True),
        lists.Column("visited", say("Visited"), is_figure=True),
        lists.Column("late", say("Overdue"), is_figure=True),
        lists.Column("print", say("Route plan")),
    ),
)
BY_AREA = lists.Table(
    caption=say("By district"),
    row="inspections/assigning/area_row.html",
    columns=(
        lists.Column("area", say("County or district")),
        lists.Column("assigned", say("Assigned"), is_figure=True),
        lists.Column("visited", say("Visited"), is_figure=True),
        lists.Column("late", say("Overdue"), is_figure=True),
    ),
)
INSPECTORS = lists.Table(
    caption=say("Inspectors"),
    row="inspections/assigning/inspector_row.html",
    columns=(
        lists.Column("person", say("Person"), ("first_name", "username")),
        lists.Column("home", say("Lives in"), ("preparation__home",)),
        lists.Column("quiz", say("Quiz, %"), ("preparation__quiz_score",), is_figure=True),
        lists.Column("conflicts", say("Conflicts"), ("conflict_count",), is_figure=True),
        lists.Column("open", say("Open assignments"), ("open_count",), is_figure=True),
    ),
    sort="person",
)
STATES = {
    "open": say("to be visited"),
    "late": say("overdue"),
    "visited": say("visited"),
    "cancelled": say("cancelled"),
}
WAITING = {"waiting": say("to be visited or overdue")}  # a filter, and no state of its own
RULES = {
    "home": say("lives in that district"),
    "conflict": say("declared a conflict"),
    "seen": say("was there within six months, or is sent there already"),
    "training": say("has not passed the training quiz"),
    "area": say("is posted elsewhere"),
    "cap": say("has as many visits as one person may have"),
    "together": say("went together three times with everybody who is left"),
}
REASONS = {
    "reason": say("A reason is needed."),
    "pair": say("A pair is two people."),
    "site": say("The campaign does not go to this site."),
    "taken": say("Somebody is sent there for this already."),
    "visited": say("The visit was made; it stays as it is."),
    "cancelled": say("The assignment was cancelled before."),
    "conflict": say("Choose a site or a company, one of the two."),
}
STEPS = {
    "buy": say("to be bought"),
    "return": say("to be taken back to the shop"),
    "refund": say("refund to arrive"),
}
SHOWN = 20  # sites that could not be dealt, by name


def why_not(refused: NotPossible) -> str:
    """Return in words why an assignment cannot be so."""
    if refused.reason == "rule" and refused.person:
        return f"{refused.person.name}: {'; '.join(_(RULES[why]) for why in refused.whys)}"
    return _(REASONS[refused.reason])


@require_http_methods(["GET", "HEAD", "POST"])
@requires("visits.view", post="campaigns.manage")
def assignments(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who goes where, by person and district; deal what nobody is sent to yet."""
    campaign, person = campaign_of(slug), user_of(request)
    form = DealForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        seed, made, unfilled = services.deal(
            campaign=campaign,
            people=given["people"],
            pairs=given["pairs"],
            due_on=given["due_on"],
            seed=given["seed"],
            by=person,
        )
        text = _("%(n)s assignments were made with the seed %(seed)s.")
        messages.success(request, text % {"n": made, "seed": seed})
        _tell_unfilled(request, unfilled)
        return redirect("campaign-assignments", slug)
    found = selectors.assignments_of(campaign, person)
    today = timezone.localdate()
    sees_all = person.has_perm("visits.view_all")
    filters = [
        lists.Search("q", say("Site"), lists.contains("site__name", "site__address")),
        lists.Choice("state", say("State"), selectors.in_state, _texts({**WAITING, **STATES})),
        lists.Choice("area", say("County or district"), _of_area, _areas(found)),
    ]
    if sees_all:
        who = inspectors().filter(Q(assignments__campaign=campaign)).distinct()
        filters.append(lists.Choice("who", say("Who"), _of_person, people(who)))
        # who goes does not know what for, so cannot ask for it
        purposes = [(one.value, str(one.label)) for one in Assignment.Purpose]
        filters.append(lists.Choice("purpose", say("What for"), lists.equals("purpose"), purposes))
    listed = lists.listing(request, ASSIGNMENTS, found, filters=filters)
    context = {
        "room": "campaigns",
        "campaign": campaign,
        "assignments": listed.shown_as(lambda one: _row(one, sees_all=sees_all)),
        "by_person": lists.short(BY_PERSON, selectors.by_person(found)) if sees_all else None,
        "by_area": lists.short(BY_AREA, _named(selectors.by_area(found))),
        "steps": [
            {"due": due, "text": _(STEPS[due.step.what])}
            for due in selectors.steps_due(found, today)
        ],
        "form": form if may_call(person, "campaign-assignments", post=True) else None,
    }
    status = status_of(form)
    return render(request, "inspections/assigning/assignments.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("campaigns.manage")
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Send people to a site by hand."""
    campaign = campaign_of(slug)
    form = MakeForm(posted(request), campaign=campaign)
    if request.method == "POST" and form.is_valid():
        try:
            services.send_there(campaign=campaign, **form.cleaned_data, by=user_of(request))
        except NotPossible as refused:
            form.add_error(None, why_not(refused))
        else:
            return redirect("campaign-assignments", slug)
    context = {"room": "campaigns", "campaign": campaign, "form": form}
    status = status_of(form)
    return render(request, "inspections/assigning/assignment_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("visits.view", post="campaigns.manage")
def assignment(request: HttpRequest, slug: str, uid: UUID) -> HttpResponse:
    """Show one assignment; send others, or on another day."""
    chosen = _found(request, slug, uid)
    form = ReassignForm(posted(request), assignment=chosen)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in SentForm.base_fields}
        try:
            with unchanged(form):
                made = services.move(assignment=chosen, **given, by=user_of(request))
        except Changed as changed:
            blame(form, changed)
        except NotPossible as refused:
            form.add_error(None, why_not(refused))
        else:
            return redirect("assignment", slug, made.uid)
    return _assignment_page(request, chosen, form)


@require_POST
@requires("campaigns.manage")
def cancel(request: HttpRequest, slug: str, uid: UUID) -> HttpResponse:
    """End an assignment."""
    chosen = _found(request, slug, uid)
    form = CancelForm(request.POST)
    if form.is_valid():
        try:
            services.cancel(
                assignment=chosen, reason=form.cleaned_data["reason"], by=user_of(request)
            )
        except NotPossible as refused:
            form.add_error(None, why_not(refused))
        else:
            return redirect("campaign-assignments", slug)
    return _assignment_page(request, chosen, form)


@require_safe
@requires("visits.view")
def routes(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the route plans of a campaign, or of one person, as PDF; an inspector gets her own."""
    campaign, person = campaign_of(slug), user_of(request)
    if is_of_this_machine(request):
        text = _(
            "No phone can follow %(address)s, so nothing was printed. Set MINGCHA_ADDRESS to"
            " the address by which people reach the site, or start it with --lan and open it"
            " by that address."
        )
        messages.error(request, text % {"address": absolute(request, "/")})
        return redirect("campaign-assignments", slug)
    found = selectors.in_state(selectors.assignments_of(campaign, person), "waiting")
    asked = request.GET.get("person", "")
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    if not person.has_perm("visits.view_all"):
        wanted = person.pk
    if wanted:
        found = _of_person(found, str(wanted))
    sheets = _routes(request, found, only=wanted)
    if not sheets:
        messages.error(request, _("Nobody has a visit left to make."))
        return redirect("campaign-assignments", slug)
    survey = campaign.survey
    content = route_sheets(
        sheets,
        title=survey.title.get(spoken()),
        organiser=survey.organiser.get(spoken()),
        day=timezone.localdate(),
    )
    return download(content, f"{slug}-routes.pdf", "application/pdf")


@require_safe
@requires("visits.view_all")
def accuracy(request: HttpRequest, slug: str) -> HttpResponse:
    """Show visits to sites whose truth is known beside it, and how often each person was right."""
    campaign, person = campaign_of(slug), user_of(request)
    found = selectors.accuracies(campaign, person)
    right: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in found:
        for inspector in one.visit.inspectors.all():
            right[inspector.name][0] += one.right
            right[inspector.name][1] += len(one.compared)
    context = {
        "room": "campaigns",
        "campaign": campaign,
        "visits": [
            {
                "one": one,
                "people": ", ".join(person.name for person in one.visit.inspectors.all()),
                "wrong": [_wrong(item) for item in one.compared if not item.is_right],
            }
            for one in found
        ],
        "people": [
            (name, n, of, f"{100 * n / of:.0f}") for name, (n, of) in sorted(right.items()) if of
        ],
    }
    return render(request, "inspections/assigning/accuracy.html", context)


def _wrong(item: Compared) -> tuple[str, str, str]:
    """Return a question that was answered otherwise than it is: words, answer and truth."""
    question = item.question
    answer, truth = (
        answer_text(
            question,
            {question.name: text.split() if question.kind in SEVERAL else text},
            spoken(),
            {},
        )
        for text in (item.answer, item.truth)
    )
    return question.label.get(spoken()), answer or "–", truth


@require_safe
@requires("campaigns.manage")
def people_who_visit(request: HttpRequest) -> HttpResponse:
    """List the people who record visits, with what they bring."""
    found = inspectors().select_related("preparation__home__parent")
    open_ = Q(assignments__cancelled_at=None, assignments__visit=None)
    found = found.annotate(
        conflict_count=Count("conflicts", distinct=True),
        open_count=Count("assignments", filter=open_, distinct=True),
    )
    name = lists.Search("q", say("Name"), lists.contains("username", "first_name"))
    context = {
        "room": "campaigns",
        "inspectors": lists.listing(request, INSPECTORS, found, filters=[name]),
    }
    return render(request, "inspections/assigning/inspectors.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("campaigns.manage")
def inspector(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a person brings to visits, and change it."""
    chosen = get_object_or_404(inspectors(), pk=pk)
    form = PreparationForm(posted(request), person=chosen)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in form.shown()}
        try:
            with unchanged(form):
                services.prepare(person=chosen, **given, by=user_of(request))
        except Changed as changed:
            blame(form, changed)
        else:
            messages.success(request, _("Saved."))
            return redirect("inspector", pk)
    return _inspector_page(request, chosen, form)


@require_POST
@requires("campaigns.manage")
def declare(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a conflict that a person declared."""
    chosen = get_object_or_404(inspectors(), pk=pk)
    form = ConflictForm(request.POST)
    if form.is_valid():
        try:
            services.declare(person=chosen, **form.cleaned_data, by=user_of(request))
        except NotPossible as refused:
            form.add_error(None, why_not(refused))
        else:
            return redirect("inspector", pk)
    return _inspector_page(request, chosen, form)


def _inspector_page(request: HttpRequest, chosen: User, sent: forms.Form) -> HttpResponse:
    empty: list[forms.Form] = [PreparationForm(person=chosen), ConflictForm()]
    preparation, conflict = (sent if isinstance(sent, type(form)) else form for form in empty)
    context = {
        "room": "campaigns",
        "person": chosen,
        "name": chosen.name,
        "conflicts": chosen.conflicts.select_related("site", "company"),
        "preparation_form": preparation,
        "conflict_form": conflict,
    }
    status = status_of(sent)
    return render(request, "inspections/assigning/inspector.html", context, status=status)


def _assignment_page(request: HttpRequest, chosen: Assignment, sent: forms.Form) -> HttpResponse:
    person = user_of(request)
    empty: list[forms.Form] = [ReassignForm(assignment=chosen), CancelForm()]
    moving, cancelling = (sent if isinstance(sent, type(form)) else form for form in empty)
    context = {
        "room": "campaigns",
        "campaign": chosen.campaign,
        "row": _row(chosen, sees_all=person.has_perm("visits.view_all")),
        "move_form": moving,
        "cancel_form": cancelling,
    }
    status = status_of(sent)
    return render(request, "inspections/assigning/assignment.html", context, status=status)


def _found(request: HttpRequest, slug: str, uid: UUID) -> Assignment:
    found = selectors.assignments_of(campaign_of(slug), user_of(request))
    return get_object_or_404(found.select_related("made_by", "visit"), uid=uid)


def _row(one: Assignment, *, sees_all: bool) -> dict[str, Any]:
    """Return an assignment as pages show it. Who goes does not learn that it is a second visit, or
    one for calibration.
    """
    state = selectors.state_of(one, timezone.localdate())
    purpose = Assignment.Purpose(one.purpose) if sees_all else selectors.purpose_told(one)
    return {
        "one": one,
        "state": state,
        "text": _(STATES[state]),
        "purpose": _("visit") if purpose == Assignment.Purpose.FIRST else purpose.label,
        "people": [person.name for person in (one.lead, one.partner) if person],
        "area": one.site.area.whole_name,
    }


def _tell_unfilled(request: HttpRequest, unfilled: list[Unfilled]) -> None:
    """Name the sites to which nobody could be sent, with what kept how many people away."""
    if not unfilled:
        return
    keys = {one.site for one in unfilled[:SHOWN]}
    sites = {site.pk: site for site in Site.objects.filter(pk__in=keys)}
    persons = User.objects.in_bulk([one.person for one in unfilled if one.person])
    lines = []
    for one in unfilled[:SHOWN]:
        whys = ", ".join(f"{_(RULES[why])} ({n})" for why, n in sorted(one.reasons.items()))
        who = f"{persons[one.person].name}, " if one.person else ""
        lines.append(f"{who}{sites[one.site]}: {whys}")
    text = _("%(n)s could not be dealt: %(which)s")
    messages.warning(request, text % {"n": len(unfilled), "which": "; ".join(lines)})


def _routes(request: HttpRequest, found: QuerySet[Assignment], *, only: int | None) -> list[Route]:
    """Return a route for each person, or for one; who goes together has the same visit on both."""
    stops: dict[int, list[Stop]] = defaultdict(list)
    known: dict[int, User] = {}
    for one in found.order_by("due_on", "site__area", "site__address", "site__name"):
        for person, other in ((one.lead, one.partner), (one.partner, one.lead)):
            if person is None or (only and person.pk != only):
                continue
            known[person.pk] = person
            stops[person.pk].append(
                Stop(
                    number=len(stops[person.pk]) + 1,
                    site=one.site.name,
                    kind=str(one.site.get_kind_display()),
                    area=one.site.area.whole_name,
                    address=one.site.address,
                    due_on=one.due_on,
                    with_whom=other.name if other else "",
                    link=absolute(request, f"{PHONE}{one.uid}"),
                )
            )
    return [
        Route(known[key].name, stops[key]) for key in sorted(stops, key=lambda key: known[key].name)
    ]


def _of_person(found: QuerySet[Any], key: str) -> QuerySet[Any]:
    return found.filter(Q(lead=key) | Q(partner=key))


def _of_area(found: QuerySet[Any], code: str) -> QuerySet[Any]:
    return found.filter(site__area__code__startswith=prefix(code))


def _areas(found: QuerySet[Assignment]) -> list[tuple[str, str]]:
    areas = Area.objects.filter(pk__in=found.order_by().values("site__area"))
    return [(area.pk, area.name) for area in areas]


def _named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "area": row["area"].name} for row in rows]


def _texts(every: dict[str, str]) -> list[tuple[str, str]]:
    return [(value, _(text)) for value, text in every.items()]
