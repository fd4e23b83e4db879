"""The one way out for tables: CSV and Excel, in which no text becomes a formula.

The guard (OWASP, CSV injection): in CSV a text that a spreadsheet would run has an apostrophe in
front; in a workbook it is stored as a text, which no program runs, and stays as it is. Numbers stay
numbers in both.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from config.language.problems import InvalidInput, Problem, say

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# a text that begins so is run, whatever blanks stand in front; a tab or the end of a line in front
# may begin the next cell, and full-width signs are turned into plain ones by some programs
FORMULA = re.compile(r"[\t\r\n]|[\s\ufeff\u200b-\u200f\u2060]*[=+\-@＝＋－＠]")
# a text with apostrophes of its own before such a one has one more, so that it can be read again
GUARDED = re.compile(rf"'*({FORMULA.pattern})")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
# CSV is handed on in pieces of this many rows
TOGETHER = 1_000
# what Excel takes
MOST_ROWS, LONGEST_TEXT, LONGEST_NAME = 1_048_576, 32_767, 31
EXACT = 10**15  # Excel keeps 15 digits of a number
NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")

Cell = str | float | None


@dataclass(frozen=True)
class Worksheet:
    """A worksheet: heads and rows. widths: characters, formats: of Excel, both by column from 0;
    frozen: columns that stay in sight beside the heads; filtered: whether the heads filter; above:
    lines over the heads, such as a title.
    """

    name: str
    heads: Sequence[str]
    rows: Iterable[Iterable[Any]]
    widths: Mapping[int, float] = field(default_factory=dict)
    formats: Mapping[int, str] = field(default_factory=dict)
    frozen: int = 0
    filtered: bool = False
    above: Sequence[str] = ()


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe before what it would
    run. What is a number is none.
    """
    if NUMBER.fullmatch(text):
        return text
    return f"'{text}" if GUARDED.match(text) else text


def as_meant(text: str) -> str:
    """Return the text that `harmless` was given."""
    return text[1:] if text.startswith("'") and GUARDED.match(text) else text


def csv_pieces(heads: Sequence[str], rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """Yield CSV that Excel opens as it is: UTF-8 with a mark, formulas made harmless."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    out.write("\ufeff")
    writer.writerow([harmless(head) for head in heads])
    for number, row in enumerate(rows, start=1):
        cells = map(plain, row)
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])
        if number % TOGETHER == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def as_csv(heads: Sequence[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """Return CSV as `csv_pieces` yields it."""
    return b"".join(csv_pieces(heads, rows))


def worksheet(name: str, frame: pd.DataFrame) -> Worksheet:
    """Return a frame as a worksheet whose heads and first column stay in sight."""
    return Worksheet(name, list(map(str, frame.columns)), rows_of(frame), frozen=1)


def rows_of(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Return the rows of a frame, without its index."""
    return frame.itertuples(index=False, name=None)


def workbook(worksheets: Iterable[Worksheet], *, title: str = "", day: date | None = None) -> bytes:
    """Return an Excel workbook. A text longer than a cell holds ends in …; with a day the same
    content gives the same bytes.

    Raises InvalidInput for more rows than a worksheet holds.
    """
    out = io.BytesIO()
    options = {
        # a row is written when the next begins, so memory does not grow with rows
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    # Excel knows no zones
    made = {"created": datetime(day.year, day.month, day.day)} if day else {}  # noqa: DTZ001
    book.set_properties({"title": title, **made})
    listed = list(worksheets)
    names = worksheet_names(sheet.name for sheet in listed)
    try:
        for name, sheet in zip(names, listed, strict=True):
            _write(book, book.add_worksheet(name), sheet)
    finally:
        book.close()  # also what it keeps on the disk
    return out.getvalue()


def worksheet_names(names: Iterable[str]) -> list[str]:
    """Return names that Excel takes: at most 31 characters, without []:*?/\\, not between
    apostrophes, each once whatever its case.
    """
    made: list[str] = []
    taken = {"history", ""}  # Excel keeps the first for itself
    for name in names:
        legal = NO_NAME.sub("_", name).strip("' ")
        chosen, number = _cut(legal, LONGEST_NAME).rstrip("' "), 1
        while chosen.casefold() in taken:
            number += 1
            end = f"_{number}"
            chosen = _cut(legal or "table", LONGEST_NAME - len(end)) + end
        taken.add(chosen.casefold())
        made.append(chosen)
    return made


def plain(value: Any) -> Cell:
    """Return a value as a cell: a text, a number, or None where there is none."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, (bool, np.bool_, int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    return str(value)


def _write(book: Any, sheet: Any, content: Worksheet) -> None:
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    shown = {at: book.add_format({"num_format": kind}) for at, kind in content.formats.items()}
    for at, width in content.widths.items():
        sheet.set_column(at, at, width)
    top = len(content.above)
    for at, words in enumerate(content.above):
        sheet.write_string(at, 0, _cut(words, LONGEST_TEXT))
    sheet.freeze_panes(top + 1, content.frozen)
    for at, head in enumerate(content.heads):
        sheet.write_string(top, at, _cut(head, LONGEST_TEXT), bold)
    last = top
    for last, row in enumerate(content.rows, start=top + 1):
        if last >= MOST_ROWS:
            message = say("has more rows than an Excel worksheet holds ({most}); take it as CSV")
            raise InvalidInput(Problem(content.name, message, {"most": f"{MOST_ROWS:,}"}))
        for at, value in enumerate(row):
            cell = plain(value)
            if isinstance(cell, int) and abs(cell) >= EXACT:
                cell = str(cell)
            if isinstance(cell, str):
                text = cell if len(cell) <= LONGEST_TEXT else _cut(cell, LONGEST_TEXT - 1) + "…"
                sheet.write_string(last, at, text)
            elif cell is not None:
                sheet.write_number(last, at, cell, shown.get(at))
    if content.filtered:
        sheet.autofilter(top, 0, last, len(content.heads) - 1)


def _cut(text: str, most: int) -> str:
    """Return the beginning of a text that is at most so long as Excel counts: in UTF-16."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", errors="ignore")
