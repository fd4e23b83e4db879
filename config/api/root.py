"""The entrance of the API: what there is, the OpenAPI document, and a page to read it on."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.accounts.permissions import OWN, own_page
from config.api.views import ApiView
from config.language.languages import spoken

# names of the addresses of what there is to list; each room has its own
LISTS = (
    "surveys",
    "questionnaires",
    "companies",
    "campaigns",
    "visits",
    "findings",
    "reports",
    "jobs",
)


class Root(ApiView):
    """The entrance and the document."""

    permissions = {"root": OWN, "document": OWN}
    pagination_class = None

    @extend_schema(
        operation_id="root",
        summary="What there is",
        responses={200: {"type": "object", "additionalProperties": {"type": "string"}}},
    )
    def root(self, request: Request) -> Response:
        """List the addresses from which everything else is found."""
        names = {name: reverse(f"api-{name}") for name in LISTS}
        return Response({**names, "schema": reverse("api-schema"), "docs": reverse("api-docs")})

    @extend_schema(
        operation_id="schema",
        summary="This document",
        responses={200: {"type": "object", "additionalProperties": True}},
    )
    def document(self, request: Request) -> Response:
        """Return the OpenAPI 3 document."""
        return Response(_document(spoken()))


@require_safe
@own_page
def docs(request: HttpRequest) -> HttpResponse:
    """Show the document as a page on which everything can be tried, with the platform's own
    copy of Swagger UI.
    """
    return render(request, "config/api/docs.html", {"room": "tokens"})


@lru_cache(maxsize=2)
def _document(language: str) -> dict[str, Any]:
    """Return the document; it is the same for everybody as long as the program runs."""
    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return document
