"""Who asks with a phone: the inspector to whom it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from config.accounts.models import User
from inspections.devices import services as devices
from inspections.devices.models import Device

if TYPE_CHECKING:
    from rest_framework.request import Request


class PhoneToken(BaseAuthentication):
    """`Authorization: Bearer md_…` (RFC 6750)."""

    def authenticate(self, request: Request) -> tuple[User, Device] | None:
        """Return the owner and the phone; None where there is no token. Raises
        AuthenticationFailed for one that opens nothing.
        """
        scheme, _blank, text = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        device = devices.recognised(text.strip().decode("ascii", errors="replace"))
        if device is None:
            raise AuthenticationFailed
        return device.owner, device

    def authenticate_header(self, request: Request) -> str:
        """Return what a 401 says about how to get in."""
        return 'Bearer realm="mingcha"'


class PhoneTokenInSchema(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes the token of a phone."""

    target_class = PhoneToken
    name = "phone"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the security scheme."""
        return {"type": "http", "scheme": "bearer"}
