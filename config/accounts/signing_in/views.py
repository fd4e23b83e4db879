"""The sign-in page."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from config.accounts.models import User
from config.accounts.signing_in import known_browsers, limits
from config.accounts.signing_in.forms import SignInForm

BOTH = ["GET", "HEAD", "POST"]


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(BOTH)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password, and go on to the page that was asked for."""
    form = SignInForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _page(request, form)
    name, password = form.cleaned_data["username"], form.cleaned_data["password"]
    try:
        attempt = limits.begin_password(request, name)
    except limits.TooManyAttempts as error:
        return _page(request, form, wait=error.seconds)
    person = authenticate(request, username=name, password=password)
    if not isinstance(person, User):
        attempt.wrong(account=User.objects.filter(username=name).first())
        form.add_error(None, _("Name or password is not right."))
        return _page(request, form)
    attempt.right()
    return signed_in(request, person, after=_asked_for(request))


def signed_in(request: HttpRequest, person: User, *, after: str) -> HttpResponse:
    """Open a session for a person who has shown everything that is asked of them."""
    login(request, person)
    # a form that waited to be sent had shortened the session that nobody was signed in to
    request.session.set_expiry(None)
    response = redirect(after)
    known_browsers.remember(request, response, person)
    return response


def _page(request: HttpRequest, form: SignInForm, *, wait: int = 0) -> HttpResponse:
    context = {
        "form": form,
        "next": _asked_for(request, default=""),
        "errors": [limits.wait_text(wait)] if wait else form.non_field_errors(),
    }
    status = 429 if wait else 422 if form.errors else 200
    response = render(request, "config/accounts/login.html", context, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _asked_for(request: HttpRequest, *, default: str = settings.LOGIN_REDIRECT_URL) -> str:
    """Return the page that was asked for before signing in, as long as it is one of ours."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else resolve_url(default) if default else ""
