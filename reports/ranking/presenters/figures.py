"""How a company's places and answers are written."""

from __future__ import annotations

from reports.publishing.numbers import count
from reports.publishing.subject import gettext as _
from reports.ranking.result import CompanyResult


def places(company: CompanyResult) -> str:
    """Write the places a company may hold, such as 3–9."""
    if company.rank_low is None:
        return ""
    return (
        f"{company.rank_low}"
        if company.rank_low == company.rank_high
        else f"{company.rank_low}–{company.rank_high}"
    )


def answers(company: CompanyResult) -> str:
    """Write how many answers a company has, and how many of them its class hangs on: 4 of 120."""
    if company.n is None:
        return ""
    if company.fragile is None:
        return count(company.n)
    return _("%(least)s of %(n)s") % {"least": count(company.fragile), "n": count(company.n)}
