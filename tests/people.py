"""People of the association for tests: with every role, or with those that are named."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group

from config.accounts.models import Posting, User
from config.accounts.roles import ROLES


def person(name: str, *roles: str, areas: Iterable[str] = ()) -> User:
    """Make somebody with roles, all of them where none is named; posted to areas where some are."""
    made = User.objects.create_user(name, password="a-long-password")
    # a test that commits empties every table, that of the groups too
    made.groups.set(Group.objects.get_or_create(name=key)[0] for key in roles or ROLES)
    for code in areas:
        Posting.objects.create(user=made, area_id=code)
    return made


def nobody(name: str) -> User:
    """Make somebody without a role."""
    return User.objects.create_user(name, password="a-long-password")
