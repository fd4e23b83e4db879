"""What travels: text compressed for who takes it, everything else as it is, nothing shortened."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from config import middleware
from config.middleware import CompressedWords, LimitedBody, limits_its_body

pytestmark = pytest.mark.django_db

GZIP = {"Accept-Encoding": "gzip, deflate"}
STATIC = [
    "/static/surveys/fill.css",
    "/static/surveys/fill.js",
    "/static/config/seal.svg",
    "/static/admin/css/base.css",
]


def body(response) -> bytes:
    content = b"".join(response) if response.streaming else response.content
    response.close()
    return content


@pytest.mark.parametrize("address", STATIC)
def test_a_file_says_the_same_compressed_or_not(client, address):
    plain, packed = client.get(address), client.get(address, headers=GZIP)

    content = body(packed)
    assert packed["Content-Encoding"] == "gzip"
    assert len(content) == int(packed["Content-Length"])
    whole = body(plain)
    assert gzip.decompress(content) == whole
    assert len(content) < len(whole)
    assert "Content-Encoding" not in plain
    assert plain["Vary"] == packed["Vary"] == "Accept-Encoding"


def test_a_page_is_compressed_and_says_so(client):
    packed = client.get("/login/", headers=GZIP)

    content = body(packed)
    assert packed["Content-Encoding"] == "gzip"
    assert len(content) == int(packed["Content-Length"])
    assert "csrfmiddlewaretoken" in gzip.decompress(content).decode()
    assert "Accept-Encoding" in packed["Vary"]
    assert "Content-Encoding" not in client.get("/login/")


def test_a_file_is_sent_once_and_then_only_confirmed(client):
    first = client.get("/static/surveys/fill.css", headers=GZIP)
    body(first)

    again = client.get("/static/surveys/fill.css", headers={**GZIP, "If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert body(again) == b""
    assert again["ETag"] == first["ETag"]
    assert "Content-Encoding" not in again


@pytest.mark.parametrize("address", ["/static/surveys/fill.css", "/login/"])
def test_head_has_no_body_and_the_headers_of_get(client, address):
    head, got = client.head(address, headers=GZIP), client.get(address, headers=GZIP)
    body(got)

    assert body(head) == b""
    assert head.status_code == 200
    assert head["Content-Encoding"] == got["Content-Encoding"] == "gzip"


def test_a_part_is_a_part_of_what_would_be_sent(client):
    whole = body(client.get("/static/surveys/fill.css", headers=GZIP))

    part = client.get("/static/surveys/fill.css", headers={**GZIP, "Range": "bytes=0-99"})

    assert part.status_code == 206
    assert body(part) == whole[:100]
    assert part["Content-Range"] == f"bytes 0-99/{len(whole)}"


@pytest.mark.parametrize("kind", ["application/pdf", "image/jpeg", "image/png"])
def test_what_is_compressed_in_itself_is_left_as_it_is(kind):
    sent = HttpResponse(b"x" * 5000, content_type=kind)

    response = CompressedWords(lambda request: sent)(RequestFactory().get("/", headers=GZIP))

    assert "Content-Encoding" not in response
    assert response.content == b"x" * 5000


def test_text_that_streams_is_compressed_as_it_goes():
    lines = [b"receipt,speed\n", b"4J7K,9\n" * 500]
    sent = StreamingHttpResponse(iter(lines), content_type="text/csv; charset=utf-8")

    response = CompressedWords(lambda request: sent)(RequestFactory().get("/", headers=GZIP))

    assert gzip.decompress(b"".join(response)) == b"".join(lines)


def test_every_page_carries_the_policy_compressed_or_not(client):
    for address in ("/login/", "/static/surveys/fill.css"):
        response = client.get(address, headers=GZIP)
        body(response)
        assert "default-src 'self'" in response["Content-Security-Policy"]


def test_copies_are_made_once_and_those_of_earlier_versions_go(settings, tmp_path):
    settings.VAR = tmp_path
    middleware._copied.cache_clear()
    made = middleware._copied()
    middleware._copied.cache_clear()
    (tmp_path / "static" / "earlier").mkdir()

    middleware.clear_static()

    assert [folder.name for folder in (tmp_path / "static").iterdir()] == [made.name]
    assert (made / "surveys" / "fill.css.gz").exists()
    assert not list(made.rglob("*.png.gz"))


limit = LimitedBody(lambda request: HttpResponse()).process_view


@pytest.mark.parametrize(
    ("length", "status"),
    [("0", 200), (str(60 * 2**20), 200), (str(60 * 2**20 + 1), 413), ("²", 413), ("9" * 5000, 413)],
)
def test_what_is_too_large_is_refused_before_it_is_read(rf, length, status):
    refused = limit(rf.get("/", CONTENT_LENGTH=length), lambda: None, (), {})

    assert (refused.status_code if refused else 200) == status


def test_a_view_may_refuse_large_bodies_in_its_own_words(rf):
    assert (
        limit(rf.get("/", CONTENT_LENGTH="9" * 12), limits_its_body(lambda: None), (), {}) is None
    )
