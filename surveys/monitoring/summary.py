"""The figures of fieldwork as plain numbers, for programs; the page shows the same."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from config.accounts.scope import Scope
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import responses_of
from surveys.monitoring import figures
from surveys.monitoring.aapor import completion_rate, rates


def summary(survey: Survey, scope: Scope) -> dict[str, Any]:
    """Return how far a survey is, within the areas that somebody sees.

    What belongs to no area (sheets begun, where they were left, flags, outcome rates) is empty for
    whoever is posted to one.
    """
    responses = responses_of(survey, scope)
    status = figures.by_status(responses)
    sent = figures.sent_by_page(responses)
    valid, returned = figures.paper_return(responses)
    whole = scope.is_everywhere
    begun = figures.begun(survey) if whole else None
    return {
        "status": {name: status.get(name, 0) for name in Response.Status.values},
        "targets": [asdict(cell) for cell in figures.cells(survey, scope)],
        "by_area": _counts(figures.by(responses, "area")),
        "by_stratum": _counts([(s, n) for s, n in figures.by(responses, "stratum") if s]),
        "by_company": _counts(figures.by(responses, "company__key")),
        "by_collector": _counts(figures.by(responses, "collector__code")),
        "by_day": _counts(figures.by_day(responses)),
        "median_minutes": figures.median_minutes(responses),
        "paper_valid": valid,
        "paper_returned": returned,
        "begun": begun,
        "completion": completion_rate(sent, sent + begun) if begun is not None and sent else None,
        "left": [
            {"question": left.question.name, "n": left.n, "share": left.share}
            for left in (figures.drop_off(survey, sent) if whole else ())
        ],
        "flags": _counts(figures.flags(survey) if whole else ()),
        "rates": _rates(survey) if whole else None,
    }


def _counts(pairs: Any) -> list[dict[str, Any]]:
    return [{"name": str(name), "n": n} for name, n in pairs]


def _rates(survey: Survey) -> dict[str, float | None] | None:
    """Return AAPOR's rates of a probability sample with invitations; a rate of nobody is None."""
    if survey.sample != Survey.Sample.PROBABILITY or not survey.invitations.exists():
        return None
    found = asdict(rates(figures.dispositions(survey), sample="probability"))
    return {name: None if math.isnan(rate) else rate for name, rate in found.items()}
