"""The keys of a plan that ask for what is computed beside the ranking and decides nothing in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from config.language.problems import say
from config.tabular.yaml_nodes import Value
from reports.plans.plan import ANALYSES, Further, Item

FURTHER = ("adjust", "analyses", "drivers", "compare_with")

Keys = Mapping[str, Value]


def read_further(keys: Keys, items: Sequence[Item]) -> Further:
    """Read `adjust`, `analyses`, `drivers` and `compare_with`; items: those of a file."""
    rated = {item.column for item in items}
    adjust = _columns(keys["adjust"]) if "adjust" in keys else []
    for column in (column for column in adjust if column in rated):
        # what a company is judged by must not be explained away
        keys["adjust"].problem(
            say("{column} is an item; adjusting for it would hide the company"), column=column
        )
    analyses = [v.choice(*ANALYSES) for v in keys["analyses"].items()] if "analyses" in keys else []
    drivers = keys["drivers"].text() if "drivers" in keys else None
    if drivers and rated and drivers not in rated:
        keys["drivers"].problem(say("must be the column of the item that judges the whole"))
    if drivers and rated and len(rated) < 3:
        keys["drivers"].problem(say("needs two items beside the one that judges the whole"))
    return Further(
        adjust=tuple(adjust),
        analyses=tuple(name for name in ANALYSES if name in analyses),
        drivers=drivers,
        compare_with=keys["compare_with"].text() if "compare_with" in keys else None,
    )


def _columns(value: Value) -> list[str]:
    """Read the name of a column, or a list of them."""
    return [v.text() or "" for v in value.items()] if value.is_list else [value.text() or ""]
