"""The survey sheet as it is understood: types, names, groups, repeats and lists, and what is
wrong with them.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from config.language.problems import Place, Problem, say
from surveys.questionnaires.expressions.analysis import Declared
from surveys.questionnaires.shorthand import TIMES
from surveys.questionnaires.workbook import Row, Workbook

SELECTS = ("select_one", "select_multiple", "rank")
FROM_FILE = ("select_one_from_file", "select_multiple_from_file")
UPLOADS = ("image", "file", "audio", "video")
PLAIN_TYPES = (
    "integer",
    "decimal",
    "text",
    "date",
    "time",
    "dateTime",
    "range",
    "note",
    "calculate",
    "hidden",
    "geopoint",
    "acknowledge",
    "barcode",
    *UPLOADS,
)
OPENING, CLOSING = ("begin_group", "begin_repeat"), ("end_group", "end_repeat")
UNSEEN = ("calculate", "hidden", *TIMES)
DEEPEST = 2  # repeats in one another; a household has members, a member visits
NAME = re.compile(r"[^\W\d_][\w.\-]*")  # with _ in front a column is the platform's own
MOST_CHOICES = 10_000
ACKNOWLEDGED = "OK"  # the only answer to what is to be acknowledged
MOST_STEPS = 1_000  # of a range
SEPARATORS = re.compile(r"[,;\s]+")


@dataclass
class Outline:
    """Questions by name, their lists, the groups each stands in and, of these, the repeats (both
    outermost first).
    """

    rows: dict[str, Row] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    groups: dict[str, tuple[Row, ...]] = field(default_factory=dict)
    repeats: dict[str, tuple[str, ...]] = field(default_factory=dict)
    choices: dict[str, dict[str, Mapping[str, str]]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)  # of types that there are not, so far
    declared: dict[str, Declared] = field(
        default_factory=dict
    )  # filled when expressions are looked at

    def choices_of(self, question: str) -> Mapping[str, Mapping[str, str]]:
        """Return the choices of a question by name, each with its columns."""
        if self.kinds.get(question) == "acknowledge":
            return {ACKNOWLEDGED: {}}
        return self.choices.get(self.lists.get(question, ""), {})

    def is_question(self, name: str) -> bool:
        """Whether a name is that of something with a value."""
        if name in self.refused or self.kinds.get(name, "begin_group") not in OPENING:
            return True
        # pyxform makes a question of what counts a repeat
        repeat = self.rows.get(name.removesuffix("_count")) if name.endswith("_count") else None
        return name not in self.kinds and bool(repeat and repeat.get("repeat_count"))

    def is_known(self, name: str) -> bool:
        """Whether an expression may name something; a group has no value and is the empty text."""
        return name in self.kinds or self.is_question(name)


def read(book: Workbook) -> tuple[Outline, list[Problem]]:
    """Go through types, names, groups and lists."""
    outline = Outline(choices=_choices(book))
    problems = [*_files(book, outline)]
    open_: list[Row] = []
    for row in book.rows("survey"):
        problems += _row(row, outline, open_)
    problems += [
        Problem(row.place("type"), say("opens a group that is never closed")) for row in open_
    ]
    if not problems and all(kind in (*OPENING, *UNSEEN, "note") for kind in outline.kinds.values()):
        problems.append(Problem(f"{book.file}: survey", say("asks nothing")))
    return outline, problems


def _choices(book: Workbook) -> dict[str, dict[str, Mapping[str, str]]]:
    lists: dict[str, dict[str, Mapping[str, str]]] = defaultdict(dict)
    for row in book.rows("choices"):
        lists[row.get("list_name")].setdefault(row.get("name"), row.cells)
    return dict(lists)


def parameters(row: Row) -> dict[str, str]:
    """Return what stands in the column parameters: start=1 end=10, parted by spaces, commas or
    semicolons.
    """
    plain = re.sub(r"\s*=\s*", "=", row.get("parameters")).strip()
    found = (part.partition("=") for part in SEPARATORS.split(plain) if part)
    return {key.lower(): value for key, _equals, value in found}


def _files(book: Workbook, outline: Outline) -> Iterator[Problem]:
    """Read the CSV files that selects name, as lists of their own."""
    for row in book.rows("survey"):
        name = row.list_name
        if row.kind not in FROM_FILE or name in outline.choices:
            continue
        if not name.lower().endswith(".csv"):
            message = say("a list is read from a CSV file; {name} is none")
            yield Problem(row.place("type"), message, {"name": name or "–"})
            continue
        if name not in book.files:
            message = say("the file {name} did not come with the workbook; add it")
            yield Problem(row.place("type"), message, {"name": name or "–"})
            continue
        yield from _list_file(name, book.files[name], outline)


def _list_file(name: str, content: bytes, outline: Outline) -> Iterator[Problem]:
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error):
        yield Problem(name, say("is no CSV file in UTF-8"))
        return
    missing = [column for column in ("name", "label") if column not in (reader.fieldnames or ())]
    if missing:
        message = say("has no column {columns} in its first row")
        yield Problem(name, message, {"columns": ", ".join(missing)})
        return
    if len(rows) > MOST_CHOICES:
        yield Problem(
            name,
            say("has {n} rows; a list has at most {most}"),
            {"n": len(rows), "most": MOST_CHOICES},
        )
        return
    known: dict[str, Mapping[str, str]] = {}
    for number, cells in enumerate(rows, start=2):
        key = (cells.get("name") or "").strip()
        if not key or key in known or re.search(r"\s", key):
            message = say("needs a name of its own, without spaces; “{name}” is none")
            place = Place(say("{sheet}, row {row}"), {"sheet": name, "row": number})
            yield Problem(place, message, {"name": key})
        known[key] = {column: (cell or "").strip() for column, cell in cells.items() if column}
    outline.choices[name] = known


def _row(row: Row, outline: Outline, open_: list[Row]) -> Iterator[Problem]:
    kind = row.kind
    if kind in CLOSING:
        yield from _close(row, open_)
        return
    name = row.get("name")
    wrong = _wrong_type(row)
    if wrong:
        outline.refused.add(name)
        yield wrong
        return
    around = tuple(open_)
    if kind in OPENING:
        open_.append(row)  # whatever else is wrong with it, something closes it
    if not NAME.fullmatch(name):
        message = say(
            "“{name}” is no name: it begins with a letter, then letters, digits, _ - . and no"
            " spaces"
        )
        yield Problem(row.place("name"), message, {"name": name})
        return
    if name in outline.rows:
        message = say("the name {name} is used twice, first in row {row}")
        yield Problem(row.place("name"), message, {"name": name, "row": outline.rows[name].number})
        return
    outline.rows[name], outline.kinds[name] = (
        row,
        "select_" + kind[7:].removesuffix("_from_file") if (kind in FROM_FILE) else kind,
    )
    outline.groups[name] = around
    repeats = tuple(group.get("name") for group in around if group.kind == "begin_repeat")
    outline.repeats[name] = repeats
    if kind == "begin_repeat" and len(repeats) >= DEEPEST:
        yield Problem(row.place("type"), say("a repeat stands in at most one other"))
    if kind in (*SELECTS, *FROM_FILE):
        outline.lists[name] = row.list_name
        if row.list_name not in outline.choices and kind in SELECTS:
            message = say("the list {name} is not in the sheet choices")
            yield Problem(row.place("type"), message, {"name": row.list_name})
    if kind == "calculate" and not row.get("calculation"):
        yield Problem(row.place("calculation"), say("a calculate needs a calculation"))
    if kind == "range":
        yield from _range(row)


def _close(row: Row, open_: list[Row]) -> Iterator[Problem]:
    if not open_:
        yield Problem(row.place("type"), say("closes a group that was never opened"))
        return
    opened = open_.pop()
    if opened.kind.removeprefix("begin") != row.kind.removeprefix("end"):
        message = say("closes what row {row} opens as {type}")
        yield Problem(row.place("type"), message, {"row": opened.number, "type": opened.kind})


def _wrong_type(row: Row) -> Problem | None:
    kind = row.kind
    if not kind:
        return Problem(row.place("type"), say("has no type"))
    if kind in (*PLAIN_TYPES, *SELECTS, *FROM_FILE, *OPENING, *TIMES):
        return None
    return Problem(
        row.place("type"),
        say("the type {type} is not supported by this version (it can: {known})"),
        {"type": kind, "known": ", ".join((*SELECTS, *FROM_FILE, *PLAIN_TYPES, *OPENING))},
    )


def _range(row: Row) -> Iterator[Problem]:
    start, end = ends(row)
    try:
        step = float(parameters(row).get("step", 1))
    except ValueError:
        step = 0.0
    if not step > 0 or not start < end or math.isinf(end - start):
        message = say("a range needs numbers such as start=1 end=10 step=1")
        yield Problem(row.place("parameters"), message)
    elif (end - start) / step > MOST_STEPS:
        message = say("this range has more than {most} steps; ask for a number")
        yield Problem(row.place("parameters"), message, {"most": MOST_STEPS})


def ends(row: Row) -> tuple[float, float]:
    """Return the ends of a range, without end where they are no numbers."""
    found = parameters(row)
    try:
        return float(found.get("start", 1)), float(found.get("end", 10))
    except ValueError:
        return -math.inf, math.inf
