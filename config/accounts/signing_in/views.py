"""The sign-in page, its second step, and the password once more."""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from config.accounts.models import User
from config.accounts.permissions import before_second_factor, own_page, user_of
from config.accounts.second_factor import passkeys
from config.accounts.second_factor import services as second_factor
from config.accounts.signing_in import confirming, known_browsers, limits, sessions
from config.accounts.signing_in.forms import (
    AnswerForm,
    ConfirmForm,
    SecondStepForm,
    SignInForm,
)

BOTH = ["GET", "HEAD", "POST"]
HALF = "half_signed_in"  # in the session: whose password was right, and since when
HALF_FOR = 10 * 60  # seconds


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(BOTH)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password, and go on to the second step or the page that was asked for."""
    form = SignInForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _sign_in_page(request, form)
    # in the form that names are kept in: typed in full-width letters it is the same name
    name = User.normalize_username(form.cleaned_data["username"])
    password = form.cleaned_data["password"]
    try:
        attempt = limits.begin_password(request, name)
    except limits.TooManyAttempts as error:
        return _sign_in_page(request, form, wait=error.seconds)
    person = authenticate(request, username=name, password=password)
    if not isinstance(person, User):
        attempt.wrong(account=User.objects.filter(username=name).first())
        form.add_error(None, _("Name or password is not right."))
        return _sign_in_page(request, form)
    attempt.right()
    after = _asked_for(request)
    if not second_factor.is_on(person):
        return _signed_in(request, person, after=after)
    request.session.cycle_key()
    request.session[HALF] = {
        "person": person.pk,
        "password": person.get_session_auth_hash(),
        "at": time.time(),
        "after": after,
    }
    return redirect("second-step")


@login_not_required
@never_cache
@require_http_methods(BOTH)
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask who has shown the right password for a passkey or a code."""
    person = _half_signed_in(request)
    if person is None:
        request.session.pop(HALF, None)
        context = {"person": None}
        return render(request, "config/accounts/second_step.html", context, status=410)
    if request.method != "POST":
        return _second_page(request, person, SecondStepForm())
    if "answer" in request.POST:
        return _with_passkey(request, person)
    form = SecondStepForm(request.POST)
    if not form.is_valid():
        return _second_page(request, person, form)
    try:
        attempt = limits.begin_code(request, person)
    except limits.TooManyAttempts as error:
        return _second_page(request, person, form, wait=error.seconds)
    if not second_factor.use_code(person=person, code=form.cleaned_data["code"]):
        attempt.wrong(account=person)
        form.add_error("code", _("This code is not right, or was used already."))
        return _second_page(request, person, form)
    attempt.right()
    return _signed_in(request, person, after=request.session[HALF]["after"])


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(BOTH)
@before_second_factor
@own_page
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for one's own password once more, and go back to where it was needed."""
    person = user_of(request)
    form = ConfirmForm(request.POST or None)
    wait = 0
    if request.method == "POST" and form.is_valid():
        wait = confirming.check(request, person, form)
        if not wait and form.is_valid():
            confirming.note(request)
            return redirect(_asked_for(request))
    context = {
        "room": "account",
        "form": form,
        "next": _asked_for(request),
        "errors": [limits.wait_text(wait)] if wait else [],
    }
    page = render(request, "config/accounts/confirm.html", context)
    return limits.answered(page, wait=wait, is_wrong=bool(form.errors))


def _with_passkey(request: HttpRequest, person: User) -> HttpResponse:
    # a key is not guessed, so nothing is counted and nobody waits
    mine = passkeys.of_this_site(request, person)
    form = AnswerForm(request.POST)
    try:
        if not form.is_valid():
            raise passkeys.Refused
        passkey, counter = passkeys.used(request, mine, form.cleaned_data["answer"])
    except passkeys.Refused:
        error = _("The passkey was not accepted. Try once more, or enter a code.")
        return _second_page(request, person, SecondStepForm(), error=error)
    if not second_factor.note_use(passkey=passkey, counter=counter):
        error = _(
            "This passkey counts fewer uses than before: it may have been copied. Enter a code, and"
            " remove it on the page of your account."
        )
        return _second_page(request, person, SecondStepForm(), error=error)
    return _signed_in(request, person, after=request.session[HALF]["after"])


def _half_signed_in(request: HttpRequest) -> User | None:
    """Return whose password was right in this browser a moment ago, and still is."""
    half = request.session.get(HALF)
    if not half or time.time() - half["at"] > HALF_FOR:
        return None
    person = User.objects.filter(pk=half["person"], is_active=True).first()
    if person is None or not constant_time_compare(
        half["password"], person.get_session_auth_hash()
    ):
        return None
    return person


def _signed_in(request: HttpRequest, person: User, *, after: str) -> HttpResponse:
    """Open a session for a person who has shown everything that is asked of them."""
    request.session.pop(HALF, None)
    login(request, person)
    # a form that waited to be sent had shortened the session that nobody was signed in to
    request.session.set_expiry(None)
    confirming.note(request)
    sessions.note(request, person)
    response = redirect(after)
    known_browsers.remember(request, response, person)
    return response


def _sign_in_page(request: HttpRequest, form: SignInForm, *, wait: int = 0) -> HttpResponse:
    context = {
        "form": form,
        "next": _asked_for(request, default=""),
        "errors": [limits.wait_text(wait)] if wait else form.non_field_errors(),
    }
    page = render(request, "config/accounts/login.html", context)
    return limits.answered(page, wait=wait, is_wrong=bool(form.errors))


def _second_page(
    request: HttpRequest, person: User, form: SecondStepForm, *, wait: int = 0, error: str = ""
) -> HttpResponse:
    mine = passkeys.of_this_site(request, person)
    if wait:
        error = limits.wait_text(wait)
    context = {
        "form": form,
        "person": person,
        "options": passkeys.ask(request, mine) if mine else "",
        "errors": [error] if error else [],
    }
    page = render(request, "config/accounts/second_step.html", context)
    return limits.answered(page, wait=wait, is_wrong=bool(form.errors or error))


def _asked_for(request: HttpRequest, *, default: str = settings.LOGIN_REDIRECT_URL) -> str:
    """Return the page that was asked for before signing in, as long as it is one of ours."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else resolve_url(default) if default else ""
