"""Filters of lists: a value that does not fit and a parameter that there is not are said, not
passed over, because a list that was not filtered looks like one that was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend

from config.api.problems import Problem, sentence, told
from config.language.problems import say

if TYPE_CHECKING:  # the settings name this module, and those need the settings
    from rest_framework.request import Request
    from rest_framework.views import APIView


class Filters(DjangoFilterBackend):  # type: ignore[misc]
    """The filters of the view's `filterset_class`, checked."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> QuerySet[Any]:
        """Return what fits. Raises Problem."""
        filterset = self.get_filterset(request, queryset, view)
        known = set(getattr(getattr(view, "paginator", None), "parameters", ()))
        if filterset is not None:
            known |= set(filterset.filters)
        if unknown := [name for name in request.query_params if name not in known]:
            words = say("is no parameter of this list; there are: {names}")
            names = ", ".join(sorted(known))
            raise Problem("invalid", [sentence(words, n[:60], names=names) for n in unknown[:20]])
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise Problem("invalid", told(lambda: _messages(filterset)))
        found: QuerySet[Any] = filterset.qs
        return found


def _messages(filterset: Any) -> dict[str, list[str]]:
    """Return the messages of the form in the language spoken now."""
    errors = filterset.form.errors.as_data()
    return {name: [m for error in found for m in error.messages] for name, found in errors.items()}
