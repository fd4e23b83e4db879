"""Permissions by role and posting: what `has_perm` and `perms` in templates answer from."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from config.accounts.models import User


class RolesBackend(ModelBackend):
    """Django's own sign-in with a password; permissions come from `roles.ROLES` alone."""

    def get_all_permissions(
        self, user_obj: AbstractBaseUser | AnonymousUser, obj: Any = None
    ) -> set[str]:
        """Return what a person may do; of single objects nothing is known here (see the
        selectors).
        """
        if not isinstance(user_obj, User) or not user_obj.is_active or obj is not None:
            return set()
        return set(user_obj.permissions)

    def has_perm(
        self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: Any = None
    ) -> bool:
        """Say whether a person may do it."""
        return perm in self.get_all_permissions(user_obj, obj)
