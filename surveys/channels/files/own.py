"""Files that this program wrote: a workbook with its worksheets, SPSS, ZIP files with a table for
each repeat. They become one table, in which the instances of a repeat are a cell as JSON.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from config.language.problems import InvalidInput, Problem, say
from config.tabular.sav import read_sav
from config.tabular.tables import TextTable, parse, sheets
from config.tabular.uploads import LARGEST
from config.tabular.writers import as_meant
from surveys.responses import about
from surveys.responses.exports import ANSWERS, CODEBOOK, REPEAT
from surveys.responses.frames import INSTANCE, NUMBER

OF = f"{INSTANCE}_of_"
Path = tuple[str, ...]


@dataclass(frozen=True)
class Instances:
    """The table of a repeat; path: the repeats around it and itself, outermost first."""

    path: Path
    frame: pd.DataFrame


def is_own(columns: Sequence[str]) -> bool:
    """Say whether these are the columns of an export of ours."""
    return NUMBER in columns and about.ID in columns


def to_choose(content: bytes, name: str) -> list[str]:
    """Return the worksheets of which somebody has to choose one; none where it is clear what is
    read. Raises InvalidInput for a damaged workbook.
    """
    if name.lower().endswith((".zip", ".sav")):
        return []
    names = sheets(content, name)
    return [] if len(names) < 2 or _is_export(names) else names


def read(
    content: bytes,
    name: str,
    *,
    sheet: str | None = None,
    tell: Callable[[int], None] = lambda rows: None,
) -> TextTable:
    """Return the table of a file of answers. Raises InvalidInput where it cannot be read.

    tell: is told now and then how many rows of a workbook were read.
    """
    lower = name.lower()
    if lower.endswith(".zip"):
        return _of_archive(content, name)
    if lower.endswith(".sav"):
        return read_sav(content, name)
    if lower.endswith((".xlsx", ".xlsm")):
        return _of_workbook(content, name, sheet, tell)
    return _meant(parse(content, name, sheet=sheet, tell=tell))


def _of_workbook(
    content: bytes, name: str, sheet: str | None, tell: Callable[[int], None]
) -> TextTable:
    """Read a workbook; of one of ours the answers, with the instances of repeats."""
    names = sheets(content, name)
    if sheet is not None or not _is_export(names):
        return parse(content, name, sheet=sheet, tell=tell)
    table = parse(content, name, sheet=ANSWERS, tell=tell)
    if len(names) == 2:
        return table
    # a worksheet's name is cut, the codebook has them whole and in the same order
    book = parse(content, name, sheet=CODEBOOK).frame
    repeats = book.loc[book["kind"] == "repeat", "column"].tolist()
    cut = names[1:-1]
    if len(cut) != len(repeats):
        message = say(
            "should have one worksheet for each of {names} between the first and the last"
        )
        raise InvalidInput(Problem(name, message, {"names": ", ".join(repeats)}))
    filled = book.loc[book["kind"] == "repeat", "n"].tolist()
    found = [
        _instances(repeat, parse(content, name, sheet=title))
        for repeat, title, n in zip(repeats, cut, filled, strict=True)
        if n != "0"  # a worksheet without rows cannot be read
    ]
    return _with(table, found)


def _is_export(worksheets: Sequence[str]) -> bool:
    return worksheets[:1] == [ANSWERS] and worksheets[-1:] == [CODEBOOK]


def _of_archive(content: bytes, name: str) -> TextTable:
    """Read a ZIP file of ours. Raises InvalidInput for any other."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        if sum(member.file_size for member in archive.infolist()) > LARGEST:
            message = say("is larger than {most} MB when it is unpacked")
            raise InvalidInput(Problem(name, message, {"most": LARGEST // 2**20}))
        parts = {member: archive.read(member) for member in archive.namelist()}
    # zipfile raises errors of the zlib, of struct and of its own; all mean the same
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        raise InvalidInput(Problem(name, say("is not a readable ZIP file"))) from None
    main = next((part for part in parts if part.rpartition(".")[0] == ANSWERS), None)
    if main is None:
        message = say("holds no answers.csv or answers.sav; take in one table at a time")
        raise InvalidInput(Problem(name, message))
    table = read(parts.pop(main), main)
    found = []
    for part, of_it in parts.items():
        stem = part.rpartition(".")[0]
        if stem.startswith(REPEAT) and (instances := _rows(of_it, part)):
            found.append(_instances(stem.removeprefix(REPEAT), instances))
    return replace(_with(table, found), file=name)


def _rows(content: bytes, part: str) -> TextTable | None:
    """Return a table, None for one without rows: a repeat that nobody answered."""
    try:
        return read(content, part)
    except InvalidInput as error:
        if all(problem.text == "has a header and no rows" for problem in error.problems):
            return None
        raise


def _meant(table: TextTable) -> TextTable:
    """Take off the apostrophes that our CSV has in front of what a spreadsheet would run."""
    if NUMBER not in table.frame.columns:
        return table
    return replace(table, frame=table.frame.map(as_meant))


def _instances(repeat: str, table: TextTable) -> Instances:
    """Return the instances of a repeat. Raises InvalidInput where it is not said whose they are."""
    heads = list(map(str, table.frame.columns))
    if missing := [head for head in (NUMBER, INSTANCE) if head not in heads]:
        message = say("lacks {names}, which say whose an instance is")
        raise InvalidInput(
            Problem(f"{table.file}: {repeat}", message, {"names": ", ".join(missing)})
        )
    around = [head.removeprefix(OF) for head in heads if head.startswith(OF)]
    return Instances((*around, repeat), table.frame)


def _with(table: TextTable, found: Sequence[Instances]) -> TextTable:
    """Return the table of answers with a column for every outer repeat."""
    if not found or NUMBER not in table.frame.columns:
        return table
    nested: dict[tuple[Path, Path], list[dict[str, Any]]] = {}
    # inner ones first: an instance is put into the one around it when that is written
    for instances in sorted(found, key=lambda one: -len(one.path)):
        within = [one.path for one in found if one.path[:-1] == instances.path]
        for place, cells in _rows_of(instances):
            inner = {path[-1]: nested[path, place] for path in within if (path, place) in nested}
            nested.setdefault((instances.path, place[:-1]), []).append({**cells, **inner})
    frame = table.frame.copy()
    for path in (one.path for one in found if len(one.path) == 1):
        given = (nested.get((path, (number,))) for number in frame[NUMBER])
        frame[path[0]] = [json.dumps(all_, ensure_ascii=False) if all_ else "" for all_ in given]
    return replace(table, frame=frame)


def _rows_of(instances: Instances) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield every instance, in the order of their numbers: the number of its response and of the
    instances around it, its own at the end; and its cells.
    """
    heads = [NUMBER, *(f"{OF}{name}" for name in instances.path[:-1]), INSTANCE]
    rows = instances.frame.to_dict("records")
    rows.sort(key=lambda row: int(at) if (at := str(row[INSTANCE])).isdecimal() else 0)
    for row in rows:
        yield (
            tuple(str(row[head]) for head in heads),
            {str(head): cell for head, cell in row.items() if head not in heads},
        )


def instances_of(cell: object) -> list[dict[Hashable, str]] | None:
    """Return the instances that a cell holds, None where it holds anything else."""
    try:
        found = json.loads(cell) if isinstance(cell, str) else cell
    except ValueError:
        return None
    if isinstance(found, list) and all(isinstance(instance, dict) for instance in found):
        return found
    return None
