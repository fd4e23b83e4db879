"""Which roles need a second factor, as the settings choose."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from config.accounts.roles import ROLES


def chosen(text: str) -> frozenset[str]:
    """Return the roles of MINGCHA_SECOND_FACTOR_ROLES, a list with commas.

    Raises ImproperlyConfigured for a role that there is not: a slip would demand nothing.
    """
    names = {name.strip() for name in text.split(",")} - {""}
    if unknown := names - ROLES.keys():
        raise ImproperlyConfigured(
            f"MINGCHA_SECOND_FACTOR_ROLES: there is no role {', '.join(sorted(unknown))}; there are"
            f" {', '.join(ROLES)}"
        )
    return frozenset(names)
