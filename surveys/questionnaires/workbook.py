"""An Excel workbook as cells that know their place, with headings and types in one spelling.
Judges nothing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import openpyxl
import xlrd
from openpyxl.utils import get_column_letter

from config.language.problems import InvalidInput, Place, Problem, say

SHEETS = ("survey", "choices", "settings", "indicators", "external_choices")
LARGEST = 20_000  # rows of a sheet; a list of every village has fewer
WIDEST = 200  # columns; a sheet formatted to its last one has 16,384
OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # .xls begins with this
# what XLSForm allows to be written otherwise (xlsform.org and pyxform's aliases)
SPELLINGS = {
    "list name": "list_name",
    "value": "name",
    "caption": "label",
    "relevance": "relevant",
    "relevence": "relevant",
    "skippattern": "relevant",
    "choice-filter": "choice_filter",
    "constraint message": "constraint_message",
    "constraint_msg": "constraint_message",
    "constraint-message": "constraint_message",
    "required message": "required_message",
    "required_msg": "required_message",
    "read_only": "readonly",
    "repeat count": "repeat_count",
    "image": "media::image",
    "audio": "media::audio",
    "video": "media::video",
    "guidance": "guidance_hint",
    "id_string": "form_id",
    "title": "form_title",
    "calculate": "calculation",
    "read only": "readonly",
    "constraint-msg": "constraint_message",
    "constraining_message": "constraint_message",
    "constraintmsg": "constraint_message",
    "requiredmsg": "required_message",
    "count": "repeat_count",
    "command": "type",
    "tag": "name",
}
# bind::relevant is relevant, bind::jr:constraintMsg the message of a constraint
BINDS = ("relevant", "constraint", "required", "calculate", "readonly")
BIND_MESSAGES = ("constraintmsg", "requiredmsg")
TYPES = {
    "begin group": "begin_group",
    "end group": "end_group",
    "begin repeat": "begin_repeat",
    "end repeat": "end_repeat",
    "begin looped group": "begin_repeat",
    "end looped group": "end_repeat",
    "string": "text",
    "int": "integer",
    "datetime": "dateTime",
    "date time": "dateTime",
    "photo": "image",
    "gps": "geopoint",
    "location": "geopoint",
    "add text prompt": "text",
    "add note prompt": "note",
    "add integer prompt": "integer",
    "add decimal prompt": "decimal",
    "add date prompt": "date",
    "add date time prompt": "dateTime",
    "add location prompt": "geopoint",
    "add image prompt": "image",
    "add photo prompt": "image",
    "add audio prompt": "audio",
    "add video prompt": "video",
    "add file prompt": "file",
    "add barcode prompt": "barcode",
    "add acknowledge prompt": "acknowledge",
    "add calculate prompt": "calculate",
    "trigger": "acknowledge",
    "phone number": "text",
    "start time": "start",
    "get start time": "start",
    "end time": "end",
    "get end time": "end",
    "get today": "today",
    "device id": "deviceid",
    "get device id": "deviceid",
    "imei": "deviceid",
    "subscriber id": "subscriberid",
    "get subscriber id": "subscriberid",
    "sim id": "simserial",
    "get sim id": "simserial",
    "get phone number": "phonenumber",
}
ONE_WORD = [
    "text",
    "integer",
    "decimal",
    "date",
    "time",
    "note",
    "calculate",
    "hidden",
    "geopoint",
    "image",
    "file",
    "audio",
    "video",
    "barcode",
    "acknowledge",
    "range",
    "start",
    "end",
    "today",
    "deviceid",
    "username",
    "email",
    "phonenumber",
    "simserial",
    "subscriberid",
    "audit",
    "begin_group",
    "end_group",
    "begin_repeat",
    "end_repeat",
    "background-audio",
    "start-geopoint",
    "background-geopoint",
]
SELECT = re.compile(
    r"(?:add )?(select[ _]one|select1|select[ _]multiple|select all that apply|rank)"
    r"(?: (?:from(?! file)|prompt using|using))? ",
    re.I,
)
FROM_FILE = {
    "select one from file ": "select_one_from_file",
    "select multiple from file ": "select_multiple_from_file",
    "select_one_external ": "select_one_external",
    "select one external ": "select_one_external",
}
EXPRESSIONS = (
    "relevant",
    "constraint",
    "calculation",
    "required",
    "choice_filter",
    "repeat_count",
    "default",
)
TRUTHS = ("relevant", "constraint", "calculation")
WORKED_OUT = re.compile(r"\$\{|\w\(")  # a default that is an expression
QUOTES = ('"', "'")
# signs that no XML can hold; they come from copying out of other programs
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CURLY = {"“": '"', "”": '"', "‘": "'", "’": "'"}
LANGUAGES = {
    "zh": ("zh", "cn", "中文", "简体中文", "chinese", "汉语"),
    "en": ("en", "english", "英文", "英语"),
}
TRANSLATED = (
    "label",
    "hint",
    "guidance_hint",
    "required_message",
    "constraint_message",
    "media::image",
    "media::audio",
    "media::video",
)


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

    def place(self, heading: str = "") -> Place:
        """Return sheet, row and column: survey, row 5, column G (relevant)."""
        at = {"sheet": self.sheet, "row": self.number}
        if not heading:
            return Place(say("{sheet}, row {row}"), at)
        letter = self.columns.get(heading, "")
        column = f"{letter} ({heading})" if letter else f"({heading})"
        return Place(say("{sheet}, row {row}, column {column}"), {**at, "column": column})

    @property
    def kind(self) -> str:
        """The type without what follows it: select_one of "select_one city"."""
        return self.get("type").partition(" ")[0]

    @property
    def list_name(self) -> str:
        """The list or file that a select names, else ""."""
        return self.get("type").partition(" ")[2].strip()


@dataclass(frozen=True)
class Workbook:
    """The sheets that are read, by name; a sheet that is missing has no rows. `languages` are
    those of the labels.
    """

    file: str
    sheets: Mapping[str, tuple[Row, ...]]
    headings: Mapping[str, tuple[str, ...]]
    files: Mapping[str, bytes] = field(default_factory=dict)  # lists and pictures that came with it

    def rows(self, sheet: str) -> tuple[Row, ...]:
        """Return the rows of a sheet that are not empty."""
        return self.sheets.get(sheet, ())

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that questions have a column for; a plain `label` is of no language."""
        return tuple(x for x in LANGUAGES if f"label::{x}" in self.headings.get("survey", ()))

    def takes_twice(self, choice: Row) -> bool:
        """Whether a list may have two choices of one name, told apart by a filter."""
        settings = next(iter(self.rows("settings")), None)
        said = settings.get("allow_choice_duplicates").lower() if settings else ""
        return choice.sheet == "external_choices" or said in ("yes", "true", "true()")

    @property
    def others(self) -> tuple[str, ...]:
        """The languages beside Chinese and English that questions have a column for."""
        found = (h.partition("label::")[2] for h in self.headings.get("survey", ()))
        return tuple(x for x in found if x and x not in LANGUAGES)


