"""Who asks: the owner of the token that stands in the request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from config.accounts import tokens
from config.accounts.models import ApiToken, User

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
