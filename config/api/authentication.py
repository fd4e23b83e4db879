"""Who asks: the owner of the token that stands in the request, or who signed in in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied

from config.accounts import tokens
from config.accounts.models import ApiToken, User
from config.accounts.second_factor import services as second_factor

if TYPE_CHECKING:  # the settings name this module, and those need the settings
    from rest_framework.request import Request


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer mc_…` (RFC 6750)."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the owner and the token; None where there is no token. Raises
        AuthenticationFailed for one that opens nothing.
        """
        scheme, _blank, text = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        token = tokens.recognised(text.strip().decode("ascii", errors="replace"))
        if token is None:
            raise AuthenticationFailed
        return token.owner, token

    def authenticate_header(self, request: Request) -> str:
        """Return what a 401 says about how to get in."""
        return 'Bearer realm="mingcha"'


class Session(SessionAuthentication):
    """Who signed in, for the page of the document."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """Return who is signed in. Raises PermissionDenied for who has yet to set up the second
        factor that their role demands, as the pages do.
        """
        found = super().authenticate(request)
        if found and second_factor.is_wanting(found[0]):
            raise PermissionDenied
        return found
