"""Who may do what concerns every area: staff who are posted to one see its part and change
nothing for all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from config.accounts.models import User
from surveys.collection.selectors import posted_area

View = Callable[..., HttpResponse]


def for_all_areas(view: View) -> View:
    """Let in who is signed in and posted to no area; others get a 403 in words."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **given: object) -> HttpResponse:
        require_all_areas(request)
        return view(request, *args, **given)

    return guarded


def require_all_areas(request: HttpRequest) -> None:
    """Raise PermissionDenied for staff who are posted to an area."""
    if posted_area(cast(User, request.user)):
        raise PermissionDenied
