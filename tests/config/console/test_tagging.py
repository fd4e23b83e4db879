"""What a screen reader is told of a PDF: language, heads of tables, pictures."""

from __future__ import annotations

import io
from datetime import date

import pikepdf
import pytest

from config.console import printing
from reports.publishing.proof import not_archival

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}<rect width="9" height="9"/></svg>'
HTML = f"""<html lang="en"><title>A table</title>
<p>Rated: <span lang="zh-Hans">晨星电器</span></p>
<table>
  <thead><tr><th scope="col">Company</th><th scope="col">Score</th></tr></thead>
  <tbody><tr><th scope="row">Ash</th><td>{PICTURE.format("<title>Ash: 81</title>")} {PICTURE.format("")}</td></tr></tbody>
</table></html>"""


@pytest.fixture(scope="module")
def content():
    style = 'html { font-family: "Noto Sans CJK SC" }'
    return printing.pdf(HTML, [style], day=date(2026, 11, 25))


@pytest.fixture(scope="module")
def document(content):
    with pikepdf.open(io.BytesIO(content)) as opened:
        yield opened


def below(element):
    """Go through the elements of a structure, from the top."""
    for kid in element.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from below(kid)


def elements(document, kind):
    return [e for e in below(document.Root.StructTreeRoot) if kind == e.S]


def test_words_of_another_language_say_which(document):
    assert [str(e.Lang) for e in elements(document, "/Span") if "/Lang" in e] == ["zh-Hans"]


def test_heads_of_a_table_say_what_they_are_heads_of(document):
    scopes = [str(e.A.Scope) for e in elements(document, "/TH")]

    assert scopes == ["/Column", "/Column", "/Row"]


def test_a_picture_has_words_or_is_an_artifact(document):
    assert [str(e.Alt) for e in elements(document, "/Figure")] == ["Ash: 81"]
    assert document.pages[0].Contents.read_bytes().count(b"/Artifact BMC") == 1


def test_a_printed_page_is_pdf_a(content):
    assert not_archival(content) == []


def test_a_page_that_claims_less_is_not(content):
    with pikepdf.open(io.BytesIO(content)) as opened:
        words = opened.Root.Metadata.read_bytes().replace(b'part="3"', b'part="2"')
        opened.Root.Metadata.write(words.replace(b"<pdfaid:part>3", b"<pdfaid:part>2"))
        out = io.BytesIO()
        opened.save(out)

    assert not_archival(out.getvalue())
