"""Pages of people: the list, one person, an invitation; one's own account; the link that sets a
password.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config import lists
from config.accounts import audit, people
from config.accounts.audit_words import action_label
from config.accounts.editing import Changed, unchanged
from config.accounts.forms import InviteForm, LeaveForm, PasswordForm, PersonForm
from config.accounts.models import AuditEvent, User
from config.accounts.permissions import before_second_factor, own_page, requires, user_of
from config.accounts.roles import PERMISSIONS, ROLES
from config.accounts.second_factor import services as second_factor
from config.accounts.signing_in import limits, sessions
from config.address import absolute
from config.fields import blame, posted, status_of
from config.language.languages import spoken
from config.language.problems import say

BOTH = ["GET", "HEAD", "POST"]
PEOPLE = lists.Table(
    caption=say("People"),
    row="config/accounts/people_row.html",
    columns=(
        lists.Column("name", say("Full name"), ("first_name", "username")),
        lists.Column("roles", say("Roles")),
        lists.Column("areas", say("Posted to")),
        lists.Column("seen", say("Last signed in"), ("last_login",)),
    ),
)
HISTORY = lists.Table(
    caption=say("History"),
    row="config/accounts/history_row.html",
    columns=(
        lists.Column("at", say("When")),
        lists.Column("who", say("Who")),
        lists.Column("what", say("What")),
        lists.Column("reason", say("Reason")),
    ),
)
STATES = {"here": say("here"), "left": say("left")}


@require_safe
@requires("people.manage")
def index(request: HttpRequest) -> HttpResponse:
    """List the people: those who are here first, searched by name, filtered by role."""
    roles = [(role.key, role.label.get(spoken())) for role in ROLES.values()]
    states = [(state, _(text)) for state, text in STATES.items()]
    filters = (
        lists.Search("q", say("Name"), lists.contains("username", "first_name")),
        lists.Choice("role", say("Role"), lists.equals("groups__name"), roles),
        lists.Choice("state", say("State"), _in_state, states),
    )
    found = User.objects.prefetch_related("groups", "postings__area")
    listed = lists.listing(
        request, PEOPLE, found.order_by("-is_active", "username"), filters=filters
    )
    context = {
        "room": "people",
        "people": listed.shown_as(lambda person: (person, _roles(person), _areas(person))),
    }
    return render(request, "config/accounts/people.html", context)


@require_http_methods(BOTH)
@never_cache
@requires("people.manage")
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a person; the link is shown this once."""
    form = InviteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            person, token = people.invite(
                username=form.cleaned_data["username"], **form.given(), by=user_of(request)
            )
        except ValidationError as error:
            form.add_error("username", error.messages)
        else:
            return _shown(request, person, token)
    context = {"room": "people", "form": form}
    return render(request, "config/accounts/invite.html", context, status=status_of(form))


@require_http_methods(BOTH)
@requires("people.manage")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person with what they did to records and what was done about them; change them."""
    chosen = get_object_or_404(User, pk=pk)
    form = PersonForm(posted(request), person=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            with unchanged(form):
                people.change(person=chosen, **form.given(), by=user_of(request))
        except people.NotAllowed:
            form.add_error(None, _not_allowed())
        except Changed as changed:
            blame(form, changed)
        else:
            messages.success(request, _("Kept."))
            return redirect("person", pk)
    return _person(request, chosen, form, LeaveForm())


def _person(
    request: HttpRequest, chosen: User, form: PersonForm, leaving: LeaveForm
) -> HttpResponse:
    about = AuditEvent.objects.filter(target="config.user", target_id=str(chosen.pk))[:20]
    context = {
        "room": "people",
        "person": chosen,
        "form": form,
        "leave_form": leaving,
        "is_oneself": chosen.pk == user_of(request).pk,
        "has_second_factor": second_factor.is_on(chosen),
        "browsers": sessions.of(chosen),
        "may_decide": people.may_decide(person=chosen, by=user_of(request)),
        "history": lists.short(HISTORY, [(e, action_label(e.action)) for e in about]),
    }
    status = status_of(form, leaving)
    return render(request, "config/accounts/person.html", context, status=status)


@require_POST
@never_cache
@requires("people.manage")
def new_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new link for somebody who forgot the password; it is shown this once."""
    chosen = get_object_or_404(User, pk=pk)
    try:
        token = people.new_link(person=chosen, by=user_of(request))
    except people.NotAllowed:
        messages.error(request, _not_allowed())
        return redirect("person", pk)
    return _shown(request, chosen, token)


