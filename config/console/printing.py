"""From HTML to PDF bytes by WeasyPrint: nothing is fetched, one date, the same input gives the
same bytes.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pikepdf
from weasyprint import CSS, HTML, Attachment
from weasyprint.urls import URLFetcher

# WeasyPrint reports fonts it falls back from and CSS it does not know only here
logging.getLogger("weasyprint").addHandler(logging.NullHandler())


class _NothingOutside(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
    """A document fetches nothing: what it shows is in its HTML, pictures as data."""

    def fetch(self, url: str, headers: Any = None) -> Any:
        if url.startswith("data:"):
            return super().fetch(url, headers)
        raise ValueError(f"a document must not fetch {url}")


def pdf(
    html: str, styles: Sequence[str], *, day: date, attachments: Mapping[str, bytes] | None = None
) -> bytes:
    """Return a PDF/A-3a of a page with stylesheets as text. `day` dates the attachments; it is
    the only date in it.
    """
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    files = [
        Attachment(string=content, name=name, relationship="Data", created=moment, modified=moment)
        for name, content in (attachments or {}).items()
    ]
    fetcher = _NothingOutside()
    sheets = [CSS(string=style, url_fetcher=fetcher) for style in styles]
    made = HTML(string=html, url_fetcher=fetcher).write_pdf(
        stylesheets=sheets, attachments=files, pdf_variant="pdf/a-3a"
    )
    return _finish(made)


def _finish(content: bytes) -> bytes:
    """List every attachment once (WeasyPrint 70.0 lists each twice in /AF) and give the file an
    ID from its content.
    """
    with pikepdf.open(io.BytesIO(content)) as document:
        seen: dict[tuple[int, int], pikepdf.Object] = {}
        for file in document.Root.get("/AF", pikepdf.Array()):
            seen.setdefault(file.objgen, file)
        if seen:
            document.Root.AF = pikepdf.Array(list(seen.values()))
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()
