"""Long lists in parts: by number where they are short, by cursor where rows come in meanwhile."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination, LimitOffsetPagination
from rest_framework.request import Request

from config.api.problems import Problem, sentence
from config.language.problems import say

MOST = 500
FURTHEST = 1_000_000


class Pages(LimitOffsetPagination):
    """`limit` and `offset`, with the count of all."""

    default_limit = 50
    max_limit = MOST
    parameters = ("limit", "offset")

    def get_limit(self, request: Request) -> int:
        """Return how many are asked for. Raises Problem."""
        return _whole(request, "limit", 50, least=1, most=MOST)

    def get_offset(self, request: Request) -> int:
        """Return how many are left out before. Raises Problem."""
        return _whole(request, "offset", 0, least=0, most=FURTHEST)


class Cursor(CursorPagination):
    """`cursor` and `limit`, the latest first; a row that comes in meanwhile moves nothing."""

    ordering = "-pk"
    page_size = 100
    page_size_query_param = "limit"
    max_page_size = MOST
    parameters = ("cursor", "limit")

    def get_page_size(self, request: Request) -> int:
        """Return how many are asked for. Raises Problem."""
        return _whole(request, "limit", 100, least=1, most=MOST)

    def decode_cursor(self, request: Request) -> Any:
        """Return the place that a cursor names. Raises Problem for one that was not given out."""
        try:
            found = super().decode_cursor(request)
        except NotFound:
            found, is_good = None, False
        else:
            position = str(found.position) if found and found.position is not None else None
            is_good = position is None or (position.isascii() and position.isdigit())
            is_good = is_good and len(position or "") < 19
        if not is_good:
            raise Problem("invalid", [sentence(say("is no cursor of this list"), "cursor")])
        return found


def _whole(request: Request, name: str, default: int, *, least: int, most: int) -> int:
    given = request.query_params.get(name, "")
    if not given:
        return default
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else -1
    if not least <= number <= most:
        words = say("is a whole number from {least} to {most}")
        raise Problem("invalid", [sentence(words, name, least=least, most=most)])
    return number
