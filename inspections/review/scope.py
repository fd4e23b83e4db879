"""PURE: how wide a claim may be: what was seen at some places says something of those places, and
of a whole brand or vendor only where it was seen often enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from inspections.agreement.proportions import wilson

Scope = Literal["site", "operator", "brand", "vendor"]
LEAST_SITES = 5
Refusal = Literal["none_found", "few_sites", "low_bound", "not_drawn", "unreliable"]


@dataclass(frozen=True)
class Support:
    """What stands behind a claim: sites of the unit that were visited, those of them with the
    finding confirmed, the interval of the share, and why a claim this wide is refused, if it is.
    """

    visited: int
    found: int
    low: float
    high: float
    refusals: tuple[Refusal, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """Whether a claim of this scope may be made."""
        return not self.refusals


def support(
    scope: Scope,
    *,
    visited: int,
    found: int,
    threshold: float,
    is_drawn: bool,
    is_reliable: bool,
) -> Support:
    """Return what supports a claim about a unit.

    threshold: share of its sites above which the lower bound (Wilson, 95 %) has to be, for brand
    and vendor; is_drawn: whether the sites are a random sample, without which a share says nothing
    of sites that were not seen; is_reliable: whether two visits agree well enough on the item, or
    nobody tried. A site or its operator is named for what was seen there. Raises ValueError for
    more found than visited.
    """
    if found > visited:
        raise ValueError(f"{found} found at {visited} sites")
    low, high = wilson(found, visited) if visited else (0.0, 1.0)
    refusals: list[Refusal] = []
    if not found:
        refusals.append("none_found")
    if not is_reliable:
        refusals.append("unreliable")
    if scope in ("brand", "vendor"):
        if visited < LEAST_SITES:
            refusals.append("few_sites")
        if not is_drawn:
            refusals.append("not_drawn")
        if low <= threshold:
            refusals.append("low_bound")
    return Support(visited, found, low, high, tuple(refusals))
