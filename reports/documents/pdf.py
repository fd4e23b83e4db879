"""The printed ranking: one HTML, one stylesheet, WeasyPrint, PDF/A-3a, data attached. Same input, same bytes."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
from django.template.loader import render_to_string
from weasyprint import CSS, HTML, Attachment
from weasyprint.urls import URLFetcher

from config.languages import speaking
from config.texts import Language
from reports.documents.presenters.report import report
from reports.ranking import Ranking

Progress = Callable[[int], None]

STYLE = Path(__file__).resolve().parent.parent / "templates" / "reports" / "ranking.css"

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


def render(
    ranking: Ranking,
    language: Language,
    attachments: Mapping[str, bytes],
    progress: Progress = lambda page: None,
) -> bytes:
    """Return the PDF in one language. The only date in it is the plan's, so the same input gives the same bytes.

    `progress(page)` is called at every page.
    """
    log, handler = logging.getLogger("weasyprint.progress"), _Pages(progress)
    log.setLevel(logging.INFO)
    log.addHandler(handler)
    try:
        return _finish(_write(ranking, language, attachments))
    finally:
        log.removeHandler(handler)


def _write(ranking: Ranking, language: Language, attachments: Mapping[str, bytes]) -> bytes:
    with speaking(language):
        html = render_to_string("reports/ranking.html", report(ranking, language))
    day = ranking.plan.date
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    files = [
        Attachment(string=content, name=name, relationship="Data", created=moment, modified=moment)
        for name, content in attachments.items()
    ]
    fetcher = _NothingOutside()
    page = HTML(string=html, url_fetcher=fetcher)
    style = CSS(string=STYLE.read_text(encoding="utf-8"), url_fetcher=fetcher)
    made: bytes = page.write_pdf(stylesheets=[style], attachments=files, pdf_variant="pdf/a-3a")
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
