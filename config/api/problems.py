"""How the API says that something is wrong: application/problem+json (RFC 9457), in one shape.

`title` and `detail` are in the language of the request; `errors` has every sentence in both, with
the field, parameter or question it is about.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults
from rest_framework import exceptions, serializers, status

from config.language.languages import in_both, spoken
from config.language.problems import say
from config.language.texts import LANGUAGES

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:mingcha:problem:"
PREFIX = "/api/"
Error = dict[str, str]

# kind of problem: its status, its title, and the sentence where nothing more is known
KINDS = {
    "malformed": (400, say("Cannot be read"), say("The body is not JSON that can be read.")),
    "invalid": (400, say("Does not fit"), say("The request does not fit.")),
    "not-signed-in": (401, say("Who are you?"), say("Send a token, or sign in.")),
    "bad-token": (
        401,
        say("Who are you?"),
        say("This token is unknown, expired or revoked; make a new one."),
    ),
    "not-allowed": (403, say("Not allowed"), say("Your roles do not include this.")),
    "not-found": (404, say("Not there"), say("There is nothing here that you may see.")),
    "method": (405, say("No such operation"), say("This address has no operation of that name.")),
    "not-acceptable": (
        406,
        say("Not in that form"),
        say("This is not given in any form that the Accept header names."),
    ),
    "conflict": (
        409,
        say("Conflict"),
        say("There is a response with this uid and other answers; nothing was changed."),
    ),
    "not-open": (
        409,
        say("Not open"),
        say("The survey was not open when this was filled in; nothing was kept."),
    ),
    "out-of-date": (
        409,
        say("Conflict"),
        say("What is kept here is newer than what was sent; nothing was changed."),
    ),
    "too-large": (413, say("Too large"), say("The body is larger than 1 MB.")),
    "media-type": (415, say("Not in that form"), say("Send JSON, as application/json.")),
    "refused": (422, say("Answers with flaws"), say("Some answers cannot be accepted.")),
    "too-many": (429, say("Too many requests"), say("Wait {seconds} seconds, then go on.")),
    "failed": (500, say("Our fault"), say("Something went wrong here; it was written down.")),
}


class Problem(exceptions.APIException):
    """A problem of a kind; each of its errors says where, and what in both languages."""

    def __init__(self, kind: str, errors: Iterable[Error] = (), **values: object) -> None:
        super().__init__(kind)
        self.kind = kind
        self.status_code = KINDS[kind][0]
        self.errors = list(errors) or [sentence(KINDS[kind][2], "", **values)]


class ProblemError(serializers.Serializer[Any]):
    """One thing that is wrong: the field, parameter or question, and what, in both languages."""

    where = serializers.CharField(allow_blank=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Return the fields; a language tag is no name in Python."""
        return {
            **super().get_fields(),
            **{language: serializers.CharField() for language in LANGUAGES},
        }


class ProblemOut(serializers.Serializer[Any]):
    """A problem, as RFC 9457 has it."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = ProblemError(many=True)  # type: ignore[assignment]  # a field, not the property


def sentence(text: str, where: str = "", **values: object) -> Error:
    """Return one error of our own words."""
    return {"where": where, **in_both(lambda: _(text).format(**values))}


def told(say_errors: Callable[[], Mapping[str, Any] | list[Any]]) -> list[Error]:
    """Return errors that a library words in the language spoken, asked for once in each."""
    by_language: dict[str, list[tuple[str, str]]] = {}

    def listed() -> str:
        by_language[spoken()] = list(_flat(say_errors()))
        return ""

    in_both(listed)
    first = by_language[LANGUAGES[0]]
    return [
        {"where": where, **{tag: by_language[tag][at][1] for tag in LANGUAGES}}
        for at, (where, _words) in enumerate(first)
    ]


def checked(serializer: type[serializers.Serializer[Any]], data: object) -> dict[str, Any]:
    """Return the validated data. Raises Problem with all that is wrong."""
    if not isinstance(data, Mapping):
        raise Problem("invalid", [sentence(say("The body is a JSON object with named fields."))])
    given = serializer(data=data)
    if given.is_valid():
        return dict(given.validated_data)

    def errors() -> Mapping[str, Any]:
        again = serializer(data=data)
        again.is_valid()
        return dict(again.errors)

    raise Problem("invalid", told(errors))


def handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Answer an exception of an operation; None for one that is no problem of the request."""
    problem = _problem(error)
    if problem is None:
        return None
    answer = response(problem)
    if header := getattr(error, "auth_header", None):
        answer["WWW-Authenticate"] = header
    if (wait := getattr(error, "wait", None)) is not None:
        answer["Retry-After"] = str(math.ceil(wait))
    return answer


def response(problem: Problem) -> JsonResponse:
    """Write a problem."""
    number, title, _default = KINDS[problem.kind]
    content = {
        "type": TYPE + problem.kind,
        "title": _(title),
        "status": number,
        "detail": " ".join(error[spoken()] for error in problem.errors),
        "errors": problem.errors,
    }
    return JsonResponse(content, status=number, content_type=MEDIA_TYPE)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for an address that there is not: the site's page, or a problem within the API."""
    if request.path.startswith(PREFIX):
        return response(Problem("not-found"))
    return defaults.page_not_found(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for a request that Django refuses before any view."""
    if request.path.startswith(PREFIX):
        return response(Problem("invalid"))
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for a fault of ours."""
    if request.path.startswith(PREFIX):
        return response(Problem("failed"))
    return defaults.server_error(request)


def _problem(error: Exception) -> Problem | None:
    match error:
        case Problem():
            return error
        case Http404() | exceptions.NotFound():
            return Problem("not-found")
        case exceptions.NotAuthenticated():
            return Problem("not-signed-in")
        case exceptions.AuthenticationFailed():
            return Problem("bad-token")
        case PermissionDenied() | exceptions.PermissionDenied():
            return Problem("not-allowed")
        case exceptions.MethodNotAllowed():
            return Problem("method")
        case exceptions.NotAcceptable():
            return Problem("not-acceptable")
        case exceptions.UnsupportedMediaType():
            return Problem("media-type")
        case exceptions.Throttled():
            return Problem("too-many", seconds=math.ceil(getattr(error, "wait", None) or 1))
        case exceptions.ParseError():
            return Problem("malformed")
        case exceptions.APIException() if status.is_client_error(error.status_code):
            return Problem("invalid")
    return None


def _flat(errors: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Go through errors as serializers and forms nest them."""
    if isinstance(errors, Mapping):
        for key, inner in errors.items():
            own = "" if key in ("non_field_errors", "__all__") else str(key)
            yield from _flat(inner, ".".join(filter(None, (where, own))))
    elif isinstance(errors, (list, tuple)):
        for inner in errors:
            yield from _flat(inner, where)
    else:
        yield where, str(errors)