@require_POST
@requires("people.manage")
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody sign in no more, or take that back."""
    chosen = get_object_or_404(User, pk=pk)
    comes_back = request.POST.get("what") == "back"
    form = LeaveForm(request.POST)
    if not comes_back and not form.is_valid():
        return _person(request, chosen, PersonForm(person=chosen), form)
    try:
        if comes_back:
            people.come_back(person=chosen, by=user_of(request))
        else:
            reason = form.cleaned_data["reason"]
            people.leave(person=chosen, reason=reason, by=user_of(request))
    except people.NotAllowed:
        messages.error(request, _not_allowed())
    return redirect("person", pk)


@require_http_methods(BOTH)
@before_second_factor
@own_page
def account(request: HttpRequest) -> HttpResponse:
    """Show one's own name, roles and areas; change one's own password."""
    me = user_of(request)
    form = PasswordChangeForm(me, posted(request))
    del form.fields["old_password"].widget.attrs["autofocus"]  # the page begins with one's name
    wait = _check_old_password(request, form) if request.method == "POST" else 0
    if request.method == "POST" and not wait and form.is_valid():
        with transaction.atomic():
            form.save()
            sessions.end_all(me, but=request.session.session_key or "")
            audit.record(by=me, action="person.set_password", target=me)
        update_session_auth_hash(request, me)
        messages.success(request, _("Your password was changed. Other browsers are signed out."))
        return redirect("account")
    context = {
        "room": "account",
        # while one has to wait the answer says nothing about the password, right or wrong
        "form": PasswordChangeForm(me) if wait else form,
        "roles": _roles(me),
        "areas": _areas(me),
        "permissions": [_(PERMISSIONS[name].text) for name in sorted(me.permissions)],
        "has_second_factor": second_factor.is_on(me),
        "browsers": sessions.of(me).count(),
        "errors": [limits.wait_text(wait)] if wait else [],
    }
    return limits.answered(
        render(request, "config/accounts/account.html", context),
        wait=wait,
        is_wrong=form.is_bound,
    )


@login_not_required
@require_http_methods(BOTH)
@never_cache
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Let who holds a link set a password; then they sign in with it."""
    link = people.find_link(token)
    if link is None:
        return render(request, "config/accounts/welcome.html", {"link": None}, status=404)
    form = PasswordForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            people.set_password(link=link, password=form.cleaned_data["password"])
        except ValidationError as error:
            form.add_error("password", error.messages)
        except people.NotAllowed:
            return render(request, "config/accounts/welcome.html", {"link": None}, status=404)
        else:
            messages.success(request, _("The password is set. Sign in with it."))
            return redirect("login")
    context = {"link": link, "form": form}
    return render(request, "config/accounts/welcome.html", context, status=status_of(form))


def _check_old_password(request: HttpRequest, form: PasswordChangeForm) -> int:
    """Count a wrong old password as signing in does; return how long to wait first, mostly 0."""
    try:
        attempt = limits.begin_password(request, form.user.get_username())
    except limits.TooManyAttempts as error:
        return error.seconds
    form.is_valid()
    if "old_password" in form.errors:
        attempt.wrong(account=form.user)
    else:
        attempt.right()
    return 0


def _shown(request: HttpRequest, person: User, token: str) -> HttpResponse:
    address = absolute(request, reverse("welcome", args=[token]))
    context = {"room": "people", "person": person, "address": address}
    return render(request, "config/accounts/link.html", context)


def _in_state(found: QuerySet[User], state: str) -> QuerySet[User]:
    return found.filter(is_active=state == "here")


def _roles(person: User) -> list[str]:
    held = {group.name for group in person.groups.all()}
    return [role.label.get(spoken()) for role in ROLES.values() if role.key in held]


def _areas(person: User) -> list[Any]:
    return [posting.area for posting in person.postings.all()]


def _not_allowed() -> str:
    return _(
        "Nothing was done: nobody decides about themselves, only a superuser about a superuser,"
        " leaving takes a reason, and somebody must be left who can manage people."
    )
