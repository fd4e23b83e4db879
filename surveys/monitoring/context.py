"""What every page of the back office knows of the surveys."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from surveys.collection.models.survey import Survey


def demonstration(request: HttpRequest) -> dict[str, Callable[[], bool]]:
    """Let a page ask whether any survey is a demonstration; pages that do not ask cost no query."""
    return {"has_demonstration": Survey.objects.filter(demonstration=True).exists}
