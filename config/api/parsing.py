"""Bodies of requests: JSON, no larger than need be."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from config.api.problems import Problem

LARGEST = 2**20  # bytes; the longest questionnaire, all answered, takes some 100 kB


class Json(JSONParser):
    """JSON of up to 1 MB; what is nested deeper than Python follows is malformed, not a fault."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return what the body says. Raises Problem, ParseError."""
        content = stream.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise Problem("too-large")
        try:
            return super().parse(BytesIO(content), media_type, parser_context)
        except RecursionError:
            raise ParseError from None
