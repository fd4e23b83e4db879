"""The page of the browsers in which one is signed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from config.accounts import people
from config.accounts.models import User
from config.accounts.permissions import before_second_factor, own_page, requires, user_of
from config.accounts.signing_in import sessions


@never_cache
@require_safe
@before_second_factor
@own_page
def index(request: HttpRequest) -> HttpResponse:
    """List the browsers in which one is signed in."""
    context = {
        "room": "account",
        "browsers": sessions.of(user_of(request)),
        "here": request.session.session_key,
    }
    return render(request, "config/accounts/sessions.html", context)


@require_POST
@before_second_factor
@own_page
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out of one of them."""
    browser = get_object_or_404(sessions.of(user_of(request)), pk=pk)
    sessions.end(browser=browser)
    messages.success(request, _("Signed out there."))
    return redirect("sessions")


@require_POST
@before_second_factor
@own_page
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out of all but this one."""
    sessions.end_others(person=user_of(request), key=request.session.session_key or "")
    messages.success(request, _("Signed out everywhere else."))
    return redirect("sessions")


@require_POST
@requires("people.manage")
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign somebody else out everywhere."""
    chosen = get_object_or_404(User, pk=pk)
    try:
        people.sign_out(person=chosen, by=user_of(request))
    except people.NotAllowed:
        messages.error(
            request, _("Nothing was done: not to oneself, and to a superuser only by another.")
        )
    else:
        messages.success(request, _("The person is signed out everywhere."))
    return redirect("person", pk)
