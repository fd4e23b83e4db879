"""The one parent of every view of the API: who asks, how often, what they may, in that order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, MethodNotAllowed
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from config.accounts.models import User
from config.accounts.permissions import OWN
from config.accounts.roles import PERMISSIONS
from config.api.problems import Problem, checked
from config.tabular.downloads import download, streamed

PRIVATE = "private, no-store"

Out = type[serializers.Serializer[Any]]


class ApiView(GenericViewSet[Any]):
    """Operations on one kind of thing. `permissions` names for each what it needs; an operation
    that is not in the table cannot be given an address.
    """

    permissions: ClassVar[dict[str, str]] = {}
    filterset_class: Any = None
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]  # the document describes

    @classmethod
    def as_view(  # type: ignore[override]  # DRF has two of them
        cls, actions: Any = None, **given: Any
    ) -> Callable[..., HttpResponseBase]:
        """Return the view. Raises ValueError for an operation without its permission."""
        for action in (actions or {}).values():
            if cls.permissions.get(action) not in (*PERMISSIONS, OWN):
                raise ValueError(f"{cls.__name__}.{action} says not who may do it")
        # Django's middleware would send a program to the page for signing in; here a 401 is said
        view: Callable[..., HttpResponseBase] = login_not_required(
            super().as_view(actions, **given)
        )
        return view

    def initial(self, request: Request, *args: Any, **given: Any) -> None:
        """Find out who asks and let nobody further who may not. Raises what is wrong.

        Strangers and bad tokens are counted before they are refused.
        """
        try:
            self.perform_authentication(request)
        except AuthenticationFailed:
            request.user, request.auth = AnonymousUser(), None
            self.check_throttles(request)
            raise
        self.check_throttles(request)
        if self.action not in self.permissions:
            raise MethodNotAllowed(request.method or "")
        self.check_permissions(request)
        self.format_kwarg = None  # the Accept header says the form, no suffix does
        negotiated = self.perform_content_negotiation(request)
        request.accepted_renderer, request.accepted_media_type = negotiated

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **given: Any
    ) -> Response:
        """Return the answer, which nobody on the way keeps."""
        response.headers.setdefault("Cache-Control", "private, no-store")
        return super().finalize_response(request, response, *args, **given)

    @property
    def person(self) -> User:
        """Who asks."""
        assert isinstance(self.request.user, User)
        return self.request.user

    def given(self, serializer: Out) -> dict[str, Any]:
        """Return the body, checked. Raises Problem."""
        return checked(serializer, self.request.data)

    def asked(self, serializer: Out) -> dict[str, Any]:
        """Return the parameters of the address, checked. Raises Problem."""
        return checked(serializer, self.request.query_params.dict())

    def listed(self, found: QuerySet[Any], out: Out) -> Response:
        """Answer with one part of a list, filtered. Raises Problem."""
        part = self.paginate_queryset(self.filter_queryset(found))
        return self.get_paginated_response(out(part, many=True).data)

    def found(self, among: QuerySet[Any], **by: Any) -> Any:
        """Return one thing among those that are seen. Raises Problem (404)."""
        one = among.filter(**by).first()
        if one is None:
            raise Problem("not-found")
        return one


class _File(BaseRenderer):
    """A form in which files are given; what is rendered is never more than bytes."""

    format = "file"
    charset = None

    def render(self, data: Any, *args: Any, **given: Any) -> bytes:
        """Return the bytes as they are."""
        return bytes(data)


def file_as(kind: str) -> type[BaseRenderer]:
    """Return the form of a file, by which Accept headers are compared."""
    return type("File", (_File,), {"media_type": kind})


def file_answer(content: bytes, name: str, kind: str) -> HttpResponse:
    """Answer with a file to keep; nobody else's browser or proxy keeps it."""
    answer = download(content, name, kind)
    answer["Cache-Control"] = PRIVATE
    return answer


def streamed_answer(pieces: Iterable[bytes], name: str, kind: str) -> StreamingHttpResponse:
    """Answer with a file that is made while it is sent, as `file_answer` does."""
    answer = streamed(pieces, name, kind)
    answer["Cache-Control"] = PRIVATE
    return answer
