"""Lists that people fill in: which column is which, whatever language its heading is in, and cells
that hold several things.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from config.language.problems import InvalidInput, Problem, say
from config.tabular.tables import TextTable


def columns_of(
    table: TextTable, headings: Mapping[str, Sequence[str]], needed: Sequence[str]
) -> dict[str, str]:
    """Return the column of the table for each name that it has.

    headings: for every name its other spellings. Raises InvalidInput where a needed one is missing.
    """
    plain = {str(column).strip().lower(): str(column) for column in table.frame.columns}
    found = {
        name: plain[spelling]
        for name, spellings in headings.items()
        for spelling in (name, *spellings)
        if spelling in plain
    }
    missing = [name for name in needed if name not in found]
    if missing:
        message = say("has no column {columns} in its first row")
        raise InvalidInput(Problem(table.file, message, {"columns": ", ".join(missing)}))
    return found


def several(cell: str) -> list[str]:
    """Return the parts of a cell, which are separated by ；, ; 、 or |."""
    return [part.strip() for part in re.split(r"[;；、|]", cell) if part.strip()]
