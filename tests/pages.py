"""Pages as tests read them."""

from __future__ import annotations

import re


def html(response) -> str:
    """Return a page with every run of blanks and line ends as one blank, as browsers see it."""
    return re.sub(r"\s+", " ", response.content.decode())


def seen(client, page: str, address: str = "") -> dict[str, str]:
    """Return what the form that goes to an address says it shows, as its page has it; the page's
    own address where none is given.
    """
    return seen_in(client.get(page), address or page)


def seen_in(response, address: str) -> dict[str, str]:
    """Return the same of a page that is there."""
    for form in re.findall(r"<form\b.*?</form>", html(response)):
        target = re.search(r'<form[^>]*\baction="([^"]*)"', form)
        found = re.search(r'name="seen" value="([^"]*)"', form)
        if found and (target is None or target[1] == address):
            return {"seen": found[1]}
    raise AssertionError(f"no form of this page goes to {address} and says what it shows")
