"""The check before a PDF leaves the house: every printed name and score is found in its text, every
font is expected, and it is the PDF/A that it says it is.

A PDF can look right and read wrong: with sliced web fonts the text layer held other characters than
the page showed, without a warning.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator

import pikepdf
import pypdfium2
from pikepdf import pdfa

FAMILIES = ("Noto-Sans-CJK-SC", "Noto-Serif-CJK-SC")
# pikepdf knows level B of PDF/A-3; of level A, which asks for tags besides, it only says that
ABOVE = ("ISO_19005_3:6.6.4-3", "pdfaid:conformance is 'A', expected 'B'")


class Unproved(Exception):
    """A PDF that must not be published, and why."""


def prove(content: bytes, printed: Iterable[str]) -> None:
    """Raise Unproved for a PDF in which something that should be `printed` is not found, or a
    font is not expected, or which is no PDF/A.
    """
    pages = _squeezed(" ".join(texts(content)))
    missing = [what for what in printed if _squeezed(what) not in pages]
    if missing:
        raise Unproved(f"not found in the text of the PDF: {', '.join(missing[:5])}")
    strange = sorted(name for name in fonts(content) if not name.startswith(FAMILIES))
    if strange:
        raise Unproved(
            f"unexpected fonts in the PDF: {', '.join(strange)}; is fonts-noto-cjk installed?"
        )
    if found := not_archival(content):
        raise Unproved(f"not the PDF/A it says it is: {'; '.join(found[:3])}")


def not_archival(content: bytes) -> list[str]:
    """Return what stands against PDF/A-3 level B; nothing that pikepdf does not know passes."""
    report = pdfa.validate_written(io.BytesIO(content), "3b")
    return [str(found) for found in report.findings if (found.rule, found.message) != ABOVE]


def texts(content: bytes) -> Iterator[str]:
    """Yield the text of each page."""
    document = pypdfium2.PdfDocument(content)
    try:
        for page in document:
            yield page.get_textpage().get_text_bounded()
    finally:
        document.close()


def fonts(content: bytes) -> set[str]:
    """Return the names of the embedded fonts, without the prefix of the subset."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        named = (
            obj
            for obj in pdf.objects
            if isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == "/Font"
        )
        return {
            str(font.BaseFont).lstrip("/").partition("+")[2] or str(font.BaseFont).lstrip("/")
            for font in named
        }


def _squeezed(text: str) -> str:
    """Return a text as far as a PDF can give it back.

    Ligatures come apart, invisible characters and white space are gone, a hyphen at the end of a
    line reads U+0002 or U+FFFE, and dots that share a glyph come back as one of them.
    """
    kept = "".join(
        c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf"
    )
    return re.sub(r"[•・･‧∙·]", "·", re.sub(r"[\s\ufffe\x02-]", "", kept))
