"""Bodies that are sent in chunks, as ODK Collect may send them: Django takes a request without a
length for one without a body, so the length is found out before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import Any

MOST = 32 * 2**20  # ODK Collect parts what is more than 30 MB into several posts
IN_MEMORY = 2**20
PART = 2**16
SAID = "内容超过 32 MB，请分几次发送。/ This is larger than 32 MB; send it in parts.\n".encode()

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def with_length(application: Application) -> Application:
    """Return an application that is given every body with its length; 413 for one without that is
    larger than MOST. The server takes the chunks apart (`wsgi.input_terminated`).
    """

    def measured(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH") or not environ.get("HTTP_TRANSFER_ENCODING"):
            return application(environ, start)
        with SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            length = 0
            while length <= MOST and (part := environ["wsgi.input"].read(PART)):
                length += body.write(part)
            if length > MOST:
                head = [("Content-Type", "text/plain; charset=utf-8")]
                start("413 Content Too Large", [*head, ("Content-Length", str(len(SAID)))])
                return [SAID]
            body.seek(0)
            # a view has read what it wants when it answers; nothing of ours streams a request
            return application(
                {**environ, "wsgi.input": body, "CONTENT_LENGTH": str(length)}, start
            )

    return measured
