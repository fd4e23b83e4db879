"""A printed document: one HTML, its stylesheets, WeasyPrint, PDF/A-3a, data attached. Same input, same bytes."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pikepdf
from django.template.loader import render_to_string
from weasyprint import CSS, HTML, Attachment
from weasyprint.urls import URLFetcher

from config.languages import speaking
from config.texts import Language

Progress = Callable[[int], None]

STYLES = Path(__file__).resolve().parent.parent / "templates" / "reports"

# WeasyPrint reports fonts it falls back from and CSS it does not know only here
logging.getLogger("weasyprint").addHandler(logging.NullHandler())


class _NothingOutside(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
    """A report fetches nothing: what it shows is in its HTML."""

    def fetch(self, url: str, headers: Any = None) -> Any:
        raise ValueError(f"a report must not fetch {url}")


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
    """What is to be printed: a template, its words by language, stylesheets, the only date, the attachments."""

    template: str
    words: Callable[[Language], Mapping[str, Any]]
    styles: tuple[str, ...]
    day: date
    attachments: Mapping[str, bytes]


def render(printed: Printed, language: Language, progress: Progress = lambda page: None) -> bytes:
    """Return the PDF in one language. The only date in it is the given one, so the same input gives the same bytes.

    `progress(page)` is called at every page.
    """
    log, handler = logging.getLogger("weasyprint.progress"), _Pages(progress)
    log.setLevel(logging.INFO)
    log.addHandler(handler)
    try:
        return _finish(_write(printed, language))
    finally:
        log.removeHandler(handler)


def _write(printed: Printed, language: Language) -> bytes:
    with speaking(language):
        html = render_to_string(printed.template, dict(printed.words(language)))
    moment = datetime(printed.day.year, printed.day.month, printed.day.day, tzinfo=UTC)
    files = [
        Attachment(string=content, name=name, relationship="Data", created=moment, modified=moment)
        for name, content in printed.attachments.items()
    ]
    fetcher = _NothingOutside()
    page = HTML(string=html, url_fetcher=fetcher)
    styles = [CSS(string=(STYLES / name).read_text(encoding="utf-8"), url_fetcher=fetcher) for name in printed.styles]
    made: bytes = page.write_pdf(stylesheets=styles, attachments=files, pdf_variant="pdf/a-3a")
    return made


def _finish(content: bytes) -> bytes:
    """List every attachment once (WeasyPrint 70.0 lists each twice in /AF) and give the file an ID from its content."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        seen: dict[tuple[int, int], pikepdf.Object] = {}
        for file in pdf.Root.get("/AF", pikepdf.Array()):
            seen.setdefault(file.objgen, file)
        if seen:
            pdf.Root.AF = pikepdf.Array(list(seen.values()))
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()