def read(content: bytes, file: str, files: Mapping[str, bytes] | None = None) -> Workbook:
    """Read an .xlsx or .xls file. Raises InvalidInput where it is none."""
    named = _lines(content, file)
    sheets: dict[str, tuple[Row, ...]] = {}
    headings: dict[str, tuple[str, ...]] = {}
    for name in SHEETS:
        if name in named:
            sheets[name], headings[name] = _rows(name, iter(named[name]))
    if len(named) == 1 and not sheets:  # a workbook of one sheet, left with Excel's name for it
        rows, heads = _rows("survey", iter(next(iter(named.values()))))
        if {"type", "name"} <= set(heads):
            sheets["survey"], headings["survey"] = rows, heads
    return Workbook(file, sheets, headings, files or {})


def _lines(content: bytes, file: str) -> dict[str, list[tuple[object, ...]]]:
    """Return the lines of the sheets that are read, or of the only one, by lower-case name."""
    try:
        sheets = _old_sheets(content) if content.startswith(OLD_EXCEL) else _sheets(content)
        named = {title.strip().lower(): lines for title, lines in sheets.items()}
        return {
            name: list(lines) for name, lines in named.items() if name in SHEETS or len(named) == 1
        }
    # where a file is damaged decides the error: of the zip, of its XML, of Excel's old records
    except Exception as error:
        message = say("is not an Excel workbook (.xlsx); save it as one and try again")
        raise InvalidInput(Problem(file, message)) from error


