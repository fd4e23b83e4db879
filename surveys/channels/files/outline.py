"""What the page of a file needs to know of its table: headings, the first rows, and which cells
each column has. Small enough to be kept while somebody looks at it, however large the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from config.tabular.tables import TextTable

ROWS = 10  # shown
CELLS = 2_000  # different cells of a column that are kept, the most frequent of them


@dataclass(frozen=True)
class Outline:
    """A table as it is looked at. first: numbers and cells of the first rows; cells: how often each
    cell of a column stands there. A column without heading is in none of them.
    """

    file: str
    columns: tuple[str, ...]
    rows: int
    first: tuple[tuple[int, tuple[str, ...]], ...]
    cells: Mapping[str, Mapping[str, int]]

    def shown(self) -> Iterator[tuple[int, dict[Hashable, str]]]:
        """Yield the first rows: number, and cells by column."""
        for number, row in self.first:
            yield number, dict(zip(self.columns, row, strict=True))

    def as_json(self) -> dict[str, Any]:
        """Return the outline as plain JSON values."""
        return asdict(self)


def outline_of(table: TextTable) -> Outline:
    """Return the outline of a table."""
    frame = table.frame
    places = [at for at, column in enumerate(frame.columns) if column]
    columns = tuple(str(frame.columns[at]) for at in places)
    head = frame.iloc[:ROWS]
    first = tuple(
        (int(str(number)), tuple(str(head.iat[i, at]) for at in places))
        for i, number in enumerate(head.index)
    )
    cells = {
        column: dict(Counter(map(str, frame.iloc[:, at])).most_common(CELLS))
        for column, at in zip(columns, places, strict=True)
    }
    return Outline(table.file, columns, len(frame), first, cells)


def from_json(values: dict[str, Any]) -> Outline:
    """Return the outline that `as_json` wrote."""
    first = tuple((number, tuple(row)) for number, row in values["first"])
    return Outline(**{**values, "columns": tuple(values["columns"]), "first": first})
