"""Kinds of questions by their names."""

from __future__ import annotations

from django.utils.translation import gettext as _

from config.language.problems import say

KINDS = {
    "select_one": say("one of several"),
    "select_multiple": say("any of several"),
    "integer": say("whole number"),
    "decimal": say("number"),
    "text": say("text"),
    "date": say("day"),
    "time": say("time of day"),
    "datetime": say("day and time"),
    "range": say("scale"),
    "calculate": say("calculation"),
    "company": say("company"),
    "geopoint": say("place"),
    "image": say("picture"),
    "file": say("file"),
    "audio": say("sound"),
    "video": say("video"),
    "rank": say("order of several"),
}


def kind_label(kind: str) -> str:
    """Return the name of a kind, the kind itself where it has none."""
    return _(KINDS[kind]) if kind in KINDS else kind
