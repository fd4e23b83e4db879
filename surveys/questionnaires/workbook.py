"""An Excel workbook as cells that know their place, with headings in one spelling. Judges nothing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from config.problems import Problem, Unusable, say

SHEETS = ("survey", "choices", "settings", "indicators")
LARGEST = 20_000  # rows of a sheet; a list of every village has fewer
# what XLSForm allows to be written otherwise
SPELLINGS = {"begin group": "begin_group", "end group": "end_group", "list name": "list_name"}
LANGUAGES = {"zh": ("zh", "中文", "chinese", "汉语"), "en": ("en", "english", "英文", "英语")}


@dataclass(frozen=True)
class Row:
    """A row of a sheet: its number in Excel, and its cells by heading, empty ones left out."""

    sheet: str
    number: int
    cells: Mapping[str, str]
    columns: Mapping[str, str] = field(default_factory=dict)  # heading: letter of the column

    def get(self, heading: str) -> str:
        """Return a cell, "" where it is empty."""
        return self.cells.get(heading, "")

    def place(self, heading: str = "") -> str:
        """Return sheet, row and column: survey, row 5, column G (relevant)."""
        if not heading:
            return f"{self.sheet}, row {self.number}"
        letter = self.columns.get(heading, "")
        return f"{self.sheet}, row {self.number}, column {letter + ' ' if letter else ''}({heading})"


@dataclass(frozen=True)
class Workbook:
    """The sheets that are read, by name; a sheet that is missing has no rows."""

    file: str
    sheets: Mapping[str, tuple[Row, ...]]
    headings: Mapping[str, tuple[str, ...]]

    def rows(self, sheet: str) -> tuple[Row, ...]:
        """Return the rows of a sheet that are not empty."""
        return self.sheets.get(sheet, ())


def read(content: bytes, file: str) -> Workbook:
    """Read an .xlsx file. Raises Unusable where it is none."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError):
        words = say("is not an Excel workbook (.xlsx); save it as one and try again")
        raise Unusable(Problem(file, words)) from None
    named = {sheet.title.strip().lower(): sheet for sheet in book.worksheets}
    sheets: dict[str, tuple[Row, ...]] = {}
    headings: dict[str, tuple[str, ...]] = {}
    for name in SHEETS:
        if name in named:
            rows = named[name].iter_rows(max_row=LARGEST + 1, values_only=True)
            sheets[name], headings[name] = _rows(name, rows)
    return Workbook(file, sheets, headings)


def _rows(sheet: str, lines: Iterator[tuple[object, ...]]) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    first = next(lines, ())
    headings = [heading(_cell(cell)) for cell in first]
    columns = {name: get_column_letter(i) for i, name in enumerate(headings, start=1) if name}
    rows = []
    for number, line in enumerate(lines, start=2):
        cells = {name: text for name, value in zip(headings, line, strict=False) if name and (text := _cell(value))}
        if cells:
            rows.append(Row(sheet, number, cells, columns))
    return tuple(rows), tuple(columns)


def heading(text: str) -> str:
    """Return a heading in one spelling: label::English (en) is label::en."""
    name, _colon, language = text.strip().partition("::")
    name = name.strip().lower()
    name = SPELLINGS.get(name, name)
    if not language:
        return name
    return f"{name}::{_language(language)}"


def _language(text: str) -> str:
    plain = text.strip().lower()
    code = plain[plain.find("(") + 1 :].rstrip(")").split("-")[0] if "(" in plain else plain.split("-")[0]
    for language, spellings in LANGUAGES.items():
        if code in spellings or plain in spellings:
            return language
    return plain


def _cell(value: object) -> str:
    """Return a cell as its author sees it: whole numbers without .0, true as 1, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
