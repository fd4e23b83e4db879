"""SPSS files, written and read: variables with labels, under names that SPSS takes.

What SPSS cannot hold as it is, names and codes of other letters than its own, lies in the documents
of a file, so that it is read again as it was.
"""

from __future__ import annotations

import json
import math
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyreadstat

from config.language.problems import InvalidInput, Problem, say
from config.tabular.tables import TextTable

SAV = "application/x-spss-sav"

# SPSS's limits, in bytes of UTF-8 (IBM SPSS Statistics, Command Syntax Reference: variable names)
NAME, LABEL, VALUE_LABEL, TEXT = 64, 255, 120, 32_767
RESERVED = frozenset(
    ["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"]
)

Moment = Literal["date", "datetime", "time"]
# seconds from here on are days and moments
EPOCH = datetime(1582, 10, 14)  # noqa: DTZ001  # SPSS knows no zone
FORMATS: Mapping[Moment, str] = {"date": "SDATE10", "datetime": "DATETIME23.3", "time": "TIME8"}
# the first line of the documents of a file that was written here; JSON stands on the following ones
MARK = "mingcha: names and codes of this file, for reading it again"
LINE = 80  # bytes of a line of the documents


@dataclass(frozen=True)
class Variable:
    """A column of numbers, None where one is missing, with labels of its values and the codes that
    stand behind them; or of texts; or of days, moments or times, as seconds (`seconds_of`).
    """

    name: str
    label: str
    numbers: Sequence[float | None] = ()
    texts: Sequence[str] | None = None
    measure: Literal["nominal", "scale"] = "nominal"
    values: Mapping[float, str] = field(default_factory=dict)
    codes: Mapping[float, str] = field(default_factory=dict)
    moment: Moment | None = None


def seconds_of(when: date | datetime | time) -> float:
    """Return what SPSS keeps of a day, a moment (its zone aside) or a time of day."""
    if isinstance(when, time):
        return timedelta(hours=when.hour, minutes=when.minute, seconds=when.second) / SECOND
    if not isinstance(when, datetime):
        when = datetime.combine(when, time())
    return (when.replace(tzinfo=None) - EPOCH) / SECOND


SECOND = timedelta(seconds=1)


def as_sav(variables: Sequence[Variable]) -> bytes:
    """Return an SPSS file. A text longer than SPSS takes is cut."""
    names = variable_names(variable.name for variable in variables)
    data: dict[str, pd.Series[Any]] = {}
    labels: dict[str, str | None] = {}
    measures: dict[str, str] = {}
    values: dict[str, dict[float, str]] = {}
    formats: dict[str, str] = {}
    for name, variable in zip(names, variables, strict=True):
        if variable.texts is None:
            data[name] = pd.Series(variable.numbers, dtype="float64")
        else:
            data[name] = pd.Series([cut(text, TEXT) for text in variable.texts], dtype="object")
        if variable.moment:
            formats[name] = FORMATS[variable.moment]
        labels[name] = cut(variable.label, LABEL)
        measures[name] = variable.measure
        if variable.values:
            values[name] = {
                code: cut(words, VALUE_LABEL) for code, words in variable.values.items()
            }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.sav"
        pyreadstat.write_sav(
            pd.DataFrame(data),
            str(path),
            column_labels=labels,
            variable_value_labels=values,
            variable_measure=measures,
            variable_format=formats,
            note=_documents(names, variables),
        )
        return path.read_bytes()


