"""What travels: text compressed for who takes it, everything else as it is, nothing shortened."""

from __future__ import annotations

import gzip

import pytest

GZIP = {"Accept-Encoding": "gzip, deflate"}


def body(response) -> bytes:
    content = b"".join(response) if response.streaming else response.content
    response.close()
    return content


@pytest.mark.parametrize(
    "address",
    ["/static/surveys/fill.css", "/static/surveys/fill.js", "/static/config/seal.svg", "/login/"],
)
def test_a_page_or_file_says_the_same_compressed_or_not(client, db, address):
    plain, packed = client.get(address), client.get(address, headers=GZIP)

    content = body(packed)
    assert len(content) == int(packed["Content-Length"])
    if packed.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    if address != "/login/":  # its form has a token of its own every time
        assert content == body(plain)
    assert content
    assert "Accept-Encoding" in packed["Vary"]


def test_small_files_and_parts_of_files_are_sent_as_they_are(client, db):
    assert "Content-Encoding" not in client.get("/static/config/seal.svg", headers=GZIP)
    part = client.get("/static/surveys/fill.css", headers={**GZIP, "Range": "bytes=0-99"})
    body(part)

    assert part.status_code == 206
    assert "Content-Encoding" not in part
