"""What records that are kept under one name have in common on their pages, companies and sites
alike: their history, and pairs that may be the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.urls import reverse

from surveys.companies.models import Change


def history(
    changes: Iterable[Change], form: type[forms.Form], kinds: Mapping[Any, Any]
) -> Iterator[tuple[Change, list[tuple[Any, Any, Any]]]]:
    """Yield what happened to a record, and what changed: the label of a field, before, after.

    form: the one by which it is changed, which has the labels; kinds: the words of its kinds.
    """
    for one in changes:
        changed = []
        for name, (before, after) in one.detail.get("changed", {}).items():
            if name == "kind":
                before, after = kinds.get(before, before), kinds.get(after, after)
            changed.append((form.base_fields[name].label, before, after))
        yield one, changed


def double(a: Any, b: Any, why: str, *, key: str, page: str) -> dict[str, Any]:
    """Return a pair that may be the same. key: the field that is in addresses; page: the name of
    the address of a record, whose merging is called PAGE-merge.
    """
    a_key, b_key = getattr(a, key), getattr(b, key)
    return {
        "a": a,
        "b": b,
        "a_key": a_key,
        "b_key": b_key,
        "a_page": reverse(page, args=[a_key]),
        "b_page": reverse(page, args=[b_key]),
        "merge": reverse(f"{page}-merge", args=[a_key]),
        "why": why,
    }
