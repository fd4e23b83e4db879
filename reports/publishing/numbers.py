"""How numbers are written, in the active language."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format

from reports.publishing.subject import gettext as _
from reports.publishing.subject import ngettext


def companies(n: int) -> str:
    """Write a number of companies."""
    return ngettext("%(n)s company", "%(n)s companies", n) % {"n": count(n)}


def items(n: int) -> str:
    """Write a number of items."""
    return ngettext("%(n)s item", "%(n)s items", n) % {"n": count(n)}


def respondents(n: int) -> str:
    """Write a number of respondents."""
    return ngettext("%(n)s respondent", "%(n)s respondents", n) % {"n": count(n)}


def count(n: int) -> str:
    """Write a whole number with separators."""
    return f"{n:,}"


def day(date: date) -> str:
    """Write a date: 2026 年 11 月 23 日, 23 November 2026."""
    return date_format(date, _("j F Y"))


def percent(share: float) -> str:
    """Write a share."""
    return f"{100 * share:.4g} %"


def p_value(p: float) -> str:
    """Write a p-value."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def sentence(text: str) -> str:
    """Make a sentence of a phrase."""
    return text[:1].upper() + text[1:] + _(".")


def short(digest: str) -> str:
    """Write the ends of a digest."""
    return f"{digest[:4]}…{digest[-4:]}"
