"""What became of a finding, in words."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from inspections.visits.models import Visit

register = template.Library()


@register.filter
def outcome(value: str) -> str:
    """Return an outcome in words; none is one that nobody wrote down yet."""
    return str(Visit.Outcome(value).label) if value else _("seen again, outcome not noted")
