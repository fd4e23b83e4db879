"""Tables in text files, as rows of cells: CSV in UTF-8, UTF-16 or GB18030, separated by comma,
semicolon or tab. Nothing is guessed, nothing dropped.
"""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from config.language.problems import InvalidInput, Problem, say

# the number of a row in its file, and its cells
Rows = list[tuple[int, list[str]]]
WEB_PAGE = re.compile(r"\s*<(?:!doctype|html|table|meta|head|\?xml)", re.IGNORECASE)


def rows_of(content: bytes, name: str) -> Rows:
    """Read the rows that hold anything. Raises InvalidInput for what is no text or no table."""
    text = _text(content, name)
    if "\0" in text:
        raise InvalidInput(Problem(name, say("is not a text file")))
    if WEB_PAGE.match(text):
        message = say("is a web page and no table; open it in Excel and save it as .xlsx")
        raise InvalidInput(Problem(name, message))
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
    """Return the text of a file in UTF-8, in UTF-16 (Excel's “Unicode text”), or in GB18030, which
    Chinese Excel writes.
    """
    for encoding in _encodings(content):
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


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return ("utf-16",)
    # without a mark: in a header of Latin letters, digits and separators every other byte is 0
    start = content[:2000]
    half = len(start) // 2
    if half and start[1::2].count(0) > 0.3 * half and not start[::2].count(0):
        return ("utf-16-le",)
    if half and start[::2].count(0) > 0.3 * half and not start[1::2].count(0):
        return ("utf-16-be",)
    return ("utf-8-sig", "gb18030")


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
    """Return how many cells every row has, 0 where rows differ. Lines of a title, which are one
    cell, may stand above.
    """
    try:
        widths = [
            len(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error:
        return 0
    full = [width for width in (widths if is_whole else widths[:-1]) if width]
    while len(full) > 2 and full[0] == 1:
        del full[0]
    return full[0] if len(set(full)) == 1 else 0
