"""What a correction changed in a ranking, company by company, made by machine from the two files.
PURE.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

COMPARED = ("class", "rank", "score", "status")


@dataclass(frozen=True)
class Change:
    """One figure of a company, before and after; None where the company or the figure is none."""

    company: str
    what: str
    before: object
    after: object


def differences(before: bytes, after: bytes) -> list[Change]:
    """Return what differs between two files `ranking.json`, in the order of the later one; of
    companies that are gone, at the end.
    """
    old, new = _companies(before), _companies(after)
    return [
        Change(name, what, was, now)
        for name in (*new, *(name for name in old if name not in new))
        for what in COMPARED
        if (was := old.get(name, {}).get(what)) != (now := new.get(name, {}).get(what))
    ]


def _companies(content: bytes) -> dict[str, dict[str, Any]]:
    return {company["name"]: company for company in json.loads(content)["companies"]}
