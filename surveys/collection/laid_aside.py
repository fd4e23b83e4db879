"""What large files are read for that are laid aside for a day: names that readings go by. A module
of its own, because what forgets them must not load what reads them.
"""

from __future__ import annotations

ANSWERS = "answers"
COMPANIES = "companies"
