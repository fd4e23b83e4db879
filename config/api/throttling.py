"""How often somebody may ask: per token, per person signed in, and per network for strangers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.throttling import SimpleRateThrottle

from config.accounts.models import ApiToken
from config.storage.visitors import network_hash

if TYPE_CHECKING:  # the settings name this module, and those need the settings
    from rest_framework.request import Request
    from rest_framework.views import APIView


class PerToken(SimpleRateThrottle):
    """One rate for each token, and for each person in a browser."""

    scope = "token"

    def get_rate(self) -> str | None:
        """Return the rate of the settings, read now; None for no limit."""
        return settings.API_RATES["token"]

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Return whom the request counts for; None for strangers."""
        if isinstance(request.auth, ApiToken):
            return f"api:token:{request.auth.pk}"
        return f"api:person:{request.user.pk}" if request.user.is_authenticated else None


class PerNetwork(SimpleRateThrottle):
    """One rate for all that comes without a good token from one network."""

    scope = "network"

    def get_rate(self) -> str | None:
        """Return the rate of the settings, read now; None for no limit."""
        return settings.API_RATES["network"]

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Return the network that the request counts for, as a hash; None for who is known."""
        if request.user.is_authenticated:
            return None
        return f"api:network:{network_hash(request._request, 'api')}"
