"""Where a picture of a dossier is: in the document itself for a PDF, at its address on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse

register = template.Library()


@register.simple_tag
def picture(piece: Any, pictures: Mapping[int, str] | str) -> str:
    """Return the source of a picture; `pictures` is empty on a page."""
    if isinstance(pictures, Mapping):
        return pictures.get(piece.pk, "")
    return reverse("photograph", args=[piece.pk])
