"""The areas that somebody sees, by the codes of GB/T 2260, whose parts share the first digits. PURE
but for Django's Q.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True)
class Scope:
    """Prefixes of area codes, or None for everywhere. `()` would be nowhere."""

    prefixes: tuple[str, ...] | None = None

    @classmethod
    def of(cls, codes: Iterable[str]) -> Scope:
        """Return the scope of somebody posted to areas; posted to none is everywhere."""
        prefixes = tuple(sorted(prefix(code) for code in codes))
        return cls(prefixes or None)

    @property
    def is_everywhere(self) -> bool:
        """Whether nothing is hidden."""
        return self.prefixes is None

    def within(self, field: str) -> Q:
        """Return the condition that an area, such as `area` or `site__area`, lies inside."""
        if self.prefixes is None:
            return Q()
        found = Q(pk__in=())
        for start in self.prefixes:
            found |= Q(**{f"{field}__code__startswith": start})
        return found


EVERYWHERE = Scope()


def prefix(code: str) -> str:
    """Return the digits that an area shares with its parts: 14 of a province, 1401 of a city.

    140000 → 14, 140100 → 1401, 140105 → 140105.
    """
    return re.sub(r"(00){1,2}$", "", code)
