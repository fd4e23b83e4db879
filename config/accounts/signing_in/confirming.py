"""One's own password once more, before what would help somebody who found a signed-in browser."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from config.accounts.models import User
from config.accounts.signing_in import limits
from config.accounts.signing_in.forms import ConfirmForm

View = Callable[..., HttpResponse]

CONFIRMED = "confirmed_at"  # in the session
HOLDS = 10 * 60  # seconds


def note(request: HttpRequest) -> None:
    """Note that the person has just shown who they are."""
    request.session[CONFIRMED] = time.time()


def check(request: HttpRequest, person: User, form: ConfirmForm) -> int:
    """Add an error to the form of a wrong password; return how long to wait first, mostly 0."""
    try:
        attempt = limits.begin_password(request, person.get_username())
    except limits.TooManyAttempts as error:
        return error.seconds
    if person.check_password(form.cleaned_data["password"]):
        attempt.right()
    else:
        attempt.wrong(account=person)
        form.add_error("password", _("The password is not right."))
    return 0


def confirmed(after_post: str) -> Callable[[View], View]:
    """Ask for the password where that is longer ago than ten minutes; then show the same page, or
    after a POST the page of that name.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **given: object) -> HttpResponse:
            if time.time() - request.session.get(CONFIRMED, 0) < HOLDS:
                return view(request, *args, **given)
            is_post = request.method == "POST"
            after = QueryDict(mutable=True)
            after["next"] = reverse(after_post) if is_post else request.get_full_path()
            return redirect(f"{reverse('confirm')}?{after.urlencode(safe='/')}")

        return guarded

    return guard
