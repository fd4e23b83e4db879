"""A small .xls, written by hand: nothing that is installed writes one.

The workbook is a stream of BIFF8 records (OpenOffice's documentation of the Excel format, 5 and 6)
in a compound file of three kinds of sectors (its documentation of the compound file, 4).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import date

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls(
    sheets: dict[str, Sequence[Sequence[object]]],
    merged: Sequence[tuple[int, int, int, int]] = (),
) -> bytes:
    """Return a workbook of texts, numbers and days; merged areas (rows and columns from 0) are in
    every sheet.
    """
    return _compound(_stream(sheets, merged))


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _text(words: str) -> bytes:
    return b"\x01" + words.encode("utf-16-le")


def _stream(
    sheets: dict[str, Sequence[Sequence[object]]], merged: Sequence[tuple[int, int, int, int]]
) -> bytes:
    bof, eof = 0x809, _record(0x0A)
    xfs = b"".join(
        _record(0xE0, struct.pack("<HHHBBBBIIH", 0, key, 0, 0, 0, 0, 0, 0, 0, 0)) for key in (0, 14)
    )
    bodies = [
        _record(bof, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
        + b"".join(
            _cell(row, column, value)
            for row, cells in enumerate(rows)
            for column, value in enumerate(cells)
        )
        + _record(
            0xE5,
            struct.pack("<H", len(merged)) + b"".join(struct.pack("<HHHH", *a) for a in merged),
        )
        + eof
        for rows in sheets.values()
    ]
    first = _record(bof, struct.pack("<HHHHII", 0x600, 0x05, 0, 0, 0, 0)) + xfs
    length = len(first) + len(eof) + sum(4 + 8 + 2 * len(name) for name in sheets)
    for name, body in zip(sheets, bodies, strict=True):
        first += _record(0x85, struct.pack("<IBBB", length, 0, 0, len(name)) + _text(name))
        length += len(body)
    return first + eof + b"".join(bodies)


def _cell(row: int, column: int, value: object) -> bytes:
    if value is None:
        return b""
    if isinstance(value, date):
        serial = float((value - date(1899, 12, 30)).days)
        return _record(0x203, struct.pack("<HHHd", row, column, 1, serial))
    if isinstance(value, int | float):
        return _record(0x203, struct.pack("<HHHd", row, column, 0, float(value)))
    words = str(value)
    return _record(0x204, struct.pack("<HHHH", row, column, 0, len(words)) + _text(words))


def _compound(stream: bytes) -> bytes:
    # a stream of 4,096 bytes or more lies in sectors of its own
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % 512)
    count = len(stream) // 512
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIIII", 1, 0, 0, 4096, END, 0, END, 0, 1)
    header = header.ljust(512, b"\xff")
    fat = [END, FAT, *range(3, count + 2), END]
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")
    entries = _entry("Root Entry", 5, END, 0, child=1) + _entry("Workbook", 2, 2, len(stream))
    return header + entries.ljust(512, b"\0") + table + stream


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    words = name.encode("utf-16-le")
    entry = words.ljust(64, b"\0") + struct.pack("<HBB", len(words) + 2, kind, 1)
    entry += struct.pack("<III", FREE, FREE, child) + bytes(36)
    return entry + struct.pack("<III", start, size, 0)