def read_sav(content: bytes, name: str) -> TextTable:
    """Return an SPSS file as a table of texts: labels in place of numbers, days and moments in ISO
    form; one that was written here with the names and codes that it was written from.

    Raises InvalidInput for what is no SPSS file or has no rows.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.sav"
        path.write_bytes(content)
        try:
            frame, meta = pyreadstat.read_sav(str(path), disable_datetime_conversion=True)
        # pyreadstat raises what its library says in many kinds; whatever it is, nothing can be read
        except Exception:
            raise InvalidInput(Problem(name, say("is not a readable SPSS file"))) from None
    if frame.empty:
        raise InvalidInput(Problem(name, say("has a header and no rows")))
    written = _written_here(meta.notes)
    names, codes = written or ({}, {})
    cells = {}
    for variable in frame.columns:
        labels = (
            codes.get(variable, {}) if written else meta.variable_value_labels.get(variable, {})
        )
        kind = _moment_of(str(meta.original_variable_types[variable]))
        cells[names.get(variable, variable)] = [
            _as_text(value, kind, labels) for value in frame[variable]
        ]
    table = pd.DataFrame(cells, dtype="str")
    table.index = pd.RangeIndex(1, len(table) + 1, name="row")
    return TextTable(name, table)


def as_written(number: float) -> str:
    """Return a number as it is written: the fewest digits that give it back, a whole one without a
    point.
    """
    return str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)


def _documents(names: Sequence[str], variables: Sequence[Variable]) -> list[str]:
    """Return the lines that say which names and codes SPSS does not hold as they are."""
    renamed, codes = {}, {}
    for name, variable in zip(names, variables, strict=True):
        if name != variable.name:
            renamed[name] = variable.name
        if variable.codes:
            codes[name] = {f"{number:.15g}": code for number, code in variable.codes.items()}
    # only ASCII and no blank, so that a line may end anywhere
    packed = json.dumps({"names": renamed, "codes": codes}, separators=(",", ":"))
    packed = packed.replace(" ", "\\u0020")
    return [MARK, *(packed[at : at + LINE] for at in range(0, len(packed), LINE))]


def _written_here(
    lines: Sequence[str],
) -> tuple[dict[str, str], dict[str, dict[float, str]]] | None:
    """Return the names and codes that `_documents` wrote; None for a file from elsewhere."""
    stripped = [line.strip() for line in lines]
    if MARK not in stripped:
        return None
    try:
        found = json.loads("".join(stripped[stripped.index(MARK) + 1 :]))
        codes = {
            variable: {float(number): str(code) for number, code in known.items()}
            for variable, known in found["codes"].items()
        }
        return {str(name): str(given) for name, given in found["names"].items()}, codes
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _moment_of(kind: str) -> Moment | None:
    """Return whether a format of SPSS shows a day, a moment or a time."""
    if kind.startswith(("DATETIME", "YMDHMS")):
        return "datetime"
    if kind.startswith(("DATE", "SDATE", "ADATE", "EDATE", "JDATE")):
        return "date"
    return "time" if kind.startswith("TIME") else None


def _as_text(value: Any, kind: Moment | None, labels: Mapping[Any, str]) -> str:
    if isinstance(value, str):
        return str(labels.get(value, value))
    if value is None or math.isnan(value):
        return ""
    if value in labels:
        return str(labels[value])
    if kind is None:
        return as_written(float(value))
    when = EPOCH + timedelta(milliseconds=round(value * 1000))
    if kind == "date":
        return when.date().isoformat()
    if kind == "time":
        return when.time().isoformat(_finest(when))
    return when.isoformat("T", _finest(when))


def _finest(clock: datetime) -> str:
    """Return how exactly a clock is written: as exactly as it says."""
    if clock.microsecond:
        return "milliseconds"
    return "seconds" if clock.second else "minutes"


def variable_names(names: Iterable[str]) -> list[str]:
    """Return names that SPSS takes: letters, digits and _, a letter first, at most 64 bytes, no
    word of its language, each once whatever its case.
    """
    made: list[str] = []
    taken = set(RESERVED)
    for name in names:
        legal = re.sub(r"\W", "_", name)
        # _company is v_company, 1st is v_1st
        if not legal[:1].isalpha():
            legal = f"v{legal}" if legal[:1] == "_" else f"v_{legal}"
        chosen, number = cut(legal, NAME), 1
        while chosen.casefold() in taken:
            number += 1
            end = f"_{number}"
            chosen = cut(legal, NAME - len(end)) + end
        taken.add(chosen.casefold())
        made.append(chosen)
    return made


def cut(text: str, most: int) -> str:
    """Return the beginning of a text that is at most so many bytes long."""
    return text.encode()[:most].decode(errors="ignore")
