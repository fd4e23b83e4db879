"""Pages of one's own second factor, and its reset by whoever manages people."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.accounts import people
from config.accounts.editing import Changed, unchanged
from config.accounts.models import User
from config.accounts.permissions import before_second_factor, own_page, requires, user_of
from config.accounts.second_factor import passkeys, services, totp
from config.accounts.second_factor.forms import AppForm, PasskeyForm, PasskeyRenameForm
from config.accounts.second_factor.models import AuthenticatorApp, Passkey, RecoveryCode
from config.accounts.signing_in import confirming, limits
from config.accounts.signing_in.confirming import confirmed
from config.accounts.signing_in.forms import ConfirmForm
from config.fields import blame, posted
from config.storage.encryption import Unreadable, seal, unseal

BOTH = ["GET", "HEAD", "POST"]
NEW_SECRET = "new_app"  # in the session, sealed, until the app has shown a code
PAGE = "second-factor"


@never_cache
@require_safe
@before_second_factor
@own_page
def overview(request: HttpRequest) -> HttpResponse:
    """Show what one has beside the password, with what can be added and taken away."""
    person = user_of(request)
    context = {
        "room": "account",
        "is_on": services.is_on(person),
        "is_demanded": services.is_demanded(person),
        "app": AuthenticatorApp.objects.filter(user=person).first(),
        "passkeys": Passkey.objects.filter(user=person),
        "codes_left": RecoveryCode.objects.filter(user=person, used_at=None).count(),
    }
    return render(request, "config/second_factor/overview.html", context)


@never_cache
@require_http_methods(BOTH)
@before_second_factor
@own_page
@confirmed(after_post=PAGE)
def app(request: HttpRequest) -> HttpResponse:
    """Show the QR code of a new app, and keep the app when it shows the right code."""
    person = user_of(request)
    secret = _new_secret(request)
    form = AppForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = services.set_app(person=person, secret=secret, code=form.cleaned_data["code"])
        except ValidationError as error:
            form.add_error("code", error)
        else:
            del request.session[NEW_SECRET]
            return _done(request, codes, _("The app is set up."))
    address = totp.address(secret, issuer="Mingcha", account=person.get_username())
    context = {
        "room": "account",
        "form": form,
        "address": address,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        # on white also where the page is dark: cameras look for dark on light
        "picture": segno.make(address, error="m", micro=False).svg_inline(
            scale=4, border=4, omitsize=True, light="#fff"
        ),
    }
    return _shown(request, "config/second_factor/app.html", context, form)


@require_POST
@before_second_factor
@own_page
@confirmed(after_post=PAGE)
def remove_app(request: HttpRequest) -> HttpResponse:
    """Take the app away."""
    try:
        services.remove_app(person=user_of(request))
    except services.NotPossible:
        messages.error(request, _needed())
    return redirect(PAGE)


@never_cache
@require_http_methods(BOTH)
@before_second_factor
@own_page
@confirmed(after_post=PAGE)
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Let the browser make a passkey, and keep it."""
    person = user_of(request)
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = passkeys.made(request, form.cleaned_data["answer"])
            codes = services.add_passkey(person=person, name=form.cleaned_data["name"], **kept)
        except passkeys.Refused:
            form.add_error(None, _("The passkey could not be made. Please try once more."))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return _done(request, codes, _("The passkey is kept."))
    elif form.has_error("answer"):
        form.add_error(None, _("The browser made no passkey. Please try once more."))
    options = passkeys.ask_for_new(request, person)
    context = {"room": "account", "form": form, "options": options}
    return _shown(request, "config/second_factor/passkey.html", context, form)


@require_http_methods(BOTH)
@before_second_factor
@own_page
@confirmed(after_post=PAGE)
def passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a passkey."""
    chosen = get_object_or_404(Passkey, pk=pk, user=user_of(request))
    form = PasskeyRenameForm(posted(request), passkey=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            with unchanged(form):
                services.rename_passkey(passkey=chosen, name=form.cleaned_data["name"])
        except Changed as changed:
            blame(form, changed)
        else:
            return redirect(PAGE)
    context = {"room": "account", "form": form, "passkey": chosen}
    return _shown(request, "config/second_factor/passkey_name.html", context, form)


@require_POST
@before_second_factor
@own_page
@confirmed(after_post=PAGE)
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a passkey away."""
    chosen = get_object_or_404(Passkey, pk=pk, user=user_of(request))
    try:
        services.remove_passkey(passkey=chosen)
    except services.NotPossible:
        messages.error(request, _needed())
    return redirect(PAGE)


@never_cache
@require_POST
@before_second_factor
@own_page
@confirmed(after_post=PAGE)
def new_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes and show them, this once."""
    try:
        codes = services.new_codes(person=user_of(request))
    except services.NotPossible:
        return redirect(PAGE)
    return _codes(request, codes)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(BOTH)
@before_second_factor
@own_page
def turn_off(request: HttpRequest) -> HttpResponse:
    """Ask for the password, and take everything away."""
    person = user_of(request)
    form = ConfirmForm(request.POST or None)
    wait = 0
    if request.method == "POST" and form.is_valid():
        wait = confirming.check(request, person, form)
        if wait:
            form.add_error(None, limits.wait_text(wait))
        if form.is_valid():
            try:
                services.turn_off(person=person)
            except services.NotPossible:
                messages.error(request, _needed())
            else:
                messages.success(request, _("The second factor is off."))
            return redirect(PAGE)
    context = {"room": "account", "form": form}
    page = render(request, "config/second_factor/off.html", context)
    return limits.answered(page, wait=wait, is_wrong=bool(form.errors))


@require_POST
@requires("people.manage")
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away the second factor of somebody who lost it."""
    chosen = get_object_or_404(User, pk=pk)
    reason = request.POST.get("reason", "")
    try:
        services.reset(person=chosen, reason=reason, by=user_of(request))
    except people.NotAllowed:
        messages.error(
            request,
            _(
                "Nothing was done: nobody resets their own second factor, only a superuser that of"
                " a superuser, and it takes a reason."
            ),
        )
    else:
        messages.success(request, _("The second factor is reset; the person is signed out."))
    return redirect("person", pk)


def _new_secret(request: HttpRequest) -> str:
    """Return the secret that waits in the session for its first code; make one where none does."""
    try:
        secret: str = unseal(request.session.get(NEW_SECRET, ""))["secret"]
    except Unreadable:
        secret = totp.new_secret()
        request.session[NEW_SECRET] = seal({"secret": secret})
    return secret


def _done(request: HttpRequest, codes: list[str], text: str) -> HttpResponse:
    messages.success(request, text)
    return _codes(request, codes) if codes else redirect(PAGE)


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    context = {"room": "account", "codes": codes, "person": user_of(request)}
    return render(request, "config/second_factor/codes.html", context, status=201)


def _shown(request: HttpRequest, template: str, context: dict[str, Any], form: Any) -> HttpResponse:
    return render(request, template, context, status=422 if form.errors else 200)


def _needed() -> str:
    return _("Your role demands a second factor. Add another one first, then remove this one.")
