"""A frame of answers as bytes: CSV, Excel, SPSS, codebook."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pandas as pd
import pyreadstat

from surveys.responses.columns import NUMBERS, Column

# a spreadsheet would take a cell that begins so for a formula (OWASP, CSV injection)
FORMULA = re.compile(r"^[=+\-@\t\r]")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
NAME_BYTES, LABEL_BYTES, VALUE_BYTES = 64, 255, 120  # SPSS's limits


def as_csv(frame: pd.DataFrame) -> bytes:
    """Return CSV that Excel opens as it is: UTF-8 with a mark, formulas made harmless."""
    return b"\xef\xbb\xbf" + harmless(frame).to_csv(index=False).encode()


def as_sav(frame: pd.DataFrame, columns: list[Column], language: str) -> bytes:
    """Return an SPSS file: variable and value labels in one language, codes that are no numbers
    numbered in order.
    """
    data = pd.DataFrame({"sheet": frame["sheet"].astype(float)})
    labels: dict[str, str | None] = {}
    values, measures = {}, {}
    names = {"sheet"}
    for column in columns:
        name = _name(column.name, names)
        cells = frame[column.name]
        labels[name] = _cut(getattr(column.label, language), LABEL_BYTES)
        if column.values:
            codes = _codes(column)
            data[name] = [codes.get(str(cell)) if cell is not None else None for cell in cells]
            data[name] = data[name].astype(float)
            values[name] = {
                codes[c]: _cut(getattr(t, language) or c, VALUE_BYTES)
                for c, t in column.values.items()
            }
            measures[name] = "nominal"
        elif column.kind in NUMBERS or column.kind == "calculate":
            data[name] = pd.to_numeric(cells, errors="coerce").astype(float)
            measures[name] = "scale"
        else:
            data[name] = ["" if cell is None else str(cell) for cell in cells]
            measures[name] = "nominal"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.sav"
        pyreadstat.write_sav(
            data,
            str(path),
            column_labels=labels,
            variable_value_labels=values,
            variable_measure=measures,
        )
        return path.read_bytes()


def codebook(frame: pd.DataFrame, columns: list[Column]) -> pd.DataFrame:
    """Return what every column means: words in both languages, its values with their labels and
    counts.
    """
    rows = []
    for column in columns:
        cells = frame[column.name]
        rows.append(
            (
                column.name,
                column.label.zh,
                column.label.en,
                column.kind,
                "",
                "",
                "",
                int(cells.notna().sum()),
            )
        )
        counts = cells.dropna().astype(str).value_counts()
        for code, label in column.values.items():
            rows.append(("", "", "", "", code, label.zh, label.en, int(counts.get(code, 0))))
    heads = ["column", "label_zh", "label_en", "kind", "value", "value_zh", "value_en", "n"]
    return pd.DataFrame(rows, columns=heads)


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with an apostrophe before what a spreadsheet would run; numbers stay
    numbers.
    """
    return frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and _runs(cell) else cell)


def _runs(cell: str) -> bool:
    return FORMULA.match(cell) is not None and NUMBER.fullmatch(cell) is None


def _codes(column: Column) -> dict[str, float]:
    """Return a number for every value: itself where all are whole numbers, na apart, else its
    place.
    """
    names = list(column.values)
    whole = [name for name in names if re.fullmatch(r"-?[0-9]+", name)]
    if len(whole) >= len(names) - 1 and whole:
        rest = max(map(float, whole))
        return {name: float(name) if name in whole else _above(rest) for name in names}
    return {name: float(place) for place, name in enumerate(names, start=1)}


def _above(largest: float) -> float:
    """Return a code for "does not apply" that no scale reaches: 99, 999 ..."""
    return float("9" * (len(str(int(abs(largest)))) + 1))


def _name(name: str, taken: set[str]) -> str:
    """Return a variable name that SPSS takes: letters, digits, _, at most 64 bytes, each once
    whatever its case.
    """
    plain = re.sub(r"[^\w]", "_", name)
    plain = plain if plain[:1].isalpha() else f"v_{plain}"
    made, number = _cut(plain, NAME_BYTES), 1
    while made.lower() in taken:
        number += 1
        made = f"{_cut(plain, NAME_BYTES - 5)}_{number}"
    taken.add(made.lower())
    return made


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")
