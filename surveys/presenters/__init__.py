"""A questionnaire as finished rows for pages: words in one language, what is chosen, what is wrong."""

from __future__ import annotations

from surveys.presenters.fields import Field, Option, error_text
from surveys.presenters.page import Page, page

__all__ = ["Field", "Option", "Page", "error_text", "page"]
