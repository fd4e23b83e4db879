"""An address opened as it cannot be (405): a page in words with a way on, the status kept."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve


def explain_method(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Say in words that an address only takes a form, and lead to the page it belongs to.

    Programs, and parts of pages that htmx asks for, have the bare answer.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        wants_page = "text/html" in request.headers.get("Accept", "")
        if response.status_code != 405 or not wants_page or "HX-Request" in request.headers:
            return response
        context = {"above": page_above(request.path_info)}
        page = render(request, "405.html", context, status=405)
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page

    return middleware


def page_above(path: str) -> str:
    """Return the nearest address above a path that there is: /surveys/a/open/ → /surveys/a/."""
    while path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return "/"
