"""Pages as tests read them."""

from __future__ import annotations

import re


def html(response) -> str:
    """Return a page with every run of blanks and line ends as one blank, as browsers see it."""
    return re.sub(r"\s+", " ", response.content.decode())