def _sheets(content: bytes) -> dict[str, Iterable[tuple[object, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, read_only=True)
    return {
        sheet.title: sheet.iter_rows(max_row=LARGEST + 1, max_col=WIDEST, values_only=True)
        for sheet in book.worksheets
    }


def _old_sheets(content: bytes) -> dict[str, Iterable[tuple[object, ...]]]:
    book = xlrd.open_workbook(file_contents=content)
    return {
        sheet.name: (tuple(_old_cell(cell) for cell in row) for row in sheet.get_rows())
        for sheet in book.sheets()
    }


def _old_cell(cell: xlrd.sheet.Cell) -> object:
    return bool(cell.value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else cell.value


def _rows(
    sheet: str, lines: Iterator[tuple[object, ...]]
) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    first = next(lines, ())
    headings = [heading(text_of(cell)) for cell in first]
    columns = {name: get_column_letter(i) for i, name in enumerate(headings, start=1) if name}
    rows = []
    for number, line in enumerate(lines, start=2):
        cells = {
            name: text
            for name, value in zip(headings, line, strict=False)
            if name and (text := text_of(value))
        }
        if sheet == "survey":
            if "type" in cells:
                cells["type"] = kind(cells["type"])
            cells |= {x: _expression(x, cells[x]) for x in EXPRESSIONS if x in cells}
        is_comment = sheet == "survey" and not cells.get("type") and not cells.get("name")
        if cells and not is_comment:
            rows.append(Row(sheet, number, cells, columns))
    return tuple(rows), tuple(columns)


def heading(text: str) -> str:
    """Return a heading in one spelling: label::English (en) is label::en, image::中文 is
    media::image::zh.
    """
    parts = [part.strip() for part in re.split(r"::?", " ".join(text.split()))]
    name = parts[0].lower()
    if name == "media" and len(parts) > 1:
        name, parts = f"media::{parts[1].lower()}", parts[1:]
    if name == "bind" and len(parts) == 2 and parts[1].lower() in BINDS:
        name, parts = parts[1].lower(), parts[1:]
    if name == "bind" and len(parts) > 2 and parts[2].lower() in BIND_MESSAGES:
        name, parts = parts[2].lower(), parts[2:]
    if name in ("control", "body") and len(parts) == 2 and parts[1].lower() == "appearance":
        name, parts = "appearance", parts[1:]
    name = SPELLINGS.get(name, name)
    if name in TRANSLATED and len(parts) > 1:
        return f"{name}::{_language(parts[1])}"
    return "::".join((name, *parts[1:]))


def kind(text: str) -> str:
    """Return a type in one spelling: "select one from x" is "select_one x"."""
    plain = " ".join(text.split())
    for spelling, meant in FROM_FILE.items():
        if plain.lower().startswith(spelling):
            return f"{meant} {plain[len(spelling) :].strip()}"
    found = SELECT.match(plain)
    if not found:
        lower = plain.lower()
        return TYPES.get(lower, lower if lower in ONE_WORD else plain)
    first = found[1].lower()
    one = "one" in first or "1" in first
    name = "rank" if first == "rank" else f"select_{'one' if one else 'multiple'}"
    return f"{name} {plain[found.end() :]}"


def straight(text: str) -> str:
    """Return an expression with straight quotes where a word processor has put curly ones around
    its texts; inside a text that straight quotes hold they stay as they are.
    """
    if not any(quote in text for quote in CURLY):
        return text
    out, opened, is_held = "", "", False
    for i, character in enumerate(text):
        plain = CURLY.get(character, character)
        if not opened and plain in QUOTES:
            # what begins with a straight quote ends with one, if there is another
            opened, is_held = plain, character == plain and character in text[i + 1 :]
            out += plain
        elif opened and plain == opened and (character == plain or not is_held):
            out, opened = out + plain, ""
        else:
            out += character
    return "".join(CURLY.get(c, c) for c in text) if opened else out


def _expression(name: str, text: str) -> str:
    """Return an expression as pyxform reads it: yes is true(), curly quotes are straight."""
    if name == "default" and not WORKED_OUT.search(text):
        return text
    if name in TRUTHS and text.lower() in ("yes", "true"):
        return "true()"
    if name in TRUTHS and text.lower() in ("no", "false"):
        return "false()"
    return straight(text)


def _language(text: str) -> str:
    plain = text.strip().lower()
    code = (
        plain[plain.find("(") + 1 :].rstrip(")").split("-")[0]
        if "(" in plain
        else plain.split("-")[0]
    )
    for language, spellings in LANGUAGES.items():
        if code in spellings or plain in spellings:
            return language
    return plain


def text_of(value: object) -> str:
    """Return a cell as its author sees it: whole numbers without .0, true as yes, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return NO_XML.sub("", str(value)).strip()
