"""A printed document: one HTML, its stylesheets, WeasyPrint, PDF/A-3a, data attached. Same
input, same bytes.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from config.console import printing
from config.language.languages import speaking
from config.language.texts import Language

Progress = Callable[[int], None]

STYLES = settings.BASE_DIR / "reports" / "templates" / "reports"


class _Pages(logging.Handler):
    """Hands on which page is being laid out; WeasyPrint says so in its log only."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        page = re.search(r"Page (\d+)", record.getMessage())
        if page:
            self.progress(int(page[1]))


@dataclass(frozen=True)
class Printed:
    """What is to be printed: a template, its words by language, stylesheets, the only date, the
    attachments.
    """

    template: str
    wording: Callable[[Language], Mapping[str, Any]]
    styles: tuple[str, ...]
    day: date
    attachments: Mapping[str, bytes]


def render(printed: Printed, language: Language, progress: Progress = lambda page: None) -> bytes:
    """Return the PDF in one language. The only date in it is the given one, so the same input gives
    the same bytes.

    `progress(page)` is called at every page.
    """
    log, handler = logging.getLogger("weasyprint.progress"), _Pages(progress)
    log.setLevel(logging.INFO)
    log.addHandler(handler)
    try:
        return _write(printed, language)
    finally:
        log.removeHandler(handler)


def _write(printed: Printed, language: Language) -> bytes:
    with speaking(language):
        html = render_to_string(printed.template, dict(printed.wording(language)))
    styles = [(STYLES / name).read_text(encoding="utf-8") for name in printed.styles]
    return printing.pdf(html, styles, day=printed.day, attachments=printed.attachments)
