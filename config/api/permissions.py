"""What they may: one table per view, from the operation to the permission; what is not in it is
refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

from config.accounts.permissions import OWN

if TYPE_CHECKING:  # the settings name this module, and those need the settings
    from rest_framework.request import Request
    from rest_framework.views import APIView


class ByTable(BasePermission):
    """Let in who has the permission that the view's `permissions` name for the operation."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Say whether this person may do it."""
        needed = getattr(view, "permissions", {}).get(getattr(view, "action", None))
        if needed is None or not request.user.is_authenticated:
            return False
        return bool(needed == OWN or request.user.has_perm(needed))
