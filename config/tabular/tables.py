"""Tables in files, read as text: the one reader of answers, ratings, lists of companies and all
others. Nothing is guessed, nothing dropped without a word.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from config.language.problems import InvalidInput, Place, Problem, say
from config.tabular import delimited, workbooks
from config.tabular.delimited import Rows
from config.tabular.headings import Head, head_of
from config.tabular.workbooks import SHOWN, Area

if TYPE_CHECKING:
    import pandas as pd

LARGE = 2**20  # bytes


@dataclass(frozen=True)
class TextTable:
    """The cells of a file as text, "" where empty. `frame` has the header's columns; its index
    is the file's row. `aside`: numbers of rows that are neither heading nor data, as a title is.
    """

    file: str
    frame: pd.DataFrame
    aside: tuple[int, ...] = ()

    def place(self, row: Hashable, column: str) -> Place:
        """Say where a cell is, in the words of a spreadsheet."""
        return Place(
            say("{file}: row {row}, column {column}"),
            {"file": self.file, "row": row, "column": column},
        )

    def at_row(self, row: Hashable) -> Place:
        """Say which row is meant."""
        return Place(say("{file}: row {row}"), {"file": self.file, "row": row})

    def at_column(self, column: str) -> Place:
        """Say which column is meant."""
        return Place(say("{file}: column {column}"), {"file": self.file, "column": column})


def read(path: Path, *, sheet: str | None = None) -> TextTable:
    """Read a table. Raises InvalidInput where it is missing, unreadable, has doubled headers or
    rows of another length.
    """
    return parse(content_of(path), path.name, sheet=sheet)


def content_of(path: Path) -> bytes:
    """Return the bytes of a file. Raises InvalidInput where there is none."""
    if not path.is_file():
        raise InvalidInput(Problem(str(path), say("there is no such file")))
    return path.read_bytes()


def parse(
    content: bytes,
    name: str,
    *,
    sheet: str | None = None,
    tell: Callable[[int], None] = lambda rows: None,
) -> TextTable:
    """Read the bytes of a table; what they are is seen from the name and how they begin. Raises
    InvalidInput as `read` does.

    tell: is told now and then how many rows of a workbook were read.
    """
    if workbooks.is_workbook(content, name):
        found = workbooks.sheet_of(content, name, sheet, tell)
        return _table(found.rows, name, found.merged)
    return _table(delimited.rows_of(content, name), name)


def is_large(content: bytes) -> bool:
    """Say whether reading a file takes longer than somebody else should wait: more than a megabyte
    of text, of a workbook as it unpacks, which takes some second on a slow machine.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(part.file_size for part in archive.infolist()) > LARGE
    except zipfile.BadZipFile:
        return len(content) > LARGE


def sheets(content: bytes, name: str) -> list[str]:
    """Return the names of a workbook's sheets, none for a text file. Raises InvalidInput."""
    return workbooks.sheets_of(content, name) if workbooks.is_workbook(content, name) else []


def _table(rows: Rows, file: str, merged: tuple[Area, ...] = ()) -> TextTable:
    if not rows:
        raise InvalidInput(Problem(file, say("is empty")))
    head = head_of(rows, merged)
    _refuse_merged(rows, head, file, merged)
    doubled = sorted({name for name in head.names if head.names.count(name) > 1})
    if doubled:
        raise InvalidInput(
            Problem(
                file, say("the header names a column twice: {names}"), {"names": ", ".join(doubled)}
            )
        )
    body = rows[head.rows :]
    for number, cells in body:
        if len(cells) != len(head.names):
            raise InvalidInput(
                Problem(
                    Place(say("{file}: row {row}"), {"file": file, "row": number}),
                    say("has {found} cells, the header has {expected}"),
                    {"found": len(cells), "expected": len(head.names)},
                )
            )
    if not body:
        raise InvalidInput(Problem(file, say("has a header and no rows")))
    import pandas as pd  # a second to load: only for who has a table

    frame = pd.DataFrame(
        [cells for _, cells in body], columns=pd.Index(head.names, dtype="str"), dtype="str"
    )
    frame.index = pd.Index([number for number, _ in body], name="row")
    return TextTable(file, frame, head.aside)


def _refuse_merged(rows: Rows, head: Head, file: str, merged: tuple[Area, ...]) -> None:
    """Raise InvalidInput for merged cells whose parts would be read as empty: those of the data,
    and those of a heading that is not one of two rows.
    """
    lines = {number for number, _cells in rows[: head.rows]}
    named = lines - set(head.aside)
    free = range(1, max(lines) + 1) if len(named) > 1 else range(1, min(named))
    if bad := [str(area) for area in merged if area.bottom not in free]:
        message = say("has merged cells, of which only the first holds anything; unmerge {cells}")
        raise InvalidInput(Problem(file, message, {"cells": ", ".join(bad[:SHOWN])}))
