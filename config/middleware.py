"""What every answer of the site carries, and how it travels: nothing is loaded from, sent to, or
framed by another host; text is compressed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from os import stat, utime
from pathlib import Path
from shutil import copyfile, rmtree
from tempfile import mkdtemp
from typing import TypeVar

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.translation import gettext as _
from whitenoise.compress import Compressor
from whitenoise.middleware import WhiteNoiseMiddleware

View = Callable[..., HttpResponseBase]
Marked = TypeVar("Marked", bound=View)

# data: is for the pictures that browsers draw themselves; no script or style stands inside a page
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action"
    " 'self';"
    " frame-ancestors 'none'"
)


def content_security(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Add the content security policy (W3C CSP 3)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return middleware


# 50 MB of a file of answers, and what a form sends beside it
LARGEST_BODY = 60 * 2**20


def limits_its_body(view: Marked) -> Marked:
    """Mark a view that refuses large bodies itself, in the words of its protocol."""
    view.limits_its_body = True  # type: ignore[attr-defined]
    return view


class LimitedBody:
    """Refuse a request that says it is larger than any that is taken, before it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; Django calls `process_view` on the way."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, _args: object, _named: object
    ) -> HttpResponse | None:
        """Return the refusal, None for what is small enough."""
        said = request.headers.get("Content-Length", "")
        if not said or getattr(view, "limits_its_body", False):
            return None  # without a length nothing of a body is read
        if said.isascii() and said.isdigit() and len(said) < 20 and int(said) <= LARGEST_BODY:
            return None
        text = _(
            "This is larger than %(mb)s MB, or says no size that can be read; nothing was kept."
        )
        message = text % {"mb": LARGEST_BODY >> 20}
        return HttpResponse(message, status=413, content_type="text/plain; charset=utf-8")


# PDF, pictures and workbooks are compressed in themselves and stay as they are
WORDS = ("text/", "application/javascript", "application/json", "image/svg+xml")


class CompressedWords(GZipMiddleware):
    """Send pages and other text compressed: on a slow line one is usable in a third of the time.

    What compression may give away (BREACH: a secret is guessed from the length of pages that also
    repeat what an attacker sent) is not there: Django masks the CSRF token anew in every page and
    adds up to 100 random bytes to every compressed answer, and the token of a sheet stands in the
    very address that an attacker would have to know.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress what is text and whole."""
        if response.status_code == 206 or not response.headers.get("Content-Type", "").startswith(
            WORDS
        ):
            return response
        return super().process_response(request, response)


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise has no types
    """Serve the files of the interface, compressed to who takes it, without a collecting step."""

    def add_files_from_finders(self) -> None:
        """Serve the copies in place of the files themselves."""
        self.add_files(str(_copied()), prefix=self.static_prefix)


@cache
def _copied() -> Path:
    """Return a folder with what the rooms hold in static/ and a compressed twin of each text.

    It is called after what it was made from, so it is never behind the program, and every process
    finds the one that the first has made (in a quarter of a second).
    """
    found: dict[str, str] = {}
    for finder in get_finders():
        for name, storage in finder.list(()):
            found.setdefault(name, storage.path(name))  # the first of a name is the one served
    changed = [(name, stat(path).st_mtime_ns, stat(path).st_size) for name, path in found.items()]
    folder = Path(settings.VAR) / "static" / sha256(repr(sorted(changed)).encode()).hexdigest()[:16]
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(mkdtemp(dir=folder.parent))
    # Brotli would save a tenth more and takes five seconds
    compressor = Compressor(use_brotli=False, quiet=True)
    for name, path in found.items():
        copy = new / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copyfile(path, copy)
        utime(copy, ns=(stat(path).st_atime_ns, stat(path).st_mtime_ns))  # the ETag is made of it
        if compressor.should_compress(name):
            compressor.compress(str(copy))
    try:
        new.rename(folder)
    except OSError:  # another process was first
        rmtree(new)
    return folder


def clear_static() -> None:
    """Delete the copies that earlier versions of the program have left; called before it is
    served.
    """
    for folder in (Path(settings.VAR) / "static").glob("*"):
        if folder != _copied():
            rmtree(folder, ignore_errors=True)
