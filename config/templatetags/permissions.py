"""Whether somebody may call an address, asked in a template by the name of the address:
`{% if user|may:"audit" %}` before a link, `{% if user|may_post:"companies" %}` before a form.

Both read what the views themselves say with `requires`; there is no second table.
"""

from __future__ import annotations

from typing import Any

from django import template

from config.accounts.permissions import may_call

register = template.Library()


@register.filter
def may(user: Any, name: str) -> bool:
    """Say whether somebody may open an address."""
    return may_call(user, name)


@register.filter
def may_post(user: Any, name: str) -> bool:
    """Say whether somebody may send a form to an address."""
    return may_call(user, name, post=True)
