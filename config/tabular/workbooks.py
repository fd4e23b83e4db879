"""Tables in Excel files, .xlsx and .xls, as rows of cells with what cannot be read as one: merged
cells, and formulas without a result.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import openpyxl
import xlrd
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape

from config.language.problems import InvalidInput, Problem, say
from config.tabular.delimited import Rows

NEW, OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"  # how .xlsx and .xls begin
TOLD = 1_000  # rows
SHOWN = 10  # cells that a problem names


@dataclass(frozen=True)
class Area:
    """Merged cells: rows and columns from 1, ends included; only the first cell holds anything."""

    top: int
    bottom: int
    left: int
    right: int

    def __str__(self) -> str:
        first = f"{get_column_letter(self.left)}{self.top}"
        return f"{first}:{get_column_letter(self.right)}{self.bottom}"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows that hold anything, all of one width; merged areas, and where formulas
    stand that no program has worked out.
    """

    rows: Rows
    merged: tuple[Area, ...] = ()
    unknown: tuple[str, ...] = ()


def is_workbook(content: bytes, name: str) -> bool:
    """Say whether a file is an Excel workbook, or calls itself one. Exporters give tables of text
    the name .xls.
    """
    if content.startswith((NEW, OLD)):
        return True
    return name.lower().endswith((".xlsx", ".xlsm"))


def sheets_of(content: bytes, name: str) -> list[str]:
    """Return the names of the sheets. Raises InvalidInput for no workbook."""
    try:
        if content.startswith(OLD):
            return xlrd.open_workbook(file_contents=content, on_demand=True).sheet_names()
        reader = ExcelReader(io.BytesIO(content), read_only=True)
        reader.read_manifest()
        reader.read_workbook()  # without the texts, which of a large file take seconds
        found = reader.parser.find_sheets()
        return [sheet.name for sheet, of_it in found if of_it.Type.endswith("/worksheet")]
    # openpyxl and xlrd raise whatever their parsers raise; the file is not readable
    except Exception:
        raise _unreadable(name) from None


def sheet_of(
    content: bytes,
    name: str,
    sheet: str | None,
    tell: Callable[[int], None] = lambda rows: None,
) -> Sheet:
    """Read a sheet, the only one where none is named. Raises InvalidInput for no workbook, a sheet
    that is not there, several of them, and formulas without a result.

    tell: is told now and then how many rows were read.
    """
    names = sheets_of(content, name)
    if sheet is not None and sheet not in names:
        raise InvalidInput(Problem(name, say("has no sheet {sheet}"), {"sheet": sheet}))
    if sheet is None and len(names) != 1:
        message = say(
            "has several sheets; leave one of them in the file, or name it under sheet: {names}"
        )
        raise InvalidInput(Problem(name, message, {"names": ", ".join(names)}))
    try:
        if content.startswith(OLD):
            found = _old(content, sheet or names[0])
        else:
            found = _new(content, sheet or names[0], tell)
    except Exception:
        raise _unreadable(name) from None
    if found.unknown:
        message = say("holds formulas without a result; open it in Excel and save it: {cells}")
        cells = ", ".join(found.unknown[:SHOWN])
        raise InvalidInput(Problem(name, message, {"cells": cells}))
    return found


def _unreadable(name: str) -> InvalidInput:
    return InvalidInput(Problem(name, say("is not a readable Excel workbook")))


def _new(content: bytes, title: str, tell: Callable[[int], None]) -> Sheet:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    page = book[title]
    # exporters write sizes that are not true, and rows beyond them would vanish
    page.reset_dimensions()
    cells = []
    for row in page.iter_rows(values_only=True):
        cells.append(row)
        if len(cells) % TOLD == 0:
            tell(len(cells))
    merged, unknown = _unseen(content, title, cells)
    return Sheet(_rows(cells), merged, unknown)


def _unseen(
    content: bytes, title: str, cells: Sequence[Sequence[object]]
) -> tuple[tuple[Area, ...], tuple[str, ...]]:
    """Return what would be read as empty and is not: the parts of merged cells, and formulas that
    no program has worked out yet.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
    if not any(tag in part for part in parts for tag in (b"<f", b"<mergeCell ")):
        return (), ()
    page = openpyxl.load_workbook(io.BytesIO(content))[title]
    merged = tuple(
        Area(area.min_row, area.max_row, area.min_col, area.max_col)
        for area in page.merged_cells.ranges
    )
    unknown = tuple(
        cell.coordinate
        for row in page.iter_rows(max_row=len(cells))
        for cell in row
        if cell.data_type == "f" and _is_empty(cells, cell.row, cell.column)
    )
    return merged, unknown


def _is_empty(cells: Sequence[Sequence[object]], row: int | None, column: int | None) -> bool:
    found = cells[(row or 1) - 1]
    return len(found) < (column or 1) or found[(column or 1) - 1] is None


def _old(content: bytes, title: str) -> Sheet:
    # without formatting_info xlrd does not say which cells are merged
    book = xlrd.open_workbook(file_contents=content, formatting_info=True)
    page = book.sheet_by_name(title)
    cells = [[_old_cell(cell, book.datemode) for cell in row] for row in page.get_rows()]
    merged = tuple(
        Area(top + 1, bottom, left + 1, right) for top, bottom, left, right in page.merged_cells
    )
    return Sheet(_rows(cells), merged)


def _old_cell(cell: xlrd.sheet.Cell, datemode: Literal[0, 1]) -> object:
    """Return a cell of .xls as openpyxl returns one of .xlsx."""
    value: Any = cell.value
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _moment(value, datemode)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(value, "#N/A")
    return value if cell.ctype in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER) else None


def _moment(serial: float, datemode: Literal[0, 1]) -> object:
    moment: datetime = xlrd.xldate_as_datetime(serial, datemode)
    return moment.time() if serial < 1 else moment


def _rows(cells: Sequence[Sequence[object]]) -> Rows:
    width = max((len(row) for row in cells), default=0)
    filled = ([*row, *(None,) * (width - len(row))] for row in cells)
    rows = [(i, [_written(cell) for cell in row]) for i, row in enumerate(filled, start=1)]
    return [(i, row) for i, row in rows if any(row)]


def _written(cell: object) -> str:
    """Return a cell of a workbook as text; a whole number has no decimals."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    # signs that XML cannot hold stand there as _x000D_, and that text itself as _x005F_x000D_
    return "" if cell is None else unescape(str(cell))
