"""What a correction changed, in words. PURE but for the language that is spoken."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from config.language.problems import say
from reports.ranking.wording import CLASS, STATUS
from reports.releases.difference import Change

WHAT = {
    "class": say("Class"),
    "rank": say("Rank"),
    "score": say("Score"),
    "status": say("Status"),
}
WORDS = {"class": CLASS, "status": STATUS}


def rows(changes: Iterable[Change]) -> list[dict[str, str]]:
    """Return a row for every figure that changed, "–" for one that there is not."""
    return [
        {
            "company": change.company,
            "label": _(WHAT[change.what]),
            "before": _said(change.what, change.before),
            "after": _said(change.what, change.after),
        }
        for change in changes
    ]


def _said(what: str, value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.2f}"
    words = WORDS.get(what, {})
    return str(words.get(str(value), value))
