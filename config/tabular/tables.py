"""Tables in files, read as text: CSV in UTF-8 or GB18030, Excel workbooks. Nothing is guessed,
nothing dropped.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.utils.escape import unescape

from config.language.problems import InvalidInput, Problem, say


@dataclass(frozen=True)
class TextTable:
    """The cells of a file as text, "" where empty. `frame` has the header's columns; its index
    is the file's row.
    """

    file: str
    frame: pd.DataFrame

    def place(self, row: Hashable, column: str) -> str:
        """Say where a cell is, in the words of a spreadsheet."""
        return f"{self.file}: row {row}, column {column}"


def read(path: Path, *, sheet: str | None = None) -> TextTable:
    """Read a table. Raises InvalidInput where it is missing, unreadable, has doubled headers or
    rows of another length.
    """
    if not path.is_file():
        raise InvalidInput(Problem(str(path), say("there is no such file")))
    return parse(path.read_bytes(), path.name, sheet=sheet)


def parse(content: bytes, name: str, *, sheet: str | None = None) -> TextTable:
    """Read the bytes of a table; what they are is seen from the name. Raises InvalidInput as `read`
    does.
    """
    workbook = name.lower().endswith((".xlsx", ".xlsm"))
    return _table(_workbook(content, name, sheet) if workbook else _csv(content, name), name)


def _csv(content: bytes, name: str) -> list[tuple[int, list[str]]]:
    text = _text(content, name)
    if "\0" in text:
        raise InvalidInput(Problem(name, say("is not a text file")))
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        return [(i, cells) for i, cells in enumerate(reader, start=1) if any(cells)]
    except csv.Error as error:
        raise InvalidInput(
            Problem(
                name,
                say("row {row} is not readable: {why}"),
                {"row": reader.line_num, "why": error},
            )
        ) from None


def _text(content: bytes, name: str) -> str:
    """Return the text of a file in UTF-8, or in GB18030, which Chinese Excel writes."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "gb18030" and _reads_as_big5(content, text):
            message = say("seems to be in Big5; open it and save it as CSV UTF-8")
            raise InvalidInput(Problem(name, message))
        return text
    message = say("is neither UTF-8 nor GB18030 text; save it as CSV UTF-8")
    raise InvalidInput(Problem(name, message))


def _reads_as_big5(content: bytes, text: str) -> bool:
    """Say whether bytes that can be read as GB18030 are more likely Big5.

    Read in the wrong one, common signs become rare ones: of a Chinese text nearly all signs are
    among the 3,755 of level 1 of GB 2312, or among the 5,401 of level 1 of Big5.
    """
    try:
        other = content.decode("big5")
    except UnicodeDecodeError:
        return False
    return _frequent(text, "gb2312", b"\xd7\xf9") < _frequent(other, "big5", b"\xc6\x7e") - 0.1


def _frequent(text: str, encoding: str, last: bytes) -> float:
    """Return the share of the Chinese characters of a text that are in level 1 of an encoding."""
    signs = [sign for sign in text if "\u3400" <= sign <= "\u9fff" or "\ue000" <= sign <= "\uf8ff"]
    frequent = sum(b"" < sign.encode(encoding, "ignore") <= last for sign in signs)
    return frequent / len(signs) if signs else 1.0


def _delimiter(text: str) -> str:
    """Return what separates the cells: of the signs by which the first rows have equally many
    cells, the one that makes the most of them. A comma inside quoted headings counts for nothing.
    """
    start = text[:20_000]
    found = {sign: _width(start, sign, is_whole=len(start) == len(text)) for sign in ",;\t"}
    best = max(found, key=lambda sign: found[sign])
    return best if found[best] > 1 else max(found, key=text.split("\n", 1)[0].count)


def _width(text: str, delimiter: str, *, is_whole: bool) -> int:
    """Return how many cells every row has, 0 where rows differ."""
    try:
        widths = [
            len(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error:
        return 0
    full = {width for width in (widths if is_whole else widths[:-1]) if width}
    return full.pop() if len(full) == 1 else 0


def _workbook(content: bytes, name: str, sheet: str | None) -> list[tuple[int, list[str]]]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        names = [page.title for page in book.worksheets]
        if len(names) == 1 or sheet in names:
            page = book[sheet if sheet in names else names[0]]
            # exporters write sizes that are not true, and rows beyond them would vanish
            page.reset_dimensions()
            cells = list(page.iter_rows(values_only=True))
    # openpyxl raises whatever its parsers raise; whatever it is, the file is not readable
    except Exception:
        raise InvalidInput(Problem(name, say("is not a readable Excel workbook"))) from None
    if sheet is not None and sheet not in names:
        raise InvalidInput(Problem(name, say("has no sheet {sheet}"), {"sheet": sheet}))
    if sheet is None and len(names) != 1:
        message = say(
            "has several sheets; leave one of them in the file, or name it under sheet: {names}"
        )
        raise InvalidInput(Problem(name, message, {"names": ", ".join(names)}))
    _refuse_unseen(content, name, page.title, cells)
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


def _refuse_unseen(
    content: bytes, name: str, title: str, cells: Sequence[Sequence[object]]
) -> None:
    """Raise InvalidInput for cells that would be read as empty and are not: formulas that no
    program has worked out yet, and the parts of merged cells.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
    if not any(tag in part for part in parts for tag in (b"<f", b"<mergeCell ")):
        return
    page = openpyxl.load_workbook(io.BytesIO(content))[title]
    problems = []
    if merged := [str(area) for area in page.merged_cells.ranges]:
        message = say("has merged cells, of which only the first holds anything; unmerge {cells}")
        problems.append(Problem(name, message, {"cells": ", ".join(merged[:10])}))
    unknown = [
        cell.coordinate
        for row in page.iter_rows(max_row=len(cells))
        for cell in row
        if cell.data_type == "f" and _is_empty(cells, cell.row, cell.column)
    ]
    if unknown:
        message = say("holds formulas without a result; open it in Excel and save it: {cells}")
        problems.append(Problem(name, message, {"cells": ", ".join(unknown[:10])}))
    if problems:
        raise InvalidInput(*problems)


def _is_empty(cells: Sequence[Sequence[object]], row: int | None, column: int | None) -> bool:
    found = cells[(row or 1) - 1]
    return len(found) < (column or 1) or found[(column or 1) - 1] is None


def _table(rows: list[tuple[int, list[str]]], file: str) -> TextTable:
    if not rows:
        raise InvalidInput(Problem(file, say("is empty")))
    header = [name.strip() for name in rows[0][1]]
    doubled = sorted({name for name in header if name and header.count(name) > 1})
    if doubled:
        raise InvalidInput(
            Problem(
                file, say("the header names a column twice: {names}"), {"names": ", ".join(doubled)}
            )
        )
    for number, cells in rows[1:]:
        if len(cells) != len(header):
            raise InvalidInput(
                Problem(
                    f"{file}: row {number}",
                    say("has {found} cells, the header has {expected}"),
                    {"found": len(cells), "expected": len(header)},
                )
            )
    if len(rows) == 1:
        raise InvalidInput(Problem(file, say("has a header and no rows")))
    frame = pd.DataFrame([cells for _, cells in rows[1:]], columns=pd.Index(header), dtype="str")
    frame.index = pd.Index([number for number, _ in rows[1:]], name="row")
    return TextTable(file, frame)
