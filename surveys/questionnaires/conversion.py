"""From a checked workbook to the XForm, by pyxform, with the gaps closed that pyxform leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyxform.xls2xform import convert

from config.language.problems import InvalidInput, Problem, say
from surveys.questionnaires.workbook import Row, Workbook

# pyxform turns “ ” ‘ ’ into ASCII; in Chinese they are what they are, so they travel as private
# characters
CURLY = "“”‘’"
GUARD = {ord(c): chr(0xE000 + i) for i, c in enumerate(CURLY)}
UNGUARD = {0xE000 + i: c for i, c in enumerate(CURLY)}
WORDS = ("label", "hint", "guidance_hint", "required_message", "constraint_message")
SETTINGS = ("form_title", "form_id", "version", "allow_choice_duplicates")
LEFT_OUT = ("save_to",)  # of entities, that are no part of a questionnaire here


def convert_to_xform(book: Workbook) -> str:
    """Return the XForm of a workbook. Raises InvalidInput with pyxform's own words for what our
    checks did not find.
    """
    sheets = {
        sheet: [_cells(row, book, sheet) for row in book.rows(sheet)]
        for sheet in ("survey", "choices", "settings")
    }
    sheets["choices"] = [cells for cells in sheets["choices"] if cells.get("list_name")]
    known = {
        key: text
        for settings in sheets["settings"][:1]
        for key, text in settings.items()
        if key in SETTINGS
    }
    if any(map(book.takes_twice, book.rows("choices"))):
        known["allow_choice_duplicates"] = "yes"
    settings = {**known, "default_language": _first(book)}
    try:
        made = convert(
            # left to itself pyxform reads the headings of the first hundred rows
            xlsform={
                **sheets,
                "settings": [settings],
                **{f"{sheet}_header": [_headings(rows)] for sheet, rows in sheets.items()},
                "settings_header": [dict.fromkeys(settings)],
            },
            validate=False,
            form_name=_root(book),
            default_language=_first(book),
        )
    # what pyxform does not foresee in a sheet ends in a TypeError, KeyError or the like
    except Exception as error:
        raise InvalidInput(*_problems(book, str(error))) from error
    return str(made.xform).translate(UNGUARD)


def _headings(rows: list[dict[str, str]]) -> dict[str, None]:
    return dict.fromkeys(heading for cells in rows for heading in cells)


def _root(book: Workbook) -> str:
    """Return the name of the XForm's root, which no question may have."""
    root, names = "data", {row.get("name") for row in book.rows("survey")}
    while root in names:
        root += "_"
    return root


def _first(book: Workbook) -> str:
    return next(iter(book.languages), "zh")


def _cells(row: Row, book: Workbook, sheet: str) -> dict[str, str]:
    """Return what pyxform reads of a row; words without a language are those of the first one."""
    cells = {}
    for heading, text in row.cells.items():
        name = heading.partition("::")[0]
        if name in LEFT_OUT:
            continue
        plain = heading in (*WORDS, "media::image") and book.languages and sheet != "settings"
        cells[f"{heading}::{_first(book)}" if plain else heading] = (
            text.translate(GUARD) if name in WORDS else text
        )
    return cells


def _problems(book: Workbook, message: str) -> Iterator[Problem]:
    row = re.search(r"\[row : (\d+)\]", message)
    lines = book.rows("survey")
    # pyxform counts the rows that it was given, from 2
    at = int(row[1]) - 2 if row else -1
    place = lines[at].place() if 0 <= at < len(lines) else book.file
    yield Problem(
        place, say("pyxform says: {message}"), {"message": " ".join(message.split())[:500]}
    )
