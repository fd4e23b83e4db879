"""The guard of every page: a view says which permission it needs, and nobody else gets in.

A view without one is refused to everybody by the test that walks all addresses
(`tests/spec/test_access.py`), so forgetting it is found before anybody else finds it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from config.accounts.models import User
from config.accounts.roles import PERMISSIONS

View = Callable[..., HttpResponseBase]
# what needs no permission: one's own name, and the pages that everybody who signed in has
OWN = "own"


def requires(permission: str, *, post: str = "") -> Callable[[View], View]:
    """Let in who has the permission; `post` names another one for changing what the page shows.

    Who has not is told so with a 403. Who is not signed in never gets here: the middleware asks
    first.
    """
    for name in (permission, post or permission):
        if name not in PERMISSIONS and name != OWN:
            raise ValueError(f"there is no permission {name}")

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **given: Any) -> HttpResponseBase:
            needed = post if post and request.method == "POST" else permission
            require(request, needed)
            return view(request, *args, **given)

        guarded.permissions = (permission, post or permission)  # type: ignore[attr-defined]
        return guarded

    return guard


def require(request: HttpRequest, permission: str) -> None:
    """Raise PermissionDenied for a person without the permission."""
    person = user_of(request)
    if permission != OWN and not person.has_perm(permission):
        raise PermissionDenied


def user_of(request: HttpRequest) -> User:
    """Return who is signed in. Raises PermissionDenied for nobody."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def own_page(view: Callable[..., HttpResponse]) -> View:
    """Let in everybody who signed in: pages about oneself, or that show each only their own
    part.
    """
    return requires(OWN)(view)


def before_second_factor(view: View) -> View:
    """Mark a page as one that also opens for who has yet to set up the second factor that their
    role demands.
    """
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view
