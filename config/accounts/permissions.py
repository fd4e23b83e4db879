"""The guard of every page: a view says which permission it needs, and nobody else gets in.

A view without one is refused to everybody by the test that walks all addresses
(`tests/spec/test_access.py`), so forgetting it is found before anybody else finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver

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


def may_call(person: Any, name: str, *, post: bool = False) -> bool:
    """Say whether a person may call the address of that name, by what its view says itself.

    Raises KeyError for a name that no address has.
    """
    needed = _permissions()[name][post]
    if not getattr(person, "is_authenticated", False):
        return False
    return needed == OWN or bool(person.has_perm(needed))


@cache
def _permissions() -> dict[str, tuple[str, str]]:
    """Return what each address needs, by its name: to open it, and to send it a form."""
    return {
        pattern.name: getattr(pattern.callback, "permissions", (OWN, OWN))
        for pattern in _patterns(get_resolver().url_patterns)
        if pattern.name
    }


def _patterns(patterns: Iterable[Any]) -> Iterator[URLPattern]:
    for pattern in patterns:
        # the plain admin, the only one with names of its own, is for superusers
        if isinstance(pattern, URLResolver) and not pattern.namespace:
            yield from _patterns(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern
