"""The OpenAPI document: made from the operations themselves, with the problems each can answer."""

from __future__ import annotations

from typing import Any, Literal

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from config.api.authentication import BearerToken, Session
from config.api.problems import KINDS, MEDIA_TYPE, ProblemOut


class BearerTokenInSchema(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes the token."""

    target_class = BearerToken
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the security scheme."""
        return {"type": "http", "scheme": "bearer"}


class SessionInSchema(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes a browser that is signed in."""

    target_class = Session
    name = "cookieAuth"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the security scheme."""
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class ApiSchema(AutoSchema):
    """Adds to each operation the problems that it can answer."""

    def _get_response_bodies(
        self, direction: Literal["request", "response"] = "response"
    ) -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for code in self._problems():
            bodies[str(code)] = {
                **self._get_response_for_code(  # type: ignore[no-untyped-call]
                    ProblemOut, str(code), [MEDIA_TYPE], direction
                ),
                "description": " / ".join(
                    dict.fromkeys(t for s, t, _d in KINDS.values() if s == code)
                ),
            }
        return dict(sorted(bodies.items()))

    def _problems(self) -> list[int]:
        """Return the statuses of the problems that any such operation can answer."""
        found = [400, 401, 403, 405, 406, 429]
        if "{" in self.path:
            found.append(404)
        if self.method in ("POST", "PUT"):
            found += [409, 413, 415, 422]
        return found
