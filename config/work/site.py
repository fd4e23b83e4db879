"""The web server as a part of the site: `python -m config.work.site`, with Granian's options."""

from __future__ import annotations

from granian.cli import entrypoint

from config.work import lifeline

if __name__ == "__main__":
    lifeline.end_with_serve()
    entrypoint()  # type: ignore[no-untyped-call]
